/** A full validation against DuckDB's own `SUMMARIZE` of the same file. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { inTurn, print } from './measure';
import { summarize } from './summarize';
import { wideParquet } from './wide';

const run = promisify(execFile);
const cli = resolve('dist/cli.js');
const threads = availableParallelism();

/** Rows of 15 columns: numbers with gaps, categories, texts, dates and a target. */
export async function benchValidate({ rows, rounds }: { rows: number; rounds: number }): Promise<void> {
  const file = await wideParquet(rows);
  const results = await inTurn(rounds, {
    SUMMARIZE: () => summarize(file),
    'mldata validate': () => validate(file),
  });
  const peer = results[0]?.median ?? NaN;
  console.log(`\nValidation of a Parquet of ${rows} rows and 15 columns, ${threads} threads, ${rounds} rounds`);
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

async function validate(file: string): Promise<void> {
  await run(process.execPath, [cli, 'validate', file, '--json', '--quiet', '--fail-on', 'never'], {
    cwd: dirname(file),
    maxBuffer: 1 << 28,
  });
}
