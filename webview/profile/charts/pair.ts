/** Two columns against each other: points, counted points, boxes or a mosaic, as their kinds ask for. */
import * as l10n from '@vscode/l10n';
import type { TopLevelSpec } from 'vega-lite';
import type { Pair } from '../../../src/protocol';
import { count, figure, share } from '../../shared/format';
import { cut, shown, visible } from '../../shared/text';
import { colour, heightOf, labelled, series, shortNumber, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';

type Of<Kind extends Pair['kind']> = Extract<Pair, { kind: Kind }>;

export function pairChart(pair: Pair, title: string): Chart {
  switch (pair.kind) {
    case 'points':
      return points(pair, title);
    case 'bins':
      return bins(pair, title);
    case 'boxes':
      return boxes(pair, title);
    case 'counts':
      return mosaic(pair, title);
  }
}

const nameOf = (column: string): string => cut(visible(column), 40);

function points(pair: Of<'points'>, title: string): Chart {
  const { a, b } = pair;
  return {
    title,
    spec: (width) => ({
      ...frame(width),
      data: { values: pair.points.map(([x, y]) => ({ x, y, tip: `${figure(x)}, ${figure(y)}` })) },
      mark: { type: 'point', filled: true, size: 18, color: colour.accent, opacity: 0.5 },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: nameOf(a), scale: { zero: false }, axis: plainAxis },
        y: { field: 'y', type: 'quantitative', title: nameOf(b), scale: { zero: false }, axis: plainAxis },
        tooltip: { field: 'tip', type: 'nominal' },
      },
    }),
    data: textTable(
      [nameOf(a), nameOf(b)],
      pair.points.slice(0, 500).map(([x, y]) => [figure(x), figure(y)]),
    ),
  };
}

const plainAxis = { tickCount: 5, labelExpr: shortNumber };

function frame(width: number) {
  return { width, height: heightOf(width), autosize: { type: 'fit', contains: 'padding' } } as const;
}

function bins(pair: Of<'bins'>, title: string): Chart {
  const { a, b, aEdges, bEdges } = pair;
  const most = Math.max(1, ...pair.counts.map(([, , rows]) => rows));
  const cells = pair.counts.map(([i, j, rows]) => ({
    x: aEdges[i],
    x2: aEdges[i + 1],
    y: bEdges[j],
    y2: bEdges[j + 1],
    // Areas of few rows are seen beside those of many.
    weight: Math.log1p(rows) / Math.log1p(most),
    tip: count(rows),
  }));
  return {
    title,
    spec: (width): TopLevelSpec => ({
      ...frame(width),
      data: { values: cells },
      mark: { type: 'rect', color: colour.accent },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          bin: 'binned',
          title: nameOf(a),
          scale: { zero: false },
          axis: plainAxis,
        },
        x2: { field: 'x2' },
        y: {
          field: 'y',
          type: 'quantitative',
          bin: 'binned',
          title: nameOf(b),
          scale: { zero: false },
          axis: plainAxis,
        },
        y2: { field: 'y2' },
        fillOpacity: {
          field: 'weight',
          type: 'quantitative',
          scale: { domain: [0, 1], range: [0.08, 1] },
          legend: null,
        },
        tooltip: { field: 'tip', type: 'nominal' },
      },
    }),
    data: textTable(
      [nameOf(a), nameOf(b), l10n.t('Rows')],
      [...pair.counts]
        .sort((one, other) => other[2] - one[2])
        .slice(0, 200)
        .map(([i, j, rows]) => [
          `${figure(aEdges[i] ?? null)} – ${figure(aEdges[i + 1] ?? null)}`,
          `${figure(bEdges[j] ?? null)} – ${figure(bEdges[j + 1] ?? null)}`,
          count(rows),
        ]),
    ),
  };
}

