/** A build that has nothing to do, against the cold build of the same dataset of 1,000 files. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { BuildReport } from '../../src/protocol';
import { eventsCsv } from './data';
import { inTurn, print } from './measure';

const run = promisify(execFile);
const FILES = 1000;

export async function benchNoop({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const build = async (status: string, reused?: number) => {
    const args = [resolve('dist/cli.js'), 'build', '--json', '--quiet'];
    const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 });
    const [dataset] = (JSON.parse(stdout) as BuildReport).datasets;
    if (dataset?.status !== status) throw new Error(`The build came out as ${dataset?.status}, not as ${status}`);
    if (reused !== undefined && dataset.reused !== reused) throw new Error(`${dataset.reused} files were reused`);
  };
  try {
    await mkdir(join(folder, 'raw'));
    const csv = await eventsCsv(megabytes);
    await cut(csv, join(folder, 'raw'));
    const row = (await readFile(join(folder, 'raw', '0500.csv'), 'utf8')).split('\n')[1]?.concat('\n') ?? '';
    await writeFile(join(folder, '.mldata.yaml'), 'version: 1\ndatasets:\n  events:\n    source: raw\n');
    const results = await inTurn(rounds, {
      'cold build': async () => {
        for (const name of ['datasets', '.mldata']) await rm(join(folder, name), { recursive: true, force: true });
        await build('built');
      },
      // What was written a moment ago is read once more, so that no edit of the same moment is missed.
      'no-op build': () => build('upToDate'),
      'one file of 1,000 changed': async () => {
        await appendFile(join(folder, 'raw', '0500.csv'), row);
        await build('built', FILES - 1);
      },
    });
    const [cold] = results;
    if (!cold) return;
    console.log(
      `\nBuild of ${FILES} CSV files, ${megabytes} MB in all, to Parquet, ${availableParallelism()} threads, ${rounds} rounds`,
    );
    console.log(`The cold build takes ${((cold.median / FILES) * 1000).toFixed(1)} ms per file`);
    print([
      ['', 'median', 'of the cold build', 'all'],
      ...results.map(({ name, median, seconds }) => [
        name,
        `${median.toFixed(2)} s`,
        `${((median / cold.median) * 100).toFixed(1)} %`,
        seconds.map((each) => each.toFixed(2)).join(' '),
      ]),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Cuts a CSV into files of as many lines each, every one with the header. */
async function cut(csv: string, folder: string): Promise<void> {
  const bytes = await readFile(csv);
  const header = bytes.subarray(0, bytes.indexOf('\n') + 1);
  for (let index = 0, start = header.length; index < FILES; index++) {
    const share = header.length + Math.floor(((bytes.length - header.length) * (index + 1)) / FILES);
    const end = index === FILES - 1 ? bytes.length : bytes.indexOf('\n', share - 1) + 1;
    await writeFile(join(folder, `${String(index).padStart(4, '0')}.csv`), [header, bytes.subarray(start, end)]);
    start = end;
  }
}
