/** What stands above the list of columns: search, sort, and chips for types and alerts. */
import * as l10n from '@vscode/l10n';
import type { ProfileColumn } from '../../src/protocol';
import { chip } from '../shared/chip';
import { element } from '../shared/dom';
import { count } from '../shared/format';
import { kinds, sortKeys, sortWord, wholeList } from './columnFilter';
import type { ColumnView, SortKey } from './columnFilter';
import { codeWords, typeIcons, typeWord } from './types';

/** More kinds of alerts than these would be a wall of chips. */
const MAX_CHIPS = 8;

export interface ColumnListTools {
  readonly element: HTMLElement;
  show(columns: readonly ProfileColumn[], view: ColumnView): void;
  tell(shown: number, all: number): void;
  focus(): void;
}

export function columnListTools(events: { onChange(view: ColumnView): void; onLeave(): void }): ColumnListTools {
  let view = wholeList;
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
    sortKeys.map((key) => element('option', { value: key }, [sortWord(key)])),
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
  sort.addEventListener('change', () => events.onChange({ ...view, sort: sort.value as SortKey }));

  return {
    element: element('div', { class: 'list-tools' }, [element('div', { class: 'line' }, [search, sort]), chips, told]),
    show: (columns, next) => {
      view = next;
      if (search.value !== view.search) search.value = view.search;
      sort.value = view.sort;
      const { types, alerts } = kinds(columns);
      const says = JSON.stringify([types, alerts, view.types, view.alerts]);
      if (says === drawn) return;
      drawn = says;
      const focused = chips.contains(document.activeElement)
        ? document.activeElement?.getAttribute('data-key')
        : undefined;
      chips.replaceChildren(
        ...(types.length < 2 ? [] : types).map(({ value, count: size }) =>
          chip(typeIcons[value], typeWord(value), size, view.types.includes(value), `type/${value}`, () =>
            events.onChange({ ...view, types: toggled(view.types, value) }),
          ),
        ),
        ...alerts
          .slice(0, MAX_CHIPS)
          .map(({ value, count: size }) =>
            chip('bell', codeWords(value), size, view.alerts.includes(value), `alert/${value}`, () =>
              events.onChange({ ...view, alerts: toggled(view.alerts, value) }),
            ),
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

function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}
