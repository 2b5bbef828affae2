/** How often values occur: horizontal bars, the most frequent first, all others last and dim. */
import * as l10n from '@vscode/l10n';
import type { GridFilter, ValueCount } from '../../../src/protocol';
import { count, share } from '../../shared/format';
import { cut, shown, visible } from '../../shared/text';
import { colour, labelled, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';

export interface BarsOptions {
  readonly title: string;
  /** What the values are. */
  readonly heading: string;
  /** What the shares are of. */
  readonly total: number;
  readonly other?: { readonly count: number; readonly label: string };
  /** Whose rows can be shown. */
  readonly column?: string;
}

const BAR = 22;

export function barsChart(values: readonly ValueCount[], options: BarsOptions): Chart {
  const { title, heading, total, other, column } = options;
  const bars = [
    ...values.map((each, index) => ({
      ...each,
      key: `${index}`,
      row: index,
      name: shown(each.value, 40),
      other: false,
    })),
    ...(other === undefined || other.count === 0
      ? []
      : [
          {
            value: '',
            count: other.count,
            key: `${values.length}`,
            row: values.length,
            name: other.label,
            other: true,
          },
        ]),
  ].map((bar) => ({ ...bar, label: `${count(bar.count)} · ${share(bar.count / Math.max(total, 1))}` }));
  const largest = Math.max(1, ...bars.map((bar) => bar.count));
  return {
    title,
    spec: (width) => {
      const names = Math.min(0.4 * width, 12 + 7 * Math.max(...bars.map(({ name }) => Math.min(name.length, 40)), 1));
      const room = width - names;
      // Inside where the bar is long enough, else behind it.
      const inside = `datum.count / ${largest} * ${room} > 7 * length(datum.label) + 16`;
      return {
        width,
        height: BAR * bars.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values: bars.map((bar) => ({ ...bar, tip: `${cut(visible(bar.value), 500)}\n${bar.label}` })) },
        encoding: {
          y: {
            field: 'key',
            type: 'nominal',
            sort: null,
            title: null,
            axis: {
              labelExpr: labelled(bars.map(({ name }) => name)),
              labelLimit: names,
            },
          },
          x: {
            field: 'count',
            type: 'quantitative',
            title: null,
            axis: null,
            scale: { domain: [0, largest], nice: false },
          },
          tooltip: { field: 'tip', type: 'nominal' },
        },
        layer: [
          {
            mark: { type: 'bar', height: { band: 0.78 }, ...(column !== undefined && { cursor: 'pointer' }) },
            encoding: {
              color: { condition: { test: 'datum.other', value: colour.dim }, value: colour.accent },
            },
          },
          {
            transform: [{ filter: inside }],
            mark: { type: 'text', align: 'right', dx: -6, fontSize: 11 },
            encoding: { color: { condition: { test: 'datum.other', value: colour.text }, value: colour.onAccent } },
          },
          {
            transform: [{ filter: `!(${inside})` }],
            mark: { type: 'text', align: 'left', dx: 6, color: colour.dimText, fontSize: 11 },
          },
        ].map((layer, index) =>
          index === 0
            ? layer
            : { ...layer, encoding: { ...layer.encoding, text: { field: 'label', type: 'nominal' as const } } },
        ),
      } as ReturnType<Chart['spec']>;
    },
    data: textTable(
      [heading, l10n.t('Rows'), l10n.t('Share')],
      bars.map((bar) => [
        bar.other ? bar.name : shown(bar.value, 200),
        count(bar.count),
        share(bar.count / Math.max(total, 1)),
      ]),
    ),
    ...(column !== undefined && {
      filters: bars.map((bar): GridFilter | undefined =>
        bar.other ? undefined : { column, operator: 'equals', values: [bar.value] },
      ),
    }),
  };
}

/** Counts in an order of their own, such as hours of the day. */
export function columnsChart(
  labels: readonly string[],
  counts: readonly number[],
  { title, heading }: { readonly title: string; readonly heading: string },
): Chart {
  const bars = labels.map((label, index) => ({
    label,
    rows: counts[index] ?? 0,
    tip: `${label}: ${count(counts[index] ?? 0)}`,
  }));
  return {
    title,
    spec: (width) => ({
      width,
      height: 100,
      autosize: { type: 'fit-x', contains: 'padding' },
      data: { values: bars },
      mark: { type: 'bar', width: { band: 0.85 } },
      encoding: {
        x: {
          field: 'label',
          type: 'nominal',
          sort: null,
          title: heading,
          axis: { labelAngle: 0, labelOverlap: true, labelSeparation: 6, labelPadding: 4 },
        },
        y: { field: 'rows', type: 'quantitative', title: null, axis: { tickCount: 3, format: '~s' } },
        tooltip: { field: 'tip', type: 'nominal' },
      },
    }),
    data: textTable(
      [heading, l10n.t('Rows')],
      bars.map(({ label, rows }) => [label, count(rows)]),
    ),
  };
}
