/** What a comparison would say with other thresholds: they are tried out in the page, without the data. */
import { verdictOf, isLevel, isTest, levelOf, rankOf } from '../../src/protocol/driftLevel';
import type {
  Drift,
  DriftColumn,
  DriftMeasure,
  DriftMetric,
  DriftProperty,
  DriftStatus,
  Levels,
  ThresholdEdits,
} from '../../src/protocol';

export const noEdits: ThresholdEdits = { measures: {}, columns: {} };

export function isEdited({ measures, columns, share }: ThresholdEdits): boolean {
  return Object.keys(measures).length + Object.keys(columns).length > 0 || share !== undefined;
}

/** The document as it would be: statuses, what decided, and the verdict. Columns that are most different come first. */
export function judged(drift: Drift, edits: ThresholdEdits): Drift {
  if (!isEdited(edits)) return drift;
  const columns = drift.columns
    .map((column) => judgedColumn(drift, column, edits))
    .map((column, at) => ({ column, at }))
    .sort((a, b) => rankOf(b.column.status) - rankOf(a.column.status) || a.at - b.at)
    .map(({ column }) => column);
  return { ...drift, columns, summary: verdictOf(columns, edits.share ?? drift.summary.limit) };
}

/**
 * Low, medium and high of a measure, for one column or for all that have none of their own. Those that are tried out of
 * a column are of one measure only: they say nothing of another.
 */
export function levelsFor(
  { settings }: Drift,
  edits: ThresholdEdits,
  measure: DriftMeasure,
  column?: string,
): Levels | undefined {
  const tried = column === undefined ? undefined : edits.columns[column];
  const said = column === undefined ? undefined : settings.columns?.[column]?.thresholds;
  const own = tried?.method === measure ? tried.thresholds : said;
  return (hasOwnLevels(measure) ? own : undefined) ?? edits.measures[measure] ?? settings.thresholds?.[measure];
}

/** The levels of a column are those of the measure that decides about its values. */
export function hasOwnLevels(measure: DriftMeasure): measure is DriftMetric {
  return measure !== 'missing' && measure !== 'meanShift';
}

interface Candidate {
  readonly status: DriftStatus;
  readonly decidedBy: DriftMeasure;
  readonly value: number | null;
  readonly levels: Levels;
  readonly threshold: number;
  readonly property?: string;
}

function judgedColumn(drift: Drift, column: DriftColumn, edits: ThresholdEdits): DriftColumn {
  if (column.status !== 'none' && !isLevel(column.status)) return column;
  const levels = (measure: DriftMeasure): Levels | undefined => levelsFor(drift, edits, measure, column.name);
  const properties = column.properties?.map((property) => {
    const found = candidate(property.method ?? property.decidedBy, property, levels);
    return found === undefined || !isJudged(property.status) ? property : { ...property, ...decided(found) };
  });
  const candidates = [
    ...(properties ?? []).flatMap(({ name, status, decidedBy, value, levels: own }): Candidate[] =>
      decidedBy === undefined || own === undefined || !isJudged(status)
        ? []
        : [{ property: name, status, decidedBy, value: value ?? null, levels: own, threshold: boundOf(status, own) }],
    ),
    candidate(methodOf(column), column, levels),
    candidate('meanShift', column, levels),
    candidate('missing', column, levels),
  ].filter((each) => each !== undefined);
  const [worst] = candidates.toSorted((a, b) => rankOf(b.status) - rankOf(a.status));
  if (worst === undefined) return column;
  const { decidingProperty: _, ...rest } = column;
  return {
    ...rest,
    ...(properties && { properties }),
    ...decided(worst),
    ...(worst.property !== undefined && { decidingProperty: worst.property }),
  };
}

/** The measure that was chosen for the values of a column; undefined where only something about them is compared. */
export function methodOf({ method, decidedBy, decidingProperty }: DriftColumn): DriftMeasure | undefined {
  const own = decidingProperty === undefined && decidedBy !== undefined && hasOwnLevels(decidedBy);
  return method ?? (own ? decidedBy : undefined);
}

const isJudged = (status: DriftStatus): boolean => status === 'none' || isLevel(status);

function decided({ status, decidedBy, value, levels, threshold }: Candidate) {
  return { status, decidedBy, value, levels, threshold };
}

function candidate(
  measure: DriftMeasure | undefined,
  comparison: DriftColumn | DriftProperty,
  levelsBy: (measure: DriftMeasure) => Levels | undefined,
): Candidate | undefined {
  const levels = measure && levelsBy(measure);
  const value = measure && valueOf(comparison, measure);
  if (measure === undefined || levels === undefined || value === undefined) return undefined;
  const status = levelOf(measure, value, levels) ?? 'none';
  return { status, decidedBy: measure, value, levels, threshold: boundOf(status, levels) };
}

/** Of the level reached, else the lowest. */
function boundOf(status: DriftStatus, [low, medium, high]: Levels): number {
  return status === 'high' ? high : status === 'medium' ? medium : low;
}

/** What is held against the levels: the figure, or the (corrected) p-value; undefined where it was not measured. */
export function valueOf(comparison: DriftColumn | DriftProperty, measure: DriftMeasure): number | null | undefined {
  const isOwn = !('decidingProperty' in comparison) || comparison.decidingProperty === undefined;
  if (isOwn && comparison.decidedBy === measure && comparison.value !== undefined) return comparison.value;
  const { metrics } = comparison;
  switch (measure) {
    case 'missing': {
      const missing = 'missing' in comparison ? comparison.missing : undefined;
      return missing && Math.abs(missing.current - missing.baseline);
    }
    case 'meanShift':
      return 'embedding' in comparison ? comparison.embedding?.meanShift : undefined;
    case 'chi2':
    case 'ks':
    case 'cramerVonMises': {
      const test = metrics[measure];
      return test && (test.adjusted ?? test.pValue);
    }
    default:
      return metrics[measure];
  }
}

/** With one bound moved; the others give way so that the levels keep their order, which falls for p-values. */
export function withBound(measure: DriftMeasure, levels: Levels, at: number, bound: number): Levels {
  const sign = isTest(measure) ? -1 : 1;
  return levels.map((level, index) => {
    if (index === at) return bound;
    const first = index < at;
    return sign * (first ? Math.min(sign * level, sign * bound) : Math.max(sign * level, sign * bound));
  }) as unknown as Levels;
}
