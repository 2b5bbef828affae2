/** A build of a CSV with declared schema and stratified split, against DuckDB's raw `COPY` of the same file. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import type { BuildReport } from '../../src/protocol';
import { eventsCsv } from './data';
import { inTurn, print } from './measure';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');

const columns = `
        id: { type: integer, required: true, unique: true }
        user: { type: string, pattern: 'u[0-9]{6}' }
        ts: datetime
        amount: { type: number, minimum: 0, maximum: 200 }
        price: { type: number, minimum: 0 }
        qty: { type: integer, minimum: 0, maximum: 999 }
        flag: boolean
        category: { type: string, enum: [alpha, beta, gamma, delta, epsilon] }
        city: string
        score: { type: number, minimum: 0, maximum: 1 }
        lat: { type: number, minimum: -90, maximum: 90 }
        lon: { type: number, minimum: -180, maximum: 180 }
        comment: { type: string, maxLength: 100 }
        ratio: number
        label: { type: string, enum: [A, B, C], role: target }`;

const types = {
  id: 'BIGINT',
  user: 'VARCHAR',
  ts: 'TIMESTAMP',
  amount: 'DOUBLE',
  price: 'DOUBLE',
  qty: 'BIGINT',
  flag: 'BOOLEAN',
  category: 'VARCHAR',
  city: 'VARCHAR',
  score: 'DOUBLE',
  lat: 'DOUBLE',
  lon: 'DOUBLE',
  comment: 'VARCHAR',
  ratio: 'DOUBLE',
  label: 'VARCHAR',
};

/** The peer: one statement in a process of its own, with the same threads, codec and types. */
function rawCopy(csv: string, output: string): string {
  const list = Object.entries(types)
    .map(([name, type]) => `'${name}': '${type}'`)
    .join(', ');
  return (
    `const { DuckDBInstance } = require('@duckdb/node-api');` +
    `(async () => { const c = await (await DuckDBInstance.create(':memory:', { threads: '${availableParallelism()}' })).connect();` +
    `await c.run(${JSON.stringify(`COPY (FROM read_csv('${csv}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${list}})) TO '${output}' (FORMAT parquet, COMPRESSION zstd)`)}); })()`
  );
}

/** Datasets, each from its CSV. */
export function eventsConfig(sources: Readonly<Record<string, string>>): string {
  const datasets = Object.entries(sources).map(
    ([name, csv]) =>
      `  ${name}:\n    source: ${JSON.stringify(csv)}\n    schema:\n      columns:${columns}\n    split: { train: 0.8, validation: 0.1, test: 0.1, stratify: label, seed: 42 }\n    output: { formats: [parquet], compression: zstd }\n`,
  );
  return `version: 1\ndatasets:\n${datasets.join('')}`;
}

export async function benchBuild({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const csv = await eventsCsv(megabytes);
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const reports: BuildReport[] = [];
  try {
    await writeFile(join(folder, '.mldata.yaml'), eventsConfig({ events: csv }));
    const results = await inTurn(rounds, {
      'mldata build': async () => {
        const { stdout } = await run(
          process.execPath,
          [cli, 'build', '--force', '--json', '--quiet', '--allow-outside-paths'],
          {
            cwd: folder,
            maxBuffer: 1 << 26,
          },
        );
        reports.push(JSON.parse(stdout) as BuildReport);
      },
      'raw COPY': async () => {
        await run(process.execPath, ['-e', rawCopy(csv, join(folder, 'raw.parquet'))], { cwd: dirname(cli) });
      },
    });
    const [ours, raw] = results;
    if (!ours || !raw) return;
    console.log(
      `\nBuild of a ${megabytes} MB CSV (15 columns, declared schema, stratified 80/10/10) to zstd Parquet, ${availableParallelism()} threads, ${rounds} rounds`,
    );
    print([
      ['', 'median', 'all'],
      ...results.map(({ name, median: middle, seconds }) => [
        name,
        `${middle.toFixed(2)} s`,
        seconds.map((each) => each.toFixed(2)).join(' '),
      ]),
      [
        'ratio',
        (ours.median / raw.median).toFixed(2),
        ours.seconds.map((each, index) => (each / (raw.seconds[index] ?? each)).toFixed(2)).join(' '),
      ],
    ]);
    const builds = reports.slice(1).flatMap(({ datasets }) => datasets);
    const names = builds[0]?.steps.map(({ step }) => step) ?? [];
    print([
      ['step', ...names, 'peak memory'],
      [
        'median',
        ...names.map(
          (name) => `${median(builds.map(({ steps }) => steps.find(({ step }) => step === name)?.durationMs ?? 0))} ms`,
        ),
        `${Math.round(Math.max(...builds.map(({ peakMemoryBytes = 0 }) => peakMemoryBytes)) / 1e6)} MB`,
      ],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
