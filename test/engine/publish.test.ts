import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { cp, lstat, mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pLimit from 'p-limit';
import { parse, stringify } from 'yaml';
import { publish, recover, stagingFolder } from '../../src/engine/output/publish';
import { OWN_NAME } from '../../src/engine/holders';
import { lock } from '../../src/engine/locks';
import { previousBuild, readManifest } from '../../src/engine/manifest';
import { runId } from '../../src/engine/runs';
import { openWorkspace } from '../../src/engine/workspace';
import { errorReportSchema } from '../../src/protocol';
import { bundleScript } from '../host/bundleScript';
import { withoutRecording } from '../host/recording';
import { exitOf } from '../host/processes';
import { startCli } from './commandLine';
import { config, here as inProcess, Workspace, workspaces } from './support';
import { leftovers, table, wholeBuild } from './whole';

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('publishing', () => {
  withoutRecording();
  const limit = pLimit(availableParallelism());
  const STAGING = '.mldata-staging-1-dead';
  let space: Workspace;
  let script: string;
  let newFiles: string[];
  /** The build that is to be replaced, as a process is told of it. */
  let replaced: string;

  before(async function () {
    this.timeout(180_000);
    const source = { 'data.csv': table(20) };
    space = await Workspace.create(source, inProcess);
    script = await bundleScript(join(__dirname, 'publishAndDie.ts'), space.folder);
    // Two real builds of one dataset: the new one has other formats, so files come, go and are replaced.
    await space.write('.mldata.yaml', config('data.csv', 'output: { formats: [parquet, jsonl], path: old }'));
    await space.buildOne();
    await space.write('data.csv', table(30));
    await space.write('.mldata.yaml', config('data.csv', 'output: { formats: [parquet, csv], path: new }'));
    await space.buildOne();
    // It is noted after publishing, and no part of it.
    for (const folder of ['old', 'new']) await rm(space.path(folder, 'versions.yaml'));
    newFiles = (await space.files('new')).filter((file) => file !== 'manifest.yaml');
    await writeFile(space.path('old/data/notes.txt'), 'mine');
    await writeFile(space.path('old/README.md'), 'mine');
    replaced = JSON.stringify(await previousBuild(space.path('old')));
  });
  after(() => space.remove());

  /** The old build with the new one staged in it. */
  async function prepare(name = 'output'): Promise<string> {
    const output = space.path(name);
    await rm(output, { recursive: true, force: true });
    await cp(space.path('old'), output, { recursive: true });
    await cp(space.path('new'), join(output, STAGING), { recursive: true });
    return output;
  }

  /** Publishes or recovers in a process of its own that kills itself at one of its calls; without one, says how many it makes. */
  async function run(what: 'publish' | 'recover', output: string, ...dieAt: [] | [string, string]): Promise<number> {
    const [calls = 'never', when = 'never'] = dieAt;
    const child = spawn(process.execPath, [script, what, output, STAGING, calls, when, replaced, ...newFiles], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    assert.equal(await exitOf(child), dieAt.length === 0 ? 0 : 'SIGKILL', `${what} ${calls} ${when}`);
    return Number(said);
  }

  /** Every moment at which a process that makes so many calls may die, before and after each. */
  const moments = (calls: number) =>
    Array.from({ length: calls }, (_, call) => [
      [`${call + 1}`, 'before'] as const,
      [`${call + 1}`, 'after'] as const,
    ]).flat();

  const old = () => space.files('old');
  const fresh = () => ['README.md', 'data/notes.txt', 'manifest.yaml', ...newFiles].sort();

  /** Either build complete, with the user's own files and nothing else. */
  async function oldOrNew(output: string): Promise<'old' | 'new'> {
    const { rows } = await wholeBuild(output);
    assert.deepEqual(await space.files(relative(space.folder, output)), rows === 20 ? await old() : fresh());
    return rows === 20 ? 'old' : 'new';
  }

  it('replaces a build, removes what has no successor, and keeps what is not its own', async () => {
    const output = await prepare();
    await publish(output, join(output, STAGING), newFiles, await previousBuild(output));
    assert.equal(await oldOrNew(output), 'new');
    assert.ok(!(await space.files('output')).some((file) => file.startsWith('jsonl/')));
    await assert.rejects(lstat(join(output, 'jsonl')), { code: 'ENOENT' });
  });

  it('gives the old or the new build whole, killed before and after every call of the file system', async () => {
    const each = moments(await run('publish', await prepare()));
    const outcomes = await limit.map(each, async ([call, when], index) => {
      const output = await prepare(`output-${index}`);
      await run('publish', output, call, when);
      // Even before anybody recovers, a manifest that can be seen is true.
      if (await readManifest(output)) await wholeBuild(output);
      await recover(output, () => false);
      return oldOrNew(output);
    });
    assert.ok(outcomes.length > 100, `it was killed ${outcomes.length} times`);
    assert.deepEqual([outcomes[0], outcomes.at(-1)], ['old', 'new']);
    // What is done at once may come in any order, but that is before the journal.
    assert.ok(outcomes.lastIndexOf('old') < outcomes.indexOf('new'), 'once begun, it is only finished');
  }).timeout(180_000);

  it('gives the new build whole, wherever its recovery is killed too', async () => {
    const killedAfter = async (call: number): Promise<string> => {
      const output = await prepare('interrupted');
      await run('publish', output, String(call), 'after');
      return output;
    };
    // The first call after which the old manifest is gone, so that all is still to be done: halving finds it.
    let [stands, gone] = [0, await run('publish', await prepare())];
    while (gone - stands > 1) {
      const call = Math.floor((stands + gone) / 2);
      if ((await readManifest(await killedAfter(call)))?.rows === 20) stands = call;
      else gone = call;
    }
    const interrupted = await killedAfter(gone);
    assert.equal(await readManifest(interrupted), undefined);
    const copy = async (name: string): Promise<string> => {
      const output = space.path(name);
      await cp(interrupted, output, { recursive: true });
      return output;
    };
    await limit.map(moments(await run('recover', await copy('recovered'))), async ([call, when], index) => {
      const output = await copy(`recovered-${index}`);
      await run('recover', output, call, when);
      if (await readManifest(output)) await wholeBuild(output);
      await recover(output, () => false);
      assert.equal(await oldOrNew(output), 'new');
    });
  }).timeout(180_000);

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

    const record = { kind: 'data', format: 'csv', rows: 1, bytes: 1, sha256: '0'.repeat(64), md5: '0' };
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
        await publish(output, join(output, STAGING), newFiles, await previousBuild(output));
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
      await assert.rejects(publish(output, staging, newFiles, await previousBuild(output)), {
        code: 'output-blocked',
        message: /link to another place/,
      });
    });
  });

  for (const [name, block] of [
    ["a folder of a file's name", (output: string) => mkdir(join(output, 'csv/data.csv'), { recursive: true })],
    ["a file of a folder's name", (output: string) => writeFile(join(output, 'csv'), 'mine')],
  ] as const) {
    it(`changes nothing when ${name} is in the way`, async () => {
      const output = await prepare();
      await block(output);
      const before = (await space.files('output')).filter((file) => !file.startsWith(STAGING));
      await assert.rejects(publish(output, join(output, STAGING), newFiles, await previousBuild(output)), {
        code: 'output-blocked',
      });
      await recover(output, () => false);
      assert.deepEqual(await space.files('output'), before);
    });
  }

  it('changes nothing, and makes no folders, when the journal cannot be written', async () => {
    const output = await prepare();
    await mkdir(join(output, '.mldata-journal.json'));
    const before = await old();
    await assert.rejects(publish(output, join(output, STAGING), newFiles, await previousBuild(output)), {
      code: 'EISDIR',
    });
    const after = (await space.files('output')).filter((file) => !file.startsWith(STAGING));
    assert.deepEqual(after, before);
    await assert.rejects(lstat(join(output, 'csv')), { code: 'ENOENT' });
    await assert.rejects(
      recover(output, () => false),
      { code: 'output-blocked' },
    );
  });

  it('stages beside the artifacts, so that they are moved and not copied', () => {
    assert.equal(stagingFolder(join('a', 'b'), '1-x'), join('a', 'b', '.mldata-staging-1-x'));
  });
});

