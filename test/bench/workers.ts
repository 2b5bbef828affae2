/** The same build on one core and on more; several datasets side by side against one after the other. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventsConfig } from './build';
import { eventsCsv } from './data';
import { inTurn, print, type Measured } from './measure';

const run = promisify(execFile);
const DATASETS = 8;
const TASKSET = '/usr/bin/taskset';

export async function benchWorkers({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const csv = await eventsCsv(megabytes);
  const small = await eventsCsv(Math.ceil(megabytes / DATASETS));
  const build = (config: string, workers: number) => async () => {
    const args = [
      'build',
      '--force',
      '--quiet',
      '--allow-outside-paths',
      '--config',
      config,
      '--workers',
      `${workers}`,
    ];
    const [command = '', ...more] = [...onCores(workers), process.execPath, resolve('dist/cli.js'), ...args];
    await run(command, more, { cwd: folder });
  };
  try {
    await writeFile(join(folder, 'one.yaml'), eventsConfig({ events: csv }));
    const several = Object.fromEntries(Array.from({ length: DATASETS }, (_, index) => [`events${index}`, small]));
    await writeFile(join(folder, 'several.yaml'), eventsConfig(several));
    const counts = [1, 2, 4, 8].filter((count) => count <= availableParallelism());
    const contestants = (config: string) =>
      Object.fromEntries(
        counts.map((count) => [
          `--workers ${count}${existsSync(TASKSET) ? `, ${count} cores` : ''}`.replace(/\b1 cores/, '1 core'),
          build(config, count),
        ]),
      );
    report(`Build of a ${megabytes} MB CSV, ${rounds} rounds`, await inTurn(rounds, contestants('one.yaml')));
    report(
      `Build of ${DATASETS} datasets of ${Math.ceil(megabytes / DATASETS)} MB each: with one worker one after the other, with more side by side, ${rounds} rounds`,
      await inTurn(rounds, contestants('several.yaml')),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The engine never runs on fewer than two threads; that these have no more than so many cores, only the system can say. */
function onCores(count: number): string[] {
  return existsSync(TASKSET) ? [TASKSET, '-c', `0-${count - 1}`] : [];
}

function report(title: string, results: readonly Measured[]): void {
  const [first] = results;
  if (!first) return;
  console.log(`\n${title}`);
  print([
    ['', 'median', 'times as fast', 'all'],
    ...results.map(({ name, median, seconds }) => [
      name,
      `${median.toFixed(2)} s`,
      (first.median / median).toFixed(2),
      seconds.map((each) => each.toFixed(2)).join(' '),
    ]),
  ]);
}
