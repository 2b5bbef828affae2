/** The peer of profiles, validations and comparisons: DuckDB's own `SUMMARIZE`. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { pathLiteral } from '../../src/engine/duckdb';

/** One statement for each file, in a process of its own with as many threads as there are cores. */
export async function summarize(...files: readonly string[]): Promise<void> {
  const statements = files.map((file) => `SUMMARIZE FROM ${pathLiteral(file)}`);
  const script =
    `const { DuckDBInstance } = require('@duckdb/node-api');` +
    `(async () => { const c = await (await DuckDBInstance.create(':memory:', { threads: '${availableParallelism()}' })).connect();` +
    `for (const sql of ${JSON.stringify(statements)}) await c.runAndReadAll(sql); })()`;
  await promisify(execFile)(process.execPath, ['-e', script]);
}
