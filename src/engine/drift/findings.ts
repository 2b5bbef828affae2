/** What is said of columns that drifted, and of all of them together. */
import {
  MAX_SAMPLES,
  driftLevels,
  isLevel,
  isTest,
  type ConfigPath,
  type Drift,
  type DriftColumn,
  type DriftLevel,
  type Finding,
  type Severity,
} from '../../protocol';
import { firstLine } from '../duckdb';
import { measureNames } from '../report';
import { figure, inWords, percent } from '../words';
import type { StageColumn } from '../schema';
import { changedColumns, type ChangedStatus } from './changedColumns';

const severities: Record<DriftLevel, Severity> = { low: 'info', medium: 'warning', high: 'error' };

export interface Places {
  readonly dataset?: string | undefined;
  readonly of: (column: string) => ConfigPath | undefined;
  readonly whole: ConfigPath | undefined;
}

/**
 * Worst first: columns that are gone or of another type, which whoever reads them misses, then by level, then the dataset,
 * then what is to be known beside. Muted columns are left out.
 */
export function findingsOf(
  columns: readonly DriftColumn[],
  summary: Drift['summary'],
  { dataset, of, whole }: Places,
): Finding[] {
  const named = dataset === undefined ? {} : { dataset };
  const at = (path: ConfigPath | undefined) => (path ? { configPath: path } : {});
  const told = columns.filter(({ muted }) => !muted);
  const drifted = told.flatMap((column): Finding[] => {
    const { name, status } = column;
    return isLevel(status) ? [{ ...driftOf(column, status), ...named, column: name, ...at(of(name)) }] : [];
  });
  const byLevel = [...driftLevels]
    .reverse()
    .flatMap((level) => drifted.filter(({ severity }) => severity === severities[level]));
  const variants = told.flatMap((column): Finding[] => {
    const found = variantsOf(column);
    return found ? [{ ...found, ...named, column: column.name, ...at(of(column.name)) }] : [];
  });
  const insufficient = insufficientOf(told);
  const changed = (status: ChangedStatus): Finding[] =>
    changedColumns(told, status).map((finding) => ({
      ...finding,
      ...named,
      ...at(finding.column === undefined ? whole : of(finding.column)),
    }));
  return [
    ...changed('removed'),
    ...changed('retyped'),
    ...byLevel.filter(({ severity }) => severity === 'error'),
    ...(summary.drift ? [{ ...wholeOf(summary), ...named, ...at(whole) }] : []),
    ...byLevel.filter(({ severity }) => severity === 'warning'),
    ...variants,
    ...byLevel.filter(({ severity }) => severity === 'info'),
    ...changed('added'),
    ...(insufficient ? [{ ...insufficient, ...named, ...at(whole) }] : []),
  ];
}

/** A column that cannot be read, or not be compared in the memory there is. */
export interface FailedColumn {
  readonly column: StageColumn;
  readonly error: unknown;
}

export function failuresOf(failed: readonly FailedColumn[], { dataset, of }: Places): Finding[] {
  return failed.map(({ column: { name }, error }) => {
    const path = of(name);
    return {
      code: 'drift-column-failed',
      severity: 'error',
      message: `${name} could not be compared: ${firstLine(error)}`,
      ...(dataset !== undefined && { dataset }),
      column: name,
      ...(path && { configPath: path }),
      suggestion: 'Copy or write a damaged file again, or compare fewer rows. The other columns are compared in full.',
    };
  });
}

function driftOf(column: DriftColumn, level: DriftLevel): Finding {
  const { name, decidedBy = 'psi', decidingProperty, missing, threshold } = column;
  if (decidedBy === 'missing' && missing)
    return {
      code: 'drift-missing-share',
      severity: severities[level],
      message: `${name} drifted (${level}): ${percent(missing.current)} of its values are missing, ${percent(missing.baseline)} were.`,
      expected: percent(missing.baseline),
      actual: percent(missing.current),
      suggestion:
        missing.current > missing.baseline
          ? 'Find out where the values went: a source that is gone, a join that no longer matches, another way to write them.'
          : 'Find out where the values come from: a source that is new, a default in their place, another way to write missing ones.',
    };
  const subject = decidingProperty === undefined ? name : `The ${decidingProperty} of ${name}`;
  const samples = unseen(column);
  return {
    code: 'drift-column',
    severity: severities[level],
    message: `${subject} drifted (${level}): ${measureNames[decidedBy]} is ${amount(column.value)}${changeOf(column)}.`,
    ...(threshold !== undefined && { expected: `${isTest(decidedBy) ? 'above' : 'below'} ${threshold}` }),
    actual: amount(column.value),
    ...(samples.length > 0 && { samples }),
    suggestion:
      'Find out what changed in the data; train again if it will stay so, or mute the column if it does not matter.',
  };
}

