/** Shares of bins on both sides: bars to the left and right of their names, with the difference beside them. */
import * as l10n from '@vscode/l10n';
import type { TopLevelSpec } from 'vega-lite';
import type { DriftBinCounts } from '../../../src/protocol';
import { colour, labelled, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';
import { count, figure, share, time } from '../../shared/format';
import { shown } from '../../shared/text';
import { sharesOf } from '../pairedSparkline';

const BAR = 22;
/** More bars than these are found in the table. */
const MAX_BARS = 24;

export interface ShareBin {
  readonly name: string;
  /** No value or range of values, but what is left: others, missing values. */
  readonly rest: boolean;
  readonly baseline: number;
  readonly current: number;
  readonly baselineRows: number;
  readonly currentRows: number;
}

/** @param times edges are seconds since 1970 */
export function shareBins(bins: DriftBinCounts, times = false): ShareBin[] {
  const { edges, categories, rest } = bins;
  const words = {
    other: l10n.t('other'),
    missing: l10n.t('missing'),
    unseen: l10n.t('not in the baseline'),
    nan: 'NaN',
    '-infinity': '−∞',
    infinity: '∞',
  };
  const say = (edge: number): string => (times ? time(new Date(edge * 1000).toISOString()) : figure(edge));
  const ranges = edges && [
    l10n.t('below {0}', say(edges[0] ?? 0)),
    ...edges.slice(1).map((edge, at) => `${say(edges[at] ?? 0)} – ${say(edge)}`),
    l10n.t('from {0}', say(edges.at(-1) ?? 0)),
  ];
  const values = ranges ?? categories?.map((value) => shown(value, 40)) ?? [];
  const [baseline, current] = [sharesOf(bins.baseline), sharesOf(bins.current)];
  return [...values, ...rest.map((each) => words[each])].map((name, at) => ({
    name,
    rest: at >= values.length,
    baseline: baseline[at] ?? 0,
    current: current[at] ?? 0,
    baselineRows: bins.baseline[at] ?? 0,
    currentRows: bins.current[at] ?? 0,
  }));
}

/** The one whose share changed most. */
export function mostChanged(bins: readonly ShareBin[]): ShareBin | undefined {
  const change = ({ baseline, current }: ShareBin): number => Math.abs(current - baseline);
  return bins.reduce<ShareBin | undefined>(
    (most, bin) => (most === undefined || change(bin) > change(most) ? bin : most),
    undefined,
  );
}

export function changeText(fraction: number): string {
  const points = Math.round(fraction * 1000) / 10;
  const sign = points > 0 ? '+' : points < 0 ? '−' : '±';
  return l10n.t('{0} pp', `${sign}${figure(Math.abs(points))}`);
}

/** @param heading what the bins are */
export function categoryChart(bins: readonly ShareBin[], title: string, heading: string): Chart {
  const drawn = bins.slice(0, MAX_BARS);
  return {
    title,
    spec: (width) => spec(drawn, width),
    data: textTable(
      [
        heading,
        l10n.t('Baseline'),
        l10n.t('Current'),
        l10n.t('Share of the baseline'),
        l10n.t('Share of the current side'),
        l10n.t('Difference'),
      ],
      bins.map(({ name, baseline, current, baselineRows, currentRows }) => [
        name,
        count(baselineRows),
        count(currentRows),
        share(baseline),
        share(current),
        changeText(current - baseline),
      ]),
    ),
  };
}

function spec(bins: readonly ShareBin[], width: number): TopLevelSpec {
  const most = Math.max(...bins.flatMap(({ baseline, current }) => [baseline, current]), 0) || 1;
  const names = Math.min(0.3 * width, 12 + 7 * Math.max(1, ...bins.map(({ name }) => name.length)));
  // Baseline to the left of 0, current to its right; the differences have their own middle further right.
  const middle = 1.75 * most;
  const scale = 0.45;
  const rows = bins.map(({ name, rest, baseline, current }, at) => ({
    key: `${at}`,
    zero: 0,
    left: -baseline,
    right: current,
    middle,
    difference: middle + (current - baseline) * scale,
    change: changeText(current - baseline),
    more: current >= baseline,
    rest,
    tip: `${name}\n${l10n.t('baseline')}: ${share(baseline)}\n${l10n.t('current')}: ${share(current)}`,
  }));
  const y = {
    field: 'key',
    type: 'nominal' as const,
    sort: null,
    title: null,
    axis: { labelExpr: labelled(bins.map(({ name }) => name)), labelLimit: names },
  };
  const x = {
    type: 'quantitative' as const,
    title: null,
    scale: { domain: [-most, 2.5 * most], nice: false },
    axis: {
      values: [-most, 0, most],
      grid: false,
      labelExpr: "format(abs(datum.value), '.0%')",
      labelBound: true,
    },
  };
  const bar = (to: 'left' | 'right' | 'difference', from: 'zero' | 'middle', fill: object) => ({
    mark: { type: 'bar' as const, height: { band: 0.72 } },
    encoding: {
      y,
      x: { field: from, ...x },
      x2: { field: to },
      ...fill,
      opacity: { condition: { test: 'datum.rest', value: 0.6 }, value: 1 },
      tooltip: { field: 'tip', type: 'nominal' as const },
    },
  });
  const heads = [
    { text: l10n.t('baseline'), at: -most / 2 },
    { text: l10n.t('current'), at: most / 2 },
    { text: l10n.t('difference'), at: middle },
  ];
  return {
    width,
    height: BAR * Math.max(1, bins.length),
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: { top: 20, left: 0, right: 0, bottom: 0 },
    data: { values: rows },
    layer: [
      bar('left', 'zero', { fill: { value: colour.positive } }),
      bar('right', 'zero', { fill: { value: colour.negative } }),
      bar('difference', 'middle', {
        fill: { condition: { test: 'datum.more', value: colour.negative }, value: colour.positive },
      }),
      {
        mark: { type: 'text', align: 'right', fontSize: 11, color: colour.dimText },
        encoding: { y, x: { datum: 2.5 * most, ...x }, text: { field: 'change', type: 'nominal' } },
      },
      {
        data: { values: [{ x: 0 }, { x: middle }] },
        mark: { type: 'rule', stroke: colour.line },
        encoding: { x: { field: 'x', ...x } },
      },
      {
        data: { values: heads },
        mark: { type: 'text', y: -8, fontSize: 12, color: colour.dimText },
        encoding: { x: { field: 'at', ...x }, text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
