/** Exports that are cancelled, killed, or find the disk full: the export before or the new one is there, whole. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { exportSteps, MldataError, type ExportProgress } from '../../src/protocol';
import { withoutRecording } from '../host/recording';
import { startCli, until } from './commandLine';
import { exportIn, filesIn, wholeExport } from './exported';
import { config, here, Workspace, workspaces } from './support';
import { leftovers, table } from './whole';

const OLD = 50;
const NEW = 40_000;
const wait = (milliseconds: number) => new Promise((next) => setTimeout(next, milliseconds));

describe('an export that does not come to its end', function () {
  this.timeout(300_000);
  withoutRecording();
  const workspace = workspaces(here);
  let stood: Workspace;

  before(async () => {
    stood = await Workspace.create({ '.mldata.yaml': config('data.csv'), 'data.csv': table(OLD) });
    await stood.buildOne();
    await exportIn(stood, 'd', { formats: ['csv', 'parquet'] });
    await stood.write('data.csv', table(NEW));
    await stood.buildOne();
  });
  after(() => stood.remove());

  /** A workspace where an export of few rows stands, and the build has many. */
  async function standing(): Promise<Workspace> {
    const space = await workspace({});
    await cp(stood.folder, space.folder, { recursive: true, preserveTimestamps: true });
    return space;
  }

  const next = { formats: ['parquet', 'jsonl', 'csv'], force: true, rowsPerFile: 9000 } as const;

  async function assertOld(space: Workspace): Promise<void> {
    assert.equal((await wholeExport(space.path('exports/d'))).rows, OLD);
    assert.deepEqual(await leftovers(space.folder), []);
  }

  /** At these it may be too late. */
  const late = ['package', 'hash', 'publish', 'track'];
  const moments: [string, (progress: ExportProgress) => boolean][] = [
    ...exportSteps
      .filter((step) => !late.includes(step))
      .map((step): [string, (progress: ExportProgress) => boolean] => [step, (progress) => progress.step === step]),
    ['the middle of a format', ({ format, bytes = 0 }) => format === 'jsonl' && bytes > 0],
  ];
  for (const [what, holds] of moments) {
    it(`is cancelled at ${what}: the one before stays`, async () => {
      const space = await standing();
      const controller = new AbortController();
      let cancelledAt = 0;
      const outcome = exportIn(
        space,
        'd',
        next,
        (progress) => {
          if (!holds(progress) || controller.signal.aborted) return;
          cancelledAt = performance.now();
          controller.abort();
        },
        controller.signal,
      );
      await assert.rejects(outcome, (error) => error instanceof MldataError && error.kind === 'cancelled');
      // A second, and what a machine that is busy adds.
      assert.ok(performance.now() - cancelledAt < 3000, `${performance.now() - cancelledAt} ms`);
      await assertOld(space);
    });
  }

  it('is cancelled where none stood: nothing remains', async () => {
    const space = await standing();
    const controller = new AbortController();
    const stop = ({ step }: ExportProgress) => {
      if (step === 'write') controller.abort();
    };
    await assert.rejects(exportIn(space, 'd', { ...next, output: 'other/place' }, stop, controller.signal));
    assert.ok(!(await readdir(space.folder)).includes('other'));
  });

  it('is killed with all its processes, at any moment: what can be seen is whole, and the next one works', async () => {
    const space = await standing();
    let longest = 3000;
    for (let kills = 0; kills < 8;) {
      const run = startCli(space, ['export', 'd', '--force', '--formats', 'csv,jsonl', '--rows-per-file', '9000']);
      await run.said(/d: reading/);
      await wait(Math.random() * longest);
      if (run.child.exitCode === null) run.signalGroup('SIGKILL');
      if ((await run.ended()) === 'SIGKILL') kills++;
      else longest = Math.max(20, longest / 2);
      await until(async () => (await run.alive()).length === 0);
      const files = (await filesIn(space.path('exports/d'))).filter((file) => !file.startsWith('.mldata-'));
      // Between the old head and the new one there is none: nothing describes files it does not match.
      if (files.includes('export.json')) {
        const { rows } = await wholeExportBut(space.path('exports/d'));
        assert.ok(rows === OLD || rows === NEW, `${rows} rows`);
      }
    }
    await exportIn(space, 'd', next);
    assert.equal((await wholeExport(space.path('exports/d'))).rows, NEW);
    assert.deepEqual(await leftovers(space.folder), []);
    const locks = (await readdir(tmpdir())).filter((name) => /^mldata-export-\d+-/.test(name));
    assert.deepEqual(locks, []);
  });

  const mounts = ['unshare', '--mount'];
  const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

  it('finds the disk full, wherever in the middle: the one before stays', async function () {
    if (!canMount) this.skip(); // a system that allows no mounts
    const space = await standing();
    const outcomes: string[] = [];
    for (const kib of [64, 200, 1500, 2500, 4000, 20_000]) {
      const script = [
        `mkdir -p disk && mount -t tmpfs -o size=${kib}k tmpfs disk && mkdir disk/d && cp -a exports/d/. disk/d`,
        '{ "$@"; code=$?; }',
        'rm -rf after && cp -a disk/d after',
        'exit $code',
      ].join(' && ');
      const args = [
        'export',
        'd',
        '--force',
        '--formats',
        'csv,jsonl',
        '--rows-per-file',
        '9000',
        '--output',
        'disk/d',
      ];
      const command = ['sh', '-c', script, 'sh', process.execPath, resolve('dist/cli.js'), ...args];
      const { code, stderr } = await new Promise<{ code: number; stderr: string }>((done) => {
        execFile(mounts[0] ?? '', [...mounts.slice(1), ...command], { cwd: space.folder }, (error, _, text) => {
          done({ code: typeof error?.code === 'number' ? error.code : 0, stderr: text });
        });
      });
      const { rows } = await wholeExport(space.path('after'));
      assert.equal(rows, code === 0 ? NEW : OLD, stderr);
      if (code !== 0) assert.match(stderr, /The disk is full|are free\. Free some space/);
      outcomes.push(code === 0 ? 'new' : 'old');
    }
    assert.deepEqual([outcomes[0], outcomes.at(-1)], ['old', 'new']);
  });

  it('goes to a folder that another export writes: it is refused', async () => {
    const space = await standing();
    const first = startCli(space, [
      'export',
      'd',
      '--force',
      '--formats',
      'csv,jsonl,json,parquet',
      '--rows-per-file',
      '200',
    ]);
    await first.said(/writing csv/);
    await assert.rejects(exportIn(space, 'd', next), { code: 'dataset-locked' });
    assert.equal(await first.ended(), 0);
    assert.equal((await wholeExport(space.path('exports/d'))).rows, NEW);
  });

  it('finds a disk that is read-only: it says where, and the one before stays', async function () {
    if (!canMount) this.skip(); // a system that allows no mounts
    const space = await standing();
    const script = 'mount --bind exports exports && mount -o remount,bind,ro exports && exec "$@"';
    for (const output of ['exports/d', 'exports/new/place']) {
      const args = ['export', 'd', '--force', '--output', output];
      const command = [...mounts, 'sh', '-c', script, 'sh', process.execPath, resolve('dist/cli.js'), ...args];
      const { status, stderr } = spawnSync(command[0] ?? '', command.slice(1), { cwd: space.folder, encoding: 'utf8' });
      assert.equal(status, 1, stderr);
      assert.match(stderr, /not allowed/);
      assert.ok(stderr.includes(space.path('exports')), stderr);
      await assertOld(space);
    }
  });

  it('may not write there: it says where, and nothing is left', async () => {
    const space = await standing();
    await space.write('file', 'in the way');
    await assert.rejects(exportIn(space, 'd', { output: 'file/inside' }), { code: 'output-blocked' });
    await mkdir(space.path('taken/export.json'), { recursive: true });
    await assert.rejects(exportIn(space, 'd', { output: 'taken', force: true }), { code: 'output-exists' });
  });
});

/** As `wholeExport`, where what a killed process staged may stand beside it. */
async function wholeExportBut(folder: string): Promise<{ rows: number }> {
  const copy = `${folder}-seen`;
  await rm(copy, { recursive: true, force: true });
  spawnSync('cp', ['-a', folder, copy]);
  for (const name of await readdir(copy))
    if (name.startsWith('.mldata-')) await rm(`${copy}/${name}`, { recursive: true });
  try {
    return await wholeExport(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
