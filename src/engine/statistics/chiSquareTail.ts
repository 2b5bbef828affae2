/** How likely so large a chi-square is. */
import { deviance, stirlingError } from './saddlePoint';

/**
 * The upper tail Q(dof / 2, x / 2) of the gamma distribution: above the mean by its continued fraction, so that tiny ones
 * keep their digits down to the smallest double; below, 1 less the series of the lower tail (Press and others, Numerical
 * Recipes, 6.2; Abramowitz and Stegun, Handbook of Mathematical Functions, 6.5.29 and 6.5.31). For any number of degrees.
 */
export function chiSquareTail(statistic: number, dof: number): number {
  if (statistic === Infinity) return 0;
  if (dof === 0 || statistic <= 0) return 1;
  const [a, x] = [dof / 2, statistic / 2];
  // xᵃ e⁻ˣ / Γ(a + 1)
  const density = Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
  return x < a + 1 ? 1 - density * lowerSeries(a, x) : density * a * upperFraction(a, x);
}

/** 1 + x / (a + 1) + x² / ((a + 1)(a + 2)) + … */
function lowerSeries(a: number, x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / (x + 5 − a − …))), from the front (Lentz, 1976). */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let [c, d] = [Infinity, 1 / b];
  let result = d;
  for (let i = 1, change = 2; Math.abs(change - 1) > Number.EPSILON; i++) {
    const above = i * (a - i);
    b += 2;
    d = 1 / (above * d + b);
    c = b + above / c;
    change = c * d;
    result *= change;
  }
  return result;
}
