/** Where the row groups of Parquet files begin: at the same rows whatever threads did, for they are counted. */
import type { Database } from '../duckdb';

/** As many as the engine's own default. */
const ROW_GROUP_ROWS = 122_880;
/** Rows are counted by blocks of ids first, so that few of them have to be put in order. */
const BLOCK_BITS = 11;

/**
 * The id that each row group begins with, by file; none for files without rows.
 *
 * @param ids SQL for `file` (a number) and `id` of every row that is written
 */
export async function rowGroupStarts(database: Database, ids: string): Promise<Map<number, number[]>> {
  await database.run(
    `CREATE OR REPLACE TEMP TABLE row_group_blocks AS SELECT file, block, before, border FROM (` +
      `SELECT *, (before + ${ROW_GROUP_ROWS - 1}) // ${ROW_GROUP_ROWS} * ${ROW_GROUP_ROWS} AS border FROM (` +
      `SELECT file, block, rows, sum(rows) OVER (PARTITION BY file ORDER BY block) - rows AS before FROM (` +
      `SELECT file, id >> ${BLOCK_BITS} AS block, count(*) AS rows FROM (${ids}) GROUP BY ALL))) WHERE border < before + rows`,
  );
  const rows = await database.rows(
    `SELECT file, id FROM (SELECT ids.file, id, border, ` +
      `before + row_number() OVER (PARTITION BY ids.file, block ORDER BY id) - 1 AS rank FROM (${ids}) AS ids ` +
      `JOIN row_group_blocks AS blocks ON blocks.file = ids.file AND blocks.block = ids.id >> ${BLOCK_BITS}) ` +
      `WHERE rank = border ORDER BY file, id`,
  );
  const starts = new Map<number, number[]>();
  for (const row of rows) {
    const file = Number(row['file']);
    starts.set(file, [...(starts.get(file) ?? []), Number(row['id'])]);
  }
  return starts;
}
