import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import {
  buildSteps,
  MldataError,
  type BuildReport,
  type BuildStep,
  type Progress,
  type RunOptions,
} from '../../src/protocol';
import { withoutRecording } from '../host/recording';
import { startCli, until } from './commandLine';
import { config, inProcesses, Workspace, workspaces } from './support';
import { exceptKept, leftovers, table, wholeBuild } from './whole';

/** Slow enough in every step to be met there. */
const slow = config(
  '"*.csv"',
  'transforms: [ { filter: { expression: value >= 0 } }, { standard_scale: { columns: value } } ]\n' +
    'split: { train: 0.8, validation: 0.1, test: 0.1, stratify: label, seed: 7 }\n' +
    'checks: { missing: 5% }\n' +
    'output: { formats: [parquet, csv], compression: { parquet: zstd:15, csv: gzip:9 } }',
);
const big = table(80_000);
const small = table(100);

/** Builds and aborts with the first progress that the condition holds for. */
async function buildUntil(
  space: Workspace,
  condition: (progress: Progress) => boolean,
  request: RunOptions = {},
): Promise<BuildReport | MldataError> {
  const controller = new AbortController();
  const build = space.build(
    request,
    (progress) => {
      if (condition(progress)) controller.abort();
    },
    controller.signal,
  );
  const outcome = await build.catch((error: unknown) => {
    assert.ok(error instanceof MldataError, String(error));
    return error;
  });
  assert.ok(controller.signal.aborted, 'the condition was never met');
  return outcome;
}

describe('cancelling a build', () => {
  withoutRecording();
  const workspace = workspaces(inProcesses);

  /** At these it may be too late: the rows are written, or the build stands. */
  const late: readonly BuildStep[] = ['hash', 'publish', 'track', 'compare'];
  /** What is fetched is in pull.test.ts. */
  const elsewhere: readonly BuildStep[] = ['fetch'];
  const moments: [string, (progress: Progress) => boolean][] = [
    ...buildSteps
      .filter((step) => ![...late, ...elsewhere].includes(step))
      .map((step): [string, (progress: Progress) => boolean] => [
        `at the start of ${step}`,
        (seen) => seen.step === step,
      ]),
    ['in the middle of reading', ({ step, detail }) => step === 'read' && detail === 'more.csv'],
    ['in the middle of writing', ({ step, detail }) => step === 'write' && detail !== undefined],
  ];
  for (const [moment, condition] of moments) {
    it(`leaves what was there before and nothing else: ${moment}`, async () => {
      const space = await workspace({ '.mldata.yaml': slow, 'data.csv': small, 'more.csv': small });
      await space.buildOne();
      const before = exceptKept(await space.files());
      const { createdAt } = await wholeBuild(space.path('datasets/d'));
      await space.write('data.csv', big);
      await space.write('more.csv', big);
      const outcome = await buildUntil(space, condition);
      assert.ok(outcome instanceof MldataError && outcome.kind === 'cancelled', 'the build was not cancelled');
      assert.deepEqual(exceptKept(await space.files()), before);
      assert.deepEqual(await leftovers(space.folder), []);
      assert.equal((await wholeBuild(space.path('datasets/d'))).createdAt, createdAt);
    });
  }

  for (const last of ['hash', 'publish'] as const) {
    it(`may be too late once everything is written: old or new, but whole, and told as it is: at the start of ${last}`, async () => {
      const space = await workspace({ '.mldata.yaml': slow, 'data.csv': small });
      await space.buildOne();
      await space.write('data.csv', table(101));
      const outcome = await buildUntil(space, ({ step }) => step === last);
      const { rows } = await wholeBuild(space.path('datasets/d'));
      assert.equal(rows, outcome instanceof MldataError ? 100 : 101);
      if (!(outcome instanceof MldataError)) assert.equal(outcome.datasets[0]?.status, 'built');
      assert.deepEqual(await leftovers(space.folder), []);
    });
  }

  it('leaves no folder of a first build', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': big });
    await buildUntil(space, ({ step }) => step === 'write');
    assert.deepEqual(await space.files(), ['.mldata.yaml', '.mldata/.gitignore', 'data.csv']);
  });

  it('stops before anything starts when it was cancelled already', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': small });
    await assert.rejects(
      space.build({}, () => undefined, AbortSignal.abort()),
      { kind: 'cancelled' },
    );
    assert.deepEqual(await space.files('datasets'), []);
  });

  it('builds none of the datasets that follow', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: a.csv }\n  b: { source: b.csv }\n',
      'a.csv': small,
      'b.csv': small,
    });
    const begun = ({ dataset, step }: Progress) => dataset === 'b' && step === 'resolve';
    const outcome = await buildUntil(space, begun, { threads: 1 });
    assert.ok(outcome instanceof MldataError && outcome.kind === 'cancelled');
    assert.equal(outcome.message, 'Cancelled. a was built before that; nothing else was changed.');
    await wholeBuild(space.path('datasets/a'));
    assert.deepEqual(await space.files('datasets/b'), []);
  });
});

