/** Rows that are there more than once. */
import type { Profile } from '../../../protocol';
import type { ColumnFigures, DescribedColumn, ProfileContext } from '../context';

/**
 * Rows are equal where all their columns are, whatever they mean; a missing value equals a missing one, NaN equals NaN,
 * and 0 equals −0. Exact: rows with the hash of another (64 bits) are few, and compared value by value.
 */
export async function duplicatesOf(
  { database, relation, rows }: ProfileContext,
  columns: readonly DescribedColumn[],
): Promise<Profile['duplicates']> {
  if (columns.length === 0 || columns.some(({ figures }) => tellsRowsApart(figures, rows)))
    return { groups: 0, surplusRows: 0 };
  const ids = columns.map(({ column }) => column.id).join(', ');
  await database.run(
    `CREATE OR REPLACE TEMP TABLE profile_hashes AS ` +
      `SELECT hash FROM (SELECT hash(${ids}) AS hash FROM ${relation}) GROUP BY hash HAVING count(*) > 1`,
  );
  try {
    const { hashes } = await database.row('SELECT count(*) AS hashes FROM profile_hashes');
    if (Number(hashes) === 0) return { groups: 0, surplusRows: 0 };
    const row = await database.row(
      `SELECT count(*) AS groups, coalesce(sum(rows - 1), 0)::BIGINT AS surplus FROM (SELECT count(*) AS rows ` +
        `FROM ${relation} WHERE hash(${ids}) IN (SELECT hash FROM profile_hashes) GROUP BY ${ids} HAVING count(*) > 1)`,
    );
    return { groups: Number(row['groups']), surplusRows: Number(row['surplus']) };
  } finally {
    await database.run('DROP TABLE profile_hashes');
  }
}

/** Whether every row has a value of its own in the column. */
function tellsRowsApart({ nulls, distinct, distinctExact, numeric }: ColumnFigures, rows: number): boolean {
  if (nulls > 0) return false;
  if (distinctExact) return distinct === rows;
  // Where that is an estimate, the order may still tell. NaN and what is infinite have no part in it.
  const order = numeric?.order;
  const apart = (numeric?.nans ?? 0) + (numeric?.infinities ?? 0) + (numeric?.negativeInfinities ?? 0);
  return apart === 0 && (order === 'strictlyIncreasing' || order === 'strictlyDecreasing');
}
