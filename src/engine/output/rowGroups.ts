/** Where the row groups of a Parquet file begin: at the same rows whatever threads did, for they are counted. */
import type { Database } from '../duckdb';

/** As many as the engine's own default; what is trained on has smaller ones, each the unit of its shuffling. */
export const ROW_GROUP_ROWS = 122_880;
/** Rows are counted by blocks of ids, none of which is cut: a row group has up to a block's rows more. */
const BLOCK_BITS = 11;

/** The `id` that each row group of a file begins at; none for a file without rows. `ids`: SQL with its rows' `id`. */
export async function rowGroupStarts(database: Database, ids: string, rows = ROW_GROUP_ROWS): Promise<number[]> {
  const starts = await database.rows(
    `SELECT min(block) << ${BLOCK_BITS} AS id FROM (` +
      `SELECT block, (sum(rows) OVER (ORDER BY block) - rows) // ${rows} AS row_group FROM (` +
      `SELECT id >> ${BLOCK_BITS} AS block, count(*) AS rows FROM ${ids} GROUP BY ALL)) GROUP BY row_group ORDER BY id`,
  );
  return starts.map((row) => Number(row['id']));
}
