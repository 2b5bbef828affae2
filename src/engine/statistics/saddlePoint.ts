/** Large factorials and powers that nearly cancel (Loader, Fast and Accurate Computation of Binomial Probabilities, 2000). */
import gammaln from '@stdlib/math-base-special-gammaln';

/** ln Γ(n + 1) less Stirling's formula, (n + ½) ln n − n + ½ ln 2π; n above 0. */
export function stirlingError(n: number): number {
  if (n <= 15) return gammaln(n + 1) - (n + 0.5) * Math.log(n) + n - Math.log(2 * Math.PI) / 2;
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / n2) / n2) / n2) / n2) / n;
}

/** x ln(x/mean) + mean − x, of which nearly nothing is left where both are near. */
export function deviance(x: number, mean: number): number {
  const off = x - mean;
  if (Math.abs(off) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = off / (x + mean);
  let sum = off * v;
  let power = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    power *= v * v;
    const more = sum + power / (2 * j + 1);
    if (more === sum) break;
    sum = more;
  }
  return sum;
}
