/** Over which bins numbers are compared. What the current side holds changes none of them. */
import type { DriftBins, DriftConvention } from '../../protocol';
import type { Look } from './look';

export type Bins =
  | { readonly by: 'edges'; readonly edges: readonly number[]; readonly convention: Binning }
  /** Each value is one. */
  | { readonly by: 'values'; readonly convention: Binning };

export type Binning = Pick<DriftConvention, 'edgesFrom' | 'binning'>;

export const eachValue: Bins = { by: 'values', convention: { edgesFrom: 'values', binning: 'categories' } };

/** So many different numbers are values rather than amounts, when each occurs twice on average. */
export const FEW_VALUES = 20;

/** Whether numbers are compared value by value: a shift within a bin would not show. */
export function areValues({ distinct, finite }: Pick<Look, 'distinct' | 'finite'>): boolean {
  return distinct <= FEW_VALUES && 2 * distinct <= finite;
}

/** Shares of the baseline whose quantiles `binsOf` needs. */
export function sharesFor(bins: DriftBins): number[] {
  switch (bins.by) {
    case 'quantile':
      return Array.from({ length: bins.count - 1 }, (_, i) => (i + 1) / bins.count);
    case 'width':
      return [0.25, 0.75];
    case 'edges':
      return [];
  }
}

/**
 * @param quantiles of the baseline, see {@link sharesFor}
 * @param look at the baseline, which has finite numbers
 */
export function binsOf(
  bins: DriftBins,
  quantiles: readonly number[],
  { min, max }: Pick<Look, 'min' | 'max'>,
  integer: boolean,
): Bins {
  switch (bins.by) {
    case 'quantile':
      return { by: 'edges', edges: quantileEdges(quantiles, max, integer), convention: from('baseline', 'quantile') };
    case 'width':
      return {
        by: 'edges',
        edges: evenEdges(bins.count, quantiles, { min, max }),
        convention: from('baseline', 'width'),
      };
    case 'edges':
      return { by: 'edges', edges: risen(bins.edges), convention: from('config', 'edges') };
  }
}

const from = (edgesFrom: Binning['edgesFrom'], binning: Binning['binning']): Binning => ({ edgesFrom, binning });

/**
 * Equal ones are merged, and the value that they are has a bin of its own: others near it would not show beside so many.
 * So has the largest value, where it is one of them: what is larger is another matter.
 */
function quantileEdges(quantiles: readonly number[], max: number, integer: boolean): number[] {
  const repeated = quantiles.filter((value, place) => value === quantiles[place - 1]);
  const largest = quantiles.at(-1) === max || quantiles.length === 0 ? [max] : [];
  const alone = [...repeated, ...largest];
  return risen([...quantiles, ...alone, ...alone.map((value) => (integer ? value + 1 : above(value)))]);
}

/** How many times the distance of the quartiles a value may lie beyond them before it is far out (Tukey, 1977). */
const FAR = 3;

/** Far values would leave one bin for all others. */
function evenEdges(
  count: number,
  [q1 = NaN, q3 = NaN]: readonly number[],
  { min, max }: Pick<Look, 'min' | 'max'>,
): number[] {
  const reach = FAR * (q3 - q1);
  const [low, high] = reach > 0 ? [Math.max(min, q1 - reach), Math.min(max, q3 + reach)] : [min, max];
  if (low === high) return risen([low, above(low)]);
  return risen(Array.from({ length: count - 1 }, (_, i) => low + ((high - low) * (i + 1)) / count));
}

function risen(edges: readonly number[]): number[] {
  return [...new Set(edges.filter(Number.isFinite))].sort((a, b) => a - b);
}

/** The next double. */
export function above(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

/** Equal bins of a chart, and how far whole numbers may be from that many. */
const DENSITY_BINS = 40;
const FEWEST_BINS = 30;
const MOST_BINS = 60;

/**
 * Edges of a chart of both sides: from the smallest to the largest value of either, without those that are far from the
 * middle 98 % of both. Each bin has as many whole numbers as any other, lest gaps show that the data has not. Undefined
 * where all are equal.
 * @param spreads of each side: its bounds, and the quantiles at 0.01 and 0.99
 * @param integer whether all values are whole: then the last edge lies above them
 */
export function densityEdges(
  spreads: readonly { readonly min: number; readonly max: number; readonly low: number; readonly high: number }[],
  integer: boolean,
): number[] | undefined {
  const low = Math.min(...spreads.map((each) => each.low));
  const high = Math.max(...spreads.map((each) => each.high));
  const near = (high - low) / 2;
  const from = Math.max(low - near, Math.min(...spreads.map(({ min }) => min)));
  const to = Math.min(high + near, Math.max(...spreads.map(({ max }) => max)));
  if (!(to > from) || !Number.isFinite(to - from)) return undefined;
  const edges = integer ? wholeEdges(Math.ceil(from), Math.floor(to)) : equalEdges(from, to);
  return new Set(edges).size === edges.length ? edges : undefined;
}

function equalEdges(from: number, to: number): number[] {
  return Array.from({ length: DENSITY_BINS + 1 }, (_, i) =>
    i === DENSITY_BINS ? to : from + ((to - from) * i) / DENSITY_BINS,
  );
}

/** About as many bins as of other numbers: so many that the last one reaches as little beyond the values as can be. */
function wholeEdges(from: number, to: number): number[] {
  const values = to - from + 1;
  const ways = Array.from({ length: MOST_BINS - FEWEST_BINS + 1 }, (_, i) => {
    const width = Math.ceil(values / (FEWEST_BINS + i));
    const count = Math.ceil(values / width);
    return { width, count, beyond: (count * width - values) / width };
  });
  const far = ({ count }: { readonly count: number }): number => Math.abs(count - DENSITY_BINS);
  const [{ width, count } = { width: 1, count: values }] = ways.sort((a, b) => a.beyond - b.beyond || far(a) - far(b));
  return Array.from({ length: count + 1 }, (_, i) => from + i * width);
}
