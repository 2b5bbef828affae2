/** Builds that are killed at any moment: what can be seen is whole, and the next build works. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { readManifest } from '../../src/engine/manifest';
import { buildSteps } from '../../src/protocol';
import { withoutRecording } from '../host/recording';
import { startCli, until } from './commandLine';
import { config, Workspace } from './support';
import { leftovers, table, wholeBuild } from './whole';

const several = config(
  'data.csv',
  'transforms: [ { derive: { column: twice, expression: value * 2 } }, { standard_scale: { columns: value } } ]\n' +
    'split: { train: 0.8, validation: 0.1, test: 0.1, stratify: label, seed: 7 }\n' +
    'checks: { row_count: { minimum: 1 } }\n' +
    'output: { formats: [parquet, csv] }',
);

/** Builds, and kills after so many milliseconds; false where it was done by then. */
type Kill = (space: Workspace, after: number, turn: number) => Promise<boolean>;

const wait = (milliseconds: number) => new Promise((next) => setTimeout(next, milliseconds));

const killAll: Kill = async (space, after) => {
  const run = startCli(space, ['build', '--workers', '2']);
  await run.said(/d: looking for files/);
  await wait(after);
  if (run.child.exitCode === null) run.signalGroup('SIGKILL');
  const end = await run.ended();
  await until(async () => (await run.alive()).length === 0);
  return end === 'SIGKILL';
};

/** What a build does in its job; what comes after that is in dvcKill.test.ts and driftHistory.test.ts, what before in pull.test.ts. */
const killable = buildSteps.filter((step) => !['fetch', 'track', 'compare'].includes(step));

/** Within the steps by turns. Its parent lives, and cleans up. */
const killJob: Kill = async (space, after, turn) => {
  const pid = space.path('job.pid');
  const entry = space.path('job.cjs');
  await rm(pid, { force: true });
  // Whoever sees the file sees the whole number in it.
  const note = `const fs = require('node:fs'); fs.writeFileSync(${JSON.stringify(`${pid}.part`)}, String(process.pid)); fs.renameSync(${JSON.stringify(`${pid}.part`)}, ${JSON.stringify(pid)});`;
  await writeFile(entry, `${note} require(${JSON.stringify(resolve('dist/job.js'))});`);
  const at = killable[turn % killable.length];
  let killing: Promise<void> | undefined;
  const { datasets } = await new LocalEngine(entry).build(
    { configPath: space.path('.mldata.yaml'), threads: 2 },
    ({ step }) => {
      if (step === at) killing ??= killLater(pid, after);
    },
    new AbortController().signal,
  );
  await killing;
  return datasets[0]?.error?.code === 'job-died';
};

/** The first step is begun before there is a job. */
async function killLater(pidFile: string, after: number): Promise<void> {
  await until(() => existsSync(pidFile));
  await wait(after);
  const pid = Number(await readFile(pidFile, 'utf8'));
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it was done
  }
}

/** Multiples of it leave no gap between 0 and 1 for long, however many there are. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

describe('a build that is killed with SIGKILL', () => {
  withoutRecording();
  for (const [who, kills, kill, within] of [
    ['the process that builds', 160, killJob, 25],
    ['all its processes', 40, killAll, 500],
  ] as const) {
    it(`${who}, at ${kills} moments spread over it, leaves one build whole, and the next works`, async () => {
      let [done, turns] = [0, 0];
      /** One workspace that is built and killed over and over. */
      const lane = async () => {
        // What is killed runs in processes; the builds around it need none.
        const space = await Workspace.create({ '.mldata.yaml': several, 'data.csv': table(20) });
        try {
          assert.equal((await space.buildOne()).status, 'built');
          /** Milliseconds. */
          let longest: number = within;
          for (let rows = 21; done < kills; rows++) {
            await space.write('data.csv', table(rows));
            const turn = turns++;
            const moment = ((turn * GOLDEN) % 1) * longest;
            if (!(await kill(space, moment, turn))) {
              longest = Math.max(5, (longest + moment) / 2);
              continue;
            }
            done++;
            // What a reader sees before anybody tidies up.
            const seen = (await readManifest(space.path('datasets/d'))) && (await wholeBuild(space.path('datasets/d')));
            assert.ok(!seen || seen.rows === rows || seen.rows === rows - 1, `${seen?.rows} rows`);
            const next = await space.buildOne();
            assert.ok(next.status === 'built' || next.status === 'upToDate', next.error?.message);
            assert.equal((await wholeBuild(space.path('datasets/d'))).rows, rows, `killed after ${moment} ms`);
            assert.deepEqual(await leftovers(space.folder), [], `killed after ${moment} ms`);
          }
        } finally {
          await space.remove();
        }
      };
      await Promise.all(Array.from({ length: availableParallelism() }, lane));
    }).timeout(600_000);
  }
});
