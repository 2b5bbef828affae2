/** One column in several groups of rows, such as classes or splits: densities as lines, values as shares. */
import * as l10n from '@vscode/l10n';
import type { TopLevelSpec } from 'vega-lite';
import { count, figure, share } from '../../shared/format';
import { shown } from '../../shared/text';
import { heightOf, labelled, series, shortNumber, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';

/** More groups than these cannot be told apart by colour. */
export const MAX_GROUPS = 6;

export interface NumericGroup {
  readonly name: string;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Above the chart, in as many columns as there is room for: none of the groups is cut off. */
function legendOf(groups: readonly { readonly name: string }[], width: number) {
  const longest = Math.max(1, ...groups.map(({ name }) => shown(name, 24).length));
  const columns = Math.floor(width / (7 * longest + 36));
  return { orient: 'top' as const, columns: Math.max(1, Math.min(columns, groups.length)), labelLimit: 200 };
}

/** Each group's share per unit of the axis, so that groups of different sizes and bins can be compared. */
export function densityChart(groups: readonly NumericGroup[], title: string, axis: string): Chart {
  const drawn = groups.slice(0, MAX_GROUPS);
  const points = drawn.flatMap(({ name, edges, counts }) => {
    const all = Math.max(
      1,
      counts.reduce((sum, each) => sum + each, 0),
    );
    const heights = counts.map((rows, index) => {
      const width = (edges[index + 1] ?? 0) - (edges[index] ?? 0);
      return width > 0 ? rows / all / width : 0;
    });
    return edges.map((x, index) => ({
      group: shown(name, 24),
      x,
      density: heights[Math.min(index, heights.length - 1)] ?? 0,
      order: index,
    }));
  });
  return {
    title,
    spec: (width): TopLevelSpec => ({
      width,
      // The names stand above the chart, which is no lower for having many.
      height: heightOf(width) + 16 * (Math.ceil(drawn.length / legendOf(drawn, width).columns) - 1),
      autosize: { type: 'fit', contains: 'padding' },
      data: { values: points },
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5 },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: axis,
          scale: { zero: false, nice: false },
          axis: { tickCount: 5, labelExpr: shortNumber, grid: false },
        },
        y: { field: 'density', type: 'quantitative', title: l10n.t('density'), axis: { tickCount: 3, labels: false } },
        order: { field: 'order' },
        color: {
          field: 'group',
          type: 'nominal',
          sort: null,
          title: null,
          scale: { domain: drawn.map(({ name }) => shown(name, 24)), range: [...series] },
          legend: { ...legendOf(drawn, width), symbolType: 'stroke' },
        },
      },
    }),
    data: textTable(
      [l10n.t('Group'), l10n.t('From'), l10n.t('To'), l10n.t('Rows')],
      drawn.flatMap(({ name, edges, counts }) =>
        counts.map((rows, index) => [
          shown(name, 80),
          figure(edges[index] ?? null),
          figure(edges[index + 1] ?? null),
          count(rows),
        ]),
      ),
    ),
  };
}

export interface ValueGroup {
  readonly name: string;
  /** By the position of the value; one more than there are values: all others. */
  readonly counts: readonly number[];
}

/** What share each value has within each group. */
export function shareChart(values: readonly string[], groups: readonly ValueGroup[], title: string): Chart {
  const drawn = groups.slice(0, MAX_GROUPS);
  const names = [...values.map((value) => shown(value, 24)), l10n.t('other')];
  const bars = drawn.flatMap(({ name, counts }) => {
    const all = Math.max(
      1,
      counts.reduce((sum, each) => sum + each, 0),
    );
    return counts.map((rows, index) => ({
      group: shown(name, 24),
      key: `${index}`,
      share: rows / all,
      tip: `${shown(name)} · ${names[index] ?? ''}: ${count(rows)} (${share(rows / all)})`,
    }));
  });
  const used = new Set(bars.filter((bar) => bar.share > 0).map(({ key }) => key));
  return {
    title,
    spec: (width): TopLevelSpec => ({
      width,
      height: used.size * Math.max(22, drawn.length * (drawn.length > 3 ? 7 : 10)),
      autosize: { type: 'fit-x', contains: 'padding' },
      data: { values: bars.filter(({ key }) => used.has(key)) },
      mark: { type: 'bar' },
      encoding: {
        y: {
          field: 'key',
          type: 'nominal',
          sort: null,
          title: null,
          axis: { labelExpr: labelled(names), labelLimit: 130 },
        },
        yOffset: { field: 'group', sort: null },
        x: {
          field: 'share',
          type: 'quantitative',
          title: l10n.t('share of the group'),
          axis: { format: '.0%', tickCount: 4 },
        },
        color: {
          field: 'group',
          type: 'nominal',
          sort: null,
          title: null,
          scale: { domain: drawn.map(({ name }) => shown(name, 24)), range: [...series] },
          legend: legendOf(drawn, width),
        },
        tooltip: { field: 'tip', type: 'nominal' },
      },
    }),
    data: textTable(
      [l10n.t('Value'), ...drawn.map(({ name }) => shown(name, 40))],
      names.map((name, index) => [name, ...drawn.map(({ counts }) => count(counts[index] ?? 0))]),
    ),
  };
}