describe('cancelling what is no build', () => {
  withoutRecording();
  let space: Workspace;
  const engine = new LocalEngine(resolve('dist/job.js'));
  const ignore = () => undefined;
  const all: [string, (signal: AbortSignal) => Promise<unknown>][] = [
    ['a preview', (signal) => engine.preview({ configPath: space.path('.mldata.yaml'), dataset: 'd' }, signal)],
    [
      'steps applied to new data',
      (signal) => {
        const [manifest, files, output] = [space.path('datasets/d'), [space.path('new.csv')], space.path('out')];
        return engine.apply({ manifest, files, output }, ignore, signal);
      },
    ],
    [
      'a rebuild',
      (signal) => engine.rebuild({ targets: ['datasets/d'], folder: space.folder, verify: true }, ignore, signal),
    ],
  ];
  // Each leaves the workspace as it was.
  before(async () => {
    const files = { '.mldata.yaml': slow.replace('"*.csv"', 'data.csv'), 'data.csv': big, 'new.csv': big };
    space = await Workspace.create(files, inProcesses);
    await space.buildOne();
  });
  after(() => space.remove());
  for (const [what, begin] of all) {
    it(`leaves what was there before and nothing else: ${what}`, async () => {
      const before = await space.files();
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort();
      }, 200);
      await assert.rejects(begin(controller.signal), { kind: 'cancelled' });
      assert.deepEqual(await space.files(), before);
      assert.deepEqual(await leftovers(space.folder), []);
      await wholeBuild(space.path('datasets/d'));
    });
  }
});

describe('a disk that stalls while a build is being published', () => {
  withoutRecording();
  const workspace = workspaces(inProcesses);
  /** Calls of the file system that never come back, by what they do to the output folder. */
  const stalls = [
    ['before the journal is in place', 'rename', '.mldata-journal.json', 100],
    ['before the first file is in place', 'rename', 'train.parquet', 101],
    ['before the manifest is in place', 'rename', 'manifest.yaml', 101],
    ['with everything in place', 'rm', '.mldata-journal.json', 101],
  ] as const;

  for (const [moment, call, name, rows] of stalls) {
    for (const ending of ['cancelled', 'killed'] as const) {
      it(`${moment} leaves the build ${rows === 100 ? 'before' : 'after'}, and that is what is told: ${ending}`, async () => {
        const space = await workspace({ '.mldata.yaml': slow, 'data.csv': small });
        await space.buildOne();
        await space.write('data.csv', table(101));
        const controller = new AbortController();
        const build = new LocalEngine(await stallingJob(space, call, name)).build(
          { configPath: space.path('.mldata.yaml') },
          () => undefined,
          controller.signal,
        );
        const outcome = build.catch((error: unknown) => error as MldataError);
        await until(() => existsSync(space.path('stalled')));
        if (ending === 'cancelled') controller.abort();
        else process.kill(Number(await readFile(space.path('stalled'), 'utf8')), 'SIGKILL');
        const told = await outcome;
        assert.equal((await wholeBuild(space.path('datasets/d'))).rows, rows);
        assert.deepEqual(await leftovers(space.folder), []);
        if (rows === 101) {
          assert.ok(!(told instanceof MldataError), 'the build was not reported');
          assert.deepEqual(
            told.datasets.map((dataset) => [dataset.status, dataset.rows, dataset.artifacts.length]),
            [['built', 101, 6]],
          );
        } else if (ending === 'cancelled') {
          assert.ok(told instanceof MldataError, 'the build was not cancelled');
          assert.equal(told.message, 'Cancelled. Nothing was changed.');
        } else {
          assert.ok(!(told instanceof MldataError), 'the build was not reported');
          assert.equal(told.datasets[0]?.error?.code, 'job-died');
        }
      });
    }
  }

  /** A job process that writes its number to `stalled` and hangs when it is about to touch this file. */
  async function stallingJob(space: Workspace, call: 'rename' | 'rm', name: string): Promise<string> {
    const entry = space.path('job.cjs');
    await writeFile(
      entry,
      `const fs = require('node:fs/promises');
       const { ${call}: original } = fs;
       fs.${call} = async (...paths) => {
         if (paths.filter((path) => typeof path === 'string').at(-1).endsWith(${JSON.stringify(`/${name}`)})) {
           await fs.writeFile(${JSON.stringify(space.path('stalled.part'))}, String(process.pid));
           require('node:fs').renameSync(${JSON.stringify(space.path('stalled.part'))}, ${JSON.stringify(space.path('stalled'))});
           await new Promise(() => undefined);
         }
         return original(...paths);
       };
       require(${JSON.stringify(resolve('dist/job.js'))});`,
    );
    return entry;
  }
});

