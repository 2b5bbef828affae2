/** The grid with what stands around it: name, filters, status, one value in full. */
import * as l10n from '@vscode/l10n';
import type {
  FromGridPage,
  GridColumn,
  GridError,
  GridFilter,
  GridMark,
  GridPanelState,
  GridView,
  ShowData,
  ToGridPage,
} from '../../src/protocol';
import { element } from '../shared/dom';
import { openColumnPopup } from '../shared/grid/columnPopup';
import type { CopyFormat } from '../shared/grid/copy';
import { Grid } from '../shared/grid/grid';
import { closePopup } from '../shared/grid/popup';
import { visible } from '../shared/text';
import { copySelection } from './copying';
import { Detail } from './detail';
import { openCellMenu, openColumnChooser, openGoTo } from './menus';
import { chips, emptyNotice, errorNotice, notesNotice, skeleton, statusText, toolbar } from './parts';
import type { Questions } from './questions';

const everything: GridView = { filters: [], sort: [] };

type Opened = Extract<ToGridPage, { readonly type: 'opened' }>;

export class DataPage {
  private readonly bar = element('header', { class: 'bar' });
  private readonly notice = element('div', { class: 'notices' });
  private readonly place = element('div', { class: 'place' });
  private readonly status = element('div', { class: 'status', role: 'status' });
  private readonly detail: Detail;
  private grid: Grid | undefined;
  private rows: Opened | undefined;
  private view: GridView;
  /** What was shown before, to go back to where a filter is refused. */
  private before: GridView = everything;
  private marks: readonly GridMark[];
  /** The row to go to once there are rows. */
  private wanted: number | undefined;
  private said: string | undefined;
  private problem: GridError | undefined;

  constructor(
    root: HTMLElement,
    private state: GridPanelState,
    private readonly questions: Questions,
    private readonly send: (message: FromGridPage) => void,
    private readonly keep: (state: GridPanelState) => void,
  ) {
    const { view = everything, marks = [], row } = state.show;
    this.view = view;
    this.wanted = row;
    this.marks = marks;
    this.detail = new Detail(
      questions,
      (text) => this.copied(text),
      () => this.grid?.focus(),
    );
    root.classList.add('data');
    root.append(
      this.bar,
      this.notice,
      element('div', { class: 'split' }, [this.place, this.detail.element]),
      this.status,
    );
  }

  /** What was there stays in sight while the same rows are opened again. */
  opening(): void {
    this.problem = undefined;
    if (this.grid === undefined) this.place.replaceChildren(skeleton());
    this.say(l10n.t('Reading the data…'));
    this.draw();
  }

  opened(rows: Opened): void {
    const at = this.wanted ?? this.grid?.selection.active.row ?? 0;
    this.wanted = undefined;
    const hadFocus = this.grid === undefined || this.grid.element === document.activeElement;
    this.grid?.stop();
    this.rows = rows;
    this.problem = undefined;
    this.said = undefined;
    const names = new Set(rows.columns.map(({ name }) => name));
    this.view = {
      filters: this.view.filters.filter(({ column }) => names.has(column)),
      sort: this.view.sort.filter(({ column }) => names.has(column)),
    };
    const grid = new Grid({
      label: l10n.t('Rows of {0}', visible(this.state.show.title)),
      columns: rows.columns,
      rows: rows.rows,
      view: this.view,
      layout: this.state.layout,
      marks: this.marks,
      page: (request, signal) => this.questions.page(request, signal),
      thumbnail: (request) => this.questions.thumbnail(request),
      onChange: () => this.changed(),
      onError: (error) => this.refused(error),
      onLayout: (layout) => this.remember({ ...this.state, layout }),
      onHeader: (column, place) => this.openColumn(column, place),
      onSort: (column, add) => this.cycleSort(column, add),
      onOpen: () => this.openDetail(),
      onMenu: (place) => this.openMenu(place),
      onKey: (event) => this.onKey(event),
    });
    this.grid = grid;
    this.place.replaceChildren(grid.element);
    if (at > 0) grid.goTo(at);
    if (hadFocus) grid.focus();
    this.draw();
  }

