/** Columns, as many rows as there is room for: found by name and by what chips filter by, sorted as the view says. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import * as l10n from '@vscode/l10n';
import { columnListTools } from './columnListTools';
import type { ColumnListTools, ListChip } from './columnListTools';
import type { ListView } from './listView';
import { element } from './dom';
import type { Child } from './dom';

const ROW = 48;

export interface ColumnListOptions<Column, View> {
  /** A view that hides nothing. */
  readonly whole: View;
  readonly sorts: readonly { readonly key: string; readonly text: string }[];
  /** The columns that the view leaves, in its order. */
  visible(columns: readonly Column[], view: View): readonly Column[];
  chips(columns: readonly Column[], view: View): readonly ListChip<View>[];
  /** Type, text and drawing of a row. */
  row(column: Column): readonly Child[];
  onSelect(column: Column): void;
  /** Enter: the detail is to be read. */
  onOpen(): void;
  onView(view: View): void;
}

export class ColumnList<Column extends { readonly name: string }, View extends ListView> {
  readonly element: HTMLElement;
  private readonly tools: ColumnListTools<View>;
  private readonly rows = element('div', { class: 'rows', role: 'presentation' });
  private readonly list = element(
    'div',
    { class: 'column-list', role: 'listbox', tabindex: '0', 'aria-label': l10n.t('Columns') },
    [this.rows],
  );
  private readonly none = element('p', { class: 'dim no-match' }, [l10n.t('No column matches.')]);
  private readonly virtual: Virtualizer<HTMLElement, HTMLElement>;
  private columns: readonly Column[] = [];
  private shown: readonly Column[] = [];
  private view: View;
  private selected: string | undefined;

  constructor(private readonly options: ColumnListOptions<Column, View>) {
    this.view = options.whole;
    this.tools = columnListTools(options.whole, {
      sorts: options.sorts,
      onChange: (view) => this.look(view),
      onLeave: () => this.list.focus(),
    });
    this.element = element('div', { class: 'columns' }, [this.tools.element, this.list, this.none]);
    this.virtual = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => this.list,
      estimateSize: () => ROW,
      overscan: 4,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.draw(),
    });
    this.list.addEventListener('keydown', (event) => this.onKey(event));
    this.list.addEventListener('click', ({ target }) => {
      const index =
        target instanceof Element ? target.closest<HTMLElement>('[data-index]')?.dataset['index'] : undefined;
      if (index !== undefined) this.choose(Number(index));
    });
  }

  /** The list must stand in the page. */
  start(): void {
    this.virtual._didMount();
    this.virtual._willUpdate();
  }

  show(columns: readonly Column[], view: View): void {
    this.columns = columns;
    this.view = view;
    this.refresh();
  }

  /** Marks the column and brings it into sight; when the filter hides it, the filter goes. */
  reveal(name: string): void {
    if (!this.shown.some((column) => column.name === name)) {
      this.look({ ...this.options.whole, sort: this.view.sort });
    }
    this.selected = name;
    const index = this.shown.findIndex((column) => column.name === name);
    if (index >= 0) this.scrollTo(index);
    this.draw();
  }

  /** As little as brings the row into sight; the list itself is asked how high it is, which the virtualizer learns late. */
  private scrollTo(index: number): void {
    const { scrollTop, clientHeight } = this.list;
    const top = index * ROW;
    if (top < scrollTop) this.list.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.list.scrollTop = top + ROW - clientHeight;
  }

  focus(): void {
    this.list.focus();
  }

  focusSearch(): void {
    this.tools.focus();
  }

  private look(view: View): void {
    this.view = view;
    this.options.onView(view);
    this.refresh();
  }

  private refresh(): void {
    const { columns, view, options } = this;
    this.tools.show(view, options.chips(columns, view));
    this.shown = options.visible(columns, view);
    this.virtual.setOptions({ ...this.virtual.options, count: this.shown.length });
    this.virtual._willUpdate();
    this.none.hidden = this.shown.length > 0;
    this.list.hidden = this.shown.length === 0;
    this.tools.tell(this.shown.length, columns.length);
    this.draw();
  }

  private draw(): void {
    const items = this.virtual.getVirtualItems();
    this.rows.style.height = `${this.shown.length * ROW}px`;
    this.rows.replaceChildren(
      ...items.flatMap(({ index, start }) => {
        const column = this.shown[index];
        if (column === undefined) return [];
        const row = this.row(column, index);
        row.style.transform = `translateY(${start}px)`;
        return [row];
      }),
    );
    const at = this.shown.findIndex(({ name }) => name === this.selected);
    const drawn = items.some(({ index }) => index === at);
    if (drawn) this.list.setAttribute('aria-activedescendant', `column-${at}`);
    else this.list.removeAttribute('aria-activedescendant');
  }

  private row(column: Column, index: number): HTMLElement {
    return element(
      'div',
      {
        id: `column-${index}`,
        class: 'column-row',
        role: 'option',
        'data-index': `${index}`,
        'aria-selected': `${column.name === this.selected}`,
        'aria-posinset': `${index + 1}`,
        'aria-setsize': `${this.shown.length}`,
      },
      this.options.row(column),
    );
  }

  private choose(index: number): void {
    const column = this.shown[Math.min(Math.max(index, 0), this.shown.length - 1)];
    if (column === undefined || column.name === this.selected) return;
    this.reveal(column.name);
    this.options.onSelect(column);
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.shown.findIndex(({ name }) => name === this.selected);
    const page = Math.max(1, Math.floor(this.list.clientHeight / ROW) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.shown.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) this.choose(next);
    else if (event.key === 'Enter' && at >= 0) this.options.onOpen();
    else return;
    event.preventDefault();
  }
}
