/** What mldata has DVC track, seen by the real DVC: as it would have written it itself, pushed, and pulled elsewhere. */
import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DvcOptions } from '../../src/protocol';
import { dvcOfPython, dvcProgram } from '../host/trackingPython';
import { remove } from '../host/workspace';
import { git, writeAll } from './gitHome';
import { RealDvc } from './realDvc';
import { track } from './tracked';
import { dataIn, hostileNames, trees, whatIsIn } from './trackedTrees';

/** Not of git, nor of what DVC remembers by itself. */
const notOurs = ['.git', '.mldata', 'tmp'];
const cacheOf = (folder: string) => whatIsIn(join(folder, '.dvc', 'cache', 'files', 'md5'));

describe('tracking with DVC', function () {
  this.timeout(5 * 60_000); // the packages may have to be fetched
  let real: RealDvc;
  /** The same files, tracked by DVC itself and by mldata; and what was pushed from there, elsewhere. */
  let theirs: string;
  let ours: string;
  let clone: string;
  /** Before. */
  let content: Record<string, string>;
  // No .gitignore can name one with a line break; in folders that is no matter.
  const names = hostileNames.filter((name) => !name.includes('\n')).map((name) => `names/${name}`);
  const targets = [...Object.keys(trees), ...names];

  before(async () => {
    real = await RealDvc.start();
    [theirs, ours] = [await real.repository(), await real.repository()];
    for (const folder of [theirs, ours]) {
      for (const make of Object.values(trees)) await make(folder);
      await writeAll(join(folder, 'names'), Object.fromEntries(hostileNames.map((name) => [name, name])));
    }
    content = await dataIn(ours);
    await real.dvc(theirs, 'add', '--quiet', '--', ...targets);
    await track(ours, targets);
  });
  after(async () => {
    for (const folder of [theirs, ours]) await remove(join(folder, '..'));
    await real.stop();
  });

  // That one takes U+2028 for a line break, and indents behind it; whoever reads YAML 1.2 reads another name then.
  for (const each of targets.filter((name) => !name.includes('\u2028'))) {
    it(`writes what DVC writes: ${JSON.stringify(each)}`, async () => {
      const [expected, written] = await Promise.all([theirs, ours].map((root) => readFile(join(root, `${each}.dvc`))));
      assert.equal(written?.toString(), expected?.toString());
    });
  }

  it('fills the cache as DVC fills it, to the permissions', async () => {
    assert.deepEqual(await cacheOf(ours), await cacheOf(theirs));
  });

  it('has git ignore what is tracked, whatever it is called, and nothing else', async () => {
    const ignored = await git(ours, 'ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory');
    const listed = ignored.split('\0').filter((path) => !/^$|^\.(dvc|mldata)\//.test(path));
    const folders = ['empty folder', 'nested', 'linked', 'hostile #1 [names]!'];
    const expected = targets.map((each) => (folders.includes(each) ? `${each}/` : each));
    assert.deepEqual(listed.sort(), expected.sort());
    const lines = async (root: string) =>
      (await readFile(join(root, '.gitignore'), 'utf8')).trimEnd().split('\n').sort();
    assert.deepEqual(await lines(ours), await lines(theirs));
  });

  it('leaves the data as they are', async () => {
    assert.deepEqual(await dataIn(ours), content);
  });

  it('leaves DVC nothing to do', async () => {
    assert.deepEqual(await real.json(ours, 'status'), {});
    assert.match(await real.dvc(ours, 'commit'), /^$|up to date/);
    await git(ours, 'add', '--all');
    await real.dvc(ours, 'add', '--quiet', '--', ...targets);
    assert.equal(await git(ours, 'diff', '--name-only'), '');
  });

  describe('pushed, and pulled elsewhere', () => {
    before(async () => {
      clone = await real.pulled(ours);
    });

    it('is as it was, to the byte', async () => {
      assert.deepEqual(await dataIn(clone), content);
      assert.deepEqual(await readdir(join(clone, 'empty folder')), []);
    });

    it('has its executable files', async () => {
      assert.ok((await stat(join(clone, 'tool.sh'))).mode & 0o100);
    });

    it('is clean there', async () => {
      assert.deepEqual(await real.json(clone, 'status'), {});
      assert.deepEqual(await real.json(clone, 'status', '--cloud'), {});
    });
  });

  it('takes a file of 300 MB', async () => {
    const folder = await real.repository({ 'large.bin': 'at its start' });
    await truncate(join(folder, 'large.bin'), 300e6);
    await track(folder, ['large.bin']);
    const there = await real.pulled(folder);
    assert.equal((await stat(join(there, 'large.bin'))).size, 300e6);
    assert.ok((await readFile(join(there, 'large.bin'))).equals(await readFile(join(folder, 'large.bin'))));
    await remove(join(folder, '..'));
  });

  it('says the same with the installed program', async () => {
    const folders = [await real.repository(), await real.repository(), await real.repository()] as const;
    const some = ['labels.csv', 'tool.sh', 'nested', 'digits.txt'];
    for (const folder of folders) for (const each of some) await trees[each]?.(folder);
    const [native, byProgram, byPython] = folders;
    const done = async (folder: string, dvc?: DvcOptions) =>
      (await track(folder, some, { ...(dvc && { dvc }) })).map(({ by, files, ...rest }) => {
        return { by, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), ...rest };
      });
    const ourWork = await done(native);
    const theirWork = await done(byProgram, { mode: 'cli', executables: [await dvcProgram()] });
    const likewise = await done(byPython, { mode: 'auto', executables: [await dvcOfPython()] });
    assert.deepEqual([ourWork[0]?.by, theirWork[0]?.by, likewise[0]?.by], ['mldata', 'dvc', 'dvc']);
    assert.deepEqual(
      theirWork.map((each) => ({ ...each, by: 'mldata' })),
      ourWork,
    );
    assert.deepEqual(likewise, theirWork);
    const written = (folder: string) => whatIsIn(folder, [...notOurs, 'tool.sh']);
    assert.deepEqual(await written(byProgram), await written(native));
    for (const folder of folders) await remove(join(folder, '..'));
  });

  it('follows what has changed since', async () => {
    const folder = await real.repository();
    await trees['nested']?.(folder);
    await track(folder, ['nested']);
    await writeAll(folder, { 'nested/sub/b.txt': 'changed', 'nested/new.txt': 'new' });
    await unlink(join(folder, 'nested', 'sub.txt'));
    await chmod(join(folder, 'nested', 'a.txt'), 0o644);
    const before = (await real.json(folder, 'status')) as object;
    assert.deepEqual(before, { 'nested.dvc': [{ 'changed outs': { nested: 'modified' } }] });
    const [changed] = await track(folder, ['nested']);
    assert.equal(changed?.status, 'tracked');
    assert.deepEqual(await real.json(folder, 'status'), {});
    const [again] = await track(folder, ['nested']);
    assert.deepEqual([again?.status, again?.files], ['unchanged', []]);
    const pulled = await real.pulled(folder);
    assert.equal(await readFile(join(pulled, 'nested', 'sub', 'b.txt'), 'utf8'), 'changed');
    await remove(join(folder, '..'));
  });
});
