/** Every transform on 100,000 rows: a build with it alone beyond one without, and a build with all. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { transforms } from '../../src/config/transforms';
import { eventsCsv } from './data';
import { print } from './measure';

const run = promisify(execFile);
const ROWS = 100_000;

/** Parameters of each, in an order in which they can stand after each other. */
const steps: Readonly<Record<string, string>> = {
  rename: '{ columns: { comment: text } }',
  cast: '{ columns: { flag: integer } }',
  trim: '{ columns: [category, city] }',
  lowercase: '{ columns: [category, city] }',
  replace: '{ columns: text, pattern: "[aeiou]+", with: _ }',
  map: '{ columns: category, values: { alpha: first, beta: second } }',
  filter: '{ expression: price >= 0.5 }',
  sort: '{ by: [city, { column: price, order: desc }] }',
  join: '{ file: weights.csv, on: qty }',
  union: '{ file: more.csv }',
  sql: 'SELECT * FROM input WHERE qty > 0',
  deduplicate: '{ columns: [user, ts] }',
  sample: '{ share: 0.99 }',
  drop_missing: '{}',
  derive: '{ column: total, expression: price * qty }',
  datetime_parts: '{ columns: ts, parts: [year, month, day, weekday, hour] }',
  text_length: '{ columns: text, unit: words }',
  log: '{ columns: price }',
  hash_encode: '{ columns: label, buckets: 16 }',
  fill_missing: '{ columns: [amount, score], strategy: median, groupBy: city }',
  clip: '{ columns: amount, quantiles: [0.01, 0.99] }',
  bin: '{ columns: lat, quantile: 10 }',
  standard_scale: '{ columns: [amount, score, ratio] }',
  minmax_scale: '{ columns: qty }',
  robust_scale: '{ columns: lon }',
  power: '{ columns: [price, total] }',
  target_encode: '{ columns: user, target: qty }',
  frequency_encode: '{ columns: text }',
  ordinal: '{ columns: category }',
  one_hot: '{ columns: city }',
  drop: '{ columns: id }',
  select: '{ columns: [amount, score, ratio, price, total, user, text, category] }',
};

/** Columns that earlier steps make, for those that are run alone. */
const before: Readonly<Record<string, readonly string[]>> = {
  replace: ['rename'],
  text_length: ['rename'],
  frequency_encode: ['rename'],
  power: ['derive'],
  select: ['rename', 'derive'],
};

export async function benchTransforms({ rounds }: { rounds: number }): Promise<void> {
  const left = Object.keys(transforms).filter((name) => !(name in steps));
  if (left.length > 0) throw new Error(`The benchmark has no parameters for ${left.join(', ')}`);
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const build = async (names: readonly string[]): Promise<number> => {
    const list = names.map((name) => `{ ${name}: ${steps[name]} }`).join(', ');
    await writeFile(
      join(folder, '.mldata.yaml'),
      `version: 1\ndatasets:\n  events:\n    source: events.csv\n    split: { train: 0.8, test: 0.2, seed: 42 }\n    transforms: [${list}]\n`,
    );
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await run(process.execPath, [resolve('dist/cli.js'), 'build', '--force', '--quiet'], { cwd: folder });
      seconds.push((performance.now() - started) / 1000);
    }
    return median(seconds);
  };
  try {
    await firstRows(await eventsCsv(50), join(folder, 'events.csv'));
    await writeFile(
      join(folder, 'weights.csv'),
      `qty,weight\n${Array.from({ length: 1000 }, (_, index) => `${index},${index / 7}`).join('\n')}\n`,
    );
    await writeFile(join(folder, 'more.csv'), `qty\n${'1\n'.repeat(1000)}`);
    const bare = await build([]);
    const rows: string[][] = [
      ['transform', 'a build with it', 'beyond one without'],
      ['none', `${bare.toFixed(2)} s`, ''],
    ];
    for (const name of Object.keys(steps)) {
      const earlier = before[name] ?? [];
      const without = earlier.length === 0 ? bare : await build(earlier);
      const own = await build([...earlier, name]);
      rows.push([name, `${own.toFixed(2)} s`, `${(own - without).toFixed(2)} s`]);
    }
    const total = await build(Object.keys(steps));
    console.log(
      `\nTransforms of ${ROWS} rows of the build benchmark, ${availableParallelism()} threads, median of ${rounds}`,
    );
    print([...rows, ['all', `${total.toFixed(2)} s`, `${(total - bare).toFixed(2)} s`]]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstRows(csv: string, target: string): Promise<void> {
  const lines: string[] = [];
  const input = createReadStream(csv);
  for await (const line of createInterface({ input })) {
    if (lines.push(line) > ROWS) break;
  }
  input.destroy();
  if (lines.length <= ROWS) throw new Error(`${csv} has only ${lines.length} lines`);
  await writeFile(target, `${lines.join('\n')}\n`);
}
