/** Where the row groups of a Parquet file begin: at the same rows whatever threads did, for they are counted. */
import type { Database } from '../duckdb';

/** As many as the engine's own default. */
const ROW_GROUP_ROWS = 122_880;
/** Rows are counted by blocks of ids first, so that few of them have to be put in order. */
const BLOCK_BITS = 11;

/** The `id` that each row group of a file begins with; none for a file without rows. `relation`: SQL with its rows' `id`. */
export async function rowGroupStarts(database: Database, relation: string): Promise<number[]> {
  await database.run(
    `CREATE OR REPLACE TEMP TABLE row_group_blocks AS SELECT block, before, border FROM (` +
      `SELECT *, (before + ${ROW_GROUP_ROWS - 1}) // ${ROW_GROUP_ROWS} * ${ROW_GROUP_ROWS} AS border FROM (` +
      `SELECT block, rows, sum(rows) OVER (ORDER BY block) - rows AS before FROM (` +
      `SELECT id >> ${BLOCK_BITS} AS block, count(*) AS rows FROM ${relation} GROUP BY ALL))) WHERE border < before + rows`,
  );
  const rows = await database.rows(
    `SELECT id FROM (SELECT id, border, before + row_number() OVER (PARTITION BY block ORDER BY id) - 1 AS rank ` +
      `FROM ${relation} AS ids JOIN row_group_blocks AS blocks ON blocks.block = ids.id >> ${BLOCK_BITS}) ` +
      `WHERE rank = border ORDER BY id`,
  );
  return rows.map((row) => Number(row['id']));
}
