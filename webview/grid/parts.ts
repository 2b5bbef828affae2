/** What stands around the grid. */
import * as l10n from '@vscode/l10n';
import type { GridError, GridFilter, GridView } from '../../src/protocol';
import { element, icon, prose } from '../shared/dom';
import { filterText } from '../shared/grid/operators';
import { visible } from '../shared/text';
import { button } from '../shared/toolkit';

export interface PageActions {
  readonly clear: () => void;
  readonly remove: (filter: GridFilter) => void;
  readonly goTo: () => void;
  readonly columns: () => void;
  readonly copy: () => void;
  readonly refresh: () => void;
  readonly showLog: () => void;
  readonly nextMark: () => void;
}

const count = (value: number): string => value.toLocaleString(document.documentElement.lang);

export function toolbar(
  title: string,
  { ready, marks }: { readonly ready: boolean; readonly marks: number },
  actions: PageActions,
): HTMLElement {
  return element('div', { class: 'toolbar' }, [
    element('h1', {}, [element('bdi', {}, [visible(title)])]),
    element('div', { class: 'actions' }, [
      marks > 0
        ? button({
            text: marks === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', count(marks)),
            icon: 'warning',
            disabled: !ready,
            onClick: actions.nextMark,
          })
        : undefined,
      button({ text: l10n.t('Go to Row'), icon: 'arrow-swap', disabled: !ready, onClick: actions.goTo }),
      button({ text: l10n.t('Columns'), icon: 'list-selection', disabled: !ready, onClick: actions.columns }),
      button({ text: l10n.t('Copy'), icon: 'copy', disabled: !ready, onClick: actions.copy }),
      button({ text: l10n.t('Refresh'), icon: 'refresh', onClick: actions.refresh }),
    ]),
  ]);
}

export function chips(filters: readonly GridFilter[], { clear, remove }: PageActions): HTMLElement[] {
  if (filters.length === 0) return [];
  const made = filters.map((filter) => {
    const text = visible(filterText(filter));
    const chip = element('button', { type: 'button', class: 'chip', title: l10n.t('Remove Filter') }, [
      element('bdi', {}, [text]),
      icon('close'),
    ]);
    chip.setAttribute('aria-label', l10n.t('Remove Filter: {0}', text));
    chip.addEventListener('click', () => remove(filter));
    return chip;
  });
  const all = element('button', { type: 'button', class: 'link' }, [l10n.t('Clear Filters')]);
  all.addEventListener('click', clear);
  return [element('div', { class: 'chips', role: 'group', 'aria-label': l10n.t('Filters') }, [...made, all])];
}

export function errorNotice({ code, message }: GridError, actions: PageActions): HTMLElement {
  const changed = code === 'source-changed';
  const says = changed
    ? l10n.t('The files changed since they were opened. Refresh to see them as they are now.')
    : message;
  return element('div', { class: 'notice', role: 'alert' }, [
    icon(changed ? 'history' : 'error'),
    element('p', {}, prose(says)),
    code === 'filter-invalid'
      ? undefined
      : element('div', { class: 'actions' }, [
          button({
            text: changed ? l10n.t('Refresh') : l10n.t('Try Again'),
            icon: 'refresh',
            primary: true,
            onClick: actions.refresh,
          }),
          changed ? undefined : button({ text: l10n.t('Show Log'), icon: 'output', onClick: actions.showLog }),
        ]),
  ]);
}

/** What stood out while the files were read. */
export function notesNotice(notes: readonly string[]): HTMLElement | undefined {
  const [first] = notes;
  if (first === undefined) return undefined;
  if (notes.length === 1) return element('p', { class: 'note' }, [icon('info'), element('span', {}, prose(first))]);
  return element('details', { class: 'note' }, [
    element('summary', {}, [l10n.t('{0} notes about the files', count(notes.length))]),
    element(
      'ul',
      {},
      notes.map((note) => element('li', {}, prose(note))),
    ),
  ]);
}

export function emptyNotice(noRows: boolean, actions: PageActions): HTMLElement {
  return element('div', { class: 'nothing' }, [
    element('p', {}, [noRows ? l10n.t('This data has no rows.') : l10n.t('No row matches the filters.')]),
    noRows
      ? undefined
      : button({ text: l10n.t('Clear Filters'), icon: 'clear-all', primary: true, onClick: actions.clear }),
  ]);
}

/** In the place of rows, of the same form. */
export function skeleton(): HTMLElement {
  const lines = Array.from({ length: 24 }, () => element('div', { class: 'line' }));
  return element('div', { class: 'loading', 'aria-hidden': 'true' }, lines);
}

export function statusText({
  rows,
  shown,
  busy,
  view,
}: {
  readonly rows: number | undefined;
  readonly shown: number | undefined;
  readonly busy: boolean;
  readonly view: GridView;
}): string {
  if (rows === undefined) return '';
  if (shown === undefined) {
    if (!busy) return '';
    return view.sort.length > 0 ? l10n.t('Sorting…') : l10n.t('Filtering…');
  }
  const parts = [
    shown === rows ? l10n.t('{0} rows', count(rows)) : l10n.t('{0} of {1} rows', count(shown), count(rows)),
  ];
  if (view.sort.length > 0) {
    const keys = view.sort.map(({ column, descending }) => `${visible(column)} ${descending ? '↓' : '↑'}`);
    parts.push(l10n.t('sorted by {0}', keys.join(', ')));
  }
  return parts.join(' · ');
}
