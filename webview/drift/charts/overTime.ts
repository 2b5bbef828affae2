/** A figure from version to version, or from window to window: a line with a bound that it is held against. */
import * as l10n from '@vscode/l10n';
import type { TopLevelSpec } from 'vega-lite';
import { colour, labelled, shortNumber, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';

export interface Moment {
  /** On the axis. */
  readonly label: string;
  /** Null: there was nothing to measure, which is a gap. */
  readonly value: number | null;
  /** Whether it is to be seen to. */
  readonly over: boolean;
  readonly text: string;
}

export interface OverTimeOptions {
  readonly title: string;
  /** What the moments are, and what is measured. */
  readonly heading: string;
  readonly axis: string;
  /** Shares of a whole, to be read in percent. */
  readonly shares: boolean;
  readonly bound?: number;
}

export function overTimeChart(moments: readonly Moment[], options: OverTimeOptions): Chart {
  const { title, heading, axis } = options;
  return {
    title,
    spec: (width) => spec(moments, width, options),
    data: textTable(
      [heading, axis],
      moments.map(({ label, text }) => [label, text]),
    ),
  };
}

function spec(
  moments: readonly Moment[],
  width: number,
  { heading, axis, shares, bound }: OverTimeOptions,
): TopLevelSpec {
  const points = moments.map(({ label, value, over, text }, at) => ({
    at: `${at}`,
    value,
    over,
    tip: `${label}\n${text}`,
  }));
  const x = {
    field: 'at',
    type: 'ordinal' as const,
    sort: null,
    title: heading,
    axis: {
      labelExpr: labelled(moments.map(({ label }) => label)),
      labelAngle: 0,
      labelOverlap: true,
      labelSeparation: 8,
    },
  };
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    title: axis,
    scale: shares ? { domain: [0, 1] } : { zero: true },
    axis: { tickCount: 4, labelExpr: shares ? "format(datum.value, '.0%')" : shortNumber },
  };
  return {
    width,
    height: 140,
    autosize: { type: 'fit', contains: 'padding' },
    data: { values: points },
    layer: [
      {
        mark: { type: 'line', stroke: colour.accent, strokeWidth: 1.5, invalid: 'break-paths-show-domains' },
        encoding: { x, y },
      },
      {
        mark: { type: 'point', filled: true, opacity: 1, invalid: 'filter' },
        encoding: {
          x,
          y,
          // Told by shape and size as well as by colour.
          shape: { condition: { test: 'datum.over', value: 'diamond' }, value: 'circle' },
          size: { condition: { test: 'datum.over', value: 90 }, value: 36 },
          fill: { condition: { test: 'datum.over', value: colour.negative }, value: colour.accent },
          tooltip: { field: 'tip', type: 'nominal' },
        },
      },
      ...(bound === undefined
        ? []
        : [
            {
              data: { values: [{ bound }] },
              mark: { type: 'rule' as const, stroke: colour.dimText, strokeDash: [4, 4] },
              encoding: { y: { field: 'bound', type: 'quantitative' as const } },
            },
            {
              data: { values: [{ bound, text: l10n.t('threshold') }] },
              mark: {
                type: 'text' as const,
                x: 'width' as const,
                dy: 8,
                align: 'right' as const,
                baseline: 'middle' as const,
                color: colour.dimText,
                fontSize: 11,
              },
              encoding: { y: { field: 'bound', type: 'quantitative' as const }, text: { field: 'text' } },
            },
          ]),
    ],
  };
}
