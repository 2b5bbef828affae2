/** The figures of a column of numbers. */
import { double } from '../../../duckdb';
import { quantileKeys, type Histogram, type NumericProfile, type Quantiles } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { logEdges, readableEdges, type Extent } from './edges';
import { countsBefore, type Frequencies, type Values } from '../frequencies';
import { binCounts, fromEdges, noHistogram } from './histogram';
import { medianDeviation } from './medianDeviation';
import { momentsOf, type Moments } from './moments';
import type { NumberCounts } from './numberCounts';
import {
  coordinateOf,
  isDouble,
  powerOfTwo,
  quantileDistance,
  tukeyFences,
  type Coordinate,
  type Fences,
  type Known,
  type NumberType,
} from '../../../statistics';
import { quantilesOf, type Found } from './quantiles';

/** A tail is heavy where the largest value is more than so many times the upper quartile. */
const HEAVY = 50;

/** Those that are estimates where the frequencies are of a sample. */
const sampledNumeric = ['quantiles', 'iqr', 'mad', 'histogram', 'logHistogram', 'outliers'] as const;
/** Those that are too where sketches are allowed: the others need a look at all rows once the median is known. */
const sketchedNumeric = ['stddev', 'variance', 'skewness', 'kurtosis', 'cv'] as const;

export function estimatedNumeric({ fast }: ColumnContext, numeric: NumericProfile): string[] {
  return [...(fast ? sketchedNumeric : []), ...sampledNumeric].filter((key) => numeric[key] !== undefined);
}

/** @param frequencies in order */
export async function numericFigures(
  context: ColumnContext,
  type: NumberType,
  values: Values,
  known: NumberCounts,
  order: NumericProfile['order'],
  frequencies: Frequencies,
): Promise<NumericProfile> {
  const { bounds, sum, zeros, negatives, nans, infinities, negativeInfinities } = known;
  const counts = { zeros, negatives, nans, infinities, negativeInfinities };
  const found = await quantilesOf(context, type, frequencies);
  if (!bounds || !found) return { ...withoutValues, ...counts };
  const { min, max } = bounds;
  const [q1, median, q3] = [found['0.25'], found['0.5'], found['0.75']];
  const iqr = quantileDistance(q1, q3, type);
  const fences = tukeyFences(q1, q3, type);
  const constant = min.text === max.text;
  const coordinate = coordinateOf(type, median.value, { min, max, middle: [median.low, median.high] });
  const powers = await powersOf(context, values, frequencies, bounds, coordinate, known);
  const mean = constant ? min.value : powers.mean;
  const spread = inScale(momentsOf(values.count, constant ? [0, 0, 0, 0] : powers.sums), coordinate.scale);
  const mad = await medianDeviation(context, frequencies, coordinate, [
    quantileDistance(q1, median, type) / coordinate.scale,
    quantileDistance(median, q3, type) / coordinate.scale,
  ]);
  const exact = exactOf({ min: min.text, max: max.text, sum }, type);
  return {
    mean: finite(mean),
    ...spread,
    min: finite(min.value),
    max: finite(max.value),
    sum: finite(powers.sum),
    ...(exact && { exact }),
    ...counts,
    quantiles: quantilesWritten(found),
    iqr: finite(iqr),
    mad: finite(mad),
    cv: spread.stddev === null || mean === 0 ? null : finite(spread.stddev / mean),
    ...(order && { order }),
    ...(await countedIn(
      context,
      type,
      frequencies,
      { min: min.value, max: max.value, values: values.count },
      fences,
      q3.value,
    )),
  };
}

function quantilesWritten(found: Found): Quantiles {
  return Object.fromEntries(quantileKeys.map((key) => [key, finite(found[key].value)])) as Quantiles;
}

interface Powers {
  readonly mean: number;
  readonly sum: number;
  /** Of the first four powers of the deviations. */
  readonly sums: readonly [number, number, number, number];
}

/**
 * Of all values, but where sketches are allowed: then those of the sample stand for all. The engine's compensated sums
 * hardly depend on their order.
 */
