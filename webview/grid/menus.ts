/** Popups of the page: of cells, of columns, and where to go. */
import * as l10n from '@vscode/l10n';
import type { GridColumn, GridFilter } from '../../src/protocol';
import { element } from '../shared/dom';
import type { CopyFormat } from '../shared/grid/copy';
import { closePopup, item, openPopup } from '../shared/grid/popup';
import { visible } from '../shared/text';

type Place = { readonly x: number; readonly y: number };

/** Columns that are listed at a time: the search finds the others. */
const LISTED = 200;

export function openCellMenu(
  at: Place,
  cell: { readonly column: number; readonly value: string | null; readonly cut: boolean } | undefined,
  columns: readonly GridColumn[],
  actions: {
    readonly back: HTMLElement;
    readonly copy: (format: CopyFormat) => void;
    readonly open: () => void;
    readonly filter: (filter: GridFilter) => void;
  },
): void {
  const column = cell && columns[cell.column];
  const filter = cell && column && !cell.cut ? filterFor(column, cell.value) : undefined;
  openPopup(
    at,
    l10n.t('Selection'),
    [
      item(l10n.t('Copy'), 'copy', () => actions.copy('plain'), l10n.t('Ctrl+C')),
      item(l10n.t('Copy as CSV'), 'table', () => actions.copy('csv')),
      item(l10n.t('Copy as JSON'), 'json', () => actions.copy('json')),
      item(l10n.t('Copy as Markdown'), 'markdown', () => actions.copy('markdown')),
      cell === undefined ? undefined : item(l10n.t('Show Whole Value'), 'open-preview', actions.open, l10n.t('Enter')),
      filter && item(l10n.t('Filter by This Value'), 'filter', () => actions.filter(filter)),
    ],
    actions.back,
  );
}

function filterFor({ name, type }: GridColumn, value: string | null): GridFilter {
  if (value === null) return { column: name, operator: 'missing', values: [] };
  if (type === 'number' && value === 'NaN') return { column: name, operator: 'nan', values: [] };
  return { column: name, operator: 'equals', values: [value] };
}

export function openGoTo(at: Place, rows: number, onGo: (row: number) => void, back: HTMLElement): void {
  const count = rows.toLocaleString(document.documentElement.lang);
  const field = document.createElement('input');
  field.type = 'text';
  field.inputMode = 'numeric';
  field.dataset['first'] = '';
  const label = l10n.t('Row, 1 to {0}', count);
  field.setAttribute('aria-label', label);
  field.placeholder = label;
  const form = element('form', {}, [
    field,
    element('div', { class: 'buttons' }, [element('button', { type: 'submit', class: 'primary' }, [l10n.t('Go')])]),
  ]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const row = Number(field.value.replace(/[^\d]/g, ''));
    if (field.value.trim() === '' || row < 1) return;
    closePopup();
    onGo(Math.min(row, rows) - 1);
  });
  openPopup(at, l10n.t('Go to Row'), [form], back);
}

export function openColumnChooser(
  at: Place,
  columns: readonly GridColumn[],
  hidden: readonly string[],
  { back, onChange }: { readonly back: HTMLElement; readonly onChange: (hidden: readonly string[]) => void },
): void {
  let now = new Set(hidden);
  const search = document.createElement('input');
  search.type = 'text';
  search.dataset['first'] = '';
  search.placeholder = l10n.t('Find a column');
  search.setAttribute('aria-label', l10n.t('Find a column'));
  const list = element('div', { class: 'columns' });
  const change = (next: Set<string>): void => {
    now = next;
    onChange([...now]);
  };
  const draw = (): void => {
    const wanted = search.value.toLowerCase();
    const found = columns.filter(({ name }) => name.toLowerCase().includes(wanted));
    list.replaceChildren(
      ...found.slice(0, LISTED).map(({ name }) => {
        const box = document.createElement('input');
        box.type = 'checkbox';
        box.checked = !now.has(name);
        box.addEventListener('change', () => {
          const next = new Set(now);
          if (box.checked) next.delete(name);
          else next.add(name);
          change(next);
        });
        return element('label', {}, [box, element('bdi', {}, [visible(name)])]);
      }),
      ...(found.length > LISTED
        ? [element('p', { class: 'dim' }, [l10n.t('{0} more: find them by name.', found.length - LISTED)])]
        : []),
    );
  };
  draw();
  search.addEventListener('input', draw);
  const all = element('button', { type: 'button' }, [l10n.t('Show All')]);
  all.addEventListener('click', () => {
    change(new Set());
    draw();
  });
  const form = element('form', {}, [search, list, element('div', { class: 'buttons' }, [all])]);
  form.addEventListener('submit', (event) => event.preventDefault());
  openPopup(at, l10n.t('Columns'), [form], back);
}