describe('planning a build', () => {
  const workspace = workspaces(inProcesses);

  it('stops when it is cancelled, before or while it looks for files', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv'), 'data.csv': small });
    const plan = (signal: AbortSignal) => new LocalEngine().plan({ configPath: space.path('.mldata.yaml') }, signal);
    await assert.rejects(plan(AbortSignal.abort()), { kind: 'cancelled' });
    const controller = new AbortController();
    const stopped = plan(controller.signal);
    controller.abort();
    await assert.rejects(stopped, { kind: 'cancelled' });
    assert.deepEqual(await space.files(), ['.mldata.yaml', 'data.csv']);
  });
});

describe('a job process that dies', () => {
  withoutRecording();
  const workspace = workspaces(inProcesses);

  it('is reported with what to do, and the next build works', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': big });
    const run = startCli(space, ['build', '--json']);
    await run.said(/d: reading/);
    const jobs = (await run.alive()).filter((pid) => pid !== run.pid);
    assert.equal(jobs.length, 1);
    process.kill(jobs[0] ?? 0, 'SIGKILL');
    assert.equal(await run.ended(), 1);
    const { error } = (JSON.parse(run.stdout) as BuildReport).datasets[0] ?? {};
    assert.equal(error?.code, 'job-died');
    assert.match(error.message, /was killed \(SIGKILL\)\. .*out of memory: lower the memory limit .*--memory-limit/);
    assert.deepEqual(await leftovers(space.folder), []);
    await space.write('data.csv', small);
    assert.equal((await space.cli(['build'])).code, 0);
    await wholeBuild(space.path('datasets/d'));
  });

  it('stops neither the other datasets nor the engine', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: a.csv }\n  b: { source: a.csv }\n',
      'a.csv': small,
    });
    await writeFile(
      space.path('job.cjs'),
      "process.stderr.write('first\\nterminate called\\n', () => process.exit(7));",
    );
    const engine = new LocalEngine(space.path('job.cjs'));
    const { datasets } = await engine.build(
      { configPath: space.path('.mldata.yaml') },
      () => undefined,
      new AbortController().signal,
    );
    assert.deepEqual(
      datasets.map(({ dataset, status, error }) => [dataset, status, error?.message]),
      ['a', 'b'].map((name) => [
        name,
        'failed',
        `${name}: The build process ended with code 7. Build again; if it happens every time, report it with the log. ` +
          'It last said: terminate called',
      ]),
    );
    assert.equal((await space.build()).datasets[0]?.status, 'built');
  });

  it('is killed when it does not stop by itself', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': small });
    const started = space.path('started');
    await writeFile(
      space.path('job.cjs'),
      `require('node:fs').writeFileSync(${JSON.stringify(started)}, ''); for (;;);`,
    );
    const controller = new AbortController();
    const build = new LocalEngine(space.path('job.cjs')).build(
      { configPath: space.path('.mldata.yaml') },
      () => undefined,
      controller.signal,
    );
    await until(() => existsSync(started));
    controller.abort();
    await assert.rejects(build, { kind: 'cancelled' });
    assert.deepEqual(await leftovers(space.folder), []);
    // Nothing but killing it ends the job, so it is over once the grace is; far longer is too long.
  }).timeout(15_000);
});
