/** Pages of the data grid at random places: 200 rows of 20 columns, asked to take less than 100 ms in 95 of 100 cases. */
import { existsSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { quantileSorted } from 'simple-statistics';
import { LocalEngine } from '../../src/engine';
import { Database, text } from '../../src/engine/duckdb';
import type { GridView } from '../../src/protocol';
import { cache } from './data';
import { print } from './measure';

const COLUMNS = 20;
const PAGES = 60;
const PAGE_ROWS = 200;
/** How long to wait for a view to be copied in its order. */
const PATIENCE_MS = 120_000;

const never = new AbortController().signal;

export async function benchGrid({ rows }: { rows: number }): Promise<void> {
  console.log(
    `\nPages of ${PAGE_ROWS} rows × ${COLUMNS} columns of ${rows.toLocaleString('en')} rows, ${availableParallelism()} threads`,
  );
  const table = [['', 'first page', 'p50', 'p95', 'longest', 'settled after']];
  for (const format of ['parquet', 'csv'] as const) {
    const file = await dataOf(rows, format);
    const engine = new LocalEngine(resolve('dist/job.js'));
    try {
      const started = performance.now();
      const { id, rows: opened } = await engine.openGrid({ target: file, folder: resolve('.') }, never);
      const size = (await stat(file)).size / 1e6;
      console.log(`${format}, ${size.toFixed(0)} MB: opened ${opened} rows in ${seconds(performance.now() - started)}`);
      for (const [name, view] of Object.entries(views)) {
        const row = [`${format}, ${name}`, ...(await pagesOf(engine, id, view))];
        console.log(row.join('  '));
        table.push(row);
      }
    } finally {
      await engine.close();
    }
  }
  print(table);
}

const half = [{ column: 'c4', operator: 'less' as const, values: ['500000'] }];
const few = [{ column: 'c4', operator: 'less' as const, values: ['100'] }];
const views: Readonly<Record<string, GridView>> = {
  'as it stands': { filters: [], sort: [] },
  'half of the rows': { filters: half, sort: [] },
  '1 row of 10,000': { filters: few, sort: [] },
  'sorted by a number': { filters: [], sort: [{ column: 'c1', descending: true }] },
  'half of the rows, sorted by a text': { filters: half, sort: [{ column: 'c2', descending: false }] },
};

/** Times of the first page, of pages at random places at once, and of those once they take no longer than they will. */
async function pagesOf(engine: LocalEngine, id: string, view: GridView): Promise<string[]> {
  const began = performance.now();
  const time = async (offset: number): Promise<{ ms: number; rows: number }> => {
    const started = performance.now();
    const { rows } = await engine.gridPage({ id, view, offset, limit: PAGE_ROWS }, never);
    return { ms: performance.now() - started, rows };
  };
  const first = await time(0);
  const random = randomNumbers(1);
  const anywhere = (): number => Math.floor(random() * Math.max(1, first.rows - PAGE_ROWS));
  let fast = 0;
  while (fast < 5 && performance.now() - began < PATIENCE_MS) {
    const { ms } = await time(anywhere());
    fast = ms < 100 ? fast + 1 : 0;
    // Somebody who looks at a page leaves the engine the time to go on.
    if (ms >= 100) await new Promise((done) => setTimeout(done, 1000));
  }
  const settled = performance.now() - began;
  const times: number[] = [];
  for (let page = 0; page < PAGES; page++) times.push((await time(anywhere())).ms);
  times.sort((a, b) => a - b);
  return [
    `${first.ms.toFixed(0)} ms`,
    ...[0.5, 0.95, 1].map((share) => `${quantileSorted(times, share).toFixed(0)} ms`),
    seconds(settled),
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Numbers, texts and times in no order, the same each time, kept in the user's cache folder. */
async function dataOf(rows: number, format: 'parquet' | 'csv'): Promise<string> {
  const file = join(cache, `grid-${rows}-v1.${format}`);
  if (existsSync(file)) return file;
  await mkdir(cache, { recursive: true });
  const draft = `${file}.${process.pid}`;
  const values = Array.from({ length: COLUMNS }, (_, index) => `${valueOf(index)} AS c${index}`);
  const database = await Database.open({
    threads: availableParallelism(),
    memoryLimit: '2GB',
    spillFolder: join(tmpdir(), `mldata-bench-${process.pid}`),
  });
  try {
    await database.run(
      `COPY (SELECT ${values.join(', ')} FROM range(${rows}) AS r(i)) TO ${text(draft)} (FORMAT ${format})`,
    );
  } finally {
    database.close();
  }
  await rename(draft, file);
  return file;
}

function valueOf(index: number): string {
  switch (index % 4) {
    case 0:
      return `hash(i, ${index}) % 1000000`;
    case 1:
      return `hash(i, ${index}) / 18446744073709551616.0::DOUBLE`;
    case 2:
      return `'text ' || hash(i, ${index}) % 50000`;
    default:
      return `TIMESTAMP '2020-01-01' + to_seconds(CAST(i * ${index} AS BIGINT))`;
  }
}
