/** Cramér and von Mises's test: how far the two distributions are apart over all rows. */
import type { Row } from '../../duckdb';
import { cramerVonMisesExact } from './cramerVonMisesExact';
import { cramerVonMisesTail } from './cramerVonMisesTail';
import type { OrderedTest } from './ks';
import type { SidesLook } from './sides';

/** Up to so many rows of the larger side the p-value is exact, as in SciPy. */
const EXACT_ROWS = 20;

/**
 * T = U / (n m (n + m)) − (4 n m − 1) / (6 (n + m)), where U is of the squares of how far ranks among all rows are from
 * those among one side (Anderson, On the Distribution of the Two-Sample Cramér–von Mises Criterion, 1962, (9) and (10));
 * ties have the rank in their middle, missing values come first. U is counted in whole numbers. The p-value is exact up
 * to 20 rows a side, else that of the limit, with T moved and scaled as Anderson says.
 */
export const cramerVonMises = {
  /** Twelve times U. */
  aggregate({ baseline, current }: SidesLook): string {
    const [b, c] = ['(b::HUGEINT - b0)', '(c::HUGEINT - c0)'];
    const squares = (rows: number, own: string, before: string, others: string) =>
      `${rows} * (3 * ${own} * (2 * ${before} + ${others}) * (2 * ${before} + ${others}) + ${own} * (${own} * ${own} - 1))`;
    return `CAST(sum(${squares(baseline.rows, b, 'c0', c)} + ${squares(current.rows, c, 'b0', b)}) AS VARCHAR)`;
  },
  read({ baseline, current }: SidesLook, answer: Row[string] | undefined): OrderedTest {
    const [n, m, u12] = [BigInt(baseline.rows), BigInt(current.rows), BigInt(String(answer))];
    // The two parts of T are large and nearly equal, so they meet before they become doubles.
    const above = u12 - 2n * n * m * (4n * n * m - 1n);
    const statistic = ratio(above, 12n * n * m * (n + m));
    if (Math.max(baseline.rows, current.rows) <= EXACT_ROWS)
      return { statistic, pValue: cramerVonMisesExact(baseline.rows, current.rows, u12), by: 'exact' };
    return { statistic, pValue: cramerVonMisesTail(moved(statistic, baseline.rows, current.rows)), by: 'asymptotic' };
  },
};

/** With the mean and the deviation that the limit has (Anderson, 1962, (11), (14) and (15)). */
function moved(statistic: number, n: number, m: number): number {
  const [k, all] = [n * m, n + m];
  const mean = (1 + 1 / all) / 6;
  const variance = ((all + 1) * (4 * k * all - 3 * (n ** 2 + m ** 2) - 2 * k)) / (45 * all ** 2 * 4 * k);
  return 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
}

/** Of any size, to the digits of a double. */
function ratio(above: bigint, below: bigint): number {
  const digits = 2n ** 64n;
  return Number((above * digits) / below) / Number(digits);
}
