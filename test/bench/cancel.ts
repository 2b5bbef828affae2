/** How long a build goes on after it was cancelled, in each of its steps. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { buildSteps, MldataError } from '../../src/protocol';
import { eventsCsv } from './data';
import { inTurn, print } from './measure';

export async function benchCancel({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  try {
    const configPath = join(folder, '.mldata.yaml');
    await writeFile(
      configPath,
      `version: 1\ndatasets:\n  events:\n    source: ${JSON.stringify(await eventsCsv(megabytes))}\n` +
        '    split: { train: 0.8, test: 0.2, seed: 42 }\n',
    );
    const engine = new LocalEngine(resolve('dist/job.js'));
    const late = new Map<string, number[]>(buildSteps.map((step) => [step, []]));
    const cancelIn = (step: string) => async () => {
      const controller = new AbortController();
      let cancelledAt = 0;
      const build = engine.build(
        { configPath, force: true, cache: false, allowOutsidePaths: true },
        (progress) => {
          if (progress.step !== step || controller.signal.aborted) return;
          cancelledAt = performance.now();
          controller.abort();
        },
        controller.signal,
      );
      await build.catch((error: unknown) => {
        if (!(error instanceof MldataError && error.kind === 'cancelled')) throw error;
      });
      if (cancelledAt > 0) late.get(step)?.push(performance.now() - cancelledAt);
    };
    await inTurn(rounds, Object.fromEntries(buildSteps.map((step) => [step, cancelIn(step)])));
    console.log(`\nCancelling a build of a ${megabytes} MB CSV, from the request to the end of all that ran`);
    print([
      ['in the step', 'milliseconds'],
      ...[...late]
        .filter(([, times]) => times.length > 0)
        .map(([step, times]) => [step, times.map((each) => each.toFixed(0)).join(' ')]),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
