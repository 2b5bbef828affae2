/** How likely the distribution of n rows is so far above the true one somewhere. */
import { deviance, stirlingError } from '../../statistics';

/** Up to so many rows all terms are added; beyond them the expansion has more digits than anybody reads. */
const MOST_TERMS = 1e6;

/**
 * P(Dₙ⁺ ≥ d) = d Σ C(n, v) (d + v/n)^(v−1) (1 − d − v/n)^(n−v), v from 0 to n(1 − d) (Smirnov, 1944; Birnbaum and
 * Tingey, One-Sided Confidence Contours for Probability Distribution Functions, 1951). All terms are positive. For many
 * rows exp(−(6nd + 1)² / 18n) (Maag and Dicaire, On Kolmogorov–Smirnov Type One-Sample Statistics, 1971).
 */
export function smirnovTail(n: number, d: number): number {
  if (n > MOST_TERMS) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  let sum = 0;
  for (let v = 0; v <= Math.floor(n * (1 - d)); v++) {
    const p = d + v / n;
    if (p < 1) sum += (d / p) * binomialProbability(n, v, p);
  }
  return Math.min(1, sum);
}

/** Without the loss of large logarithms that cancel (Loader, 2000). */
function binomialProbability(n: number, v: number, p: number): number {
  if (v === 0) return Math.exp(n * Math.log1p(-p));
  if (v === n) return Math.exp(n * Math.log(p));
  const off =
    stirlingError(n) - stirlingError(v) - stirlingError(n - v) - deviance(v, n * p) - deviance(n - v, n * (1 - p));
  return Math.exp(off) * Math.sqrt(n / (2 * Math.PI * v * (n - v)));
}
