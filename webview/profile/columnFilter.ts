/** Which columns a list shows, and in what order. */
import * as l10n from '@vscode/l10n';
import type { ProfileColumn, SemanticType } from '../../src/protocol';

export interface ColumnView {
  readonly search: string;
  /** Of these types; none: all. */
  readonly types: readonly SemanticType[];
  /** With one of these alerts, by code; none: all. */
  readonly alerts: readonly string[];
  readonly sort: SortKey;
}

export const sortKeys = [
  'position',
  'name',
  'alerts',
  'missing',
  'distinct',
  'mean',
  'stddev',
  'min',
  'max',
  'skewness',
  'kurtosis',
  'zeros',
  'outliers',
  'length',
] as const;
export type SortKey = (typeof sortKeys)[number];

export const wholeList: ColumnView = { search: '', types: [], alerts: [], sort: 'position' };

export function sortWord(key: SortKey): string {
  const words: Readonly<Record<SortKey, string>> = {
    position: l10n.t('Position'),
    name: l10n.t('Name'),
    alerts: l10n.t('Alerts'),
    missing: l10n.t('Missing'),
    distinct: l10n.t('Distinct values'),
    mean: l10n.t('Mean'),
    stddev: l10n.t('Standard deviation'),
    min: l10n.t('Minimum'),
    max: l10n.t('Maximum'),
    skewness: l10n.t('Skewness'),
    kurtosis: l10n.t('Kurtosis'),
    zeros: l10n.t('Zeros'),
    outliers: l10n.t('Outliers'),
    length: l10n.t('Mean length'),
  };
  return words[key];
}

const severities = { error: 3, warning: 2, info: 1 };

/** Sorted by figures, the largest by absolute value comes first; columns without the figure come last. */
const figures: Readonly<
  Record<Exclude<SortKey, 'position' | 'name'>, (column: ProfileColumn) => number | null | undefined>
> = {
  alerts: ({ alerts }) => alerts.reduce((sum, { severity }) => sum + 1000 ** (severities[severity] - 1), 0),
  missing: ({ nullRatio }) => nullRatio,
  distinct: ({ distinct }) => distinct,
  mean: ({ numeric }) => numeric?.mean,
  stddev: ({ numeric }) => numeric?.stddev,
  min: ({ numeric }) => numeric?.min,
  max: ({ numeric }) => numeric?.max,
  skewness: ({ numeric }) => numeric?.skewness,
  kurtosis: ({ numeric }) => numeric?.kurtosis,
  zeros: ({ numeric }) => numeric?.zeros,
  outliers: ({ numeric }) => numeric?.outliers.count,
  length: ({ text, list }) => text?.meanLength ?? list?.lengths.mean,
};
const signed: readonly SortKey[] = ['min'];

export function visibleColumns(columns: readonly ProfileColumn[], view: ColumnView): ProfileColumn[] {
  const search = view.search.trim().toLowerCase();
  const chosen = columns.filter(
    ({ name, semantic, alerts }) =>
      (search === '' || name.toLowerCase().includes(search)) &&
      (view.types.length === 0 || view.types.includes(semantic)) &&
      (view.alerts.length === 0 || alerts.some(({ code }) => view.alerts.includes(code))),
  );
  const { sort } = view;
  if (sort === 'position') return chosen;
  if (sort === 'name') return chosen.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const weight = (column: ProfileColumn): number => {
    const value = figures[sort](column) ?? undefined;
    if (value === undefined) return -Infinity;
    return signed.includes(sort) ? -value : Math.abs(value);
  };
  return chosen
    .map((column) => ({ column, weight: weight(column) }))
    .sort((a, b) => (a.weight === b.weight ? 0 : b.weight - a.weight))
    .map(({ column }) => column);
}

/** What there is to filter by, the most frequent first. */
export function kinds(columns: readonly ProfileColumn[]) {
  return {
    types: byCount(columns.map(({ semantic }) => semantic)),
    alerts: byCount(columns.flatMap(({ alerts }) => [...new Set(alerts.map(({ code }) => code))])),
  };
}

function byCount<T extends string>(values: readonly T[]): { readonly value: T; readonly count: number }[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}
