/** A profile against DuckDB's own `SUMMARIZE` of the same file, and against ydata-profiling where there is Python. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../host/python';
import { eventsCsv } from './data';
import { inTurn, once, print, type Measured } from './measure';
import { asParquet, described } from './parquet';
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
  await benchPython(await eventsCsv(Math.min(megabytes, PYTHON_MEGABYTES)));
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
