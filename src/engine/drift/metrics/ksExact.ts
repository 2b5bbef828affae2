/** How likely so large a distance of two small samples is. */
import { greatestCommonDivisor } from './divisor';

/**
 * P(D ≥ steps / lcm(n, m)) when both are samples of one continuous distribution: the share of the paths from (0, 0) to
 * (n, m) that leave the band |x/n − y/m| < D, counted from outside so that tiny ones keep their digits (Viehmann,
 * Numerically more stable computation of the p-values for the two-sample Kolmogorov–Smirnov test, 2021).
 */
export function exactKsPValue(n: number, m: number, steps: number): number {
  if (steps === 0) return 1;
  return n === m ? ofEqualSizes(n, steps) : ofSizes(Math.max(n, m), Math.min(n, m), steps);
}

/** 2 Σ (−1)^(k+1) C(2n, n − kh) / C(2n, n), by Horner's rule (Gnedenko and Korolyuk, 1951). */
function ofEqualSizes(n: number, h: number): number {
  let result = 0;
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio = ((n - k * h - j) * ratio) / (n + k * h + j + 1);
    result = ratio * (1 - result);
  }
  return Math.min(1, 2 * result);
}

/** Column by column: of the paths to each point within the band, the share that has been outside. */
function ofSizes(n: number, m: number, h: number): number {
  const divisor = greatestCommonDivisor(n, m);
  const [ng, mg] = [n / divisor, m / divisor];
  let [low, high] = [0, Math.min(Math.ceil(h / ng), m + 1)];
  // Of those that are beyond the band, all.
  const shares = new Float64Array(Math.min(2 * high + 2, m + 1)).fill(1);
  shares.fill(0, low, high);
  for (let x = 1; x <= n; x++) {
    const [before, length] = [low, high - low];
    low = Math.min(Math.max(Math.floor((mg * x - h) / ng) + 1, 0), m);
    high = Math.min(Math.ceil((mg * x + h) / ng), m + 1);
    if (high <= low) return 1;
    let share = low === 0 ? 0 : 1;
    for (let y = low; y < high; y++) {
      share = ((shares[y - before] ?? 1) * x + share * y) / (x + y);
      shares[y - low] = share;
    }
    if (length > high - low) shares.fill(1, high - low, length);
  }
  return Math.min(1, shares[high - low - 1] ?? 1);
}
