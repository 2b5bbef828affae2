/** Standard deviation of finite numbers, the same for any order of the rows. */
import { double, finite, type Database } from '../../duckdb';
import { powerOfTwo } from '../../statistics';
import { fixedPointSum, fromFixedPoint } from './fixedPoint';
import type { NumbersOfSide } from './sides';

/**
 * In two passes: the mean, then the squares of the distances from it.
 * @param reach of the values: none is farther from 0
 * @returns of the population, that is divided by n; NaN for no values
 */
export async function deviationOf(
  database: Database,
  { relation, sql }: NumbersOfSide,
  reach: number,
): Promise<number> {
  const size = 4 * powerOfTwo(reach);
  const values = `(SELECT ${finite(`(${sql})`)} / ${double(size)} AS y FROM ${relation})`;
  const { sum, n, low, high } = await database.row(
    `SELECT ${fixedPointSum('y')} AS sum, count(y) AS n, min(y) AS low, max(y) AS high FROM ${values}`,
  );
  const count = Number(n);
  if (count === 0) return NaN;
  // The mean of equal values may be off by a bit, and they would seem to deviate from it.
  if (low === high) return 0;
  const mean = fromFixedPoint(sum) / count;
  const spread = powerOfTwo(Math.max(Number(high) - mean, mean - Number(low))) * 2;
  const distance = `((y - ${double(mean)}) / ${double(spread)})`;
  const { squares } = await database.row(
    `SELECT ${fixedPointSum(`${distance} * ${distance}`)} AS squares FROM ${values}`,
  );
  return Math.sqrt(fromFixedPoint(squares) / count) * spread * size;
}