function boxes(pair: Of<'boxes'>, title: string): Chart {
  const { a, b } = pair;
  const values = pair.boxes.map((box, index) => ({
    ...box,
    key: `${index}`,
    tip: `${shown(box.value, 80)}: ${l10n.t('median')} ${figure(box.median)}, ${count(box.count)} ${l10n.t('rows')}`,
  }));
  const names = values.map(({ value }) => shown(value, 24));
  return {
    title,
    spec: (width): TopLevelSpec => ({
      width,
      height: 26 * values.length,
      autosize: { type: 'fit-x', contains: 'padding' },
      data: { values },
      encoding: {
        y: {
          field: 'key',
          type: 'nominal',
          sort: null,
          title: nameOf(a),
          axis: { labelExpr: labelled(names), labelLimit: 140 },
        },
        tooltip: { field: 'tip', type: 'nominal' },
      },
      layer: [
        {
          mark: { type: 'rule', color: colour.dimText },
          encoding: {
            x: { field: 'lower', type: 'quantitative', title: nameOf(b), scale: { zero: false }, axis: plainAxis },
            x2: { field: 'upper' },
          },
        },
        {
          mark: { type: 'bar', height: 14, color: colour.accent },
          encoding: { x: { field: 'q1', type: 'quantitative' }, x2: { field: 'q3' } },
        },
        {
          mark: { type: 'tick', thickness: 2, size: 14, color: colour.onAccent },
          encoding: { x: { field: 'median', type: 'quantitative' } },
        },
      ],
    }),
    data: textTable(
      [nameOf(a), l10n.t('Rows'), l10n.t('Lower'), '25 %', l10n.t('Median'), '75 %', l10n.t('Upper')],
      pair.boxes.map((box) => [
        shown(box.value, 200),
        count(box.count),
        ...[box.lower, box.q1, box.median, box.q3, box.upper].map(figure),
      ]),
    ),
  };
}

/** Widths are rows of `a`, heights shares of `b` within. */
function mosaic(pair: Of<'counts'>, title: string): Chart {
  const { a, b, aValues, bValues } = pair;
  const sums = pair.counts.map((row) => row.reduce((sum, each) => sum + each, 0));
  const all = Math.max(
    1,
    sums.reduce((sum, each) => sum + each, 0),
  );
  let left = 0;
  const cells = aValues.flatMap((value, i) => {
    const from = left;
    left += (sums[i] ?? 0) / all;
    const right = left;
    let top = 0;
    return bValues.map((other, j) => {
      const rows = pair.counts[i]?.[j] ?? 0;
      const part = rows / Math.max(1, sums[i] ?? 0);
      const low = top;
      top += part;
      const tip = `${shown(value)} · ${shown(other)}: ${count(rows)} (${share(part)})`;
      return { x: from, x2: right, y: low, y2: top, b: shown(other, 30), rows, tip, middle: (from + right) / 2 };
    });
  });
  const columns = aValues.map((value, i) => ({
    name: shown(value, 16),
    middle: cells[i * bValues.length]?.middle ?? 0,
    wide: (sums[i] ?? 0) / all,
  }));
  return {
    title,
    spec: (width): TopLevelSpec => ({
      ...frame(width),
      encoding: {},
      layer: [
        {
          data: { values: cells },
          mark: { type: 'rect', stroke: 'var(--vscode-editor-background)', strokeWidth: 1.5 },
          encoding: {
            x: { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, 1], nice: false } },
            x2: { field: 'x2' },
            y: {
              field: 'y',
              type: 'quantitative',
              title: l10n.t('share of {0}', nameOf(b)),
              scale: { domain: [0, 1] },
              axis: { format: '.0%', tickCount: 3 },
            },
            y2: { field: 'y2' },
            color: {
              field: 'b',
              type: 'nominal',
              sort: null,
              title: nameOf(b),
              scale: { domain: bValues.map((value) => shown(value, 30)), range: [...series] },
            },
            tooltip: { field: 'tip', type: 'nominal' },
          },
        },
        {
          data: { values: columns.filter(({ wide, name }) => wide * (width - 160) > 7 * name.length) },
          mark: { type: 'text', baseline: 'top', dy: 6, color: colour.dimText },
          encoding: {
            x: { field: 'middle', type: 'quantitative' },
            y: { datum: 0 },
            text: { field: 'name', type: 'nominal' },
          },
        },
      ],
    }),
    data: textTable(
      [`${nameOf(a)} \\ ${nameOf(b)}`, ...bValues.map((value) => shown(value, 40))],
      aValues.map((value, i) => [shown(value, 200), ...bValues.map((_, j) => count(pair.counts[i]?.[j] ?? 0))]),
    ),
  };
}
