/** Where the bins of a histogram begin and end: at numbers that read well. */

export interface Extent {
  readonly min: number;
  readonly max: number;
  /** How many values there are, and how many different ones. */
  readonly values: number;
  readonly distinct: number;
  /** Whether all are whole numbers. */
  readonly integer: boolean;
}

const MAX_BINS = 50;

/** Rice's rule, but never more than there are different values, and never more than a chart can show. */
export function binsFor(values: number, distinct: number): number {
  return Math.max(1, Math.min(MAX_BINS, distinct, Math.ceil(2 * Math.cbrt(values))));
}

/**
 * Multiples of 1, 2 or 5 × 10^k, at whole numbers for whole numbers. Values beyond the precision of such multiples get one
 * bin from the smallest to the largest.
 */
export function readableEdges({ min, max, values, distinct, integer }: Extent): number[] {
  const most = binsFor(values, distinct);
  const range = max / most - min / most;
  const fine = range > 0 || integer ? range : Math.abs(max) / 10;
  const first = fine > 0 ? Math.floor(Math.log10(fine)) : 0;
  for (let exponent = integer ? Math.max(0, first) : first; exponent <= first + 3 || exponent <= 0; exponent++) {
    for (const mantissa of [1, 2, 5]) {
      const edges = multiples(mantissa, exponent, min, max, integer, most);
      if (edges === 'imprecise') return [min, max];
      if (edges) return edges;
    }
  }
  return [min, max];
}

function multiples(
  mantissa: number,
  exponent: number,
  min: number,
  max: number,
  integer: boolean,
  most: number,
): number[] | 'imprecise' | undefined {
  // Read from text: the double next to the decimal number, which a product need not be.
  const edge = (k: number) => finiteNumber(Number(`${k * mantissa}e${exponent}`));
  const step = Number(`${mantissa}e${exponent}`);
  const index = (value: number) => {
    const k = Math.floor(value / step);
    if (edge(k) > value) return k - 1;
    return edge(k + 1) <= value ? k + 1 : k;
  };
  const from = index(min);
  let to = index(max);
  // The last bin holds its upper edge too; that of whole numbers ends at the next one.
  if (!integer && to > from && edge(to) === max) to--;
  if (step === 0 || Math.max(Math.abs(from), Math.abs(to)) * mantissa > 2 ** 50) return 'imprecise';
  if (to - from + 1 > most) return undefined;
  const edges = Array.from({ length: to - from + 2 }, (_, i) => edge(from + i));
  return isRising(edges) ? edges : 'imprecise';
}

/** Steps of a logarithmic axis: so many to a decade, or one for so many decades. */
const strides = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Powers of ten at equal distances around positive values; undefined where doubles run out. */
export function logEdges({ min, max, values, distinct }: Omit<Extent, 'integer'>): number[] | undefined {
  const most = binsFor(values, distinct);
  for (const stride of strides) {
    const edge = (k: number) => {
      const power = stride < 1 ? k / Math.round(1 / stride) : k * stride;
      return finiteNumber(Number.isInteger(power) ? Number(`1e${power}`) : 10 ** power);
    };
    let from = Math.floor(Math.log10(min) / stride);
    if (edge(from) > min) from--;
    let to = Math.ceil(Math.log10(max) / stride);
    if (edge(to) < max) to++;
    if (to - from > most) continue;
    const edges = Array.from({ length: to - from + 1 }, (_, i) => edge(from + i));
    return isRising(edges) && edges.length > 1 ? edges : undefined;
  }
  return undefined;
}

function finiteNumber(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)) + 0;
}

function isRising(edges: readonly number[]): boolean {
  return edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? Infinity));
}
