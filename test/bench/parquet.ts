/** Parquet files to measure with, made of those of CSV, and what to call them. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, pathLiteral, targetLiteral } from '../../src/engine/duckdb';

export function asParquet(csv: string): Promise<string> {
  return kept(csv.replace(/\.csv$/, '.parquet'), `FROM ${pathLiteral(csv)}`);
}

/** One after the other: equal rows beside each other would be compressed to nothing. */
export function repeated(parquet: string, times: number): Promise<string> {
  return kept(
    parquet.replace(/\.parquet$/, `-${times}x-v2.parquet`),
    Array.from({ length: times }, () => `FROM ${pathLiteral(parquet)}`).join(' UNION ALL '),
  );
}

export async function described(file: string): Promise<string> {
  const { size } = await stat(file);
  const { rows } = await withDatabase((database) => database.row(`SELECT count(*) AS rows FROM ${pathLiteral(file)}`));
  return `a ${Math.round(size / 1e6)} MB ${file.endsWith('.csv') ? 'CSV' : 'Parquet'} of ${Number(rows)} rows`;
}

/** Written the first time only. */
async function kept(path: string, query: string): Promise<string> {
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  await withDatabase((database) =>
    database.run(`COPY (${query}) TO ${targetLiteral(draft)} (FORMAT parquet, COMPRESSION zstd)`),
  );
  await rename(draft, path);
  return path;
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const spillFolder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const database = await Database.open({ threads: availableParallelism(), memoryLimit: '2GB', spillFolder });
  try {
    return await work(database);
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
}
