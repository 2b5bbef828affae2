/** How far columns are missing together: Pearson's r of being missing, φ of the two masks. */
import type { Database } from '../../duckdb';
import type { StageColumn } from '../../schema';
import { inBatches } from '../../inBatches';
import { coefficient } from '../../statistics';
import { MAX_AGGREGATES } from './pairs';

/** In the order of the pairs; null where a column is never or always missing. */
export async function missingTogether(
  database: Database,
  relation: string,
  pairs: readonly (readonly [StageColumn, StageColumn])[],
): Promise<(number | null)[]> {
  const values: (number | null)[] = [];
  for (const batch of inBatches(pairs, MAX_AGGREGATES / 2)) {
    const columns = [...new Set(batch.flat())];
    const masks = columns.map(({ id }) => `${id} IS NULL AS ${id}`);
    const alone = columns.map(({ id }) => `count_if(${id}) AS ${id}`);
    const both = batch.map(([a, b], index) => `count_if(${a.id} AND ${b.id}) AS both${index}`);
    const row = await database.row(
      `SELECT count(*) AS n, ${[...alone, ...both].join(', ')} FROM (SELECT ${masks.join(', ')} FROM ${relation})`,
    );
    const n = Number(row['n']);
    for (const [index, pair] of batch.entries()) {
      const [a, b] = pair.map(({ id }) => Number(row[id]) / n);
      const together = Number(row[`both${index}`]) / n;
      if (a === undefined || b === undefined) continue;
      values.push(coefficient((together - a * b) / Math.sqrt(a * (1 - a) * b * (1 - b))));
    }
  }
  return values;
}
