/** Size and time of every codec, on the same data: the table of the README. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import type { BuildReport } from '../../src/protocol';
import { eventsCsv } from './data';
import { print } from './measure';

const run = promisify(execFile);

const outputs = [
  ['parquet', 'none'],
  ['parquet', 'snappy'],
  ['parquet', 'lz4'],
  ['parquet', 'zstd:1'],
  ['parquet', 'zstd:3'],
  ['parquet', 'zstd:9'],
  ['parquet', 'zstd:19'],
  ['parquet', 'gzip'],
  ['parquet', 'brotli'],
  ['csv', 'none'],
  ['csv', 'gzip:6'],
  ['csv', 'zstd'],
  ['jsonl', 'none'],
  ['jsonl', 'gzip:6'],
  ['jsonl', 'zstd'],
  ['arrow', 'none'],
] as const;

export async function benchCodecs({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const csv = await eventsCsv(megabytes);
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const rows: string[][] = [['output', 'size', 'of the CSV', 'time to write']];
  try {
    await writeFile(
      join(folder, '.mldata.yaml'),
      `version: 1\ndatasets:\n  events:\n    source: ${JSON.stringify(csv)}\n`,
    );
    for (const [format, compression] of outputs) {
      const times: number[] = [];
      let size = 0;
      for (let round = 0; round < rounds; round++) {
        const args = [
          resolve('dist/cli.js'),
          'build',
          '--force',
          '--json',
          '--quiet',
          '--allow-outside-paths',
          '--format',
          format,
          '--compression',
          compression,
        ];
        const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 });
        const [dataset] = (JSON.parse(stdout) as BuildReport).datasets;
        times.push((dataset?.steps.find(({ step }) => step === 'write')?.durationMs ?? 0) / 1000);
        size = dataset?.artifacts[0]?.bytes ?? 0;
      }
      rows.push([
        `${format} ${compression}`,
        `${(size / 1e6).toFixed(1)} MB`,
        `${Math.round((size / (megabytes * 1e6)) * 100)} %`,
        `${median(times).toFixed(2)} s`,
      ]);
    }
    console.log(`\nCodecs: the ${megabytes} MB CSV of the build benchmark, no split, median of ${rounds}`);
    print(rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
