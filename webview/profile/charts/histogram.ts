/** How numbers or times are spread: bars that touch, with what is missing hatched at the left. */
import * as l10n from '@vscode/l10n';
import type { TopLevelSpec } from 'vega-lite';
import type { GridFilter, Histogram } from '../../../src/protocol';
import { count, figure, full, time } from '../../shared/format';
import { colour, heightOf, shortNumber, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';

export type TimeKind = 'date' | 'datetime' | 'time';

export interface HistogramOptions {
  readonly title: string;
  /** What is measured, with its unit. */
  readonly axis: string;
  /** Rows without a value. */
  readonly nulls?: number;
  /** The edges lie at equal steps of the logarithm. */
  readonly logarithmic?: boolean;
  /** Rows are counted on a scale on which small counts can be seen. */
  readonly logarithmicCounts?: boolean;
  /** Edges are milliseconds since 1970, or since midnight. */
  readonly times?: TimeKind;
  /** The column to show rows of. */
  readonly column?: string;
}

export function histogramChart({ edges, counts }: Histogram, options: HistogramOptions): Chart {
  const { title, axis, nulls = 0, logarithmic = false, times, column } = options;
  const say = (edge: number): string => (times === undefined ? figure(edge) : time(isoOf(edge, times)));
  const bars = counts.map((rows, index) => {
    const from = edges[index] ?? 0;
    const to = edges[index + 1] ?? from;
    return { from, to, rows, label: `${say(from)} – ${say(to)}: ${count(rows)}` };
  });
  const data = [
    ...(nulls > 0 ? [[l10n.t('missing'), '', count(nulls)]] : []),
    ...bars.map(({ from, to, rows }) => [
      ...(times === undefined ? [full(from), full(to)] : [say(from), say(to)]),
      count(rows),
    ]),
  ];
  const between = (from: number, to: number): GridFilter => {
    const value = (edge: number): string => (times === undefined ? String(edge) : isoOf(edge, times));
    return { column: column ?? '', operator: 'between', values: [value(from), value(to)] };
  };
  return {
    title,
    spec: (width) => spec(bars, width, { ...options, nulls, logarithmic, axis }),
    data: textTable([l10n.t('From'), l10n.t('To'), l10n.t('Rows')], data),
    ...(column !== undefined && {
      rowsBetween: between,
      filters: [
        ...(nulls > 0 ? [{ column, operator: 'missing' as const, values: [] }] : []),
        ...bars.map(({ from, to }) => between(from, to)),
      ],
    }),
  };
}

/** As a value of the column is written. */
function isoOf(milliseconds: number, kind: TimeKind): string {
  const iso = new Date(milliseconds).toISOString();
  return kind === 'date' ? iso.slice(0, 10) : kind === 'time' ? iso.slice(11, -1) : iso;
}

const brushMark = { fill: colour.text, fillOpacity: 0.12, stroke: colour.text, strokeOpacity: 0.4 };

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly label: string;
}

type SpecOptions = Required<Pick<HistogramOptions, 'axis' | 'nulls' | 'logarithmic'>> &
  Pick<HistogramOptions, 'logarithmicCounts' | 'column' | 'times'>;

function spec(bars: readonly Bar[], width: number, options: SpecOptions): TopLevelSpec {
  const { axis, nulls, logarithmic, column } = options;
  const times = options.times !== undefined;
  const first = bars[0]?.from ?? 0;
  const last = Math.max(bars.at(-1)?.to ?? 1, first);
  const range = rangeOf(first, last, logarithmic, nulls > 0);
  const type = times ? 'temporal' : 'quantitative';
  const domain = [range.domainFrom, range.domainTo];
  // Of times the bars themselves say from where to where: Vega-Lite writes a domain of times in two ways and then complains.
  const scale = times
    ? { type: 'utc' as const }
    : logarithmic
      ? { type: 'log' as const, domain }
      : { type: 'linear' as const, zero: false, domain };
  const y = options.logarithmicCounts === true ? { type: 'symlog' as const } : {};
  const label = `${l10n.t('missing')}: ${count(nulls)}`;
  const missing = { from: range.nullFrom, to: range.nullTo, rows: nulls, label, missing: true };
  const either = (missing: string, present: string) => ({
    condition: { test: 'datum.missing', value: missing },
    value: present,
  });
  return {
    width,
    height: heightOf(width),
    autosize: { type: 'fit', contains: 'padding' },
    data: { values: nulls > 0 ? [missing, ...bars] : [...bars] },
    mark: { type: 'bar', binSpacing: 0 },
    ...(column !== undefined && {
      params: [{ name: 'brush', select: { type: 'interval', encodings: ['x'], mark: brushMark } }],
    }),
    encoding: {
      fill: either(colour.hatch, colour.accent),
      stroke: either(colour.dim, 'var(--chart-bar-edge)'),
      strokeWidth: { condition: { test: 'datum.missing', value: 1 }, value: 0.5 },
      x: {
        field: 'from',
        type,
        bin: 'binned',
        title: axis,
        scale: { ...scale, nice: false },
        axis: {
          grid: false,
          tickCount: Math.max(2, Math.floor(width / 80)),
          // Between whole numbers there is nothing to point at.
          ...(!times && !logarithmic && bars.every(({ from }) => Number.isInteger(from)) && { tickMinStep: 1 }),
          // What is missing has a place of its own, which is no part of the scale.
          labelExpr: `datum.value < ${first} ? '' : ${times || logarithmic ? 'datum.label' : shortNumber}`,
          labelOverlap: true,
        },
      },
      x2: { field: 'to' },
      y: {
        field: 'rows',
        type: 'quantitative',
        title: l10n.t('rows'),
        scale: y,
        axis: { tickCount: 4, labelExpr: shortNumber },
      },
      tooltip: { field: 'label', type: 'nominal' },
    },
  };
}

/** Where the scale begins and ends, with a place for what is missing before it. */
function rangeOf(first: number, last: number, logarithmic: boolean, missing: boolean) {
  const to = (value: number): number => (logarithmic ? Math.log10(value) : value);
  const back = (value: number): number => (logarithmic ? 10 ** value : value);
  const span = to(last) - to(first) || Math.abs(to(first)) || 1;
  const at = (share: number): number => back(to(first) - share * span);
  return {
    nullFrom: at(0.1),
    nullTo: at(0.04),
    domainFrom: missing ? at(0.12) : first,
    domainTo: last > first ? last : back(to(first) + span),
  };
}