describe('what no build wrote', () => {
  const workspace = workspaces(inProcess);
  const here = { '.mldata.yaml': config('rows.csv', 'output: { formats: [csv], path: . }'), 'rows.csv': table(4) };

  for (const path of ['manifest.yaml', 'data/data.csv', 'reports/build.json'] as const) {
    it(`is not replaced: ${path}`, async () => {
      const space = await workspace({ ...here, [path]: 'kind: Deployment\n' });
      const before = await space.files();
      const { error } = await space.buildOne();
      assert.equal(error?.code, 'output-blocked');
      assert.ok(error.message.includes(`${space.path(path)} is in no manifest of mldata`), error.message);
      assert.deepEqual(await space.files(), [...before, '.mldata/.gitignore'].sort());
      assert.equal(await readFile(space.path(path), 'utf8'), 'kind: Deployment\n');
    });
  }

  it('is not replaced among the files of a build either', async () => {
    const space = await workspace({ '.mldata.yaml': config('rows.csv'), 'rows.csv': table(4) });
    await space.buildOne();
    await space.write('datasets/d/data/train.parquet', 'mine');
    await space.write('.mldata.yaml', config('rows.csv', 'split: { train: 0.5, test: 0.5, seed: 1 }'));
    assert.equal((await space.buildOne()).error?.code, 'output-blocked');
    assert.equal(await readFile(space.path('datasets/d/data/train.parquet'), 'utf8'), 'mine');
    await wholeBuild(space.path('datasets/d'));
  });

  it('is not replaced by a report that is known to be written only at the end', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'schema: { columns: { a: { type: integer } }, onError: quarantine }'),
      'rows.csv': 'a\n1\nx\n',
      'datasets/d/reports/rejected.parquet': 'mine',
    });
    assert.equal((await space.buildOne()).error?.code, 'output-blocked');
    assert.deepEqual(await space.files('datasets/d'), ['reports/rejected.parquet']);
  });

  for (const [name, change] of [
    ['of another version', (text: string) => text.replace('version: 1', 'version: 99')],
    [
      'with the marks of a merge',
      (text: string) => text.replace(/^(rows: .*)$/m, '<<<<<<< ours\n$1\n=======\nrows: 1\n>>>>>>> theirs'),
    ],
    ['with the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ] as const) {
    it(`is not what stands beside a manifest ${name}: that is built again`, async () => {
      const space = await workspace({ '.mldata.yaml': config('rows.csv'), 'rows.csv': table(4) });
      await space.buildOne();
      const manifest = space.path('datasets/d/manifest.yaml');
      const text = await readFile(manifest, 'utf8');
      assert.notEqual(change(text), text);
      await writeFile(manifest, change(text));
      assert.equal((await space.buildOne({ force: true })).status, 'built');
      await wholeBuild(space.path('datasets/d'));
    });
  }
});

