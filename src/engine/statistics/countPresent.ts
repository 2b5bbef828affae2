/** How many rows have a value. */
import type { Database } from '../duckdb';
import { inBatches } from '../inBatches';
import type { StageColumn } from '../schema';

/** Counts are planned in a time that grows with their number, and a wide relation is bound for each statement anew. */
const COLUMNS_AT_ONCE = 1000;

/** By the ids of the columns. @param relation SQL that can stand behind FROM, with a condition or without */
export async function countPresent(
  database: Pick<Database, 'row'>,
  relation: string,
  columns: readonly Pick<StageColumn, 'id'>[],
): Promise<ReadonlyMap<string, number>> {
  const present = new Map<string, number>();
  for (const some of inBatches(columns, COLUMNS_AT_ONCE)) {
    const counts = some.map(({ id }) => `count(${id}) AS n${id}`).join(', ');
    const row = await database.row(`SELECT ${counts} FROM ${relation}`);
    for (const { id } of some) present.set(id, Number(row[`n${id}`]));
  }
  return present;
}
