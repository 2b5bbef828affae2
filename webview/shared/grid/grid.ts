/** The grid: all rows of a view to scroll through, of which only those in sight are drawn. */
import * as l10n from '@vscode/l10n';
import type { GridColumn, GridError, GridLayout, GridMark, GridView } from '../../../src/protocol';
import { element } from '../dom';
import { cell, cellId, GUTTER, header, headerId } from './cells';
import { columnsInSight, fittingWidth, MIN_WIDTH, placeColumns, type Columns } from './columns';
import { whileDragged } from './drag';
import { Pages, type AskPage } from './pages';
import { scrollMap, topShowing, type ScrollMap } from './scroll';
import { moved, rangeOf, selected, start, type Extent, type Range, type Selection } from './selection';
import { Thumbnails, type AskThumbnail } from './thumbnails';
import './grid.css';

const ROW = 24;
const ROW_WITH_IMAGE = 48;
const HEADER = 28;
/** Of a line, where a wheel counts in lines. */
const LINE = 16;

export interface GridOptions {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** Of all rows. */
  readonly rows: number;
  readonly view: GridView;
  readonly layout: GridLayout;
  readonly marks: readonly GridMark[];
  readonly page: AskPage;
  readonly thumbnail: AskThumbnail;
  /** Something that is shown beside the grid has changed: rows of the view, selection, busy or not. */
  readonly onChange: () => void;
  readonly onError: (error: GridError) => void;
  readonly onLayout: (layout: GridLayout) => void;
  readonly onHeader: (column: GridColumn, at: DOMRect) => void;
  /** `add`: beside the columns it is sorted by already. */
  readonly onSort: (column: GridColumn, add: boolean) => void;
  readonly onOpen: () => void;
  readonly onMenu: (at: { readonly x: number; readonly y: number }) => void;
  /** What the grid itself has no use for; true: it was of use. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

export class Grid {
  readonly element: HTMLElement;
  private readonly area = element('div', { class: 'area', role: 'presentation' });
  private readonly frame = element('div', { class: 'frame', role: 'presentation' });
  private readonly head = element('div', { class: 'head', role: 'row', 'aria-rowindex': '1' });
  private readonly body = element('div', { class: 'body', role: 'rowgroup' });
  private readonly drawn = new Map<number, { readonly says: string; readonly element: HTMLElement }>();
  private readonly pages: Pages;
  private readonly thumbnails: Thumbnails;
  private readonly marks = new Map<number, GridMark[]>();
  private readonly observer: ResizeObserver;
  private placed: Columns;
  private map: ScrollMap;
  private top = 0;
  private scrolledTo = 0;
  private headSays = '';
  private frameAsked = 0;
  private pictures = 0;
  private fitted: boolean;

  selection: Selection = start;
  view: GridView;
  layout: GridLayout;

  constructor(private readonly options: GridOptions) {
    const { columns, label, view, layout } = options;
    this.view = view;
    this.layout = layout;
    this.fitted = Object.keys(layout.widths).length > 0;
    this.placed = placeColumns(columns, layout);
    this.pages = new Pages(
      options.page,
      columns.length,
      () => {
        this.fit();
        this.draw();
        options.onChange();
      },
      (error) => {
        options.onError(error);
        options.onChange();
      },
    );
    this.thumbnails = new Thumbnails(options.thumbnail, () => {
      this.pictures++;
      this.draw();
    });
    this.setMarks(options.marks);
    this.element = element(
      'div',
      { class: 'grid', role: 'grid', tabindex: '0', 'aria-label': label, 'aria-multiselectable': 'true' },
      [this.area],
    );
    this.area.append(this.frame);
    this.frame.append(element('div', { role: 'rowgroup', class: 'head-group' }, [this.head]), this.body);
    this.map = scrollMap(0, ROW, 0);
    this.listen();
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this.element);
    this.show(view);
  }

  /** Of the view, once it is known. */
  get rows(): number | undefined {
    return this.pages.rows;
  }

  get busy(): boolean {
    return this.pages.rows === undefined || this.pages.busy;
  }

  /** What is selected, and the columns of the data that stand there. */
  get range(): Range & { readonly columns: readonly number[] } {
    const range = rangeOf(this.selection, this.placed.placed.length);
    const columns = this.placed.placed.slice(range.firstColumn, range.lastColumn + 1).map(({ index }) => index);
    return { ...range, columns };
  }

  /** The cell that the keyboard is at, with its position in the data, where it has come in. */
  get activeCell(): { column: number; row: number; value: string | null; cut: boolean } | undefined {
    const { row, column } = this.selection.active;
    const index = this.placed.placed[column]?.index;
    const loaded = index === undefined ? undefined : this.pages.cell(row, index);
    return loaded && index !== undefined ? { column: index, ...loaded } : undefined;
  }