describe('a place that is taken', () => {
  const workspace = workspaces(inProcess);
  const output = (path: string) => config('rows.csv', `output: { path: ${path} }`);

  const nothing = () => undefined;
  const taken: [string, string, Record<string, string>, (space: Workspace) => unknown, string][] = [
    ['a file where the output goes', output('out'), { out: 'mine' }, nothing, 'out'],
    ['a file above the output', output('out/a/b'), { out: 'mine' }, nothing, 'out'],
    [
      'a link to nothing where the output goes',
      output('out'),
      {},
      (space) => symlink('gone', space.path('out')),
      'out',
    ],
    ['links in a circle', output('out'), {}, (space) => symlink('out', space.path('out')), 'out'],
    ['a file called .mldata', config('rows.csv'), { '.mldata': 'mine' }, nothing, '.mldata'],
    ['a file for scratch space', config('rows.csv'), { '.mldata/tmp': 'mine' }, nothing, '.mldata/tmp'],
    ['a file for the locks', config('rows.csv'), { '.mldata/locks': 'mine' }, nothing, '.mldata/locks'],
    ['a file for the lock', config('rows.csv'), { '.mldata/locks/d.lock': 'mine' }, nothing, 'd.lock'],
  ];
  for (const [name, yaml, files, prepare, culprit] of taken) {
    it(`by ${name} is named, and stays`, async () => {
      const space = await workspace({ '.mldata.yaml': yaml, 'rows.csv': table(4), ...files });
      await prepare(space);
      const { code, stderr } = await space.cli(['build']);
      assert.equal(code, 1, stderr);
      assert.ok(stderr.includes(`${space.path()}/`) && stderr.includes(culprit), stderr);
      assert.match(stderr, /[Mm]ove (it|that) away/);
      assert.doesNotMatch(stderr, /defect|^\s+at /m);
      for (const path of Object.keys(files)) assert.equal(await readFile(space.path(path), 'utf8'), 'mine');
      const kept = ['.mldata.yaml', 'rows.csv', ...Object.keys(files)];
      assert.deepEqual(
        (await space.files()).filter((file) => file !== '.mldata/.gitignore'),
        kept.sort(),
      );
    });
  }

  for (const link of ['.mldata', '.mldata/tmp', '.mldata/locks', '.mldata/tmp/1-0123abcd', '.mldata/.gitignore']) {
    it(`by a link, which a repository can bring along, has nothing written or removed where it leads: ${link}`, async () => {
      const space = await workspace({
        'project/.mldata.yaml': config('rows.csv'),
        'project/rows.csv': table(4),
        'victim/tmp/precious/notes.txt': 'mine',
        'victim/precious.txt': 'mine',
      });
      await mkdir(dirname(space.path('project', link)), { recursive: true });
      await symlink(
        space.path(link.endsWith('ignore') ? 'victim/precious.txt' : 'victim'),
        space.path('project', link),
      );
      const { code } = await space.cli(['build'], { cwd: space.path('project') });
      assert.equal(code, ['.mldata', '.mldata/tmp', '.mldata/locks'].includes(link) ? 1 : 0);
      assert.deepEqual(await space.files('victim'), ['precious.txt', 'tmp/precious/notes.txt']);
      assert.equal(await readFile(space.path('victim/precious.txt'), 'utf8'), 'mine');
    });
  }

  it('in the scratch space by what no run left is left alone', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv'),
      'rows.csv': table(4),
      '.mldata/tmp/mine/a': '',
    });
    assert.equal((await space.buildOne()).status, 'built');
    assert.ok((await space.files()).includes('.mldata/tmp/mine/a'));
  });
});

