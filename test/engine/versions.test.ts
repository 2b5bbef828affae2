/** Every build is a version: noted, kept, named, restored and built again. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, cp, lstat, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { versionId } from '../../src/engine/manifest';
import { missingFiles, resolveVersion } from '../../src/engine/versions';
import {
  versionGcSchema,
  versionListSchema,
  versionRestoreSchema,
  versionShownSchema,
  versionTagSchema,
  type MldataError,
  type TagRequest,
} from '../../src/protocol';
import { codes, config, Workspace } from './support';
import { leftovers, wholeBuild } from './whole';

const engine = new LocalEngine(resolve('dist/job.js'));
const never = new AbortController().signal;
const DATA = 'datasets/d/data/data.csv';

/** The same input, with as many rows of it as the version says. */
const versionOf = (rows: number) =>
  config('a.csv', `transforms:\n  - filter: { expression: "id < ${rows}" }\noutput: { format: csv }`);

describe('versions', () => {
  let built: Workspace;
  let space: Workspace;
  /** Ids and bytes of the three builds, oldest first. */
  const ids: string[] = [];
  const bytes: string[] = [];

  before(async () => {
    built = await Workspace.create({
      'a.csv': `id,x\n${Array.from({ length: 8 }, (_, id) => `${id},${id * 2}\n`).join('')}`,
    });
    for (const rows of [4, 5, 6]) {
      await built.write('.mldata.yaml', versionOf(rows));
      await built.buildOne();
      ids.push(versionId(await built.manifest('d')));
      bytes.push(await readFile(built.path(DATA), 'utf8'));
    }
  });
  after(() => built.remove());

  beforeEach(async () => {
    space = await Workspace.create({});
    await cp(built.folder, space.folder, { recursive: true, preserveTimestamps: true });
  });
  afterEach(async () => {
    assert.deepEqual(await leftovers(space.folder), []);
    await space.remove();
  });

  const named = () => ({ configPath: space.path('.mldata.yaml'), folder: space.folder });
  const list = async () => {
    const [dataset] = versionListSchema.parse(await engine.versions({ ...named(), targets: ['d'] })).datasets;
    return dataset?.versions ?? [];
  };
  const restore = (name: string) => engine.restore({ ...named(), reference: `d@${name}` }, never);
  const tag = async (name: string, version: string, action: TagRequest['action'] = 'move') =>
    versionTagSchema.parse(await engine.tag({ ...named(), reference: version, tag: name, action }, never));
  const data = () => readFile(space.path(DATA), 'utf8');
  const yaml = () => readFile(space.path('datasets/d/versions.yaml'), 'utf8');
  /** Where the store has the bytes of a version. */
  const objectOf = async (id: string) => {
    const { files } = await resolveVersion({ ...named(), reference: `d@${id}` });
    return files.get('data/data.csv') ?? '';
  };

  it('are listed newest first, each after the one it took the place of, and all are kept', async () => {
    assert.deepEqual(
      (await list()).map(({ id, rows, parent, current, kept }) => [id, rows, parent, current, kept]),
      [
        [ids[2], 6, ids[1], true, true],
        [ids[1], 5, ids[0], false, true],
        [ids[0], 4, undefined, false, true],
      ],
    );
  });

  it('lead back through the parents of manifests, which lineage shows', async () => {
    assert.equal((await built.manifest('d')).parent, ids[1]);
    const { datasets } = await engine.lineage({ ...named(), targets: [] });
    assert.deepEqual([datasets[0]?.version, datasets[0]?.parent], [ids[2], ids[1]]);
    const { stdout } = await space.cli(['lineage', '--mermaid']);
    assert.match(stdout, new RegExp(`version ${ids[1]}.* -\\.-> d0`));
  });

  it('are on the disk once: a kept file and the one in the folder are the same', async () => {
    const [mine, kept] = [await stat(built.path(DATA)), await stat(await objectOfBuilt())];
    assert.equal(mine.size, kept.size);
    // A disk that clones files gives each an inode of its own.
    if (mine.ino === kept.ino) assert.equal(mine.mode & 0o222, 0, 'nobody writes into both at once');
    else assert.equal(kept.nlink, 1);

    async function objectOfBuilt(): Promise<string> {
      const names = await built.files('.mldata/versions/d/objects');
      const hash = (await built.manifest('d')).artifacts[0]?.sha256 ?? '';
      return built.path(
        '.mldata/versions/d/objects',
        names.find((name) => hash.startsWith(name.slice(0, 2)) && name.includes(hash.slice(2))) ?? '',
      );
    }
  });

  it('come back with every byte and a manifest that describes them, and what stood there stays a version', async () => {
    const answer = versionRestoreSchema.parse(await restore(ids[0] ?? ''));
    assert.deepEqual([answer.status, answer.restored, answer.replaced], ['restored', ids[0], ids[2]]);
    assert.equal(await data(), bytes[0]);
    assert.equal(versionId(await wholeBuild(space.path('datasets/d'))), ids[0]);
    assert.equal((await restore('previous')).restored, ids[2]);
    assert.equal(await data(), bytes[2]);
    assert.equal((await restore('current')).status, 'unchanged');
  });

  it('have what two of their files have in common once in the store', async () => {
    const halves = 'split: { train: 0.8, validation: 0.1, test: 0.1, seed: 1 }\noutput: { formats: [csv, jsonl] }';
    await space.write('.mldata.yaml', config('one.csv', halves));
    await space.write('one.csv', 'id,x\n1,2\n');
    await space.buildOne();
    const { artifacts } = await space.manifest('d');
    assert.deepEqual([artifacts.length, new Set(artifacts.map(({ sha256 }) => sha256)).size], [6, 4]);
    const texts = await Promise.all(artifacts.map(({ path }) => readFile(space.path(`datasets/d/${path}`), 'utf8')));
    await space.write('one.csv', 'id,x\n1,2\n2,3\n');
    await space.buildOne();
    const { files } = await resolveVersion({ ...named(), reference: 'd@previous' });
    const kept = await Promise.all(artifacts.map(({ path }) => readFile(files.get(path) ?? '', 'utf8')));
    assert.deepEqual(kept, texts);
    assert.equal(new Set(files.values()).size, 4);
  });

  it('are up to date once the config is theirs again', async () => {
    await restore(ids[0] ?? '');
    await space.write('.mldata.yaml', versionOf(4));
    assert.equal((await space.buildOne()).status, 'upToDate');
  });

  it('are not noted twice: the same outcome is the same version, with the same parent', async () => {
    const before = await yaml();
    await space.buildOne({ force: true });
    assert.equal(await yaml(), before);
    assert.equal((await space.manifest('d')).parent, ids[1]);
    await space.write('.mldata.yaml', versionOf(4));
    await space.buildOne();
    assert.equal((await list()).length, 3);
    assert.deepEqual((await list()).find(({ current }) => current)?.id, ids[0]);
  });

  it('are built again from their manifests, kept or not, with the same hashes', async () => {
    await rm(space.path('.mldata/versions/d/objects'), { recursive: true });
    const targets = ids.map((id) => `d@${id}`);
    const { datasets } = await engine.rebuild({ ...named(), targets, verify: true }, () => undefined, never);
    assert.deepEqual(
      datasets.map(({ status }) => status),
      ['same', 'same', 'same'],
    );
    assert.equal(await data(), bytes[2]);
    const { code, stderr } = await space.cli(['rebuild', `d@${ids[0]}`]);
    assert.equal(code, 0, stderr);
    assert.equal(await data(), bytes[0]);
    assert.equal((await list()).find(({ id }) => id === ids[0])?.kept, true);
  });

  it('are refused with exit code 3 where their bytes are gone or damaged, and nothing changes', async () => {
    const object = await objectOf(ids[0] ?? '');
    await chmod(object, 0o644);
    await writeFile(object, (bytes[0] ?? '').replace('0', '9'));
    const before = await yaml();
    for (const [code, says] of [
      [
        'version-bytes-damaged',
        /its bytes are damaged: data\/data\.csv\..* was taken out of the store; the folder of the build was not changed/,
      ],
      [
        'version-bytes-missing',
        /not all of it is on this machine: data\/data\.csv\. `mldata rebuild d@.*`dvc fetch --all-commits`/,
      ],
    ] as const) {
      await assert.rejects(restore(ids[0] ?? ''), (error: MldataError) => {
        assert.deepEqual([error.code, error.exitCode], [code, 3]);
        assert.match(error.message, says);
        return true;
      });
      assert.equal((await list()).find(({ id }) => id === ids[0])?.kept, false);
    }
    assert.equal(await data(), bytes[2]);
    assert.equal(await yaml(), before);
  });

  it('of a fresh clone are known, and their bytes are said to be missing', async () => {
    await rm(space.path('.mldata'), { recursive: true });
    assert.deepEqual(
      (await list()).map(({ kept }) => kept),
      [true, false, false],
    );
    const { code, stderr } = await space.cli(['versions', 'restore', 'd@previous']);
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`d@${ids[1]} is known, but not all of it is on this machine: manifest\\.yaml`));
    assert.equal(await data(), bytes[2]);
    await rm(space.path(DATA));
    await rm(space.path('.mldata'), { recursive: true });
    const current = await resolveVersion({ ...named(), reference: 'd' });
    assert.deepEqual(missingFiles(current), ['data/data.csv']);
    await assert.rejects(restore('current'), { code: 'version-bytes-missing', kind: 'config' });
  });

  it('are noted by the next command where a build was killed before it could', async () => {
    const lines = (await yaml()).split('\n').filter((line) => !line.includes(ids[2] ?? ''));
    await writeFile(space.path('datasets/d/versions.yaml'), lines.join('\n'));
    await rm(space.path('.mldata/versions'), { recursive: true });
    assert.equal((await list())[0]?.id, ids[2], 'it is shown');
    assert.ok(!(await yaml()).includes(ids[2] ?? ''), 'and looking changes nothing');
    await space.write('.mldata.yaml', versionOf(7));
    await space.buildOne();
    assert.equal((await list()).length, 4);
    await restore(ids[2] ?? '');
    assert.equal(await data(), bytes[2]);
  });

  it('are noted again before another takes their place, where what tells of them is gone', async () => {
    assert.equal((await space.buildOne()).status, 'upToDate');
    await rm(space.path('.mldata/versions/d/builds'), { recursive: true });
    await space.write('.mldata.yaml', versionOf(7));
    assert.equal((await space.buildOne()).status, 'built');
    await restore('previous');
    assert.equal(await data(), bytes[2]);
  });

  it('stay what they were when somebody writes into a file of the build', async () => {
    await space.buildOne({ force: true });
    await chmod(space.path(DATA), 0o644);
    await writeFile(space.path(DATA), (bytes[2] ?? '').replace('0', '9'));
    assert.equal((await space.buildOne()).status, 'built');
    await space.write('.mldata.yaml', versionOf(4));
    await space.buildOne();
    assert.equal((await restore('previous')).restored, ids[2]);
    assert.equal(await data(), bytes[2]);
  });

  it('leave a build up to date that nobody touched, without reading its files each time', async () => {
    await space.buildOne({ force: true });
    const before = await lstat(space.path(DATA), { bigint: true });
    for (let time = 0; time < 2; time++) assert.equal((await space.buildOne()).status, 'upToDate');
    await list();
    await tag('t', 'd');
    const after = await lstat(space.path(DATA), { bigint: true });
    assert.deepEqual([after.ctimeNs, after.ino], [before.ctimeNs, before.ino]);
  });

  it('can be given names, which move, go back and end', async () => {
    await tag('production', 'd@previous');
    assert.deepEqual([(await tag('production', 'd')).means, (await tag('production', 'd')).meant], [ids[2], ids[2]]);
    assert.equal((await tag('production', 'd', 'rollback')).means, ids[1]);
    assert.deepEqual((await list())[1]?.tags, ['production']);
    await assert.rejects(tag('production', 'd', 'rollback'), { code: 'tag-unknown', kind: 'usage' });
    assert.equal((await restore('production')).restored, ids[1]);
    assert.equal((await tag('production', 'd', 'delete')).means, null);
    await assert.rejects(restore('production'), { code: 'version-unknown', kind: 'usage' });
    for (const name of ['previous', 'current', '1st', 'a b'])
      await assert.rejects(tag(name, 'd'), { code: 'tag-invalid', kind: 'usage' });
  });

  it('keep their bytes as long as they are among the last used, have a tag or stand in the folder', async () => {
    await tag('paper', `d@${ids[0]}`);
    const dry = await engine.collect({ ...named(), targets: [], dryRun: true, keep: 1 });
    assert.deepEqual(dry.datasets[0]?.removed, [ids[1]]);
    const [done] = versionGcSchema.parse(
      await engine.collect({ ...named(), targets: [], dryRun: false, keep: 1 }),
    ).datasets;
    assert.deepEqual([done?.kept.toSorted(), done?.removed, done?.files], [[ids[0], ids[2]].toSorted(), [ids[1]], 1]);
    assert.equal(done?.bytesFreed, bytes[1]?.length);
    assert.deepEqual(
      (await list()).map(({ id, kept }) => [id, kept]),
      [
        [ids[2], true],
        [ids[1], false],
        [ids[0], true],
      ],
    );
    await restore('paper');
    assert.equal(await data(), bytes[0]);
  });

  it('are kept by the rule of the config, which every build follows', async () => {
    await space.write('.mldata.yaml', `${versionOf(7)}versions: { keep: 2 }\n`);
    await space.buildOne();
    assert.deepEqual(
      (await list()).map(({ kept }) => kept),
      [true, true, false, false],
    );
    const { stdout } = await space.cli(['config', 'get', 'versions.keep']);
    assert.equal(stdout, '2\n');
    await space.write('.mldata.yaml', `${versionOf(7)}versions: { maxBytes: 0.001KB }\n`);
    await engine.collect({ ...named(), targets: ['d'], dryRun: false });
    assert.deepEqual(
      (await list()).map(({ kept }) => kept),
      [true, false, false, false],
    );
  });

  it('do not stop a build where their file cannot be read, and do not write over it', async () => {
    const text = `${await yaml()}<<<<<<< HEAD\n`;
    await writeFile(space.path('datasets/d/versions.yaml'), text);
    await space.write('.mldata.yaml', versionOf(7));
    const build = await space.buildOne();
    assert.deepEqual([build.status, codes(build)], ['built', ['versions-conflict']]);
    assert.equal(await yaml(), text);
    const { code, stderr } = await space.cli(['versions', 'list']);
    assert.equal(code, 3);
    assert.match(stderr, /versions\.yaml:\d+: A merge left both sides in this file/);
    await writeFile(space.path('datasets/d/versions.yaml'), text.replace('<<<<<<< HEAD\n', ''));
    await space.buildOne();
    assert.equal((await list()).length, 4);
  });

  it('write nowhere else, whatever a repository brings along', async () => {
    await space.write('elsewhere/precious.txt', 'precious');
    await rm(space.path('.mldata/versions/d/objects'), { recursive: true });
    await symlink(space.path('elsewhere'), space.path('.mldata/versions/d/objects'));
    const build = await space.buildOne({ force: true });
    assert.deepEqual([build.status, codes(build)], ['built', ['version-not-kept']]);
    assert.deepEqual(await space.files('elsewhere'), ['precious.txt']);
  });

  it('are shown, restored and named by the command line too', async () => {
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await space.cli(['versions', ...args]);
      assert.equal(code, 0, stderr);
      return { stdout, stderr };
    };
    const shown = versionShownSchema.parse(JSON.parse((await run('show', 'd@previous', '--json')).stdout));
    assert.deepEqual([shown.entry.id, shown.build?.artifacts[0]?.rows], [ids[1], 5]);
    assert.match(
      (await run('tag', `datasets/d@${ids[0]?.slice(0, 8)}`, 'paper')).stderr,
      new RegExp(`paper is now d@${ids[0]}\\.`),
    );
    assert.match(
      (await run('restore', 'd@paper')).stderr,
      new RegExp(`d@${ids[0]} stands in its folder again in place of ${ids[2]}\\.`),
    );
    assert.match((await run('list')).stderr, new RegExp(`\\* +${ids[0]} .* 4 rows .* paper\\n$`));
    assert.match(
      (await run('gc', '--keep', '1')).stderr,
      /d: removed 2 files of 2 versions, freed \d+ B; 1 version stays/,
    );
    const { code } = await space.cli(['versions', 'show', 'd@nobody']);
    assert.equal(code, 64);
  });

  it('have their files where a reader knows the format by the name', async () => {
    const { id, manifest, files } = await resolveVersion({
      ...named(),
      reference: `datasets/d@${ids[0]?.slice(0, 6)}`,
    });
    assert.deepEqual([id, manifest.rows, [...files.keys()]], [ids[0], 4, ['data/data.csv']]);
    const path = files.get('data/data.csv') ?? '';
    assert.ok(path.endsWith('.csv') && path.startsWith(join(space.folder, '.mldata')));
    assert.equal(await readFile(path, 'utf8'), bytes[0]);
    const current = await resolveVersion({ ...named(), reference: 'd' });
    assert.equal(current.files.get('data/data.csv'), space.path(DATA));
  });

  describe('of a manifest that somebody edited', () => {
    const edit = async (change: (text: string) => string) => {
      const path = space.path('datasets/d/manifest.yaml');
      await writeFile(path, change(await readFile(path, 'utf8')));
    };
    const byPath = () => ({ folder: space.folder, targets: ['datasets/d'] });
    for (const [what, change] of [
      ['a dataset that leads elsewhere', (text: string) => text.replace(/^dataset: d$/m, 'dataset: ../../elsewhere')],
      ['a hash that is none', (text: string) => text.replace(/sha256: .*/, 'sha256: ../../../elsewhere')],
    ] as const)
      it(`with ${what} touch nothing`, async () => {
        const name = `elsewhere/objects/ab/${'c'.repeat(62)}`;
        await space.write(name, 'precious');
        await edit(change);
        const { folder } = space;
        for (const work of [
          () => engine.collect({ ...byPath(), dryRun: false, keep: 1 }),
          () => engine.tag({ folder, reference: 'datasets/d', tag: 't', action: 'move' }, never),
          () => engine.restore({ folder, reference: 'datasets/d@previous' }, never),
          () => engine.versions(byPath()),
        ])
          await assert.rejects(work(), { code: 'not-built' });
        assert.deepEqual(await space.files('elsewhere'), [name.slice('elsewhere/'.length)]);
      });

    it('are refused at once where it is a pipe', async () => {
      await rm(space.path('datasets/d/manifest.yaml'));
      execFileSync('mkfifo', [space.path('datasets/d/manifest.yaml')]);
      const { stdout } = await space.cli(['versions', 'list', 'd']);
      assert.doesNotMatch(stdout, /\*/);
    });
  });

  it('lose only bytes that are theirs', async () => {
    const objects = '.mldata/versions/d/objects';
    const others = ['notes.txt', 'ab/notes.txt', `ab/cd/${'e'.repeat(62)}`, 'f'.repeat(64)];
    for (const name of others) await space.write(join(objects, name), 'precious');
    const collect = () => engine.collect({ ...named(), targets: ['d'], dryRun: false, keep: 1 });
    assert.equal((await collect()).datasets[0]?.files, 2);
    const left = await space.files(objects);
    for (const name of others) assert.ok(left.includes(name), name);
    await space.write(`elsewhere/ab/${'c'.repeat(62)}`, 'precious');
    await rm(space.path(objects), { recursive: true });
    await symlink(space.path('elsewhere'), space.path(objects));
    await assert.rejects(collect(), { code: 'output-blocked' });
    assert.equal((await space.files('elsewhere')).length, 1);
  });

  it('keep their bytes where a newer mldata wrote more, and all bytes where nothing can be told', async () => {
    await tag('paper', `d@${ids[0]}`);
    const record = `.mldata/versions/d/builds/${ids[0]}`;
    const text = await readFile(space.path(record, 'build.json'), 'utf8');
    await space.write(`${record}/build.json`, text.replace('{', '{ "newer": true,'));
    await rm(space.path(record, 'artifacts.json'), { force: true });
    const collect = () => engine.collect({ ...named(), targets: ['d'], dryRun: false, keep: 1 });
    await collect();
    const before = await space.files('.mldata/versions/d/objects');
    await edit(`${record}/manifest.yaml`, 'newer: true\n');
    await assert.rejects(collect(), { code: 'versions-not-collected', message: /Nothing was removed of the versions/ });
    await space.write('.mldata.yaml', `${versionOf(7)}versions: { keep: 1 }\n`);
    const build = await space.buildOne();
    assert.deepEqual([build.status, codes(build)], ['built', ['versions-not-collected']]);
    const after = await space.files('.mldata/versions/d/objects');
    assert.deepEqual([before.filter((name) => !after.includes(name)), after.length], [[], 3]);

    async function edit(path: string, more: string): Promise<void> {
      await space.write(path, (await readFile(space.path(path), 'utf8')) + more);
    }
  });

  it('that have a tag on another branch keep their bytes until the branch is gone', async () => {
    const file = 'datasets/d/versions.yaml';
    const checkOut = (branch: string) => space.write('.git/HEAD', `ref: refs/heads/${branch}\n`);
    for (const branch of ['a', 'main']) await space.write(`.git/refs/heads/${branch}`, `${'0'.repeat(40)}\n`);
    const onMain = await yaml();
    await checkOut('a');
    await tag('production', `d@${ids[0]}`);
    await tag('passing', `d@${ids[1]}`);
    await tag('passing', 'd', 'delete');
    const onA = await yaml();
    await checkOut('main');
    for (const [rows, there] of [
      [7, onMain],
      [8, undefined],
    ] as const) {
      if (there === undefined) await rm(space.path(file));
      else await space.write(file, there);
      await space.write('.mldata.yaml', `${versionOf(rows)}versions: { keep: 1 }\n`);
      await space.buildOne();
    }
    const collect = async () => {
      const found = await engine.collect({ ...named(), targets: ['d'], dryRun: false });
      return found.datasets[0]?.kept.includes(ids[0] ?? '');
    };
    assert.equal(await collect(), true);
    await checkOut('a');
    await space.write(file, onA);
    await restore('production');
    assert.equal(await data(), bytes[0]);
    assert.equal((await list()).find(({ id }) => id === ids[1])?.kept, false);
    await checkOut('main');
    await space.write(file, onMain);
    await rm(space.path('.git/refs/heads/a'));
    await space.buildOne();
    assert.equal(await collect(), false);
  });

  it('do not replace what somebody wrote into the folder, unless that is asked for', async () => {
    await rm(space.path(DATA));
    await space.write(DATA, 'mine\n');
    for (const name of ['previous', 'current'])
      await assert.rejects(restore(name), { code: 'version-edited', message: /d is not as .*: data\/data\.csv\./ });
    assert.equal(await data(), 'mine\n');
    const { code, stderr } = await space.cli(['versions', 'restore', 'd@previous', '--force']);
    assert.equal(code, 0, stderr);
    assert.equal(await data(), bytes[1]);
    await space.write('datasets/d/manifest.yaml', 'kind: mldata/manifest\n<<<<<<< HEAD\n');
    await assert.rejects(restore(ids[0] ?? ''), { code: 'version-edited', message: /manifest\.yaml/ });
  });

  it('are kept as a copy where an artifact is a link, as DVC makes them, and the file stays what it was', async () => {
    await space.write('.git/HEAD', '');
    await rm(space.path('.mldata/versions'), { recursive: true });
    await rm(space.path('datasets/d/data'), { recursive: true });
    await space.write('cache/data.csv', bytes[2] ?? '');
    await symlink('../../cache', space.path('datasets/d/data'));
    await tag('t', 'd');
    const { files } = await resolveVersion({ ...named(), reference: 'd' });
    assert.deepEqual([...files.keys()], ['data/data.csv']);
    const { nlink, mode } = await stat(space.path('cache/data.csv'));
    assert.deepEqual([nlink, mode & 0o200], [1, 0o200]);
    await rm(space.path('datasets/d/data'));
    assert.equal((await restore('current')).status, 'restored');
    assert.equal(await data(), bytes[2]);
  });

  it('say what they do not keep: a link that leaves the git root', async () => {
    const elsewhere = await Workspace.create({ 'data.csv': bytes[2] ?? '' });
    try {
      await rm(space.path('.mldata/versions'), { recursive: true });
      await rm(space.path(DATA));
      await symlink(elsewhere.path('data.csv'), space.path(DATA));
      const build = await space.buildOne();
      assert.deepEqual([build.status, codes(build)], ['upToDate', ['version-not-kept']]);
      assert.equal((await list())[0]?.kept, false);
    } finally {
      await elsewhere.remove();
    }
  });

  it('are not looked for again by a build that has nothing to do', async () => {
    await space.buildOne();
    await rm(space.path('.mldata/versions/d/builds'), { recursive: true });
    assert.equal((await space.buildOne()).status, 'upToDate');
    assert.deepEqual(await space.files('.mldata/versions/d/builds'), []);
  });

  it('are not put where their manifest does not lead', async () => {
    await space.write('.mldata.yaml', versionOf(6).replace('format: csv', 'format: csv, path: moved'));
    await cp(space.path('datasets/d'), space.path('moved'), { recursive: true });
    await assert.rejects(restore(ids[0] ?? ''), { code: 'build-moved', message: /output\.path` back to datasets\/d/ });
    assert.equal(await readFile(space.path('moved/data/data.csv'), 'utf8'), bytes[2]);
  });

  it('come back from the store where the folder and its list are gone', async () => {
    await rm(space.path('datasets'), { recursive: true });
    assert.deepEqual(
      (await list()).map(({ id, kept, current }) => [id, kept, current]),
      ids.toReversed().map((id) => [id, true, false]),
    );
    await restore('previous');
    assert.equal(await data(), bytes[2]);
    assert.equal((await list()).length, 3);
    await rm(space.path('datasets'), { recursive: true });
    await rm(space.path('.mldata'), { recursive: true });
    await assert.rejects(restore('previous'), { code: 'version-unknown', message: /It has no version yet/ });
  });

  it('lose a tag by the path of a build too, whatever is in the path', async () => {
    await tag('t', 'd');
    await cp(built.folder, space.path('me@corp'), { recursive: true });
    await cp(space.path('datasets'), space.path('me@corp/datasets'), { recursive: true, force: true });
    const { code, stderr } = await space.cli(['versions', 'tag', space.path('me@corp/datasets/d'), 't', '--delete']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /t is no tag of d any more/);
  });
});
