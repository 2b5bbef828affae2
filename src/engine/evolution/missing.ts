/** How many rows have no value, by the ids of columns; of no rows nothing is told. */
import { countPresent } from '../statistics';
import type { RowsToSketch } from './sketch';

export async function countMissing({
  database,
  relation,
  rows,
  columns,
}: RowsToSketch): Promise<ReadonlyMap<string, number>> {
  if (rows === 0) return new Map();
  const present = await countPresent(database, relation, columns);
  return new Map([...present].map(([id, count]) => [id, rows - count]));
}