  show({ view = everything, marks = [], ...show }: ShowData): void {
    this.marks = marks;
    this.grid?.setMarks(marks);
    this.remember({ ...this.state, show: { ...show, marks } });
    this.setView(view);
    if (show.row !== undefined) this.grid?.goTo(show.row);
  }

  failed(error: GridError): void {
    this.problem = error;
    this.said = undefined;
    if (this.rows === undefined) this.place.replaceChildren();
    this.draw();
  }

  private setView(view: GridView): void {
    this.before = this.view;
    this.view = view;
    this.problem = undefined;
    this.said = undefined;
    this.remember({ ...this.state, show: { ...this.state.show, view } });
    this.grid?.show(view);
    this.draw();
  }

  private remember(state: GridPanelState): void {
    this.state = state;
    this.keep(state);
  }

  private refused(error: GridError): void {
    if (error.code === 'cancelled') return;
    this.problem = error;
    if (error.code === 'filter-invalid') {
      this.view = this.before;
      this.remember({ ...this.state, show: { ...this.state.show, view: this.view } });
      this.grid?.show(this.view);
    }
    this.draw();
  }

  private changed(): void {
    if (this.grid === undefined) return;
    this.said = undefined;
    this.detail.follow(this.grid.activeCell, this.rows?.columns ?? []);
    this.draw();
  }

