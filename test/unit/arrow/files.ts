import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

/** Where the committed fixtures are; `make.py` beside them wrote them. */
export const fixtures = join(__dirname, '..', '..', 'fixtures', 'arrow');

/** A folder for one suite, made before it and removed after it. */
export function scratchFolder(): (name: string) => string {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-arrow-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** An open DuckDB, to see what the engine sees. */
export async function openDuckDB(): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create()).connect();
}

/** `read_parquet` of the files, in their order. */
export function readParquet(files: readonly string[]): string {
  return `read_parquet([${files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')}])`;
}

export const never = new AbortController().signal;