describe('a build that fails', () => {
  const workspace = workspaces(inProcess);

  it('leaves no folder behind, wherever its output goes, but those that were there', async () => {
    const space = await workspace({
      '.git/HEAD': '',
      'project/.mldata.yaml':
        'version: 1\ndatasets:\n  a: { source: gone.csv, output: { path: ../out/deep/a } }\n' +
        '  b: { source: gone.csv, output: { path: ../there/b } }\n  c: { source: gone.csv }\n',
    });
    await mkdir(space.path('there'));
    assert.equal((await space.cli(['build'], { cwd: space.path('project') })).code, 1);
    assert.deepEqual((await readdir(space.folder)).sort(), ['.git', 'project', 'there']);
    assert.deepEqual(await readdir(space.path('there')), []);
    assert.deepEqual((await readdir(space.path('project'))).sort(), ['.mldata', '.mldata.yaml']);
  });

  it('and cannot be cleared away does not keep the dataset locked', async () => {
    const space = await workspace({ '.mldata.yaml': config('rows.csv'), 'rows.csv': table(4) });
    const journal = space.path('datasets/d/.mldata-journal.json');
    const { datasets } = await space.build({}, ({ step }) => {
      if (step === 'write') mkdirSync(journal, { recursive: true });
    });
    assert.equal(datasets[0]?.error?.code, 'output-blocked');
    assert.match(datasets[0].error.message, /\.mldata-journal\.json is a folder/);
    await rm(journal, { recursive: true });
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(await leftovers(space.folder), []);
  });
});

