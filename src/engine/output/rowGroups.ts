/** Where the row groups of a Parquet file begin: at the same rows whatever threads did, for they are counted. */
import type { Database } from '../duckdb';

/** As many as the engine's own default; what is trained on has smaller ones, each the unit of its shuffling. */
export const ROW_GROUP_ROWS = 122_880;
/** Rows are counted by blocks of ids, none of which is cut: a row group has up to a block's rows more. */
const BLOCK_BITS = 11;

/**
 * SQL that counts rows by `block`, as `rows`.
 * @param rows SQL of a relation with their `id`
 * @param by a column of it by which they are told apart
 */
export function blocksOf(rows: string, by?: string): string {
  const kinds = by === undefined ? '' : `${by}, `;
  return `SELECT ${kinds}id >> ${BLOCK_BITS} AS block, count(*) AS rows FROM ${rows} GROUP BY ALL`;
}

/**
 * The `id` that each row group of a file begins at; none for a file without rows.
 * @param blocks SQL of what {@link blocksOf} counts of its rows
 */
export async function rowGroupStarts(database: Database, blocks: string, rows = ROW_GROUP_ROWS): Promise<number[]> {
  const starts = await database.rows(
    `SELECT min(block) << ${BLOCK_BITS} AS id FROM (` +
      `SELECT block, (sum(rows) OVER (ORDER BY block) - rows) // ${rows} AS row_group FROM (${blocks})) ` +
      `GROUP BY row_group ORDER BY id`,
  );
  return starts.map((row) => Number(row['id']));
}
