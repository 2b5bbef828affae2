/** Pearson's r, of the rows in which both values are there, and neither NaN nor infinite. */
import type { Database } from '../../duckdb';
import { measured, type Measure } from './measures';
import { inBatches } from '../../inBatches';
import { coefficient } from '../../statistics';
import { MAX_AGGREGATES } from './pairs';

/** In the order of the pairs; null where one side is constant. */
export async function pearson(
  database: Database,
  relation: string,
  pairs: readonly (readonly [Measure, Measure])[],
): Promise<(number | null)[]> {
  const values: (number | null)[] = [];
  for (const batch of inBatches(pairs, MAX_AGGREGATES)) {
    const list = batch.map(([a, b], index) => `corr(${a.id}, ${b.id}) AS r${index}`);
    const row = await database.row(`SELECT ${list.join(', ')} FROM ${measured(batch.flat(), relation)}`);
    values.push(...batch.map((_, index) => coefficient(row[`r${index}`])));
  }
  return values;
}
