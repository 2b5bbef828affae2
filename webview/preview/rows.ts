/** Rows as they were and as they are, in one grid: what changed stands in its cell, what came and went in its line. */
import * as l10n from '@vscode/l10n';
import type { ColumnType, Preview, PreviewRow, RowStatus } from '../../src/protocol';
import { element } from '../shared/dom';
import type { Child } from '../shared/dom';
import { count } from '../shared/format';
import { nameElement, valueElement } from '../shared/values';
import { became, statusMark } from './change';

export type ShownRows = 'all' | RowStatus;

/** More cells than that make a page slow to scroll. */
const MOST_CELLS = 6_000;
const FEWEST_COLUMNS = 20;
const LONGEST_VALUE = 40;

interface GridColumn {
  readonly name: string;
  readonly status: RowStatus;
  readonly numeric: boolean;
  /** Positions of its values; −1: it is not there. */
  readonly before: number;
  readonly after: number;
}

export function rowsSection(preview: Preview, show: ShownRows, onShow: (rows: ShownRows) => void): Child[] {
  const rows = preview.rows.filter(({ status }) => show === 'all' || status === show);
  const columns = gridColumns(preview);
  const limit = Math.max(FEWEST_COLUMNS, Math.floor(MOST_CELLS / Math.max(1, rows.length)));
  // Those in which something happens, where not all have room.
  const shown = columns.length <= limit ? columns : [...columns].sort((a, b) => rank(a) - rank(b)).slice(0, limit);
  const total = preview.changes;
  const all = total.same + total.changed + total.added + total.removed;
  return [
    filters(preview, show, onShow),
    element('p', { class: 'dim' }, [
      preview.rows.length < all
        ? l10n.t('{0} of {1} rows: the first of each kind.', count(preview.rows.length), count(all))
        : undefined,
      columns.length > shown.length
        ? ` ${l10n.t('{0} of {1} columns: those that change first.', count(shown.length), count(columns.length))}`
        : undefined,
    ]),
    rows.length === 0 ? element('p', { class: 'dim' }, [l10n.t('There are no such rows.')]) : grid(rows, shown),
  ];
}

function gridColumns({ before, after, rows }: Preview): GridColumn[] {
  const now = new Map(after.columns.map(({ name }, index) => [name, index]));
  const was = new Set(before.columns.map(({ name }) => name));
  const changed = new Set(rows.flatMap((row) => row.changed));
  return [
    ...before.columns.map(({ name, type }, index): GridColumn => {
      const then = now.get(name);
      const status = then === undefined ? 'removed' : changed.has(name) ? 'changed' : 'same';
      return { name, status, numeric: isNumeric(type), before: index, after: then ?? -1 };
    }),
    ...after.columns.flatMap(({ name, type }, index): GridColumn[] =>
      was.has(name) ? [] : [{ name, status: 'added', numeric: isNumeric(type), before: -1, after: index }],
    ),
  ];
}

function isNumeric(type: ColumnType): boolean {
  return type === 'integer' || type === 'number';
}

/** Classes of a column's head and cells. */
function classOf({ status, numeric }: GridColumn): string | undefined {
  const classes = [status === 'same' ? '' : status, numeric ? 'numeric' : ''].filter((name) => name !== '');
  return classes.length === 0 ? undefined : classes.join(' ');
}

function rank({ status }: GridColumn): number {
  return status === 'same' ? 1 : 0;
}

/** How many rows of each kind there are; a press shows these only. */
function filters({ changes }: Preview, show: ShownRows, onShow: (rows: ShownRows) => void): HTMLElement {
  const all = changes.changed + changes.removed + changes.added + changes.same;
  const choice = (rows: ShownRows, number: number, ...label: Child[]): HTMLElement => {
    const pressed = show === rows;
    const made = element(
      'button',
      { type: 'button', class: 'filter', 'aria-pressed': String(pressed), 'data-key': `rows/${rows}` },
      [element('span', { class: 'numeric' }, [count(number)]), ' ', ...label],
    );
    made.addEventListener('click', () => onShow(rows));
    return made;
  };
  return element('div', { class: 'filters', role: 'group', 'aria-label': l10n.t('Rows to show') }, [
    choice('all', all, l10n.t('rows')),
    ...(['changed', 'removed', 'added', 'same'] as const).map((status) =>
      choice(status, changes[status], statusMark(status)),
    ),
  ]);
}

function grid(rows: readonly PreviewRow[], columns: readonly GridColumn[]): HTMLElement {
  const label = l10n.t('Rows before and after');
  const heads = [
    element('th', { scope: 'col' }, [l10n.t('Change')]),
    element('th', { scope: 'col', class: 'numeric' }, [l10n.t('Row')]),
    ...columns.map((column) =>
      element('th', { scope: 'col', class: classOf(column) }, [
        nameElement(column.name, 40),
        ' ',
        column.before < 0 || column.after < 0 ? statusMark(column.status) : undefined,
      ]),
    ),
  ];
  return element('div', { class: 'scroll rows', tabindex: '0', role: 'region', 'aria-label': label }, [
    element('table', { 'aria-label': label }, [
      element('thead', {}, [element('tr', {}, heads)]),
      element(
        'tbody',
        {},
        rows.map((row) => gridRow(row, columns)),
      ),
    ]),
  ]);
}

function gridRow({ status, before, after, changed }: PreviewRow, columns: readonly GridColumn[]): HTMLElement {
  const moved = before !== undefined && after !== undefined && before.row !== after.row;
  const differing = new Set(changed);
  return element('tr', { class: status }, [
    element('th', { scope: 'row' }, [statusMark(status)]),
    element(
      'td',
      { class: 'numeric' },
      moved
        ? [count(before.row), element('span', { class: 'arrow dim' }, ['→']), count(after.row)]
        : [count((before ?? after)?.row ?? 0)],
    ),
    ...columns.map((column) => {
      const was = before && column.before >= 0 ? (before.values[column.before] ?? null) : undefined;
      const is = after && column.after >= 0 ? (after.values[column.after] ?? null) : undefined;
      return element('td', { class: classOf(column) }, cell(was, is, differing.has(column.name)));
    }),
  ]);
}

function cell(was: string | null | undefined, is: string | null | undefined, differs: boolean): Child[] {
  if (differs && was !== undefined && is !== undefined)
    return became(valueElement(was, LONGEST_VALUE), valueElement(is, LONGEST_VALUE));
  const value = is === undefined ? was : is;
  return [value === undefined ? undefined : valueElement(value, LONGEST_VALUE)];
}
