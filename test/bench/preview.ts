/** A preview of a large file, from its first 10,000 rows: asked to take less than two seconds. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventsCsv } from './data';
import { inTurn, print } from './measure';

const run = promisify(execFile);

export async function benchPreview({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  try {
    await writeFile(
      join(folder, '.mldata.yaml'),
      `version: 1\ndatasets:\n  events:\n    source: ${JSON.stringify(await eventsCsv(megabytes))}\n` +
        '    split: { train: 0.8, test: 0.2, seed: 42 }\n' +
        '    transforms:\n      - filter: { expression: price >= 0.5 }\n      - derive: { column: total, expression: price * qty }\n' +
        '      - standard_scale: { columns: [amount, score] }\n      - one_hot: { columns: city }\n',
    );
    const [result] = await inTurn(rounds, {
      preview: async () => {
        const args = [resolve('dist/cli.js'), 'preview', 'events', '--json', '--quiet', '--allow-outside-paths'];
        await run(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 });
      },
    });
    if (!result) return;
    console.log(
      `\nPreview of four steps on a ${megabytes} MB CSV, ${availableParallelism()} threads, ${rounds} rounds`,
    );
    print([
      ['median', 'all'],
      [`${result.median.toFixed(2)} s`, result.seconds.map((each) => each.toFixed(2)).join(' ')],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
