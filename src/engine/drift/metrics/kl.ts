/** Kullback–Leibler divergence, in both directions. */
import { DEFAULT_EPSILON, overShares, sumOver, type BinCounts, type Figure } from './counts';

/**
 * Baseline ‖ current: Σ p · ln(p / q), in nats (Kullback and Leibler, On Information and Sufficiency, 1951). Shares below
 * `epsilon` are lifted to it and not scaled back to one, so that it may be a little below 0.
 */
export function kl(counts: BinCounts, epsilon = DEFAULT_EPSILON): Figure {
  return overShares(counts, { epsilon, logBase: 'e' }, (p, q) => sumOver(p, q, (a, b) => a * Math.log(a / b)));
}

/** Current ‖ baseline. */
export function klReverse({ baseline, current }: BinCounts, epsilon = DEFAULT_EPSILON): Figure {
  const { value, convention } = kl({ baseline: current, current: baseline }, epsilon);
  return { value, convention: { ...convention, nBaseline: convention.nCurrent, nCurrent: convention.nBaseline } };
}
