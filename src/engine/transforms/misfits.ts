/** Values that a step cannot do its work on. */
import { MAX_SAMPLES } from '../../protocol';
import type { Database } from '../duckdb';
import type { StepProblem } from './stepError';
import type { Table } from './table';

/**
 * How many rows meet a condition, and their values in the order of the rows, each once; undefined when none does.
 * @param value SQL of the value, over the ids of the columns
 */
export async function misfits(
  database: Database,
  { relation }: Table,
  value: string,
  condition: string,
): Promise<(Pick<StepProblem, 'samples'> & { readonly count: number }) | undefined> {
  const row = await database.row(`SELECT count(*) AS rows FROM ${relation} WHERE ${condition}`);
  const count = Number(row['rows']);
  if (count === 0) return undefined;
  const samples = await database.rows(
    `SELECT left(CAST(${value} AS VARCHAR), 200) AS value FROM ${relation} WHERE ${condition} ` +
      `GROUP BY value ORDER BY min(id) LIMIT ${MAX_SAMPLES}`,
  );
  return { count, samples: samples.map((sample) => String(sample['value'])) };
}
