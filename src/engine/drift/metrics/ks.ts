/** Kolmogorov and Smirnov's test: the largest distance of the two distributions. */
import type { Row } from '../../duckdb';
import { greatestCommonDivisor } from './divisor';
import { exactKsPValue } from './ksExact';
import { kolmogorovTail } from './kolmogorov';
import type { SidesLook } from './sides';

export interface OrderedTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly by: 'exact' | 'asymptotic';
}

/** Up to so many rows of the larger side the p-value is exact, as in SciPy. */
const EXACT_ROWS = 10_000;

/**
 * max |F − G| over all rows, missing values first (Smirnov, Table for Estimating the Goodness of Fit of Empirical
 * Distributions, 1948). Two-sided. The p-value is exact where neither side has more than 10,000 rows, else that of the
 * one-sample distribution of n·m / (n + m) rows (Hodges, The Significance Probability of the Smirnov Two-Sample Test,
 * 1958). Ties make both conservative.
 */
export const ks = {
  aggregate: ({ baseline, current }: SidesLook): string => `max(abs(b / ${baseline.rows}.0 - c / ${current.rows}.0))`,
  read: ({ baseline, current }: SidesLook, answer: Row[string] | undefined): OrderedTest =>
    ksTest(baseline.rows, current.rows, Number(answer)),
};

/** Of a distance between the distributions of so many rows each. */
export function ksTest(n: number, m: number, distance: number): OrderedTest {
  if (Math.max(n, m) > EXACT_ROWS) {
    const rows = Math.max(1, roundHalfEven((n / (n + m)) * m));
    return { statistic: distance, pValue: kolmogorovTail(rows, distance), by: 'asymptotic' };
  }
  const common = (n / greatestCommonDivisor(n, m)) * m;
  const steps = Math.round(distance * common);
  return { statistic: steps / common, pValue: exactKsPValue(n, m, steps), by: 'exact' };
}

/** As NumPy rounds. */
function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
