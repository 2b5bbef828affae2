/** Doane's rule for the width of bins, which allows for skewness. */
import { double, type Database } from '../../duckdb';
import { powerOfTwo } from '../../statistics';
import type { EvenBins } from './evenBins';
import type { CleanSide } from './preset';

/**
 * The range by 1 + log₂ n + log₂(1 + |g₁| / σ), σ² = 6 (n − 2) / ((n + 1) (n + 3)), as in NumPy (Doane, Aesthetic
 * Frequency Classifications, 1976). 0 for fewer than three values, or equal ones. Compensated sums: that they may differ
 * in the last bit by the order of the rows does not show in a number of bins.
 */
export async function doaneWidth(
  database: Database,
  { relation, rows: n }: CleanSide,
  { min, max }: Pick<EvenBins, 'min' | 'max'>,
): Promise<number> {
  if (n < 3 || min === max) return 0;
  const size = 2 * powerOfTwo(Math.max(Math.abs(min), Math.abs(max)));
  const { mean } = await database.row(`SELECT fsum(v / ${double(size)}) / ${n} AS mean FROM ${relation}`);
  const off = `(v / ${double(size)} - ${double(Number(mean))})`;
  const { m2, m3 } = await database.row(
    `SELECT fsum(d * d) / ${n} AS m2, fsum(d * d * d) / ${n} AS m3 FROM (SELECT ${off} AS d FROM ${relation})`,
  );
  const deviation = Math.sqrt(Number(m2));
  if (!(deviation > 0)) return 0;
  const skewness = Number(m3) / deviation ** 3;
  const chance = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return (max - min) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness) / chance));
}
