/** How many rows a test needs on each side to see an effect, when it is there. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { chiSquareQuantile } from './chiSquareQuantile';
import { chiSquareTail } from '../../statistics';

export interface Wanted {
  /** The p-value from which on a difference is told. */
  readonly alpha: number;
  /** How often the effect is to be seen. */
  readonly power?: number;
}

/** Cohen's convention: in four of five cases. */
const POWER = 0.8;

/**
 * Of Kolmogorov and Smirnov's test, to see that the share of rows below some value differs by so much (0–1). From the
 * lower bound of its power by the normal law at that value (Massey, A Note on the Power of a Non-Parametric Test, 1950),
 * with the asymptotic critical value √(−½ ln(α/2)) · √(2/n): it may need fewer.
 */
export function rowsForKs(effect: number, { alpha, power = POWER }: Wanted): number {
  const critical = Math.sqrt(-Math.log(alpha / 2) / 2);
  return Math.ceil(2 * ((critical + normalQuantile(power, 0, 1) / 2) / effect) ** 2);
}

/**
 * Of the chi-square test, to see an effect of this size: Cohen's w = √(Σ (p − q)² / (2 (p + q))) of the table of both
 * sides; 0.1 is small, 0.3 medium, 0.5 large (Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988).
 */
export function rowsForChiSquare(effect: number, dof: number, { alpha, power = POWER }: Wanted): number {
  if (dof < 1) return 1;
  return Math.ceil(noncentralityFor(dof, alpha, power) / effect ** 2 / 2);
}

/** By how much the statistic is off its centre when the test sees it so often. */
function noncentralityFor(dof: number, alpha: number, power: number): number {
  const critical = chiSquareQuantile(1 - alpha, dof);
  let [low, high] = [0, 1];
  while (noncentralTail(critical, dof, high) < power) high *= 2;
  // Halved until doubles have no middle left, or nearly.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (noncentralTail(critical, dof, middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** A Poisson mixture of central ones (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, 1995). */
function noncentralTail(x: number, dof: number, noncentrality: number): number {
  const half = noncentrality / 2;
  const last = Math.ceil(half + 12 * Math.sqrt(half) + 30);
  let [logWeight, tail] = [-half, 0];
  for (let j = 0; j <= last; j++) {
    tail += Math.exp(logWeight) * chiSquareTail(x, dof + 2 * j);
    logWeight += Math.log(half / (j + 1));
  }
  return tail;
}