/** Of numbers, what is told at once. */
function changeOf({ summary, decidingProperty, semantic }: DriftColumn): string {
  if (!summary || decidingProperty !== undefined || semantic === 'datetime') return '';
  const [before, now] = [summary.baseline.mean, summary.current.mean];
  return before === null || now === null ? '' : `, the mean ${figure(before)} became ${figure(now)}`;
}

/** Categories that the baseline does not have, and how many rows have them. */
function unseen({ bins, properties, decidingProperty }: DriftColumn): string[] {
  const shown = decidingProperty === undefined ? bins : properties?.find(({ name }) => name === decidingProperty)?.bins;
  const categories = shown?.categories ?? [];
  return categories
    .map((text, index) => ({ text, before: shown?.baseline[index] ?? 0, now: shown?.current[index] ?? 0 }))
    .filter(({ before, now }) => before === 0 && now > 0)
    .sort((a, b) => b.now - a.now)
    .slice(0, MAX_SAMPLES)
    .map(({ text, now }) => `${text} (${now.toLocaleString('en')})`);
}

function wholeOf({ drifted, compared, share, limit, severity }: Drift['summary']): Finding {
  return {
    code: 'drift-dataset',
    severity: severity === 'none' ? 'info' : severities[severity],
    message: `${drifted.toLocaleString('en')} of ${compared.toLocaleString('en')} columns drifted: ${percent(share)}, where ${percent(limit)} is drift of the whole.`,
    count: drifted,
    expected: `below ${percent(limit)}`,
    actual: percent(share),
    suggestion: 'Compare the sources of both sides, and evaluate a model on the new rows before it is used on them.',
  };
}

/** Steps that undo each way of writing; `replace` and `map` take any text for another. */
const remedies = { case: ['lowercase'], blanks: ['trim', 'replace'], unicode: ['map'] } as const;

function variantsOf({ name, variants = [] }: DriftColumn): Finding | undefined {
  if (variants.length === 0) return undefined;
  const ways = { case: 'letter case', blanks: 'blanks', unicode: 'Unicode normal form' } as const;
  const by = [...new Set(variants.map((each) => ways[each.by]))];
  const steps = [...new Set(variants.flatMap((each) => remedies[each.by]))];
  return {
    code: 'drift-variants',
    severity: 'warning',
    message: `Values of ${name} are those of the baseline but for ${inWords(by)}.`,
    count: variants.length,
    samples: variants
      .slice(0, MAX_SAMPLES)
      .map(({ baseline, current }) => `${quoted(baseline)} became ${quoted(current)}`),
    suggestion: `Write them in one way on both sides, such as with ${steps.length === 1 ? 'the step' : 'the steps'} ${inWords(steps.map((step) => `\`${step}\``))}.`,
  };
}

function insufficientOf(columns: readonly DriftColumn[]): Finding | undefined {
  const names = columns.filter(({ status }) => status === 'insufficient').map(({ name }) => name);
  const [first] = names;
  if (first === undefined) return undefined;
  const [note] = columns.find(({ name }) => name === first)?.notes?.slice(-1) ?? [];
  return {
    code: 'drift-insufficient',
    severity: 'info',
    message: `Of ${names.length === 1 ? `the column ${first}` : `${names.length.toLocaleString('en')} columns`} nothing can be told with so few rows.${note === undefined ? '' : ` ${note}`}`,
    count: names.length,
    samples: names.slice(0, MAX_SAMPLES),
    suggestion: 'Compare more rows.',
  };
}

const quoted = (value: string) => JSON.stringify(value);
const amount = (value: number | null | undefined) =>
  value === null || value === undefined ? 'not defined' : value > 0 && value < 1e-4 ? 'below 0.0001' : figure(value);
