/** Time to the first figures of a Parquet file, before all of it is read: `--megabytes 10700` is one of 184 million rows. */
import { stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { median } from 'simple-statistics';
import { LocalEngine } from '../../src/engine';
import type { ProfileUpdate } from '../../src/protocol';
import { eventsCsv } from './data';
import { print } from './measure';
import { asParquet, described, repeated } from './parquet';

const CSV_MEGABYTES = 150;

export async function benchFirst({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const parquet = await asParquet(await eventsCsv(CSV_MEGABYTES));
  const { size } = await stat(parquet);
  const large = await repeated(parquet, Math.max(1, Math.round((megabytes * 1e6) / size)));
  const seconds: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const first = await firstFigures(large);
    if (round >= 0) seconds.push(first);
  }
  console.log(`\nFirst figures of ${await described(large)}`);
  print([
    ['', 'median', 'all'],
    ['first update', `${median(seconds).toFixed(2)} s`, seconds.map((each) => each.toFixed(2)).join(' ')],
  ]);
}

/** Seconds; the rest of the profile is cancelled. */
async function firstFigures(file: string): Promise<number> {
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
  const request = { target: file, folder: tmpdir(), threads: availableParallelism() };
  await new LocalEngine(resolve('dist/job.js')).profile(request, listener, controller.signal).catch(() => undefined);
  if (first === 0) throw new Error(`There was no first look at ${file}: it is too small, or all of it was read first`);
  return first / 1000;
}
