/** The columns in figures, as they were and as they are. */
import * as l10n from '@vscode/l10n';
import type { Preview, PreviewTable, RowStatus } from '../../src/protocol';
import { element } from '../shared/dom';
import type { Child } from '../shared/dom';
import { count, figure, full } from '../shared/format';
import { nameElement, valueElement } from '../shared/values';
import { became, statusMark } from './change';

type Column = PreviewTable['columns'][number];

export interface ColumnPair {
  readonly name: string;
  readonly status: RowStatus;
  readonly before?: Column;
  readonly after?: Column;
}

/** Columns before, those that came last, each with what became of its type and figures. */
export function columnPairs({ before, after }: Preview): ColumnPair[] {
  const now = new Map(after.columns.map((column) => [column.name, column]));
  const was = new Set(before.columns.map(({ name }) => name));
  return [
    ...before.columns.map((column): ColumnPair => {
      const then = now.get(column.name);
      if (then === undefined) return { name: column.name, status: 'removed', before: column };
      const same = JSON.stringify(column) === JSON.stringify(then);
      return { name: column.name, status: same ? 'same' : 'changed', before: column, after: then };
    }),
    ...after.columns
      .filter(({ name }) => !was.has(name))
      .map((column): ColumnPair => ({ name: column.name, status: 'added', after: column })),
  ];
}

/** More would take longer to draw than to be asked for. */
const MOST = 500;

export function columnsSection(preview: Preview): Child[] {
  const pairs = columnPairs(preview);
  const others = pairs.filter(({ status }) => status !== 'same');
  const same = pairs.filter(({ status }) => status === 'same');
  const stay =
    same.length === 1 ? l10n.t('1 column stays as it is') : l10n.t('{0} columns stay as they are', count(same.length));
  return [
    others.length === 0
      ? element('p', { class: 'dim' }, [l10n.t('No column changes in its figures.')])
      : columnTable(others, l10n.t('Columns that change')),
    same.length === 0
      ? undefined
      : element('details', {}, [element('summary', { 'data-key': 'columns/same' }, [stay]), columnTable(same, stay)]),
  ];
}

function columnTable(pairs: readonly ColumnPair[], label: string): HTMLElement {
  const heads: [string, boolean][] = [
    [l10n.t('Column'), false],
    [l10n.t('Change'), false],
    [l10n.t('Type'), false],
    [l10n.t('Missing'), true],
    [l10n.t('Distinct'), true],
    [l10n.t('Minimum'), true],
    [l10n.t('Maximum'), true],
    [l10n.t('Mean'), true],
  ];
  const left = pairs.length - MOST;
  return element('div', {}, [
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, [
      element('table', { 'aria-label': label }, [
        element('thead', {}, [
          element(
            'tr',
            {},
            heads.map(([text, right]) => element('th', { scope: 'col', class: right ? 'numeric' : undefined }, [text])),
          ),
        ]),
        element('tbody', {}, pairs.slice(0, MOST).map(columnRow)),
      ]),
    ]),
    left > 0 ? element('p', { class: 'dim' }, [l10n.t('{0} more columns are not shown.', count(left))]) : undefined,
  ]);
}

function columnRow({ name, status, before, after }: ColumnPair): HTMLElement {
  const cell = (of: (column: Column) => Child, right = true): HTMLElement => {
    const [was, is] = [before, after].map((column) => (column === undefined ? undefined : of(column)));
    const differs = was !== undefined && is !== undefined && textOf(was) !== textOf(is);
    return element('td', { class: right ? 'numeric' : undefined }, differs ? became(was, is) : [is ?? was]);
  };
  return element('tr', { class: status }, [
    element('th', { scope: 'row' }, [nameElement(name, 40)]),
    element('td', {}, [statusMark(status)]),
    cell(({ type }) => type, false),
    cell(({ missing }) => count(missing)),
    cell(({ distinct }) => count(distinct)),
    cell(({ minimum }) => (minimum === undefined ? '–' : valueElement(minimum, 24))),
    cell(({ maximum }) => (maximum === undefined ? '–' : valueElement(maximum, 24))),
    cell(({ mean }) => (mean === undefined ? '–' : element('span', { title: full(mean) }, [figure(mean)]))),
  ]);
}

function textOf(child: Child): string {
  return typeof child === 'string' ? child : (child?.textContent ?? '');
}
