/** Numbers or times of both sides over each other: the baseline filled, the current side as a line, the difference below. */
import * as l10n from '@vscode/l10n';
import type { TopLevelSpec } from 'vega-lite';
import type { DriftColumn } from '../../../src/protocol';
import { colour, heightOf, shortNumber, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';
import { count, figure, full, share, time } from '../../shared/format';
import { sharesOf } from '../pairedSparkline';

export interface DensityOptions {
  readonly title: string;
  /** What is measured. */
  readonly axis: string;
  /** Edges are seconds since 1970. */
  readonly times: boolean;
  /** Inner edges of the bins that the metrics were reckoned over. */
  readonly bins: readonly number[];
}

/** Room for the difference, as a part of the height of the densities, with its middle at half of it. */
const STRIP = 0.4;
const GAP = 0.14;

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly baseline: number;
  readonly current: number;
}

export function densityChart(density: NonNullable<DriftColumn['density']>, options: DensityOptions): Chart {
  const { times, title } = options;
  const { edges } = density;
  const [baseline, current] = [sharesOf(density.baseline), sharesOf(density.current)];
  const unit = times ? 1000 : 1;
  const bins = baseline.map((part, at): Bin => {
    const [from = 0, to = from] = edges.slice(at, at + 2);
    return { from: from * unit, to: to * unit, baseline: part, current: current[at] ?? 0 };
  });
  const edge = (value: number, say: (value: number) => string): string =>
    times ? time(new Date(value).toISOString()) : say(value);
  const tips = bins.map(
    ({ from, to, baseline: before, current: now }) =>
      `${edge(from, figure)} – ${edge(to, figure)}\n${l10n.t('baseline')}: ${share(before)}\n${l10n.t('current')}: ${share(now)}`,
  );
  return {
    title,
    spec: (width) => spec(bins, tips, width, options),
    data: textTable(
      [
        l10n.t('From'),
        l10n.t('To'),
        l10n.t('Baseline'),
        l10n.t('Current'),
        l10n.t('Share of the baseline'),
        l10n.t('Share of the current side'),
      ],
      bins.map(({ from, to, baseline: before, current: now }, at) => [
        edge(from, full),
        edge(to, full),
        count(density.baseline[at] ?? 0),
        count(density.current[at] ?? 0),
        share(before),
        share(now),
      ]),
    ),
  };
}

