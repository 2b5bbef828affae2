/** Timing commands against each other: in turn, in one run, as medians and ratios. */
import { median } from 'simple-statistics';

export interface Measured {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly median: number;
}

/**
 * Runs the contestants in turn (A B A B …) after one round that does not count.
 * @param prepare what comes before each, and is not measured
 */
export async function inTurn(
  rounds: number,
  contestants: Readonly<Record<string, () => Promise<void>>>,
  prepare: (name: string) => Promise<void> = () => Promise.resolve(),
): Promise<Measured[]> {
  const times = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      await prepare(name);
      const started = performance.now();
      await run();
      if (round >= 0) times.get(name)?.push((performance.now() - started) / 1000);
    }
  }
  return [...times].map(([name, seconds]) => ({ name, seconds, median: median(seconds) }));
}

/** For what takes minutes: one time, without a round before. Undefined, and said why, where it fails. */
export async function once(name: string, contestant: () => Promise<unknown>): Promise<Measured | undefined> {
  const started = performance.now();
  const failed = await contestant().then(
    () => undefined,
    (error: unknown) => String(error).trim().split('\n').at(-1),
  );
  const seconds = (performance.now() - started) / 1000;
  if (failed === undefined) return { name, seconds: [seconds], median: seconds };
  console.log(`\nNo comparison with ${name}: ${failed}`);
  return undefined;
}

export function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
    if (row === rows[0]) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  }
}
