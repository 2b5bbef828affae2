/** Jensen–Shannon distance. */
import { overShares, sumOver, type BinCounts, type Figure } from './counts';

/**
 * The root of the divergence ½ Σ p · log(p / m) + ½ Σ q · log(q / m), m = (p + q) / 2; to the base 2 from 0 to 1, to the
 * base e at most √ln 2 (Lin, Divergence Measures Based on the Shannon Entropy, 1991; Endres and Schindelin, A New Metric
 * for Probability Distributions, 2003). Empty shares need no care.
 */
export function js(counts: BinCounts, logBase: '2' | 'e' = '2'): Figure {
  const unit = logBase === '2' ? Math.LN2 : 1;
  return overShares(counts, { logBase }, (p, q) => {
    const toMiddle = (a: number, b: number) => (a > 0 ? a * Math.log((2 * a) / (a + b)) : 0);
    const divergence = sumOver(p, q, (a, b) => toMiddle(a, b) + toMiddle(b, a)) / 2 / unit;
    return Math.sqrt(Math.max(0, divergence));
  });
}
