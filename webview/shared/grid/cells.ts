/** Drawing rows and headers. */
import * as l10n from '@vscode/l10n';
import type { ColumnType, GridMark, GridView } from '../../../src/protocol';
import { element, icon } from '../dom';
import type { PlacedColumn } from './columns';
import type { LoadedCell } from './pages';
import { canvasOf, type Thumbnails } from './thumbnails';
import { shownValue, type Shown } from './values';
import { visible } from '../text';

/** Of the column of row numbers. */
export const GUTTER = 80;

const typeIcons: Readonly<Record<ColumnType, string>> = {
  integer: 'symbol-numeric',
  number: 'symbol-numeric',
  string: 'symbol-string',
  boolean: 'symbol-boolean',
  date: 'calendar',
  datetime: 'calendar',
  time: 'watch',
  duration: 'watch',
  object: 'symbol-object',
  array: 'symbol-array',
  geopoint: 'location',
  any: 'symbol-misc',
  image: 'file-media',
  audio: 'unmute',
};

export function isNumeric(type: ColumnType): boolean {
  return type === 'integer' || type === 'number';
}

export function place(target: HTMLElement, { left, width, pinned }: PlacedColumn, pinnedWidth: number): void {
  target.style.left = `${GUTTER + left + (pinned ? 0 : pinnedWidth)}px`;
  target.style.width = `${width}px`;
}

export function headerId(screen: number): string {
  return `column-${screen}`;
}

export function cellId(row: number, screen: number): string {
  return `cell-${row}-${screen}`;
}

export function header(
  placed: PlacedColumn,
  screen: number,
  { view, active, pinnedWidth }: { view: GridView; active: boolean; pinnedWidth: number },
): HTMLElement {
  const { column } = placed;
  const at = view.sort.findIndex((each) => each.column === column.name);
  const sort = view.sort[at];
  const filtered = view.filters.some((filter) => filter.column === column.name);
  const name = visible(column.name);
  const made = element(
    'div',
    {
      id: headerId(screen),
      role: 'columnheader',
      class: ['header', placed.pinned && 'pinned', active && 'active'].filter(Boolean).join(' '),
      'aria-colindex': String(screen + 2),
      'aria-sort': sort === undefined ? 'none' : sort.descending ? 'descending' : 'ascending',
      'aria-label': [name, column.type, filtered && l10n.t('filtered'), placed.pinned && l10n.t('pinned')]
        .filter(Boolean)
        .join(', '),
      title: `${name}\n${column.type} · ${column.physicalType}`,
      'data-screen': String(screen),
    },
    [
      icon(typeIcons[column.image ? 'image' : column.type]),
      element('bdi', { class: 'name' }, [name]),
      sort && icon(sort.descending ? 'arrow-down' : 'arrow-up'),
      sort && view.sort.length > 1 ? element('span', { class: 'place' }, [String(at + 1)]) : undefined,
      filtered ? icon('filter-filled') : undefined,
      element('span', { class: 'menu codicon codicon-chevron-down', 'aria-hidden': 'true' }),
      element('span', { class: 'resize', 'aria-hidden': 'true' }),
    ],
  );
  place(made, placed, pinnedWidth);
  return made;
}

export interface DrawnCell {
  readonly row: number;
  readonly screen: number;
  readonly placed: PlacedColumn;
  readonly loaded: LoadedCell | undefined;
  readonly selected: boolean;
  readonly active: boolean;
  readonly mark: GridMark | undefined;
}

export function cell(
  { row, screen, placed, loaded, selected, active, mark }: DrawnCell,
  { pinnedWidth, rowHeight, thumbnails }: { pinnedWidth: number; rowHeight: number; thumbnails: Thumbnails },
): HTMLElement {
  const { column, index } = placed;
  const shown = loaded && shownValue(loaded.value, isNumeric(column.type));
  const classes = [
    'cell',
    placed.pinned && 'pinned',
    isNumeric(column.type) && 'numeric',
    shown && shown.kind !== 'value' && shown.kind,
    selected && 'selected',
    active && 'active',
    mark && `marked ${mark.severity}`,
  ];
  const made = element(
    'div',
    {
      id: cellId(row, screen),
      role: 'gridcell',
      class: classes.filter(Boolean).join(' '),
      'aria-colindex': String(screen + 2),
      'aria-selected': String(selected),
      'aria-label': shown && spoken(shown, mark),
      title: mark?.message,
      'data-row': String(row),
      'data-screen': String(screen),
    },
    shown === undefined
      ? [element('span', { class: 'skeleton' })]
      : [
          column.image && loaded && loaded.value !== null
            ? picture(thumbnails, loaded.row, index, rowHeight - 8, shown.text)
            : undefined,
          element('bdi', { class: 'text' }, [loaded?.cut === true ? `${shown.text}…` : shown.text]),
        ],
  );
  place(made, placed, pinnedWidth);
  return made;
}

/** What is seen, what it means, and what was found about it; undefined: what is seen says it. */
function spoken({ kind, text }: Shown, mark: GridMark | undefined): string | undefined {
  const meanings: Readonly<Partial<Record<Shown['kind'], string>>> = {
    null: l10n.t('missing'),
    empty: l10n.t('empty text'),
    blank: l10n.t('blank text'),
  };
  const meaning = meanings[kind];
  if (meaning === undefined && mark === undefined) return undefined;
  return [text, meaning, mark?.message].filter((each) => each !== undefined).join(', ');
}

function picture(thumbnails: Thumbnails, row: number, column: number, size: number, path: string): HTMLElement {
  const found = thumbnails.get(row, column);
  const box = element('span', { class: 'picture' });
  box.style.width = `${size}px`;
  if (found === undefined) return box;
  if ('message' in found) {
    box.title = found.message;
    box.append(icon('warning'));
    return box;
  }
  const canvas = canvasOf(found.image, size);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', path);
  box.append(canvas);
  return box;
}