function spec(bins: readonly Bin[], tips: readonly string[], width: number, options: DensityOptions): TopLevelSpec {
  const { axis, times } = options;
  const most = Math.max(...bins.flatMap(({ baseline, current }) => [baseline, current]), 0) || 1;
  const middle = -(GAP + STRIP / 2) * most;
  const change = Math.max(...bins.map(({ baseline, current }) => Math.abs(current - baseline))) || 1;
  const first = bins[0]?.from ?? 0;
  const last = bins.at(-1)?.to ?? 1;
  const unit = times ? 1000 : 1;
  // The line goes on to the end of the last bin.
  const outline = (side: 'baseline' | 'current') =>
    [...bins.map(({ from, [side]: part }) => ({ x: from, part })), { x: last, part: bins.at(-1)?.[side] ?? 0 }].map(
      (point, order) => ({ ...point, order }),
    );
  const boxes = bins.map((bin, at) => ({
    ...bin,
    floor: 0,
    top: most,
    middle,
    difference: middle + ((bin.current - bin.baseline) / change) * (STRIP / 2) * most,
    more: bin.current >= bin.baseline,
    tip: tips[at],
  }));
  const ticks = options.bins
    .map((edge) => edge * unit)
    .filter((edge) => edge >= first && edge <= last)
    .map((x) => ({ x, from: -0.01 * most, to: -0.07 * most }));
  const x = {
    type: times ? ('temporal' as const) : ('quantitative' as const),
    scale: times
      ? { type: 'utc' as const, nice: false }
      : { zero: false, nice: false, ...(last > first && { domain: [first, last] }) },
    title: axis,
    axis: {
      grid: false,
      tickCount: Math.max(2, Math.floor(width / 80)),
      labelOverlap: true,
      ...(!times && { labelExpr: shortNumber }),
    },
  };
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [-(GAP + STRIP) * most, most * 1.1], nice: false },
    title: l10n.t('share of the rows'),
    axis: {
      tickCount: 5,
      labelExpr: "datum.value < 0 ? '' : format(datum.value, '.2~%')",
      grid: false,
      titleAnchor: 'end' as const,
    },
  };
  const line = (side: 'baseline' | 'current', stroke: string, strokeWidth: number) => ({
    data: { values: outline(side) },
    mark: { type: 'line' as const, interpolate: 'step-after' as const, stroke, strokeWidth },
    encoding: { x: { field: 'x', ...x }, y: { field: 'part', ...y }, order: { field: 'order' } },
  });
  const layers = [
    {
      data: { values: boxes },
      mark: { type: 'rect' as const, fill: colour.positive, fillOpacity: 0.25 },
      encoding: {
        x: { field: 'from', ...x },
        x2: { field: 'to' },
        y: { field: 'floor', ...y },
        y2: { field: 'baseline' },
      },
    },
    line('baseline', colour.positive, 1),
    line('current', colour.negative, 2),
    {
      data: { values: ticks },
      mark: { type: 'rule' as const, stroke: colour.dimText },
      encoding: { x: { field: 'x', ...x }, y: { field: 'from', ...y }, y2: { field: 'to' } },
    },
    {
      data: { values: [{ y: 0 }, { y: middle }] },
      mark: { type: 'rule' as const, stroke: colour.line },
      encoding: { y: { field: 'y', ...y } },
    },
    {
      data: { values: boxes },
      mark: { type: 'rect' as const },
      encoding: {
        x: { field: 'from', ...x },
        x2: { field: 'to' },
        y: { field: 'middle', ...y },
        y2: { field: 'difference' },
        fill: { condition: { test: 'datum.more', value: colour.negative }, value: colour.positive },
      },
    },
    {
      data: { values: labels(bins, most) },
      mark: { type: 'text' as const, fontSize: 12, baseline: 'bottom' as const, dy: -3 },
      encoding: {
        x: { field: 'x', ...x },
        y: { field: 'y', ...y },
        text: { field: 'text', type: 'nominal' as const },
      },
    },
    {
      data: { values: [{ text: l10n.t('difference'), y: -GAP * most }] },
      mark: {
        type: 'text' as const,
        align: 'left' as const,
        baseline: 'middle' as const,
        x: 4,
        color: colour.dimText,
        fontSize: 11,
      },
      encoding: { y: { field: 'y', ...y }, text: { field: 'text', type: 'nominal' as const } },
    },
    // Under the pointer, whatever of the bin it is over.
    {
      data: { values: boxes },
      mark: { type: 'rect' as const, fill: 'transparent' },
      encoding: {
        x: { field: 'from', ...x },
        x2: { field: 'to' },
        y: { field: 'middle', ...y },
        y2: { field: 'top' },
        tooltip: { field: 'tip', type: 'nominal' as const },
      },
    },
  ];
  return {
    width,
    height: heightOf(width) + 64,
    autosize: { type: 'fit', contains: 'padding' },
    layer: layers,
  };
}

/** Where each side stands out most from the other, so that its name needs no legend; within the chart. */
function labels(bins: readonly Bin[], most: number) {
  const names = { baseline: l10n.t('baseline'), current: l10n.t('current') };
  const centre = ({ from, to }: Bin): number => (from + to) / 2;
  const inner = bins.slice(Math.floor(bins.length * 0.08), Math.max(1, Math.ceil(bins.length * 0.92)));
  const peak = (by: (bin: Bin) => number): Bin | undefined =>
    inner.reduce<Bin | undefined>((best, bin) => (best === undefined || by(bin) > by(best) ? bin : best), undefined);
  const before = peak(({ baseline, current }) => baseline - current);
  const now = peak(({ baseline, current }) => current - baseline);
  if (before === undefined || now === undefined) return [];
  const span = (bins.at(-1)?.to ?? 1) - (bins[0]?.from ?? 0);
  // Names that would lie over each other are put above each other.
  const close = Math.abs(centre(before) - centre(now)) < span / 5 && Math.abs(before.baseline - now.current) < most / 6;
  return [
    { text: names.baseline, x: centre(before), y: before.baseline },
    { text: names.current, x: centre(now), y: close ? Math.max(before.baseline, now.current) + most / 9 : now.current },
  ];
}
