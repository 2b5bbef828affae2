/** A Parquet file of 15 columns: numbers with gaps, categories, texts, dates and a target. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, targetLiteral } from '../../src/engine/duckdb';

/** Written the first time only. @param draw which of many such files: others have other values, of the same distributions */
export async function wideParquet(rows: number, draw = 0): Promise<string> {
  const path = join(tmpdir(), `mldata-bench-wide-${rows}-${draw}.parquet`);
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  const spillFolder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const database = await Database.open({ threads: availableParallelism(), memoryLimit: '2GB', spillFolder });
  const random = (column: number) => `hash(i, ${column + 100 * draw})`;
  try {
    await database.run(
      `COPY (SELECT i AS id, (${random(1)} % 1000000)::DOUBLE / 7 AS amount, (${random(2)} % 90)::INTEGER AS age, ` +
        `CASE WHEN ${random(3)} % 50 > 0 THEN (${random(3)} % 10000)::DOUBLE / 100 END AS score, sin(i) * 1000 AS wave, ` +
        `sqrt(${random(4)} % 1000000) AS root, (${random(5)} % 1000)::BIGINT AS code, ${random(6)} % 2 = 0 AS flag, ` +
        `'city ' || (${random(7)} % 300) AS city, 'user-' || (${random(8)} % 200000) AS person, md5(i::VARCHAR) AS key, ` +
        `['low', 'middle', 'high'][1 + (${random(9)} % 3)::INTEGER] AS grade, DATE '2020-01-01' + (${random(10)} % 1500)::INTEGER AS day, ` +
        `TIMESTAMP '2024-01-01' + to_seconds(i) AS at, (${random(11)} % 4)::INTEGER AS target ` +
        `FROM range(${rows * draw}, ${rows * (draw + 1)}) r(i)) TO ${targetLiteral(draft)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
  await rename(draft, path);
  return path;
}
