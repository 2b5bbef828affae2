/** What can be done about a column that drifted, short of mending the data: not to be told of it, or only of more. */
import { isTest, type Drift, type DriftMeasure, type Levels } from '../../protocol';
import { editConfig } from '../edit';
import { withinDataset } from './columns';
import type { Attempt, Case } from './fix';
import { valueAt } from './place';

/** The text with a column of a dataset muted; undefined where it cannot be changed so. */
export function muted(text: string, dataset: string, column: string): string | undefined {
  return editConfig(text, ['datasets', dataset, 'drift', 'columns', column, 'muted'], true);
}

export function mute({ finding, path, text }: Case): Attempt[] {
  const dataset = withinDataset(path)?.dataset ?? finding.dataset;
  const { column } = finding;
  if (dataset === undefined || column === undefined) return [];
  return [{ deed: { does: 'mute', column }, text: muted(text, dataset, column) }];
}

/**
 * Levels that what was measured does not reach. What is measured of every column alike, such as missing values, has them
 * for all of them.
 */
export function raise({ finding, path, text, data }: Case, drift: Drift | undefined): Attempt[] {
  const dataset = withinDataset(path)?.dataset ?? finding.dataset;
  const column = drift?.columns.find(({ name }) => name === finding.column);
  const { name, decidedBy: measure, value, levels, decidingProperty } = column ?? {};
  if (dataset === undefined || name === undefined || measure === undefined || levels === undefined) return [];
  const raised = beyond(measure, value ?? null, levels);
  // A property, such as the length of a text, has no levels of its own.
  if (raised === undefined || decidingProperty !== undefined) return [];
  const deed = { does: 'raise', measure, column: name, to: String(raised[0]) } as const;
  const drifts = ['datasets', dataset, 'drift'];
  if (measure === 'missing' || measure === 'meanShift')
    return [{ deed, text: editConfig(text, [...drifts, 'thresholds', measure], raised) }];
  const at = [...drifts, 'columns', name];
  // Without its method, thresholds of a column belong to no measure.
  const isNamed = valueAt(data, [...at, 'method']) !== undefined;
  const named = isNamed ? text : editConfig(text, [...at, 'method'], measure);
  return [{ deed, text: named && editConfig(named, [...at, 'thresholds'], raised) }];
}

/** Samples as different as that have one of every test: no level is meant to be below. */
const LEAST_P_VALUE = 1e-6;

/** All three by the same factor, so that the first is just beyond the value; undefined where none can be. */
function beyond(measure: DriftMeasure, value: number | null, levels: Levels): Levels | undefined {
  if (value === null || value <= (isTest(measure) ? LEAST_P_VALUE : 0)) return undefined;
  const digit = 10 ** (Math.floor(Math.log10(value)) - 1);
  const steps = Number((value / digit).toPrecision(12));
  const first = digit * (isTest(measure) ? Math.ceil(steps) - 1 : Math.floor(steps) + 1);
  const [low] = levels;
  const most = measure === 'missing' ? 1 : Infinity;
  const raised = (level: number): number => {
    const moved = low > 0 ? (level * first) / low : Math.max(level, first);
    return Math.min(most, Number(moved.toPrecision(2)));
  };
  return first > 0 && first <= most ? [raised(levels[0]), raised(levels[1]), raised(levels[2])] : undefined;
}
