/** Plain tables: semantic, selectable, with figures aligned to the right. */
import type { TableView } from '../../src/protocol';
import { element, link } from './dom';

/** `onOpen` makes the first cell of each row a link, or of those that `opens` says. */
export function table(
  { columns, rows }: TableView,
  label: string,
  onOpen?: (row: number) => void,
  opens: (row: number) => boolean = () => true,
): HTMLElement {
  const numeric = (index: number): string | undefined => (columns[index]?.numeric === true ? 'numeric' : undefined);
  const head = element(
    'tr',
    {},
    columns.map(({ title }, index) => element('th', { scope: 'col', class: numeric(index) }, [title])),
  );
  const body = rows.map((cells, row) =>
    element(
      'tr',
      {},
      cells.map(({ text, title }, index) =>
        element('td', { class: numeric(index), title }, [
          index === 0 && onOpen !== undefined && opens(row) ? link(text, `${label}/${text}`, () => onOpen(row)) : text,
        ]),
      ),
    ),
  );
  return element('div', { class: 'scroll' }, [
    element('table', { 'aria-label': label }, [element('thead', {}, [head]), element('tbody', {}, body)]),
  ]);
}
