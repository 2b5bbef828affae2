/** The columns, as many rows as there is room for: found by name, type and alert, sorted by any figure. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import * as l10n from '@vscode/l10n';
import type { ProfileColumn } from '../../src/protocol';
import { element, icon } from '../shared/dom';
import { share } from '../shared/format';
import { columnListTools } from './columnListTools';
import { visibleColumns, wholeList } from './columnFilter';
import type { ColumnView } from './columnFilter';
import { shortFigures } from './figures';
import { sparklineElement } from './sparklineElement';
import { severityIcons, severityWord } from '../shared/severity';
import { typeIcons, typeWord } from './types';
import { mark, nameElement } from '../shared/values';

const ROW = 48;

export interface ColumnListEvents {
  onSelect(column: ProfileColumn): void;
  /** Enter: the detail is to be read. */
  onOpen(): void;
  onView(view: ColumnView): void;
}

export class ColumnList {
  readonly element: HTMLElement;
  private readonly tools = columnListTools({
    onChange: (view) => this.look(view),
    onLeave: () => this.list.focus(),
  });
  private readonly rows = element('div', { class: 'rows', role: 'presentation' });
  private readonly list = element(
    'div',
    { class: 'column-list', role: 'listbox', tabindex: '0', 'aria-label': l10n.t('Columns') },
    [this.rows],
  );
  private readonly none = element('p', { class: 'dim none' }, [l10n.t('No column matches.')]);
  private readonly virtual: Virtualizer<HTMLElement, HTMLElement>;
  private columns: readonly ProfileColumn[] = [];
  private shown: readonly ProfileColumn[] = [];
  private sampled: (column: ProfileColumn) => boolean = () => false;
  private view: ColumnView = wholeList;
  private selected: string | undefined;

  constructor(private readonly events: ColumnListEvents) {
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

  show(columns: readonly ProfileColumn[], view: ColumnView, sampled: (column: ProfileColumn) => boolean): void {
    this.columns = columns;
    this.view = view;
    this.sampled = sampled;
    this.tools.show(columns, view);
    this.refresh();
  }

  /** Marks the column and brings it into sight; when the filter hides it, the filter goes. */
  reveal(name: string): void {
    if (!this.shown.some((column) => column.name === name)) this.look({ ...wholeList, sort: this.view.sort });
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

  private look(view: ColumnView): void {
    this.view = view;
    this.tools.show(this.columns, view);
    this.events.onView(view);
    this.refresh();
  }

  private refresh(): void {
    this.shown = visibleColumns(this.columns, this.view);
    this.virtual.setOptions({ ...this.virtual.options, count: this.shown.length });
    this.virtual._willUpdate();
    this.none.hidden = this.shown.length > 0;
    this.list.hidden = this.shown.length === 0;
    this.tools.tell(this.shown.length, this.columns.length);
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

  private row(column: ProfileColumn, index: number): HTMLElement {
    const figures = shortFigures(column);
    const text = figures.map(({ label, value }) => (label === '' ? value : `${label} ${value}`)).join(' · ');
    const approximate = figures.some(({ key }) => key !== undefined && column.approximate?.includes(key) === true);
    const [worst] = column.alerts;
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
      [
        element('span', { class: 'type', title: typeWord(column.semantic) }, [icon(typeIcons[column.semantic])]),
        element('span', { class: 'what' }, [
          element('span', { class: 'first' }, [
            nameElement(column.name, 60),
            element('span', { class: 'unseen' }, [typeWord(column.semantic)]),
            column.role === undefined ? undefined : element('span', { class: 'badge' }, [column.role]),
            worst === undefined
              ? undefined
              : element(
                  'span',
                  { class: `severity-mark ${worst.severity}`, title: column.alerts.map(({ code }) => code).join(', ') },
                  [
                    icon(severityIcons[worst.severity]),
                    element('span', { class: 'unseen' }, [severityWord(worst.severity)]),
                    `${column.alerts.length}`,
                  ],
                ),
          ]),
          element(
            'span',
            {
              class: 'second dim',
              title: figures.map(({ label, title, value }) => `${label} ${title ?? value}`.trim()).join('\n'),
            },
            [
              this.sampled(column) ? mark('sample') : undefined,
              approximate ? mark('estimate') : undefined,
              element('bdi', {}, [text]),
            ],
          ),
        ]),
        element('span', { class: 'spark' }, [
          sparklineElement(column),
          column.nulls === 0
            ? undefined
            : element('span', { class: 'nulls', title: l10n.t('missing') }, [
                l10n.t('{0} missing', share(column.nullRatio)),
              ]),
        ]),
      ],
    );
  }

  private choose(index: number): void {
    const column = this.shown[Math.min(Math.max(index, 0), this.shown.length - 1)];
    if (column === undefined || column.name === this.selected) return;
    this.reveal(column.name);
    this.events.onSelect(column);
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
    else if (event.key === 'Enter' && at >= 0) this.events.onOpen();
    else return;
    event.preventDefault();
  }
}