  /** Another view of the same rows, from its beginning. */
  show(view: GridView): void {
    this.view = view;
    const isWhole = view.filters.length === 0 && view.sort.length === 0;
    this.pages.show(view, isWhole ? this.options.rows : undefined);
    this.selection = { ...start, active: { row: 0, column: this.selection.active.column } };
    this.selection = { ...this.selection, anchor: this.selection.active };
    this.top = 0;
    this.measure();
    this.options.onChange();
  }

  setMarks(marks: readonly GridMark[]): void {
    this.marks.clear();
    for (const mark of marks) this.marks.set(mark.row, [...(this.marks.get(mark.row) ?? []), mark]);
    this.drawn.clear();
    this.body.replaceChildren();
    this.draw();
  }

  setLayout(layout: GridLayout): void {
    this.layout = layout;
    this.placed = placeColumns(this.options.columns, layout);
    this.selection = selected(this.selection, this.selection.active, this.extent(), false);
    this.measure();
    this.options.onLayout(layout);
  }

  goTo(row: number): void {
    const to = { row, column: this.selection.active.column };
    this.select(selected(this.selection, to, this.extent(), false));
    this.focus();
  }

  /** Brings the active cell into sight. */
  reveal(): void {
    this.select(this.selection);
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  stop(): void {
    this.pages.stop();
    this.observer.disconnect();
    cancelAnimationFrame(this.frameAsked);
  }

  private get rowHeight(): number {
    return this.placed.placed.some(({ column }) => column.image) ? ROW_WITH_IMAGE : ROW;
  }

  private get bodyHeight(): number {
    return Math.max(0, this.element.clientHeight - HEADER);
  }

  private extent(): Extent {
    return {
      rows: this.pages.rows ?? 0,
      columns: this.placed.placed.length,
      page: Math.max(1, Math.floor(this.bodyHeight / this.rowHeight) - 1),
    };
  }

  /** The columns are as wide as their first values, until somebody says otherwise. */
  private fit(): void {
    // Pages may come in any order.
    const isHere = this.options.columns.some((_, index) => this.pages.cell(0, index) !== undefined);
    if (this.fitted || !isHere) return;
    this.fitted = true;
    const probe = element('span', { class: 'cell probe', 'aria-hidden': 'true' }, ['0'.repeat(20)]);
    this.frame.append(probe);
    const characterWidth = probe.getBoundingClientRect().width / 20 || 8;
    probe.remove();
    const widths: Record<string, number> = {};
    for (const [index, { name, image }] of this.options.columns.entries()) {
      const texts: (string | null)[] = [];
      for (let row = 0; row < 50; row++) {
        const loaded = this.pages.cell(row, index);
        if (loaded) texts.push(loaded.value);
      }
      if (texts.length > 0) widths[name] = fittingWidth(name, texts, characterWidth) + (image ? ROW_WITH_IMAGE : 0);
    }
    this.setLayout({ ...this.layout, widths });
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.element;
    this.frame.style.width = `${clientWidth}px`;
    this.frame.style.height = `${clientHeight}px`;
    this.body.style.height = `${this.bodyHeight}px`;
    this.draw();
  }

  private draw(): void {
    cancelAnimationFrame(this.frameAsked);
    this.frameAsked = requestAnimationFrame(() => this.drawNow());
  }

  private drawNow(): void {
    const height = this.rowHeight;
    const rows = this.pages.rows ?? 0;
    this.map = scrollMap(rows, height, this.bodyHeight);
    this.area.style.height = `${HEADER + this.map.height}px`;
    this.area.style.width = `${GUTTER + this.placed.pinnedWidth + this.placed.width}px`;
    this.top = Math.min(this.top, this.map.maxTop);
    if (!this.map.scaled || Math.abs(this.map.toScroll(this.top) - this.element.scrollTop) > 1) this.scrollBar();
    const x = this.element.scrollLeft;
    this.frame.style.setProperty('--x', `${x}px`);
    const room = this.element.clientWidth - GUTTER - this.placed.pinnedWidth;
    const inSight = columnsInSight(this.placed, x, x + room);
    const first = Math.floor(this.top / height);
    const last = Math.min(Math.ceil((this.top + this.bodyHeight) / height), rows) - 1;
    this.element.setAttribute('aria-rowcount', String(this.pages.rows === undefined ? -1 : rows + 1));
    this.element.setAttribute('aria-colcount', String(this.placed.placed.length + 1));
    this.drawHead(inSight);
    this.drawRows(first, last, inSight);
    const { row, column } = this.selection.active;
    this.element.setAttribute('aria-activedescendant', row < 0 ? headerId(column) : cellId(row, column));
    this.pages.want(
      first,
      Math.max(first, last),
      inSight.map(({ index }) => index),
    );
  }

  private drawHead(inSight: ReturnType<typeof columnsInSight>): void {
    const { active } = this.selection;
    const { pinnedWidth, placed } = this.placed;
    const says = JSON.stringify([inSight, this.view, active.row < 0 && active.column, pinnedWidth]);
    if (says === this.headSays) return;
    this.headSays = says;
    const gutter = element('div', { class: 'header gutter', role: 'columnheader', 'aria-colindex': '1' }, [
      l10n.t('Row'),
    ]);
    const headers = inSight.map((each) => {
      const screen = placed.indexOf(each);
      return header(each, screen, {
        view: this.view,
        active: active.row < 0 && active.column === screen,
        pinnedWidth,
      });
    });
    this.head.replaceChildren(gutter, ...headers);
  }

  private drawRows(first: number, last: number, inSight: ReturnType<typeof columnsInSight>): void {
    const height = this.rowHeight;
    const { placed, pinnedWidth } = this.placed;
    const range = rangeOf(this.selection, placed.length);
    const { active } = this.selection;
    const screens = inSight.map((each) => placed.indexOf(each));
    const common = JSON.stringify([this.pages.version, this.pictures, screens, this.layout, height]);
    for (const [row, { element: gone }] of this.drawn) {
      if (row >= first && row <= last) continue;
      gone.remove();
      this.drawn.delete(row);
    }
    for (let row = first; row <= last; row++) {
      const isSelected = row >= range.firstRow && row <= range.lastRow;
      const says = `${common} ${isSelected ? `${range.firstColumn} ${range.lastColumn}` : ''} ${active.row === row ? active.column : ''}`;
      const before = this.drawn.get(row);
      const now =
        before?.says === says ? before.element : this.row(row, inSight, screens, isSelected ? range : undefined);
      if (now !== before?.element) {
        if (before) before.element.replaceWith(now);
        else this.body.append(now);
        this.drawn.set(row, { says, element: now });
      }
      now.style.transform = `translateY(${row * height - this.top}px)`;
    }
    this.body.style.setProperty('--pinned', `${pinnedWidth}px`);
  }

  private row(
    row: number,
    inSight: ReturnType<typeof columnsInSight>,
    screens: readonly number[],
    range: Range | undefined,
  ): HTMLElement {
    const { active } = this.selection;
    const { pinnedWidth } = this.placed;
    const position = this.pages.position(
      row,
      inSight.map(({ index }) => index),
    );
    const marks = position === undefined ? [] : (this.marks.get(position) ?? []);
    const ofRow = marks.find(({ column }) => column === undefined);
    const gutter = element(
      'div',
      {
        class: ['cell', 'gutter', 'numeric', ofRow && `marked ${ofRow.severity}`].filter(Boolean).join(' '),
        role: 'rowheader',
        'aria-colindex': '1',
        title: ofRow?.message,
        'data-row': String(row),
      },
      [position === undefined ? '' : (position + 1).toLocaleString(document.documentElement.lang)],
    );
    const cells = inSight.map((placed, index) => {
      const screen = screens[index] ?? 0;
      return cell(
        {
          row,
          screen,
          placed,
          loaded: this.pages.cell(row, placed.index),
          selected: range !== undefined && screen >= range.firstColumn && screen <= range.lastColumn,
          active: active.row === row && active.column === screen,
          mark: marks.find(({ column }) => column === placed.column.name),
        },
        { pinnedWidth, rowHeight: this.rowHeight, thumbnails: this.thumbnails },
      );
    });
    const made = element('div', { class: 'row', role: 'row', 'aria-rowindex': String(row + 2) }, [gutter, ...cells]);
    made.style.height = `${this.rowHeight}px`;
    return made;
  }

  /** Puts the scroll bar where the rows are. */
  private scrollBar(): void {
    const scroll = this.map.toScroll(this.top);
    if (Math.abs(scroll - this.element.scrollTop) >= 1) this.element.scrollTop = scroll;
    this.scrolledTo = this.element.scrollTop;
  }

  private moveTo(top: number): void {
    this.top = Math.max(0, Math.min(top, this.map.maxTop));
    this.scrollBar();
    this.draw();
  }

  private select(to: Selection): void {
    this.selection = to;
    const { row, column } = to.active;
    const at = this.placed.placed[column];
    if (at && !at.pinned) {
      const room = this.element.clientWidth - GUTTER - this.placed.pinnedWidth;
      const { scrollLeft } = this.element;
      const right = at.left + Math.min(at.width, room);
      if (at.left < scrollLeft) this.element.scrollLeft = at.left;
      else if (right > scrollLeft + room) this.element.scrollLeft = right - room;
    }
    if (row >= 0) this.moveTo(topShowing(row, this.top, this.rowHeight, this.bodyHeight));
    else this.draw();
    this.options.onChange();
  }

  private listen(): void {
    const { element: root } = this;
    root.addEventListener('scroll', () => {
      if (root.scrollTop !== this.scrolledTo) {
        this.scrolledTo = root.scrollTop;
        this.top = this.map.scaled ? this.map.toTop(root.scrollTop) : root.scrollTop;
      }
      this.draw();
    });
    root.addEventListener(
      'wheel',
      (event) => {
        // A pixel of the bar may be many rows: the wheel goes by rows whatever the bar does.
        if (!this.map.scaled || event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
        event.preventDefault();
        this.moveTo(this.top + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1));
        root.scrollLeft += event.deltaX;
      },
      { passive: false },
    );
    root.addEventListener('keydown', (event) => this.onKey(event));
    root.addEventListener('pointerdown', (event) => this.onPointerDown(event));
    root.addEventListener('dblclick', ({ target }) => {
      if (target instanceof Element && target.closest('.cell[data-screen]')) this.options.onOpen();
    });
    root.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.options.onMenu({ x: event.clientX, y: event.clientY });
    });
  }

  private onKey(event: KeyboardEvent): void {
    const { active } = this.selection;
    const ctrl = event.ctrlKey || event.metaKey;
    const handled = ((): boolean => {
      const column = this.placed.placed[active.column];
      if (column && event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
        this.resize(column.column.name, column.width + (event.key === 'ArrowRight' ? 16 : -16));
        return true;
      }
      if (column && event.altKey && event.key === 'ArrowDown') {
        const at = this.head.querySelector(`#${headerId(active.column)}`) ?? this.head;
        this.options.onHeader(column.column, at.getBoundingClientRect());
        return true;
      }
      if (event.altKey) return this.options.onKey(event);
      if (event.key === 'Enter') {
        if (active.row >= 0) this.options.onOpen();
        else if (column) this.options.onSort(column.column, event.shiftKey);
        return true;
      }
      if (event.key === ' ' && event.shiftKey) {
        this.select({ ...this.selection, wholeRows: true });
        return true;
      }
      const to = moved(this.selection, { key: event.key, ctrl, shift: event.shiftKey }, this.extent());
      if (to === undefined) return this.options.onKey(event);
      this.select(to);
      return true;
    })();
    if (!handled) return;
    event.preventDefault();
    // Else the editor acts on it, too.
    event.stopPropagation();
  }

  private onPointerDown(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const at = target?.closest<HTMLElement>('[data-row], [data-screen]');
    if (target === undefined || !at) return;
    const screen = Number(at.dataset['screen'] ?? 0);
    const column = this.placed.placed[screen];
    if (at.classList.contains('header')) {
      if (column === undefined || event.button !== 0) return;
      if (target.closest('.resize')) this.dragWidth(event, column.column.name, column.width);
      else if (target.closest('.menu')) {
        event.preventDefault();
        this.options.onHeader(column.column, at.getBoundingClientRect());
      } else this.options.onSort(column.column, event.shiftKey);
      return;
    }
    const wholeRows = at.dataset['screen'] === undefined;
    const to = { row: Number(at.dataset['row']), column: wholeRows ? this.selection.active.column : screen };
    const range = rangeOf(this.selection, this.placed.placed.length);
    const inside =
      to.row >= range.firstRow &&
      to.row <= range.lastRow &&
      to.column >= range.firstColumn &&
      to.column <= range.lastColumn;
    // A menu is about what is selected, where it is opened on that.
    if (event.button === 0 || !inside) {
      this.select(selected(this.selection, to, this.extent(), event.shiftKey, wholeRows));
    }
    if (event.button === 0) this.dragSelection(wholeRows);
  }

  private dragSelection(wholeRows: boolean): void {
    whileDragged(({ clientX, clientY }) => {
      const over = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('.cell[data-row]');
      if (!over || !this.element.contains(over)) return;
      const column = Number(over.dataset['screen'] ?? this.selection.active.column);
      const to = { row: Number(over.dataset['row']), column };
      if (to.row === this.selection.active.row && to.column === this.selection.active.column) return;
      this.select(selected(this.selection, to, this.extent(), true, wholeRows));
    });
  }

  private dragWidth(event: PointerEvent, name: string, width: number): void {
    event.preventDefault();
    const from = event.clientX;
    whileDragged(({ clientX }) => this.resize(name, width + clientX - from));
  }

  private resize(name: string, width: number): void {
    const widths = { ...this.layout.widths, [name]: Math.max(MIN_WIDTH, Math.round(width)) };
    this.setLayout({ ...this.layout, widths });
  }
}
