/** Which columns the list shows, and in what order. */
import * as l10n from '@vscode/l10n';
import { rankOf } from '../../src/protocol/driftLevel';
import type { DriftColumn, DriftStatus, SemanticType } from '../../src/protocol';
import type { ListView } from '../shared/listView';
import { statusOrder } from './statuses';

export interface DriftView extends ListView {
  /** Of these; none: all. */
  readonly statuses: readonly DriftStatus[];
  /** Of these types; none: all. */
  readonly types: readonly SemanticType[];
}

export const wholeView: DriftView = { search: '', statuses: [], types: [], sort: 'severity' };

export const sortKeys = ['severity', 'name', 'missing', 'importance'] as const;
export type SortKey = (typeof sortKeys)[number];

export function sortWord(key: SortKey): string {
  const words: Readonly<Record<SortKey, string>> = {
    severity: l10n.t('Severity'),
    name: l10n.t('Name'),
    missing: l10n.t('Missing'),
    importance: l10n.t('Importance'),
  };
  return words[key];
}

/** Sorted by figures, the largest comes first; equal ones keep their order. */
const weights: Readonly<Record<Exclude<SortKey, 'name'>, (column: DriftColumn) => number>> = {
  severity: ({ status }) => rankOf(status),
  missing: ({ missing }) => (missing === undefined ? -1 : Math.abs(missing.current - missing.baseline)),
  importance: ({ importance = 1 }) => importance,
};

export function visibleColumns(columns: readonly DriftColumn[], view: DriftView): DriftColumn[] {
  const search = view.search.trim().toLowerCase();
  const chosen = columns.filter(
    ({ name, semantic, status }) =>
      (search === '' || name.toLowerCase().includes(search)) &&
      (view.types.length === 0 || view.types.includes(semantic)) &&
      (view.statuses.length === 0 || view.statuses.includes(status)),
  );
  const sort = sortKeys.find((key) => key === view.sort) ?? 'severity';
  if (sort === 'name') return chosen.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  return chosen.sort((a, b) => weights[sort](b) - weights[sort](a));
}

/** What there is to filter by: statuses from the worst on, types from the most frequent. */
export function kinds(columns: readonly DriftColumn[]) {
  const sizes = <T>(values: readonly T[]) =>
    [...new Set(values)].map((value) => ({ value, size: values.filter((each) => each === value).length }));
  return {
    statuses: sizes(columns.map(({ status }) => status)).sort(
      (a, b) => statusOrder.indexOf(a.value) - statusOrder.indexOf(b.value),
    ),
    types: sizes(columns.map(({ semantic }) => semantic)).sort(
      (a, b) => b.size - a.size || a.value.localeCompare(b.value),
    ),
  };
}
