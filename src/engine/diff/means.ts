/**
 * The mean of a column by the exact sum of its values. A sum of floating point numbers depends on the order of its terms,
 * and a build would seem to differ from itself, or from one with the same rows in another order.
 */
import type { Database } from '../duckdb';
import type { StageColumn } from '../schema';

/** Values that were summed as whole numbers of 2 ** exponent. */
interface Sum {
  readonly exponent: number;
  readonly total: bigint;
  readonly count: bigint;
}

/** Of the finite values, as doubles where they are no integers, to twelve digits; undefined where there are none. */
export async function meanOf(
  database: Database,
  relation: string,
  { id, physicalType }: StageColumn,
): Promise<number | undefined> {
  const query = SUMMABLE.test(physicalType) ? integerSum(id, relation) : doubleSums(id, relation);
  const sums = (await database.rows(query)).map((row): Sum => ({
    exponent: Number(row['exponent']),
    total: BigInt(String(row['total'])),
    count: BigInt(String(row['count'])),
  }));
  if (sums.length === 0) return undefined;
  const unit = Math.min(...sums.map(({ exponent }) => exponent));
  const total = sums.reduce((sum, each) => sum + (each.total << BigInt(each.exponent - unit)), 0n);
  const count = sums.reduce((sum, each) => sum + each.count, 0n);
  return Number(quotient(total, count, unit).toPrecision(12));
}

/** Integers whose sum the engine holds, however many there are. */
const SUMMABLE = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/;

function integerSum(id: string, relation: string): string {
  return `SELECT 0 AS exponent, sum(${id})::VARCHAR AS total, count(${id}) AS count FROM ${relation} HAVING count(${id}) > 0`;
}

/** Of the bits of a double: 52 of the fraction, below 11 of the exponent, which is 0 for the smallest and 2047 for no number. */
function doubleSums(id: string, relation: string): string {
  const fraction = `(bits & ${2n ** 52n - 1n})`;
  const whole = `(${fraction} + CASE WHEN biased > 0 THEN ${2n ** 52n} ELSE 0 END)`;
  return (
    `SELECT greatest(biased, 1) - 1075 AS exponent, sum(CASE WHEN bits < 0 THEN -${whole} ELSE ${whole} END)::VARCHAR AS total, ` +
    `count(*) AS count FROM (SELECT bits, (bits >> 52) & 2047 AS biased FROM ` +
    `(SELECT CAST(CAST(CAST(${id} AS DOUBLE) AS BIT) AS BIGINT) AS bits FROM ${relation} WHERE ${id} IS NOT NULL)) ` +
    `WHERE biased < 2047 GROUP BY exponent`
  );
}

/** dividend / divisor * 2 ** exponent, right to more digits than are shown. */
function quotient(dividend: bigint, divisor: bigint, exponent: number): number {
  const size = dividend < 0n ? -dividend : dividend;
  // Of a number with more digits than that, the last ones are left out: it may be more than a double holds.
  const spare = 64 + divisor.toString(2).length - size.toString(2).length;
  const value = Number((size << BigInt(spare)) / divisor);
  // In two steps, for 2 ** -1100 is 0; neither leaves what a double holds.
  const shift = exponent - spare;
  const magnitude = value * 2 ** Math.ceil(shift / 2) * 2 ** Math.floor(shift / 2);
  return dividend < 0n ? -magnitude : magnitude;
}
