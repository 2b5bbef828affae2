/** L-infinity distance. */
import { overShares, type BinCounts, type Figure } from './counts';

/** max |p − q|, from 0 to 1: by how much the share of one bin changed most (Chebyshev; TensorFlow Data Validation). */
export function linf(counts: BinCounts): Figure {
  return overShares(counts, {}, (p, q) =>
    p.reduce((most, share, bin) => Math.max(most, Math.abs(share - (q[bin] ?? 0))), 0),
  );
}
