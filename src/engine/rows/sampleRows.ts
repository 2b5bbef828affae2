/** Some of the rows, each drawn by itself: the same ones for the same seed, whatever the number of threads. */
import { literal, type Database } from '../duckdb';
import { heldRows } from './heldRows';
import type { Rows } from './rows';

const SAMPLE = 'sampled_rows';

/** The rows whose position, mixed with the seed, comes to least: exactly so many, or all where there are no more. */
export async function sampleRows(database: Database, rows: Rows, wanted: number, seed: number): Promise<Rows> {
  if (wanted >= rows.rows) return rows;
  const key = `hash(__row, ${literal(seed)})`;
  await database.run(
    `CREATE TABLE drawn_rows AS SELECT __row FROM ${rows.relation} ORDER BY ${key}, __row LIMIT ${wanted}`,
  );
  const sample = await heldRows(database, rows, SAMPLE, ['WHERE __row IN (FROM drawn_rows)']);
  await database.run('DROP TABLE drawn_rows');
  return sample;
}
