/** A full validation against DuckDB's own `SUMMARIZE` of the same file. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Database, pathLiteral, targetLiteral } from '../../src/engine/duckdb';
import { inTurn, print } from './measure';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');
const threads = availableParallelism();

/** Rows of 15 columns: numbers with gaps, categories, texts, dates and a target. */
export async function benchValidate({ rows, rounds }: { rows: number; rounds: number }): Promise<void> {
  const file = await wideParquet(rows);
  const results = await inTurn(rounds, {
    SUMMARIZE: () => summarize(file),
    'mldata validate': () => validate(file),
  });
  const peer = results[0]?.median ?? NaN;
  console.log(`\nValidation of a Parquet of ${rows} rows and 15 columns, ${threads} threads, ${rounds} rounds`);
  print([
    ['', 'median', 'ratio', 'all'],
    ...results.map(({ name, median, seconds }) => [
      name,
      `${median.toFixed(2)} s`,
      (median / peer).toFixed(2),
      seconds.map((each) => each.toFixed(2)).join(' '),
    ]),
  ]);
}

async function validate(file: string): Promise<void> {
  await run(process.execPath, [cli, 'validate', file, '--json', '--quiet', '--fail-on', 'never'], {
    cwd: dirname(file),
    maxBuffer: 1 << 28,
  });
}

/** The peer: one statement in a process of its own, with the same threads. */
async function summarize(file: string): Promise<void> {
  const script =
    `const { DuckDBInstance } = require('@duckdb/node-api');` +
    `(async () => { const c = await (await DuckDBInstance.create(':memory:', { threads: '${threads}' })).connect();` +
    `await c.runAndReadAll(${JSON.stringify(`SUMMARIZE FROM ${pathLiteral(file)}`)}); })()`;
  await run(process.execPath, ['-e', script], { cwd: dirname(cli) });
}

/** Written the first time only. */
async function wideParquet(rows: number): Promise<string> {
  const path = join(tmpdir(), `mldata-bench-validate-${rows}.parquet`);
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  const spillFolder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const database = await Database.open({ threads, memoryLimit: '2GB', spillFolder });
  try {
    await database.run(
      `COPY (SELECT i AS id, (hash(i, 1) % 1000000)::DOUBLE / 7 AS amount, (hash(i, 2) % 90)::INTEGER AS age, ` +
        `CASE WHEN hash(i, 3) % 50 > 0 THEN (hash(i, 3) % 10000)::DOUBLE / 100 END AS score, sin(i) * 1000 AS wave, ` +
        `sqrt(hash(i, 4) % 1000000) AS root, (hash(i, 5) % 1000)::BIGINT AS code, hash(i, 6) % 2 = 0 AS flag, ` +
        `'city ' || (hash(i, 7) % 300) AS city, 'user-' || (hash(i, 8) % 200000) AS person, md5(i::VARCHAR) AS key, ` +
        `['low', 'middle', 'high'][1 + (hash(i, 9) % 3)::INTEGER] AS grade, DATE '2020-01-01' + (hash(i, 10) % 1500)::INTEGER AS day, ` +
        `TIMESTAMP '2024-01-01' + to_seconds(i) AS at, (hash(i, 11) % 4)::INTEGER AS target ` +
        `FROM range(${rows}) r(i)) TO ${targetLiteral(draft)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
  await rename(draft, path);
  return path;
}
