/** How likely the distribution of n rows is so far from the true one: what Kolmogorov's test goes by. */
import { smirnovTail } from './smirnov';

/**
 * P(Dₙ ≥ d), to some twelve digits: by Durbin's matrix for small n or d, by the expansion of Pelz and Good for large n,
 * and in the tail, where a path seldom leaves on both sides, as twice the one-sided one (Simard and L'Ecuyer, Computing
 * the Two-Sided Kolmogorov–Smirnov Distribution, 2011).
 */
export function kolmogorovTail(n: number, d: number): number {
  const t = n * d;
  if (t <= 0.5) return 1;
  if (d >= 1) return 0;
  if (t <= 1) return 1 - Math.exp(logFactorialOverPower(n) + n * Math.log(2 * t - 1));
  if (t >= n - 1) return 2 * (1 - d) ** n;
  const squared = t * d;
  if (d >= 0.5 || squared >= (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * smirnovTail(n, d));
  const isSmall = n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4);
  return clipped(1 - (isSmall ? durbin(n, d) : pelzGood(n, d)));
}

const clipped = (p: number) => Math.max(0, Math.min(1, p));

/** ln(n! / nⁿ). */
function logFactorialOverPower(n: number): number {
  let sum = 0;
  for (let i = 2; i <= Math.min(n, 1e6); i++) sum += Math.log(i / n);
  // Beyond, so little is left that nobody sees it.
  return n > 1e6 ? -n : sum - (n > 1 ? Math.log(n) : 0);
}

/** P(Dₙ < d) = n! / nⁿ · (Hⁿ)ₖₖ (Marsaglia, Tsang and Wang, Evaluating Kolmogorov's Distribution, 2003). */
function durbin(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const h = k - n * d;
  const size = 2 * k - 1;
  let power = { matrix: identity(size), exponent: 0 };
  let square = { matrix: durbinMatrix(size, h), exponent: 0 };
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1)
      power = scaled(product(power.matrix, square.matrix, size), power.exponent + square.exponent, size, k);
    square = scaled(product(square.matrix, square.matrix, size), 2 * square.exponent, size, k);
  }
  let [p, { exponent }] = [power.matrix[(k - 1) * size + k - 1] ?? 0, power];
  for (let i = 1; i <= n; i++) {
    p = (i * p) / n;
    if (p < 2 ** -400) [p, exponent] = [p * 2 ** 400, exponent - 400];
  }
  return p * 2 ** exponent;
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

function durbinMatrix(size: number, h: number): Float64Array {
  const inverseFactorial = [1];
  for (let i = 1; i <= size + 1; i++) inverseFactorial.push((inverseFactorial[i - 1] ?? 0) / i);
  const edge = (i: number) =>
    i < size - 1
      ? (1 - h ** (i + 1)) * (inverseFactorial[i + 1] ?? 0)
      : (1 - 2 * h ** size + Math.max(0, 2 * h - 1) ** size) * (inverseFactorial[size] ?? 0);
  return Float64Array.from({ length: size * size }, (_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    if (column === 0) return edge(row);
    if (row === size - 1) return edge(size - 1 - column);
    return row - column + 1 >= 0 ? (inverseFactorial[row - column + 1] ?? 0) : 0;
  });
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let l = 0; l < size; l++) {
      const factor = a[i * size + l] ?? 0;
      for (let j = 0; j < size; j++)
        result[i * size + j] = (result[i * size + j] ?? 0) + factor * (b[l * size + j] ?? 0);
    }
  return result;
}

function scaled(matrix: Float64Array, exponent: number, size: number, k: number) {
  if ((matrix[(k - 1) * size + k - 1] ?? 0) < 2 ** 400) return { matrix, exponent };
  return { matrix: matrix.map((value) => value * 2 ** -400), exponent: exponent + 400 };
}

/** P(Dₙ < d) up to terms of 1/n² (Pelz and Good, Approximating the Lower Tail-Areas of the Kolmogorov–Smirnov One-Sample Statistic, 1976). */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6];
  const pi2 = Math.PI ** 2;
  const sums = [0, 0, 0, 0];
  const last = Math.ceil((16 * z) / Math.PI);
  for (let k = last; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2 * pi2;
    const weight = Math.exp(-m2 / (8 * z2));
    const terms = [
      1,
      m2 / 4 - z2,
      6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * m2) / 4 + ((1 - 2 * z2) * m2 ** 2) / 16,
      -30 * z6 -
        90 * z ** 8 +
        ((135 * z4 - 96 * z6) * m2) / 4 +
        ((212 * z4 - 60 * z2) * m2 ** 2) / 16 +
        ((5 - 30 * z2) * m2 ** 3) / 64,
    ];
    for (const [order, term] of terms.entries()) sums[order] = (sums[order] ?? 0) + term * weight;
  }
  const root = Math.sqrt(2 * Math.PI);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = sums.map(
    (sum, order) => (sum * root) / ([z, 6 * z4, 72 * z ** 7, 6480 * z ** 10][order] ?? 1),
  );
  let [more2, more3] = [0, 0];
  for (let k = last; k >= 1; k--) {
    const kPi2 = k * k * pi2;
    const weight = Math.exp(-kPi2 / (2 * z2));
    more2 += k * k * weight;
    more3 += (3 * z2 - kPi2) * k * k * weight;
  }
  const second = k2 - (more2 * pi2 * root) / (36 * z ** 3);
  const third = k3 + (more3 * pi2 * root) / (216 * z6);
  return k0 + k1 / Math.sqrt(n) + second / n + third / n ** 1.5;
}