async function powersOf(
  { database, relation, fast }: ColumnContext,
  { value, where, oneIn, count }: Values,
  { table, weight }: Frequencies,
  { min, max }: { readonly min: Known; readonly max: Known },
  { deviation }: Coordinate,
  known: Pick<NumberCounts, 'sum' | 'total'>,
): Promise<Powers> {
  const size = powerOfTwo(Math.max(Math.abs(min.value), Math.abs(max.value)));
  const from = oneIn === 1 || fast ? table : `(SELECT ${value} AS v, 1 AS n FROM ${relation} WHERE ${where})`;
  const row = await database.row(
    'SELECT fsum(n * d) AS s1, fsum(n * (d * d)) AS s2, fsum(n * (d * d * d)) AS s3, fsum(n * (d * d * d * d)) AS s4, ' +
      `fsum(n * y) AS total FROM (SELECT n, ${deviation} AS d, v::DOUBLE / ${double(size)} AS y FROM ${from})`,
  );
  const times = oneIn > 1 && fast ? weight : 1;
  const [s1 = 0, s2 = 0, s3 = 0, s4 = 0, counted = 0] = ['s1', 's2', 's3', 's4', 'total'].map(
    (key) => Number(row[key]) * times,
  );
  const total = known.total !== undefined && Number.isFinite(known.total) ? known.total / size : counted;
  const sums = [s1, s2, s3, s4] as const;
  if (known.sum !== undefined) return { sums, sum: Number(known.sum), mean: Number(known.sum) / count };
  return { sums, sum: total * size, mean: (total / count) * size };
}

function inScale(
  { variance, skewness, kurtosis }: Moments,
  scale: number,
): Pick<NumericProfile, 'stddev' | 'variance' | 'skewness' | 'kurtosis'> {
  return {
    stddev: variance === null ? null : finite(Math.sqrt(variance) * scale),
    variance: variance === null ? null : finite(variance * scale * scale),
    skewness,
    kurtosis,
  };
}

function exactOf(
  texts: { min: string; max: string; sum: string | undefined },
  type: NumberType,
): NumericProfile['exact'] {
  if (type.floating) return undefined;
  const lost = Object.entries(texts).filter(([, text]) => text !== undefined && !isDouble(text, type));
  return lost.length > 0 ? Object.fromEntries(lost) : undefined;
}

/** What is counted between bounds: bins, and what lies beyond the fences. */
async function countedIn(
  context: ColumnContext,
  { integer }: NumberType,
  frequencies: Frequencies,
  size: Pick<Extent, 'min' | 'max' | 'values'>,
  fences: Fences,
  q3: number,
): Promise<Pick<NumericProfile, 'histogram' | 'logHistogram' | 'outliers'>> {
  const { distinct, values, weight } = frequencies;
  const extent = { ...size, distinct, integer };
  const edges = readableEdges(extent);
  const [below, [low = 0, high = values]] = await countsBefore(context, frequencies, fromEdges(edges, integer), [
    `v >= ${double(fences.lower)}`,
    `v > ${double(fences.upper)}`,
  ]);
  const logHistogram = q3 > 0 && extent.max > HEAVY * q3 ? await inLogBins(context, frequencies, extent) : undefined;
  return {
    histogram: { edges, counts: binCounts(below, frequencies) },
    ...(logHistogram && { logHistogram }),
    outliers: {
      lower: finite(fences.lower),
      upper: finite(fences.upper),
      count: Math.round((low + values - high) * weight),
    },
  };
}

async function inLogBins(
  context: ColumnContext,
  frequencies: Frequencies,
  { max }: Extent,
): Promise<Histogram | undefined> {
  const row = await context.database.row(
    `SELECT count(*) AS different, CAST(coalesce(sum(n), 0) AS BIGINT) AS counted, CAST(min(v) AS DOUBLE) AS smallest ` +
      `FROM ${frequencies.table} WHERE v > 0`,
  );
  const [values, distinct, min] = [Number(row['counted']), Number(row['different']), Number(row['smallest'])];
  const edges = values > 0 ? logEdges({ min, max, values, distinct }) : undefined;
  if (!edges) return undefined;
  const others = frequencies.values - values;
  const [below] = await countsBefore(context, frequencies, fromEdges(edges, false));
  return {
    edges,
    counts: binCounts(
      below.map((count) => count - others),
      { ...frequencies, values },
    ),
  };
}

function finite(value: number): number | null {
  // Without the sign of a negative zero.
  return Number.isFinite(value) ? value + 0 : null;
}

const withoutValues: NumericProfile = {
  mean: null,
  stddev: null,
  variance: null,
  min: null,
  max: null,
  sum: null,
  zeros: 0,
  negatives: 0,
  nans: 0,
  infinities: 0,
  negativeInfinities: 0,
  skewness: null,
  kurtosis: null,
  quantiles: Object.fromEntries(quantileKeys.map((key) => [key, null])) as Quantiles,
  iqr: null,
  mad: null,
  cv: null,
  histogram: noHistogram,
  outliers: { lower: null, upper: null, count: 0 },
};
