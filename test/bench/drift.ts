/** A comparison of two files against DuckDB's own `SUMMARIZE` of both, and against SciPy and Evidently where there is Python. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../host/python';
import { inTurn, once, print, type Measured } from './measure';
import { summarize } from './summarize';
import { wideParquet } from './wide';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');
const threads = availableParallelism();

/** Two files of 15 columns, of the same distributions. */
export async function benchDrift({ rows, rounds }: { rows: number; rounds: number }): Promise<void> {
  const [baseline, current] = [await wideParquet(rows), await wideParquet(rows, 1)];
  const results = await inTurn(rounds, {
    'SUMMARIZE of both': () => summarize(baseline, current),
    'mldata drift': () => drift(baseline, current),
    'mldata drift --metrics all': () => drift(baseline, current, '--metrics', 'all'),
  });
  console.log(`\nDrift of two Parquet files of ${rows} rows and 15 columns each, ${threads} threads, ${rounds} rounds`);
  printRatios(results);
  await benchPython(baseline, current);
}

async function drift(baseline: string, current: string, ...flags: readonly string[]): Promise<void> {
  await run(process.execPath, [cli, 'drift', baseline, current, '--json', '--quiet', ...flags], {
    cwd: dirname(current),
    maxBuffer: 1 << 28,
  });
}

/** The two-sample tests and distances of every column of numbers, one after the other. */
const SCIPY = `
import sys, pyarrow.parquet as parquet, scipy.stats as stats
a, b = (parquet.read_table(path).to_pandas() for path in sys.argv[1:3])
for name in a.select_dtypes('number'):
    x, y = a[name].dropna(), b[name].dropna()
    stats.ks_2samp(x, y, method='asymp'); stats.wasserstein_distance(x, y)
    stats.cramervonmises_2samp(x, y, method='asymptotic'); stats.energy_distance(x, y)
`;
const EVIDENTLY = `
import sys, pandas
from evidently import Report
from evidently.presets import DataDriftPreset
a, b = (pandas.read_parquet(path) for path in sys.argv[1:3])
Report([DataDriftPreset()]).run(b, a).dict()
`;

/** Once each: they take minutes. */
async function benchPython(baseline: string, current: string): Promise<void> {
  const results: Measured[] = [];
  const measure = async (name: string, contestant: () => Promise<unknown>) => {
    const measured = await once(name, contestant);
    if (measured) results.push(measured);
  };
  const theirs = (folder: string, requirements: readonly string[], script: string) => async () => {
    const python = await findPython(folder, requirements);
    // Isolated: else a folder of this repository passes for a package. What is installed first is not measured.
    return () => run(python, ['-I', '-c', script, baseline, current], { maxBuffer: 1 << 28 });
  };
  await measure('mldata drift', () => drift(baseline, current));
  await measure('mldata drift --metrics all', () => drift(baseline, current, '--metrics', 'all'));
  const pythons = {
    'SciPy, numbers only': theirs('scipy', ['scipy', 'pandas', 'pyarrow'], SCIPY),
    'Evidently, its preset': theirs('evidently-pandas-2', ['evidently', 'pandas<3', 'pyarrow'], EVIDENTLY),
  };
  for (const [name, prepare] of Object.entries(pythons)) {
    const contestant = await prepare().catch((error: unknown) => {
      console.log(`\nNo comparison with ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
    if (contestant) await measure(name, contestant);
  }
  console.log('\nThe same files, once each');
  printRatios(results);
}

/** Against the first. */
function printRatios(results: readonly Measured[]): void {
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
