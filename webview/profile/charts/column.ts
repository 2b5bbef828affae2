/** The charts of one column, as its type asks for, each with its finding for a title. */
import * as l10n from '@vscode/l10n';
import type { CategoricalProfile, Histogram, ProfileColumn, TemporalProfile, ValueCount } from '../../../src/protocol';
import { count, duration, figure, share, time, weekdayNames } from '../../shared/format';
import { cut, shown, visible } from '../../shared/text';
import { barsChart, columnsChart } from './bars';
import type { Chart } from '../../shared/charts/chart';
import { histogramChart } from './histogram';
import type { TimeKind } from './histogram';

export interface ColumnChart {
  readonly key: string;
  readonly chart: Chart;
  /** Scales that make sense besides. */
  readonly scales?: { readonly logarithmic: boolean; readonly logarithmicCounts: boolean };
  /** Switches the scales of a histogram. */
  readonly rescale?: (scales: Scales) => Chart;
}

export interface Scales {
  readonly logarithmic: boolean;
  readonly logarithmicCounts: boolean;
}

/** `rows`: how many the figures are of. */
export function columnCharts(column: ProfileColumn, rows: number): ColumnChart[] {
  const { boolean, numeric, temporal, text, list, embedding, image, audio } = column;
  const present = rows - column.nulls;
  const charts: (ColumnChart | undefined)[] = [
    numeric === undefined || numeric.histogram.counts.length === 0 ? undefined : numericChart(column, numeric),
    ...(temporal === undefined ? [] : temporalCharts(column, temporal)),
    boolean === undefined ? undefined : { key: 'boolean', chart: booleanChart(column, boolean, rows) },
    column.categorical === undefined || column.categorical.top.length === 0
      ? undefined
      : { key: 'top', chart: topChart(column, column.categorical, present) },
    ...(text === undefined || present === 0
      ? []
      : [
          plain('lengths', text.lengthHistogram, {
            title:
              text.minLength === text.maxLength
                ? l10n.t('All texts are {0} characters long', count(text.maxLength))
                : l10n.t('Texts are {0} to {1} characters long', count(text.minLength), count(text.maxLength)),
            axis: l10n.t('length in characters'),
          }),
          counted('patterns', text.patterns, {
            heading: l10n.t('Pattern'),
            total: present,
            title: (first, part) => l10n.t('The most frequent pattern is {0}, in {1} of the texts', first, part),
            other: { count: text.otherPatterns, label: l10n.t('other patterns') },
          }),
          counted('words', text.words.top, {
            heading: l10n.t('Word'),
            total: text.words.top.reduce((sum, each) => sum + each.count, 0),
            title: (first) => l10n.t('The most frequent word is {0}', first),
          }),
        ]),
    ...(list === undefined
      ? []
      : [
          plain('listLengths', list.lengthHistogram, {
            title:
              list.lengths.min === list.lengths.max
                ? l10n.t('All lists hold {0} elements', figure(list.lengths.max))
                : l10n.t('Lists hold {0} to {1} elements', figure(list.lengths.min), figure(list.lengths.max)),
            axis: l10n.t('elements per list'),
          }),
          counted('elements', list.elements.top ?? [], {
            heading: l10n.t('Element'),
            total: list.elements.count,
            title: (first, part) => l10n.t('The most frequent element is {0}, {1} of all', first, part),
          }),
        ]),
    embedding === undefined
      ? undefined
      : plain('norms', embedding.normHistogram, {
          title: l10n.t('Norms lie between {0} and {1}', figure(embedding.norms.min), figure(embedding.norms.max)),
          axis: l10n.t('Euclidean norm'),
        }),
    ...[image, audio].flatMap((media) =>
      media === undefined ? [] : [files(media.formats, l10n.t('Format'), 'formats')],
    ),
    image === undefined ? undefined : files(image.modes, l10n.t('Colour mode'), 'modes'),
    ...(audio === undefined
      ? []
      : [
          files(audio.sampleRates, l10n.t('Sample rate in Hz'), 'rates'),
          files(audio.channels, l10n.t('Channels'), 'channels'),
        ]),
  ];
  return charts.filter((each) => each !== undefined);
}

function numericChart(column: ProfileColumn, numeric: NonNullable<ProfileColumn['numeric']>): ColumnChart {
  const { histogram, logHistogram, quantiles, skewness } = numeric;
  const middle = l10n.t(
    'Half of the values lie between {0} and {1}',
    figure(quantiles['0.25']),
    figure(quantiles['0.75']),
  );
  const tail =
    skewness === null || Math.abs(skewness) < 2
      ? middle
      : skewness > 0
        ? l10n.t('{0}, with a long tail of high ones', middle)
        : l10n.t('{0}, with a long tail of low ones', middle);
  const title = histogram.counts.length === 1 && column.distinct === 1 ? l10n.t('All values are the same') : tail;
  const chart = ({ logarithmic, logarithmicCounts }: Scales): Chart =>
    histogramChart(logarithmic && logHistogram !== undefined ? logHistogram : histogram, {
      title,
      axis: cut(visible(column.name), 40),
      nulls: column.nulls,
      logarithmic: logarithmic && logHistogram !== undefined,
      logarithmicCounts,
      column: column.name,
    });
  const most = Math.max(...histogram.counts);
  const least = Math.min(...histogram.counts.filter((rows) => rows > 0));
  return {
    key: 'histogram',
    chart: chart({ logarithmic: false, logarithmicCounts: false }),
    scales: { logarithmic: logHistogram !== undefined, logarithmicCounts: most / least > 20 },
    rescale: chart,
  };
}

