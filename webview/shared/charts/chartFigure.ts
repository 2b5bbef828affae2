/** A chart on the page: its finding as a title, the drawing once it is in sight, what can be done with it, and a table. */
import * as l10n from '@vscode/l10n';
import type { View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { GridFilter } from '../../../src/protocol';
import { element, icon } from '../dom';
import type { Child } from '../dom';
import { figure as shortFigure } from '../format';
import { loadCharts } from './lazyCharts';
import { table } from '../table';
import { copyItems } from './chartCopies';
import type { Chart } from './chart';
import { menuButton } from '../menu';
import { hideTooltip, showTooltip } from './tooltip';

export interface FigureOptions {
  /** Tells the figure from the others of the page. */
  readonly key: string;
  /** Switches beside the title. */
  readonly tools?: readonly Child[];
  /** Shows rows; absent where there is no engine. */
  readonly showRows: ((filter: GridFilter) => void) | undefined;
  readonly wide?: boolean;
}

/** Listeners of charts that have left the page are taken down with the next one that is drawn. */
const views = new Set<{ readonly container: HTMLElement; readonly view: View }>();
/** Above this much of a change in width, a chart is drawn anew. */
const REDRAW_PX = 16;

export function chartFigure(chart: Chart, { key, tools = [], showRows, wide = false }: FigureOptions): HTMLElement {
  const drawing = element('div', { class: 'drawing', role: 'img', 'aria-label': chart.title });
  const marked = element('p', { class: 'marked', role: 'status' });
  const title = element('figcaption', {}, [
    element('span', { class: 'finding' }, [chart.title]),
    element('span', { class: 'tools' }, [
      ...tools,
      menuButton(l10n.t('More about this chart'), `${key}/menu`, () => copyItems(chart, () => drawing.clientWidth)),
    ]),
  ]);
  const filters = showRows === undefined ? undefined : chart.filters;
  const open = (row: number): void => {
    const filter = filters?.[row];
    if (filter !== undefined) showRows?.(filter);
  };
  const rows = element('details', {}, [element('summary', { 'data-key': `${key}/table` }, [l10n.t('Show as table')])]);
  // Made when it is asked for: a table of every chart would be most of the page.
  rows.addEventListener('toggle', () => {
    if (rows.children.length > 1) return;
    const opens = (row: number): boolean => filters?.[row] !== undefined;
    rows.append(table(chart.data, chart.title, filters && open, opens));
  });
  const whole = element('figure', { class: wide ? 'chart wide' : 'chart' }, [title, drawing, marked, rows]);
  const onMark = (from: number, to: number): void => marked.replaceChildren(...markedRange(chart, from, to, showRows));
  const onClick = chart.onClick ?? (filters && ((datum) => typeof datum['row'] === 'number' && open(datum['row'])));
  whenInSight(drawing, () => void draw(chart, drawing, showRows && onMark, onClick));
  return whole;
}

function markedRange(
  { rowsBetween }: Chart,
  from: number,
  to: number,
  showRows: ((filter: GridFilter) => void) | undefined,
): (Node | string)[] {
  if (rowsBetween === undefined || showRows === undefined || from === to) return [];
  const filter = rowsBetween(from, to);
  const [first = '', last = ''] = filter.values;
  const say = (text: string): string => (Number.isFinite(Number(text)) ? shortFigure(Number(text)) : text);
  const button = element('button', { class: 'link', type: 'button' }, [
    l10n.t('Show rows from {0} to {1}', say(first), say(last)),
  ]);
  button.addEventListener('click', () => showRows(filter));
  return [icon('table'), ' ', button];
}

type Datum = Readonly<Record<string, unknown>>;

async function draw(
  chart: Chart,
  container: HTMLElement,
  onMark: ((from: number, to: number) => void) | undefined,
  onClick: ((datum: Datum) => void) | undefined,
): Promise<void> {
  const { drawChart } = await loadCharts();
  for (const old of views) {
    if (old.container.isConnected) continue;
    old.view.finalize();
    views.delete(old);
  }
  let width = 0;
  let current: View | undefined;
  const again = async (): Promise<void> => {
    if (!container.isConnected || Math.abs(container.clientWidth - width) < REDRAW_PX) return;
    width = container.clientWidth;
    // The drawing as a whole has a name; those who cannot see it have the table.
    const fresh = element('div', { 'aria-hidden': 'true' });
    const view = await drawChart(fresh, specOf(chart, width, onMark !== undefined), chart.title, showTooltip);
    current?.finalize();
    current = view;
    views.add({ container, view }); // where it has left the page meanwhile, the next one takes it down
    container.replaceChildren(fresh);
    if (onMark !== undefined && chart.rowsBetween !== undefined) listenToBrush(view, onMark);
    if (onClick !== undefined) {
      view.addEventListener('click', (_, item) => {
        const datum = item?.datum as Datum | undefined;
        if (datum !== undefined) onClick(datum);
      });
    }
  };
  container.addEventListener('pointerleave', hideTooltip);
  await again();
  const observer = new ResizeObserver(() => (container.isConnected ? void again() : observer.disconnect()));
  observer.observe(container);
}

/** Nothing is marked where no rows can be shown. */
function specOf(chart: Chart, width: number, marks: boolean): TopLevelSpec {
  const spec = chart.spec(width);
  return marks || !('params' in spec) ? spec : { ...spec, params: [] };
}

/** Listens to the interval that is marked on the axis. */
function listenToBrush(view: View, onMark: (from: number, to: number) => void): void {
  view.addSignalListener('brush', (_, value: unknown) => {
    const [range] = Object.values(value as Readonly<Record<string, unknown>>);
    const [from, to] = Array.isArray(range) ? range.map(Number) : [];
    onMark(from ?? 0, to ?? 0);
  });
}

/** Calls back once, as soon as the element is on the screen or nearly so. */
function whenInSight(target: HTMLElement, callback: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    { rootMargin: '200px' },
  );
  observer.observe(target);
}
