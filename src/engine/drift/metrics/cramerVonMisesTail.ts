/** How likely so large a criterion of Cramér and von Mises is in the limit. */

/** Below, it is certain to all digits of a double. */
const CERTAIN = 0.003;
/** Points of each integral: its integrand is smooth and periodic, so that the sum of evenly spaced ones is nearly exact. */
const POINTS = 400;
/** Exponents beyond which a term is nothing. */
const NOTHING = 745;

/**
 * 1/π Σ (−1)^(j+1) ∫ e^(−xs²/2) 2 / √(−s sin s) ds over (2j − 1)π to 2jπ, an alternating sum of tails in which nothing
 * cancels, so that tiny ones keep their digits (Smirnov, 1936; Anderson and Darling, Asymptotic Theory of Certain
 * “Goodness of Fit” Criteria, 1952). With s = (2j − 1)π + π(1 − cos t)/2 the ends of the integral are smooth.
 */
export function cramerVonMisesTail(x: number): number {
  if (x < CERTAIN) return 1;
  let sum = 0;
  for (let j = 1; ; j++) {
    const from = (2 * j - 1) * Math.PI;
    if ((x * from ** 2) / 2 > NOTHING) break;
    const part = integralFrom(from, x);
    sum += j % 2 === 1 ? part : -part;
    if (part < sum * 1e-17) break;
  }
  return Math.max(0, Math.min(1, sum / Math.PI));
}

function integralFrom(from: number, x: number): number {
  let sum = 0;
  for (let i = 0; i < POINTS; i++) {
    const t = ((i + 0.5) * Math.PI) / POINTS;
    const beyond = (Math.PI * (1 - Math.cos(t))) / 2;
    const s = from + beyond;
    sum += (Math.exp((-x * s ** 2) / 2) * Math.PI * Math.sin(t)) / Math.sqrt(s * Math.sin(beyond));
  }
  return (sum * Math.PI) / POINTS;
}
