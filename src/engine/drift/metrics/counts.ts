/** How many rows of either side fall into each bin or category, and the shares that they are. */
import type { DriftConvention } from '../../../protocol';

/** Of the same bins in the same order; missing, NaN and infinite values are bins of their own where they occur. */
export interface BinCounts {
  readonly baseline: readonly number[];
  readonly current: readonly number[];
}

/** Whoever made the bins adds where their edges are from. */
export type BinnedConvention = Omit<DriftConvention, 'edgesFrom' | 'binning'>;

export interface Figure {
  /** Null where a side has no rows. */
  readonly value: number | null;
  readonly convention: BinnedConvention;
}

/** What takes the place of smaller shares where a logarithm of them is taken. */
export const DEFAULT_EPSILON = 1e-4;

/** Null where a side has no rows. */
export function sharesOf({ baseline, current }: BinCounts): { p: number[]; q: number[] } | null {
  const [n, m] = [totalOf(baseline), totalOf(current)];
  return n === 0 || m === 0 ? null : { p: baseline.map((count) => count / n), q: current.map((count) => count / m) };
}

export function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Of a metric that knows shares only, bin by bin.
 * @param epsilon what smaller shares are lifted to; the lifted shares add up to more than one
 */
export function overShares(
  counts: BinCounts,
  conventions: { readonly epsilon?: number; readonly logBase?: 'e' | '2' },
  metric: (p: readonly number[], q: readonly number[]) => number,
): Figure {
  const { epsilon, logBase } = conventions;
  const lifted = (shares: readonly number[]) =>
    epsilon === undefined ? shares : shares.map((share) => Math.max(share, epsilon));
  const shares = sharesOf(counts);
  const used = shares && usedBins(lifted(shares.p), lifted(shares.q), counts);
  return {
    value: used && metric(used.p, used.q),
    convention: {
      ...conventionOf(counts),
      zeroPolicy: epsilon === undefined ? 'none' : `at least ${epsilon}`,
      ...(logBase && { logBase }),
    },
  };
}

export function conventionOf({ baseline, current }: BinCounts): BinnedConvention {
  const used = baseline.filter((count, bin) => count + (current[bin] ?? 0) > 0).length;
  return { bins: used, missing: 'category', nBaseline: totalOf(baseline), nCurrent: totalOf(current) };
}

/** Bins that are empty on both sides say nothing. */
function usedBins(p: readonly number[], q: readonly number[], { baseline, current }: BinCounts) {
  const isUsed = (_: number, bin: number) => (baseline[bin] ?? 0) + (current[bin] ?? 0) > 0;
  return { p: p.filter(isUsed), q: q.filter(isUsed) };
}

/** Over all bins. */
export function sumOver(p: readonly number[], q: readonly number[], term: (p: number, q: number) => number): number {
  return p.reduce((sum, share, bin) => sum + term(share, q[bin] ?? 0), 0);
}
