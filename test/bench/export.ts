/**
 * Exports against one `COPY` of DuckDB for each format; and how fast a package for PyTorch gives batches, against a plain
 * loop over pyarrow and against `datasets`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { Database, targetLiteral } from '../../src/engine/duckdb';
import { trainingPython } from '../host/trainingPython';
import { inTurn, print, type Measured } from './measure';
import { wideParquet } from './wide';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');
const threads = availableParallelism();
const formats = ['parquet', 'csv', 'jsonl'] as const;

export async function benchExport({ rows, rounds }: { rows: number; rounds: number }): Promise<void> {
  const source = await wideParquet(rows);
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  try {
    await benchFormats(source, folder, { rows, rounds });
    await benchLoading(source, folder, { rows, rounds });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchFormats(source: string, folder: string, { rows, rounds }: { rows: number; rounds: number }) {
  const results = await inTurn(rounds, {
    [`COPY, ${formats.length} times`]: () => copies(source, folder),
    [`mldata export --formats ${formats.join(',')}`]: async () => {
      await mldata(
        folder,
        'export',
        source,
        '--formats',
        formats.join(','),
        '--output',
        join(folder, 'out'),
        '--force',
      );
    },
  });
  console.log(`\nA Parquet file of ${rows} rows and 15 columns in other formats, ${threads} threads, ${rounds} rounds`);
  const peer = results[0]?.median ?? NaN;
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

/** What DuckDB writes by itself, read anew for each format. */
async function copies(source: string, folder: string): Promise<void> {
  const database = await Database.open({ threads, memoryLimit: '2GB', spillFolder: join(folder, 'spill') });
  const options = { parquet: 'FORMAT parquet, COMPRESSION zstd', csv: 'FORMAT csv, HEADER', jsonl: 'FORMAT json' };
  try {
    for (const format of formats) {
      const target = targetLiteral(join(folder, `copy.${format}`));
      await database.run(`COPY (FROM read_parquet(${targetLiteral(source)})) TO ${target} (${options[format]})`);
    }
  } finally {
    database.close();
  }
}

async function mldata(folder: string, ...args: readonly string[]): Promise<void> {
  await run(process.execPath, [cli, ...args, '--quiet', '--allow-outside-paths'], {
    cwd: folder,
    maxBuffer: 1 << 28,
  });
}

/** Features and targets of all rows in batches of 1,024, each contestant in a process that times itself without its start. */
async function benchLoading(source: string, folder: string, { rows, rounds }: { rows: number; rounds: number }) {
  const columns =
    '{ amount: {}, age: {}, score: {}, wave: {}, root: {}, code: {}, target: { type: integer, role: target } }';
  const config = `version: 1\ndatasets:\n  wide:\n    source: ${JSON.stringify(source)}\n    schema: { columns: ${columns} }\n`;
  await writeFile(join(folder, '.mldata.yaml'), config);
  await mldata(folder, 'build', 'wide');
  const output = join(folder, 'package');
  const numbers = 'amount,age,score,wave,root,code,target';
  const choices = ['--columns', numbers, '--output', output];
  await mldata(folder, 'export', 'wide', '--framework', 'pytorch', ...choices);
  const python = await trainingPython();
  const contestants = ['mldata', 'pyarrow', 'datasets'];
  for (const workers of [0, 2]) {
    const results = new Map<string, number[]>(contestants.map((name) => [name, []]));
    // The first round does not count.
    for (let round = -1; round < rounds; round++) {
      for (const name of contestants) {
        const script = resolve('test/bench/exportLoading.py');
        const env = { ...process.env, HF_HOME: join(folder, 'hf'), HF_HUB_OFFLINE: '1' };
        const { stdout } = await run(python, [script, name, output, String(workers), String(rows)], { env });
        if (round >= 0) results.get(name)?.push(Number(stdout));
      }
    }
    console.log(`\nBatches of 1,024 of ${rows} rows with 6 features, ${workers} workers, ${rounds} rounds`);
    printRates(rows, measured(results));
  }
}

function measured(results: ReadonlyMap<string, readonly number[]>): Measured[] {
  return [...results].map(([name, seconds]) => ({ name, seconds, median: median([...seconds]) }));
}

/** The first against the others. */
function printRates(rows: number, results: readonly Measured[]): void {
  const own = results[0]?.median ?? NaN;
  print([
    ['', 'rows/s', 'time against ours', 'all'],
    ...results.map(({ name, median, seconds }) => [
      name,
      Math.round(rows / median).toLocaleString('en'),
      (median / own).toFixed(2),
      seconds.map((each) => each.toFixed(2)).join(' '),
    ]),
  ]);
}