  private draw(): void {
    const { rows, grid, view } = this;
    const actions = {
      clear: (): void => this.setView({ ...this.view, filters: [] }),
      remove: (filter: GridFilter): void => this.setFilter(filter.column, undefined),
      goTo: (): void => this.openGoTo(),
      columns: (): void => this.openColumns(),
      copy: (): void => this.openMenu(this.below('copy')),
      refresh: (): void => this.send({ type: 'refresh' }),
      showLog: (): void => this.send({ type: 'showLog' }),
      nextMark: (): void => this.nextMark(),
    };
    this.redraw(this.bar, [this.state.show.title, rows !== undefined, this.marks.length, view.filters], () => [
      toolbar(this.state.show.title, { ready: rows !== undefined, marks: this.marks.length }, actions),
      ...chips(view.filters, actions),
    ]);
    const noMatch = rows !== undefined && grid?.rows === 0;
    this.redraw(this.notice, [this.problem, noMatch, rows?.rows, rows?.notes], () =>
      [
        this.problem && errorNotice(this.problem, actions),
        rows && notesNotice(rows.notes),
        noMatch ? emptyNotice(rows.rows === 0, actions) : undefined,
      ].filter((each) => each !== undefined),
    );
    const text = this.said ?? statusText({ rows: rows?.rows, shown: grid?.rows, busy: grid?.busy ?? false, view });
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** Only what says something else is drawn again: the keyboard stays where it is. */
  private redraw(part: HTMLElement, says: unknown, content: () => HTMLElement[]): void {
    const text = JSON.stringify(says);
    if (part.dataset['says'] === text) return;
    part.dataset['says'] = text;
    part.replaceChildren(...content());
  }

  private say(text: string): void {
    this.said = text;
    this.draw();
  }

  private below(key: string): { x: number; y: number } {
    const { left, bottom } = (this.bar.querySelector(`[data-key="${key}"]`) ?? this.bar).getBoundingClientRect();
    return { x: left, y: bottom + 2 };
  }

  private openGoTo(): void {
    const { grid } = this;
    if (grid?.rows) openGoTo(this.below('arrow-swap'), grid.rows, (row) => grid.goTo(row), grid.element);
  }

  private openColumns(): void {
    const { grid, rows } = this;
    if (!grid || !rows) return;
    openColumnChooser(this.below('list-selection'), rows.columns, grid.layout.hidden, {
      back: grid.element,
      onChange: (hidden) => grid.setLayout({ ...grid.layout, hidden }),
    });
  }

  private openColumn(column: GridColumn, { left, bottom }: DOMRect): void {
    const { grid, view } = this;
    if (!grid) return;
    const { name } = column;
    const { layout } = grid;
    openColumnPopup({ x: left, y: bottom }, column, {
      view,
      pinned: layout.pinned.includes(name),
      back: grid.element,
      actions: {
        sort: (direction, add) => {
          const others = add ? view.sort.filter((each) => each.column !== name) : [];
          const own = direction === undefined ? [] : [{ column: name, descending: direction === 'descending' }];
          this.setView({ ...view, sort: [...others, ...own] });
        },
        filter: (filter) => this.setFilter(name, filter),
        pin: (pinned) => {
          const others = layout.pinned.filter((each) => each !== name);
          grid.setLayout({ ...layout, pinned: pinned ? [...others, name] : others });
        },
        hide: () => grid.setLayout({ ...layout, hidden: [...layout.hidden, name] }),
      },
    });
  }

  private setFilter(name: string, filter: GridFilter | undefined): void {
    const others = this.view.filters.filter(({ column }) => column !== name);
    this.setView({ ...this.view, filters: filter === undefined ? others : [...others, filter] });
  }

  /** Up, down, and back to the order of the data. */
  private cycleSort({ name }: GridColumn, add: boolean): void {
    const { sort } = this.view;
    const now = sort.find((each) => each.column === name);
    const next = now === undefined ? [false] : now.descending ? [] : [true];
    const turned = next.map((descending) => ({ column: name, descending }));
    if (!add) this.setView({ ...this.view, sort: turned });
    else {
      const others = now ? sort.flatMap((each) => (each === now ? turned : [each])) : [...sort, ...turned];
      this.setView({ ...this.view, sort: others });
    }
  }

  private openDetail(): void {
    const cell = this.grid?.activeCell;
    if (!cell || !this.rows) return;
    this.detail.open(cell, this.rows.columns);
    this.grid?.reveal();
  }

  private openMenu(place: { x: number; y: number }): void {
    const { grid, rows } = this;
    if (!grid || !rows) return;
    openCellMenu(place, grid.activeCell, rows.columns, {
      back: grid.element,
      copy: (format) => void this.copy(format),
      open: () => this.openDetail(),
      filter: (filter) => this.setFilter(filter.column, filter),
    });
  }

  private onKey(event: KeyboardEvent): boolean {
    const ctrl = event.ctrlKey || event.metaKey;
    const { grid } = this;
    if (!grid) return false;
    if (ctrl && event.key.toLowerCase() === 'c') void this.copy('plain');
    else if (ctrl && event.key.toLowerCase() === 'g') this.openGoTo();
    else if (event.key === 'F8') this.nextMark();
    else if (event.key === 'Escape' && this.detail.isOpen) this.detail.close();
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      const active = grid.element.querySelector('.active')?.getBoundingClientRect();
      this.openMenu({ x: active?.left ?? 0, y: active?.bottom ?? 0 });
    } else return false;
    return true;
  }

  /** Marks are told by rows of the data, which in that order are rows of the view. */
  private nextMark(): void {
    const { grid } = this;
    if (!grid || this.marks.length === 0) return;
    if (this.view.filters.length + this.view.sort.length > 0) this.setView(everything);
    const rows = [...new Set(this.marks.map(({ row }) => row))].sort((a, b) => a - b);
    const next = rows.find((row) => row > grid.selection.active.row) ?? rows[0];
    if (next !== undefined) grid.goTo(next);
  }

  private async copy(format: CopyFormat): Promise<void> {
    const { grid, rows } = this;
    if (!grid || !rows) return;
    closePopup();
    try {
      const { text, says } = await copySelection(format, grid, rows.columns, this.questions);
      this.copied(text, says);
    } catch (error) {
      this.refused(error as GridError);
    }
  }

  private copied(text: string, says = l10n.t('Copied.')): void {
    this.send({ type: 'copy', text });
    this.say(says);
  }
}