describe('a source that the build itself would write', () => {
  const workspace = workspaces(inProcess);

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

  it('is refused, too, when it is the file of indices that a split follows', async () => {
    const indices = 'datasets/d/reports/split-indices.csv';
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'split: { train: 0.5, test: 0.5, seed: 1, writeIndices: true }'),
      'rows.csv': table(4),
    });
    await space.buildOne();
    const written = await readFile(space.path(indices), 'utf8');
    await space.write('.mldata.yaml', config('rows.csv', `split: { indices: ${indices} }`));
    const { error, findings } = await space.buildOne();
    assert.deepEqual([error?.kind, error?.code], ['config', 'source-is-output']);
    assert.deepEqual(findings[0]?.configPath, ['datasets', 'd', 'split', 'indices']);
    assert.match(findings[0].suggestion ?? '', /copy/);
    assert.equal(await readFile(space.path(indices), 'utf8'), written);
    // The way out that the message names.
    await space.write('indices.csv', written);
    await space.write('.mldata.yaml', config('rows.csv', 'split: { indices: indices.csv }'));
    assert.equal((await space.buildOne()).status, 'built');
  });

  it('is found by a plan as well', async () => {
    for (const [yaml, at] of [
      [config('datasets/d/data/data.csv', 'output: { format: csv }'), ['source']],
      [config('rows.csv', 'split: { indices: datasets/d/manifest.yaml }'), ['split', 'indices']],
    ] as const) {
      const files = { '.mldata.yaml': yaml, 'rows.csv': table(4), 'datasets/d/data/data.csv': table(4) };
      const result = await (await workspace(files)).cli(['build', '--dry-run', '--json']);
      const { error } = errorReportSchema.parse(JSON.parse(result.stdout));
      assert.deepEqual([result.code, error.code], [3, 'source-is-output']);
      assert.deepEqual(error.findings[0]?.configPath, ['datasets', 'd', ...at]);
    }
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
    // Whatever else the machine does, the first is not done before the second has asked.
    process.kill(first.pid, 'SIGSTOP');
    const second = await space.cli(['build']);
    process.kill(first.pid, 'SIGCONT');
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

  it('is not taken from a process of another container that goes on, and is from one that fell silent', async () => {
    const space = await workspace(one);
    const holder = `${LOCK}/${deadProcess()}-0123abcd-89abcdef`;
    await space.write(holder, '');
    assert.match((await space.buildOne()).error?.message ?? '', /another machine or container/);
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(space.path(holder), longAgo, longAgo);
    assert.equal((await space.buildOne()).status, 'built');
  });

  it('is taken over from a dead process whose number another has by now', async function () {
    if (process.platform !== 'linux') this.skip(); // others do not say when a process started
    const space = await workspace(one);
    const { state } = await openWorkspace(space.path('.mldata.yaml'));
    const release = await lock(space.path(LOCK), join(state, 'tmp', runId()), 'd');
    const [own = ''] = await readdir(space.path(LOCK));
    await release();
    const machine = own.split('-')[1];
    await space.write(`${LOCK}/${process.ppid}-${machine}-0123abcd`, '');
    assert.equal((await space.buildOne()).status, 'built');
    await space.write(`${LOCK}/${process.ppid}`, '');
    await rm(space.path('datasets'), { recursive: true });
    assert.equal((await space.buildOne()).error?.code, 'dataset-locked');
  });

  it('is had by exactly one of many who take over a dead one at once', async () => {
    const space = await workspace({});
    const { state } = await openWorkspace(space.path('.mldata.yaml'));
    await space.write(`${LOCK}/${deadProcess()}`, '');
    const script = await bundleScript(join(__dirname, 'lockAndWait.ts'), space.folder);
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
    // As one of this machine is called that is over; versions before this one gave shorter names.
    const [, machine] = OWN_NAME.split('-');
    const deadRun = `${deadProcess()}-${machine}-0123abcd-0123abcd`;
    for (const id of [`${deadProcess()}-0123abcd`, `${process.pid}-0123abcd`, deadRun]) {
      await space.write(`.mldata/tmp/${id}/spill/block`, 'x');
      await space.write(`datasets/d/.mldata-staging-${id}/data/data.parquet`, 'x');
    }
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(await leftovers(space.folder), []);
    await wholeBuild(space.path('datasets/d'));
  });

  it('and what a run on another machine or in another container may still need is left alone for a day', async () => {
    const space = await workspace(one);
    const id = `${deadProcess()}-0123abcd-89abcdef-0123abcd`;
    await space.write(`.mldata/tmp/${id}/spill/block`, 'x');
    // It would have the lock if it went on.
    await space.write(`datasets/d/.mldata-staging-${id}/data/data.parquet`, 'x');
    assert.equal((await space.buildOne()).status, 'built');
    const there = async () => (await space.files()).filter((path) => path.includes(id));
    assert.deepEqual(await there(), [`.mldata/tmp/${id}/spill/block`]);
    const longAgo = new Date(Date.now() - 25 * 60 * 60_000);
    await utimes(space.path(`.mldata/tmp/${id}`), longAgo, longAgo);
    await space.buildOne();
    assert.deepEqual(await there(), []);
  });
});
