import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse, stringify } from 'yaml';
import { publish, recover, stagingFolder } from '../../src/engine/build/publish';
import { lock } from '../../src/engine/locks';
import { readManifest } from '../../src/engine/manifest';
import { openWorkspace, runId } from '../../src/engine/workspace';
import external from '../../scripts/external.json';
import { exitOf } from '../host/processes';
import { startCli } from './commandLine';
import { config, Workspace, workspaces } from './support';
import { leftovers, table, wholeBuild } from './whole';

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

/** A script beside this test, bundled so that each of its many processes starts quickly. */
async function bundle(script: string, folder: string): Promise<string> {
  const outfile = join(folder, `${script}.cjs`);
  await build({
    entryPoints: [join(__dirname, `${script}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external,
    treeShaking: true,
    logLevel: 'error',
  });
  return outfile;
}

describe('publishing', () => {
  const STAGING = '.mldata-staging-1-dead';
  let space: Workspace;
  let script: string;
  let newFiles: string[];

  before(async function () {
    this.timeout(60_000);
    const source = { 'data.csv': table(20) };
    space = await Workspace.create(source);
    script = await bundle('publishAndDie', space.folder);
    // Two real builds of one dataset: the new one has other formats and splits, so files come, go and are replaced.
    await space.write('.mldata.yaml', config('data.csv', 'output: { formats: [parquet, jsonl, csv], path: old }'));
    await space.buildOne();
    await space.write('data.csv', table(30));
    await space.write(
      '.mldata.yaml',
      config('data.csv', 'output: { formats: [parquet, csv], path: new }\nsplit: { train: 0.5, test: 0.5, seed: 1 }'),
    );
    await space.buildOne();
    newFiles = (await space.files('new')).filter((file) => file !== 'manifest.yaml');
    await writeFile(space.path('old/data/notes.txt'), 'mine');
    await writeFile(space.path('old/README.md'), 'mine');
  });
  after(() => space.remove());

  /** The old build with the new one staged in it. */
  async function prepare(): Promise<string> {
    const output = space.path('output');
    await rm(output, { recursive: true, force: true });
    await cp(space.path('old'), output, { recursive: true });
    await cp(space.path('new'), join(output, STAGING), { recursive: true });
    return output;
  }

  async function dieAt(what: 'publish' | 'recover', output: string, calls: number): Promise<boolean> {
    const child = spawn(process.execPath, [script, what, output, STAGING, String(calls), ...newFiles], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const end = await exitOf(child);
    assert.ok(end === 0 || end === 'SIGKILL', `it ended with ${end}`);
    return end === 'SIGKILL';
  }

  const old = () => space.files('old');
  const fresh = () => ['README.md', 'data/notes.txt', 'manifest.yaml', ...newFiles].sort();

  /** Either build complete, with the user's own files and nothing else. */
  async function oldOrNew(output: string): Promise<'old' | 'new'> {
    const { rows } = await wholeBuild(output);
    assert.deepEqual(await space.files('output'), rows === 20 ? await old() : fresh());
    return rows === 20 ? 'old' : 'new';
  }

  it('replaces a build, removes what has no successor, and keeps what is not its own', async () => {
    const output = await prepare();
    await publish(output, join(output, STAGING), newFiles);
    assert.equal(await oldOrNew(output), 'new');
    assert.ok(!(await space.files('output')).some((file) => file.startsWith('jsonl/')));
    await assert.rejects(lstat(join(output, 'jsonl')), { code: 'ENOENT' });
  });

  it('gives the old or the new build whole, wherever it is killed', async () => {
    const outcomes: string[] = [];
    for (let calls = 1; ; calls++) {
      const output = await prepare();
      const died = await dieAt('publish', output, calls);
      // Even before anybody recovers, a manifest that can be seen is true.
      if (await readManifest(output)) await wholeBuild(output);
      await recover(output, () => false);
      outcomes.push(await oldOrNew(output));
      if (!died) break;
    }
    assert.ok(outcomes.length > 15, `it was killed ${outcomes.length - 1} times`);
    assert.deepEqual([outcomes[0], outcomes.at(-1)], ['old', 'new']);
    assert.ok(outcomes.lastIndexOf('old') < outcomes.indexOf('new'), 'once begun, it is only finished');
  }).timeout(120_000);

  it('gives the new build whole, wherever its recovery is killed too', async () => {
    const output = await prepare();
    for (let calls = 1; (await readManifest(output)) !== undefined; calls++) {
      await prepare();
      await dieAt('publish', output, calls);
    }
    const interrupted = space.path('interrupted');
    await rename(output, interrupted);
    for (let calls = 1, died = true; died; calls++) {
      await rm(output, { recursive: true, force: true });
      await cp(interrupted, output, { recursive: true });
      died = await dieAt('recover', output, calls);
      if (await readManifest(output)) await wholeBuild(output);
      await recover(output, () => false);
      assert.equal(await oldOrNew(output), 'new');
    }
  }).timeout(120_000);

  it('leaves the staging of a build that still runs alone', async () => {
    const output = await prepare();
    await recover(output, (id) => id === '1-dead');
    assert.ok((await space.files('output')).some((file) => file.startsWith(STAGING)));
    await recover(output, () => false);
    assert.equal(await oldOrNew(output), 'old');
  });

  describe('by hostile hands', () => {
    let outside: string;
    beforeEach(async () => {
      outside = space.path('outside');
      await mkdir(outside, { recursive: true });
      await writeFile(join(outside, 'precious.txt'), 'precious');
    });
    afterEach(async () => {
      assert.equal(await readFile(join(outside, 'precious.txt'), 'utf8'), 'precious');
      assert.deepEqual(await space.files('outside'), ['precious.txt']);
    });

    const record = { kind: 'data', format: 'csv', rows: 1, bytes: 1, sha256: '0', md5: '0' };
    for (const path of [
      '../outside/precious.txt',
      'data/../../outside/precious.txt',
      '..',
      '.',
      'data',
      'link/precious.txt',
    ]) {
      it(`deletes nothing that a manifest calls ${path}`, async () => {
        const output = await prepare();
        await symlink(outside, join(output, 'link'));
        const manifest = parse(await readFile(join(output, 'manifest.yaml'), 'utf8')) as { artifacts: unknown[] };
        manifest.artifacts.push({ ...record, path }, { ...record, path: join(outside, 'precious.txt') });
        await writeFile(join(output, 'manifest.yaml'), stringify(manifest, { aliasDuplicateObjects: false }));
        assert.ok(await readManifest(output), 'the manifest is a valid one');
        await publish(output, join(output, STAGING), newFiles);
        await rm(join(output, 'link'));
        assert.equal(await oldOrNew(output), 'new');
      });
    }

    for (const [name, journal] of [
      ['stages elsewhere', { staging: '../outside', files: ['precious.txt'], obsolete: [] }],
      ['stages in a link', { staging: '.mldata-staging-2-x', files: ['precious.txt'], obsolete: [] }],
      ['removes elsewhere', { staging: STAGING, files: [], obsolete: ['../outside/precious.txt'] }],
      ['writes elsewhere', { staging: STAGING, files: ['../outside/new.txt', 'link/new.txt'], obsolete: [] }],
      ['is none', 'not a journal'],
    ] as const) {
      it(`follows no journal that ${name}`, async () => {
        const output = await prepare();
        await symlink(outside, join(output, 'link'));
        await symlink(outside, join(output, '.mldata-staging-2-x'));
        await writeFile(join(output, STAGING, 'new.txt'), 'evil');
        const text = typeof journal === 'string' ? journal : JSON.stringify(journal);
        await writeFile(join(output, '.mldata-journal.json'), text);
        await recover(output, () => false);
        const files = await space.files('output');
        assert.ok(!files.some((file) => file.startsWith('.mldata')), files.join(', '));
      });
    }

    it('does not write through a link in the output folder', async () => {
      const output = await prepare();
      await rename(join(output, 'data'), join(output, 'kept'));
      await symlink(outside, join(output, 'data'));
      const staging = join(output, STAGING);
      await assert.rejects(publish(output, staging, newFiles), {
        code: 'output-blocked',
        message: /link to another place/,
      });
    });
  });

  for (const [name, block] of [
    ["a folder of a file's name", (output: string) => mkdir(join(output, 'data/train.parquet'))],
    [
      "a file of a folder's name",
      async (output: string) => {
        await rm(join(output, 'csv'), { recursive: true });
        await writeFile(join(output, 'csv'), 'mine');
      },
    ],
  ] as const) {
    it(`changes nothing when ${name} is in the way`, async () => {
      const output = await prepare();
      await block(output);
      const before = (await space.files('output')).filter((file) => !file.startsWith(STAGING));
      await assert.rejects(publish(output, join(output, STAGING), newFiles), { code: 'output-blocked' });
      await recover(output, () => false);
      assert.deepEqual(await space.files('output'), before);
    });
  }

  it('stages beside the artifacts, so that they are moved and not copied', () => {
    assert.equal(stagingFolder(join('a', 'b'), '1-x'), join('a', 'b', '.mldata-staging-1-x'));
  });
});

describe('a source that the build itself would write', () => {
  const workspace = workspaces();

  for (const [name, more, path] of [
    ['a data file', 'output: { format: csv, path: . }', 'data/data.csv'],
    [
      'one of its splits',
      'output: { format: csv, path: . }\nsplit: { train: 0.5, test: 0.5, seed: 1 }',
      'data/test.csv',
    ],
    ['a further format', 'output: { formats: [parquet, csv], path: here/../. }', 'csv/data.csv'],
    ['a report', 'output: { path: . }\nsplit: { train: 0.5, test: 0.5, seed: 1 }', 'reports/split-indices.csv'],
  ] as const) {
    it(`is refused when it is ${name}`, async () => {
      const space = await workspace({ '.mldata.yaml': config(path, more), [path]: table(4) });
      const build = await space.buildOne();
      assert.deepEqual([build.error?.kind, build.error?.code], ['config', 'source-is-output']);
      assert.equal(await readFile(space.path(path), 'utf8'), table(4));
      assert.deepEqual(await space.files(), ['.mldata.yaml', '.mldata/.gitignore', path].sort());
    });
  }

  it('is refused when a folder holds what the build before wrote', async () => {
    const space = await workspace({
      '.mldata.yaml': config('./**/*.csv', 'output: { format: csv }'),
      'a.csv': table(4),
    });
    assert.equal((await space.buildOne()).status, 'built');
    assert.equal((await space.buildOne()).error?.code, 'source-is-output');
    // Also when this build would write something else and remove it.
    await space.write('.mldata.yaml', config('./**/*.csv'));
    assert.equal((await space.buildOne()).error?.code, 'source-is-output');
    await wholeBuild(space.path('datasets/d'));
  });
});

describe('the lock of a dataset', () => {
  const workspace = workspaces();
  const LOCK = '.mldata/locks/d.lock';
  const one = { '.mldata.yaml': config('data.csv'), 'data.csv': 'id\n1\n' };

  it('lets one of two builds go on, and tells the other who it waits for', async () => {
    const space = await workspace({
      '.mldata.yaml': config('data.csv', 'output: { format: csv, compression: gzip:9 }'),
      'data.csv': table(250_000),
    });
    const first = startCli(space, ['build']);
    await first.said(/d: reading/);
    const second = await space.cli(['build']);
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      new RegExp(`d is being built by process ${first.pid}\\. Wait until it is done, or stop it`),
    );
    assert.equal(await first.ended(), 0, first.stderr);
    assert.equal((await wholeBuild(space.path('datasets/d'))).rows, 250_000);
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('holds between two builds of one engine process too', async () => {
    const space = await workspace(one);
    const [a, b] = await Promise.all([space.buildOne(), space.buildOne()]);
    assert.deepEqual([a.status, b.status].sort(), ['built', 'failed']);
    assert.equal((a.error ?? b.error)?.code, 'dataset-locked');
    assert.deepEqual(await leftovers(space.folder), []);
  });

  for (const [name, holders] of [
    ['a process that has ended', () => [deadProcess()]],
    ['a dead process with the number of this one, as in a container', () => [process.pid]],
    ['nobody', () => []],
  ] as const) {
    it(`is taken over from ${name}`, async () => {
      const space = await workspace(one);
      await mkdir(space.path(LOCK), { recursive: true });
      for (const holder of holders()) await space.write(`${LOCK}/${holder}`, '');
      assert.equal((await space.buildOne()).status, 'built');
      assert.deepEqual(await leftovers(space.folder), []);
    });
  }

  it('is had by exactly one of many who take over a dead one at once', async () => {
    const space = await workspace({});
    const { state } = await openWorkspace(space.path('.mldata.yaml'));
    await space.write(`${LOCK}/${deadProcess()}`, '');
    const script = await bundle('lockAndWait', space.folder);
    const takers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [script, space.path(LOCK), state], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const answers = await Promise.all(
      takers.map(
        (taker) => new Promise<string>((done) => taker.stdout.once('data', (data: Buffer) => done(String(data)))),
      ),
    );
    for (const taker of takers) taker.stdin.end();
    await Promise.all(takers.map(exitOf));
    assert.deepEqual(answers.sort(), [
      'dataset-locked',
      'dataset-locked',
      'dataset-locked',
      'dataset-locked',
      'dataset-locked',
      'taken',
    ]);
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('can be had again once it is released', async () => {
    const space = await workspace({});
    const { state } = await openWorkspace(space.path('.mldata.yaml'));
    for (let round = 0; round < 3; round++) {
      const release = await lock(space.path(LOCK), join(state, 'tmp', runId()), 'd');
      await assert.rejects(lock(space.path(LOCK), join(state, 'tmp', runId()), 'd'), { code: 'dataset-locked' });
      await release();
    }
  });

  it('and all else of dead processes is cleared away by the next build', async () => {
    const space = await workspace(one);
    for (const id of [`${deadProcess()}-aa`, `${process.pid}-bb`]) {
      await space.write(`.mldata/tmp/${id}/spill/block`, 'x');
      await space.write(`datasets/d/.mldata-staging-${id}/data/data.parquet`, 'x');
    }
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(await leftovers(space.folder), []);
    await wholeBuild(space.path('datasets/d'));
  });
});
