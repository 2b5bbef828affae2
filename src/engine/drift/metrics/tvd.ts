/** Total variation distance. */
import { overShares, sumOver, type BinCounts, type Figure } from './counts';

/** ½ Σ |p − q|, from 0 to 1: the share of the rows that would have to change their bin (Levin and Peres, Markov Chains and Mixing Times, 2017). */
export function tvd(counts: BinCounts): Figure {
  return overShares(counts, {}, (p, q) => Math.min(1, sumOver(p, q, (a, b) => Math.abs(a - b)) / 2));
}
