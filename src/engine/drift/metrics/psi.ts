/** Population stability index. */
import { DEFAULT_EPSILON, overShares, sumOver, type BinCounts, type Figure } from './counts';

/**
 * Σ (p − q) · ln(p / q), from 0; both directions of the Kullback–Leibler divergence together (Siddiqi, Credit Risk
 * Scorecards, 2006; Yurdakul, Statistical Properties of Population Stability Index, 2018). Shares below `epsilon` are
 * lifted to it, so that an empty bin costs a lot, but not everything.
 */
export function psi(counts: BinCounts, epsilon = DEFAULT_EPSILON): Figure {
  return overShares(counts, { epsilon, logBase: 'e' }, (p, q) => sumOver(p, q, (a, b) => (a - b) * Math.log(a / b)));
}
