/** A profile against DuckDB's own `SUMMARIZE` of the same file, and against ydata-profiling where there is Python. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { Database, pathLiteral, targetLiteral } from '../../src/engine/duckdb';
import { LocalEngine } from '../../src/engine';
import { findPython } from '../host/python';
import type { ProfileUpdate } from '../../src/protocol';
import { eventsCsv } from './data';
import { inTurn, once, print, type Measured } from './measure';
import { summarize } from './summarize';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');
const threads = availableParallelism();

export async function benchProfile({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const csv = await eventsCsv(megabytes);
  const parquet = await asParquet(csv);
  for (const file of [csv, parquet]) {
    const results = await inTurn(rounds, {
      'mldata profile': () => profile(file),
      'mldata profile --fast': () => profile(file, '--fast'),
      SUMMARIZE: () => summarize(file),
    });
    console.log(`\nProfile of ${await described(file)}, ${threads} threads, ${rounds} rounds`);
    print([
      ['', 'median', 'ratio', 'all'],
      ...results.map(({ name, median: middle, seconds }) => [
        name,
        `${middle.toFixed(2)} s`,
        ratio(results, name),
        seconds.map((each) => each.toFixed(2)).join(' '),
      ]),
    ]);
  }
  await benchFirst(parquet, rounds);
  await benchPython(await eventsCsv(Math.min(megabytes, PYTHON_MEGABYTES)));
}

/** Time to the first figures of ten times as many rows: `--megabytes 2500` comes to a Parquet of about 10 GB. */
async function benchFirst(parquet: string, rounds: number): Promise<void> {
  const large = await repeated(parquet, 10);
  const seconds: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const started = performance.now();
    const controller = new AbortController();
    let first = 0;
    const listener = {
      onProgress: () => undefined,
      onUpdate: ({ type }: ProfileUpdate) => {
        // Columns that are done are no first look: then there was none.
        if (type === 'first') first ||= performance.now() - started;
        controller.abort();
      },
    };
    const request = { target: large, folder: tmpdir(), threads };
    await new LocalEngine(resolve('dist/job.js')).profile(request, listener, controller.signal).catch(() => undefined);
    if (first === 0)
      throw new Error(`There was no first look at ${large}: it is too small, or all of it was read first`);
    if (round >= 0) seconds.push(first / 1000);
  }
  console.log(`\nFirst figures of ${await described(large)}`);
  print([
    ['', 'median', 'all'],
    ['first update', `${median(seconds).toFixed(2)} s`, seconds.map((each) => each.toFixed(2)).join(' ')],
  ]);
}

/** Of more, the full form of its profile takes hours. */
const PYTHON_MEGABYTES = 16;

/** Once each: it takes minutes. */
async function benchPython(csv: string): Promise<void> {
  const python = await findPython('ydata-profiling', ['ydata-profiling', 'setuptools<81']).catch((error: unknown) => {
    console.log(`\nNo comparison with ydata-profiling: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  if (python === undefined) return;
  const script =
    'import sys, pandas; from ydata_profiling import ProfileReport; ' +
    'ProfileReport(pandas.read_csv(sys.argv[1]), minimal=sys.argv[2] == "minimal", progress_bar=False).to_json()';
  // Isolated: else a folder of this repository passes for a package.
  const theirs = (how: string) => () => run(python, ['-I', '-c', script, csv, how], { maxBuffer: 1 << 28 });
  const contestants = {
    'mldata profile': () => profile(csv),
    'ydata-profiling, minimal': theirs('minimal'),
    'ydata-profiling, full': theirs('full'),
  };
  const results: Measured[] = [];
  for (const [name, contestant] of Object.entries(contestants)) {
    const measured = await once(name, contestant);
    if (measured) results.push(measured);
  }
  console.log(`\nProfile of ${await described(csv)}`);
  print([
    ['', 'seconds', 'ratio'],
    ...results.map(({ name, median: middle }) => [
      name,
      `${middle.toFixed(1)} s`,
      ratio(results, name, 'mldata profile'),
    ]),
  ]);
}

async function profile(file: string, ...flags: readonly string[]): Promise<void> {
  await run(process.execPath, [cli, 'profile', file, '--json', '--quiet', ...flags], {
    cwd: dirname(file),
    maxBuffer: 1 << 28,
  });
}

function ratio(results: readonly Measured[], name: string, peer = 'SUMMARIZE'): string {
  const of = (each: string) => results.find((result) => result.name === each)?.median ?? NaN;
  return (of(name) / of(peer)).toFixed(2);
}

async function described(file: string): Promise<string> {
  const { size } = await stat(file);
  const { rows } = await withDatabase((database) => database.row(`SELECT count(*) AS rows FROM ${pathLiteral(file)}`));
  return `a ${Math.round(size / 1e6)} MB ${file.endsWith('.csv') ? 'CSV' : 'Parquet'} of ${Number(rows)} rows`;
}

function asParquet(csv: string): Promise<string> {
  return kept(csv.replace(/\.csv$/, '.parquet'), `FROM ${pathLiteral(csv)}`);
}

/** One after the other: equal rows beside each other would be compressed to nothing. */
function repeated(parquet: string, times: number): Promise<string> {
  return kept(
    parquet.replace(/\.parquet$/, `-${times}x-v2.parquet`),
    Array.from({ length: times }, () => `FROM ${pathLiteral(parquet)}`).join(' UNION ALL '),
  );
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
  const database = await Database.open({ threads, memoryLimit: '2GB', spillFolder });
  try {
    return await work(database);
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
}