function temporalCharts(column: ProfileColumn, temporal: TemporalProfile): ColumnChart[] {
  const { histogram, weekdays, hours, gaps } = temporal;
  const kind: TimeKind = column.type === 'date' || column.type === 'time' ? column.type : 'datetime';
  const edges = histogram.edges.map((edge) => milliseconds(edge));
  const [longest] = gaps?.longest ?? [];
  const range = l10n.t('From {0} to {1}', time(temporal.min), time(temporal.max));
  const title =
    longest === undefined || gaps === undefined || longest.seconds < 3 * gaps.medianSeconds
      ? range
      : l10n.t('{0}; the longest gap is {1}', range, duration(longest.seconds));
  const days = weekdayNames();
  return [
    {
      key: 'times',
      chart: histogramChart(
        { edges, counts: histogram.counts },
        { title, axis: cut(visible(column.name), 40), nulls: column.nulls, times: kind, column: column.name },
      ),
    },
    ...(weekdays === undefined
      ? []
      : [
          {
            key: 'weekdays',
            chart: columnsChart(days, weekdays, {
              title: peak(weekdays, (at, part) => l10n.t('Most on {0}: {1}', days[at] ?? '', part)),
              heading: l10n.t('day of the week'),
            }),
          },
        ]),
    ...(hours === undefined
      ? []
      : [
          {
            key: 'hours',
            chart: columnsChart(
              hours.map((_, hour) => `${hour}`),
              hours,
              {
                title: peak(hours, (at, part) => l10n.t('Most from {0}:00 to {1}:00: {2}', at, at + 1, part)),
                heading: l10n.t('hour of the day'),
              },
            ),
          },
        ]),
  ];
}

/** A time of day is one of 1 January 1970; times without a zone are read as UTC. */
function milliseconds(iso: string): number {
  const whole = /^\d\d:/.test(iso) ? `1970-01-01T${iso}` : iso.replace(' ', 'T');
  const zoned = !whole.includes('T') || /(Z|[+-]\d\d:?\d\d)$/.test(whole) ? whole : `${whole}Z`;
  const value = Date.parse(zoned);
  return Number.isNaN(value) ? 0 : value;
}

function peak(counts: readonly number[], say: (at: number, part: string) => string): string {
  const all = counts.reduce((sum, each) => sum + each, 0);
  const most = Math.max(...counts);
  if (most === 0) return l10n.t('No values');
  return say(counts.indexOf(most), share(most / all));
}

function booleanChart(
  column: ProfileColumn,
  values: { readonly true: number; readonly false: number },
  rows: number,
): Chart {
  const present = values.true + values.false;
  return barsChart(
    [
      { value: 'true', count: values.true },
      { value: 'false', count: values.false },
    ],
    {
      title: l10n.t('{0} of the values are true', share(values.true / Math.max(present, 1))),
      heading: l10n.t('Value'),
      total: rows,
      other: { count: column.nulls, label: l10n.t('missing') },
      column: column.name,
    },
  );
}

function topChart(column: ProfileColumn, { top, other, otherValues }: CategoricalProfile, present: number): Chart {
  const [first, second] = top;
  const part = share((first?.count ?? 0) / Math.max(present, 1));
  const title =
    first === undefined || (second !== undefined && second.count === first.count)
      ? l10n.t('{0} different values', count(column.distinct))
      : l10n.t('{0} is the most frequent value, {1} of all', shown(first.value, 40), part);
  return barsChart(top, {
    title,
    heading: l10n.t('Value'),
    total: present,
    other: { count: other, label: l10n.t('{0} other values', count(otherValues)) },
    column: column.name,
  });
}

function plain(
  key: string,
  histogram: Histogram,
  options: { readonly title: string; readonly axis: string },
): ColumnChart | undefined {
  return histogram.counts.length === 0 ? undefined : { key, chart: histogramChart(histogram, options) };
}

interface CountedOptions {
  readonly heading: string;
  readonly total: number;
  readonly title: (first: string, part: string) => string;
  readonly other?: { readonly count: number; readonly label: string };
}

function counted(key: string, values: readonly ValueCount[], options: CountedOptions): ColumnChart | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  const title = options.title(shown(first.value, 40), share(first.count / Math.max(options.total, 1)));
  return { key, chart: barsChart(values, { ...options, title }) };
}

function files(values: readonly ValueCount[], heading: string, key: string): ColumnChart | undefined {
  const total = values.reduce((sum, each) => sum + each.count, 0);
  const title = (first: string, part: string): string =>
    values.length === 1
      ? l10n.t('{0}: all {1}', heading, first)
      : l10n.t('{0}: {1} in {2} of the files', heading, first, part);
  return counted(key, values, { heading, total, title });
}
