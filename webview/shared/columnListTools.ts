/** What stands above a list of columns: search, sort, and chips that leave only some of them. */
import * as l10n from '@vscode/l10n';
import { chip } from './chip';
import { element } from './dom';
import { count } from './format';
import type { ListView } from './listView';

export interface ListChip<View> {
  readonly icon: string;
  readonly text: string;
  /** How many columns it would leave. */
  readonly size: number;
  readonly pressed: boolean;
  readonly key: string;
  /** The view once it is clicked. */
  readonly then: View;
}

export interface ColumnListTools<View> {
  readonly element: HTMLElement;
  show(view: View, chips: readonly ListChip<View>[]): void;
  tell(shown: number, all: number): void;
  focus(): void;
}

export interface ToolEvents<View> {
  /** Names of the orders, by what a view calls them. */
  readonly sorts: readonly { readonly key: string; readonly text: string }[];
  onChange(view: View): void;
  /** The list itself is to be used. */
  onLeave(): void;
}

export function columnListTools<View extends ListView>(first: View, events: ToolEvents<View>): ColumnListTools<View> {
  let view = first;
  const search = element('input', {
    type: 'search',
    class: 'search',
    placeholder: l10n.t('Filter columns (press /)'),
    'aria-label': l10n.t('Filter columns by name'),
    spellcheck: 'false',
  }) as HTMLInputElement;
  const sort = element(
    'select',
    { class: 'sort', 'aria-label': l10n.t('Sort columns by'), title: l10n.t('Sort columns by') },
    events.sorts.map(({ key, text }) => element('option', { value: key }, [text])),
  ) as HTMLSelectElement;
  const chips = element('div', { class: 'chips', role: 'group', 'aria-label': l10n.t('Show only') });
  const told = element('p', { class: 'told dim', role: 'status' });
  let drawn = '';

  search.addEventListener('input', () => events.onChange({ ...view, search: search.value }));
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && search.value !== '') events.onChange({ ...view, search: '' });
    else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') events.onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  sort.addEventListener('change', () => events.onChange({ ...view, sort: sort.value }));

  return {
    element: element('div', { class: 'list-tools' }, [element('div', { class: 'line' }, [search, sort]), chips, told]),
    show: (next, offered) => {
      view = next;
      if (search.value !== view.search) search.value = view.search;
      sort.value = view.sort;
      const says = JSON.stringify(offered);
      if (says === drawn) return;
      drawn = says;
      const focused = chips.contains(document.activeElement)
        ? document.activeElement?.getAttribute('data-key')
        : undefined;
      chips.replaceChildren(
        ...offered.map(({ icon, text, size, pressed, key, then }) =>
          chip(icon, text, size, pressed, key, () => events.onChange(then)),
        ),
      );
      if (typeof focused === 'string') chips.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    },
    tell: (shown, all) => {
      told.textContent = shown === all ? '' : l10n.t('{0} of {1} columns', count(shown), count(all));
    },
    focus: () => search.focus(),
  };
}
