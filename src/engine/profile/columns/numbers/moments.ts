/** Variance, skewness and kurtosis from sums of powers. */
export interface Moments {
  readonly variance: number | null;
  readonly skewness: number | null;
  readonly kurtosis: number | null;
}

/**
 * Of `n` values, from the sums of the first four powers of their differences from a centre. The median lies within one
 * standard deviation of the mean, so that moving from the one to the other loses no digits, wherever the values lie.
 * Variance with n − 1; skewness and excess kurtosis corrected for bias (G1 and G2; Joanes and Gill, 1998).
 */
export function momentsOf(n: number, [s1, s2, s3, s4]: readonly [number, number, number, number]): Moments {
  if (n < 2) return { variance: null, skewness: null, kurtosis: null };
  const shift = s1 / n;
  const m2 = s2 / n - shift ** 2;
  const m3 = s3 / n - (3 * shift * s2) / n + 2 * shift ** 3;
  const m4 = s4 / n - (4 * shift * s3) / n + (6 * shift ** 2 * s2) / n - 3 * shift ** 4;
  if (!(m2 > 0)) return { variance: 0, skewness: n > 2 ? 0 : null, kurtosis: n > 3 ? 0 : null };
  return {
    variance: (m2 * n) / (n - 1),
    skewness: n > 2 ? (Math.sqrt(n * (n - 1)) / (n - 2)) * (m3 / m2 ** 1.5) : null,
    kurtosis: n > 3 ? ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (m4 / m2 ** 2 - 3) + 6) : null,
  };
}
