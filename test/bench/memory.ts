/** A CSV far larger than the memory limit: how much memory each process takes at most, and that nothing stays behind. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { watch } from '../host/peakMemory';
import { exitOf } from '../host/processes';
import type { BuildReport } from '../../src/protocol';
import { writeEventsCsv } from './data';
import { print } from './measure';

const LIMIT = '512MB';
const ASKED_BYTES = 1e9;

const config = `version: 1
datasets:
  events:
    source: events.csv
    schema:
      columns:
        id: { type: integer, required: true, unique: true }
        ts: datetime
        amount: { type: number, minimum: 0, maximum: 200 }
        label: { type: string, enum: [A, B, C], role: target }
    transforms: [{ standard_scale: { columns: [amount, score] } }]
    split: { train: 0.8, validation: 0.1, test: 0.1, stratify: label, seed: 42 }
`;

export async function benchMemory({ megabytes }: { megabytes: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  try {
    await writeFile(join(folder, '.mldata.yaml'), config);
    // Too large to be kept for the next time.
    await writeEventsCsv(join(folder, 'events.csv'), megabytes);
    const scratch = join(folder, '.mldata', 'tmp');
    const started = performance.now();
    const args = [resolve('dist/cli.js'), 'build', '--json', '--quiet', '--memory-limit', LIMIT];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const watched = watch(child.pid ?? 0, scratch);
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await exitOf(child);
    watched.stop();
    const seconds = (performance.now() - started) / 1000;
    const [dataset] = (JSON.parse(stdout) as BuildReport).datasets;
    if (dataset?.status !== 'built') throw new Error(dataset?.error?.message ?? 'Nothing was built');
    const left = await readdir(scratch);
    if (left.length > 0) throw new Error(`The build left ${left.join(', ')} in its scratch folder`);
    const [parent = 0, ...jobs] = watched.peaks();
    const job = Math.max(dataset.peakMemoryBytes ?? 0, ...jobs);
    console.log(
      `\nBuild of a ${megabytes} MB CSV (${dataset.rows.toLocaleString('en')} rows) with --memory-limit ${LIMIT}, ${availableParallelism()} threads`,
    );
    print([
      ['time', 'peak of the job', 'peak of its parent', 'most on disk in .mldata/tmp', 'left there'],
      [`${seconds.toFixed(0)} s`, mb(job), mb(parent), mb(watched.peakBytes()), 'nothing'],
    ]);
    if (job > ASKED_BYTES) throw new Error(`The job took ${mb(job)}, more than ${mb(ASKED_BYTES)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
