/** `.dvc` files that stand there already: what somebody wrote in them stays, and DVC reads them as before. */
import assert from 'node:assert/strict';
import { lstat, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trackingStatus } from '../../src/engine/tracking';
import { remove } from '../host/workspace';
import { commit, git, writeAll } from './gitHome';
import { RealDvc } from './realDvc';
import { track } from './tracked';
import { dataIn } from './trackedTrees';

const annotated = `# Whose these are
outs:
- md5: 9dd4e461268c8034f5c8564e155c67a6 # of the letter x
  size: 1
  hash: md5
  path: a.csv
  desc: "Passengers: all of them"
  type: dataset
  labels: [titanic, people]
  remote: store
  meta: {owner: Ada, 'since': 2024-01-01}
desc: The file
meta:
  # kept
  team: data
`;

const legacy = (md5: string, size: number) => `outs:\n- md5: ${md5}\n  size: ${size}\n  path: a.csv\n`;
const two = (a: string, b: string) => `outs:
- md5: ${a}
  size: 1
  hash: md5
  path: a.csv
  desc: The first
- md5: ${b}
  size: 1
  hash: md5
  path: b.csv # the other
`;
/** Of the letters. */
const [x, y, z] = [
  '9dd4e461268c8034f5c8564e155c67a6',
  '415290769594460e2e485922904f345d',
  'fbade9e36a3f36d3d676c1b808451dd7',
];

describe('tracking what has a .dvc file', function () {
  this.timeout(5 * 60_000);
  let real: RealDvc;
  before(async () => {
    real = await RealDvc.start();
  });
  after(() => real.stop());

  const read = (folder: string, name: string) => readFile(join(folder, name), 'utf8');
  /** `DVC` has every byte of it in its cache. */
  const assertClean = async (folder: string) => {
    assert.deepEqual(await real.json(folder, 'status'), {});
    await real.dvc(folder, 'push', '--quiet');
    assert.deepEqual(await real.json(folder, 'status', '--cloud'), {});
  };

  it('fills the cache, and leaves a file alone that says what is', async () => {
    const folder = await real.repository({ 'a.csv': 'x', 'a.csv.dvc': annotated });
    const before = await stat(join(folder, 'a.csv.dvc'), { bigint: true });
    const [tracked] = await track(folder, ['a.csv']);
    assert.deepEqual(
      tracked?.files.map(({ path }) => path),
      ['.gitignore'],
    );
    assert.equal(await read(folder, 'a.csv.dvc'), annotated);
    assert.equal((await stat(join(folder, 'a.csv.dvc'), { bigint: true })).mtimeNs, before.mtimeNs);
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('changes the hash and the size, and nothing else', async () => {
    const folder = await real.repository({ 'a.csv': 'changed', 'a.csv.dvc': annotated });
    await track(folder, ['a.csv']);
    const expected = annotated.replace(x, '8977dfac2f8e04cb96e66882235f5aba').replace('size: 1', 'size: 7');
    assert.equal(await read(folder, 'a.csv.dvc'), expected);
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('takes a hash in capitals for another one, as DVC does, and writes it anew', async () => {
    const folder = await real.repository({ 'a.csv': 'x', 'd/a': 'x', 'd/b': 'y' });
    const names = ['a.csv', 'd'];
    await real.dvc(folder, 'add', '--quiet', ...names);
    const texts = () => Promise.all(names.map((name) => read(folder, `${name}.dvc`)));
    const small = await texts();
    const shout = async () => {
      const capital = (text: string) => text.replace(/(?<=md5: )\S+/, (md5) => md5.toUpperCase());
      await writeAll(folder, Object.fromEntries(names.map((name, at) => [`${name}.dvc`, capital(small[at] ?? '')])));
    };
    await shout();
    assert.deepEqual(Object.keys((await real.json(folder, 'status')) as object).sort(), ['a.csv.dvc', 'd.dvc']);
    const request = { folder, targets: [], dvc: { mode: 'native' as const } };
    const { paths } = await trackingStatus(request, new AbortController().signal);
    assert.deepEqual(
      paths.map(({ path, state }) => [path, state]),
      names.map((name) => [name, 'modified']),
    );
    await real.dvc(folder, 'add', '--quiet', ...names);
    assert.deepEqual(await texts(), small);
    await shout();
    await track(folder, names);
    assert.deepEqual(await texts(), small);
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('says as DVC does of what has become a folder, or executable', async () => {
    const folders = [await real.repository(), await real.repository()] as const;
    for (const folder of folders) {
      await writeAll(folder, { 'a.csv': 'x', 'b.sh': 'y' });
      await real.dvc(folder, 'add', '--quiet', 'a.csv', 'b.sh');
      await remove(join(folder, 'a.csv'));
      await remove(join(folder, 'b.sh'));
      await writeAll(folder, { 'a.csv/part.csv': 'x' });
      await writeFile(join(folder, 'b.sh'), 'z', { mode: 0o755 });
    }
    await real.dvc(folders[0], 'add', '--quiet', 'a.csv', 'b.sh');
    await track(folders[1], ['a.csv', 'b.sh']);
    for (const name of ['a.csv.dvc', 'b.sh.dvc', '.gitignore']) {
      assert.equal(await read(folders[1], name), await read(folders[0], name), name);
    }
    for (const folder of folders) await remove(join(folder, '..'));
  });

  it('leaves an entry of DVC 2 alone while it is right', async () => {
    const crlf = 'id,label\r\n1,cat\r\n';
    const folder = await real.repository({
      'a.csv': crlf,
      'a.csv.dvc': legacy('0f73e4cad20754a1eec8c0884f93c799', 17),
      '.gitignore': '/a.csv\n',
    });
    await track(folder, ['a.csv']);
    assert.equal(await read(folder, 'a.csv.dvc'), legacy('0f73e4cad20754a1eec8c0884f93c799', 17));
    assert.equal(await read(folder, 'a.csv'), crlf);
    await assertClean(folder);
    const clone = await real.pulled(folder);
    // DVC 2 itself kept what it had hashed as it was.
    assert.equal(await read(clone, 'a.csv'), crlf);
    await remove(join(folder, '..'));
  });

  it('writes an entry of DVC 2 as one of DVC 3 once the content has changed', async () => {
    const folder = await real.repository({ 'a.csv': 'x', 'a.csv.dvc': legacy(y, 1), '.gitignore': '/a.csv\n' });
    await track(folder, ['a.csv']);
    assert.match(await read(folder, 'a.csv.dvc'), new RegExp(`md5: ${x}\\n(.*\\n)*.*hash: md5`));
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('keeps the other outputs of a file that several share', async () => {
    const folder = await real.repository({
      'a.csv': 'z',
      'b.csv': 'y',
      'both.dvc': two(x, y),
      '.gitignore': '/a.csv\n/b.csv\n',
    });
    await track(folder, ['a.csv']);
    assert.equal(await read(folder, 'both.dvc'), two(z, y));
    assert.equal(await read(folder, '.gitignore'), '/a.csv\n/b.csv\n');
    assert.deepEqual(await real.json(folder, 'status'), {
      'both.dvc': [{ 'changed outs': { 'b.csv': 'not in cache' } }],
    });
    await track(folder, ['b.csv']);
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('finds the file that names it from another folder', async () => {
    const file = `wdir: ../data\n${two(x, y)}`;
    const folder = await real.repository({ 'data/a.csv': 'z', 'data/b.csv': 'y', 'meta/both.dvc': file });
    await track(folder, ['data/a.csv', 'data/b.csv']);
    assert.equal(await read(folder, 'meta/both.dvc'), file.replace(x, z));
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('adds to .gitignore as it stands there, and nothing where git ignores it already', async () => {
    const folder = await real.repository({
      'a.csv': 'x',
      'sub/b.csv': 'y',
      'sub/c.csv': 'z',
      '.gitignore': '# ours\r\n!*.csv\r\nlast',
      'sub/.gitignore': 'c.*\n!*.dvc\n',
    });
    await track(folder, ['a.csv', 'sub/b.csv', 'sub/c.csv']);
    assert.equal(await read(folder, '.gitignore'), '# ours\r\n!*.csv\r\nlast\r\n/a.csv\r\n');
    assert.equal(await read(folder, 'sub/.gitignore'), 'c.*\n!*.dvc\n/b.csv\n');
    await commit(folder);
    assert.doesNotMatch(await git(folder, 'ls-files'), /\.csv$/m);
    await assertClean(folder);
    await remove(join(folder, '..'));
  });

  it('tracks where DVC is used below the root of git, and without git', async () => {
    const folder = await real.repository({ 'project/data/a.csv': 'x' });
    await real.dvc(join(folder, 'project'), 'init', '--subdir', '--quiet');
    await real.dvc(join(folder, 'project'), 'remote', 'add', '--default', '--quiet', 'store', '../../remote');
    await track(folder, ['project/data']);
    await assertClean(join(folder, 'project'));
    const plain = join(folder, '..', 'plain');
    await writeAll(plain, { 'data/a.csv': 'x' });
    await real.dvc(plain, 'init', '--no-scm', '--quiet');
    await real.dvc(plain, 'remote', 'add', '--default', '--quiet', 'store', '../remote');
    await track(plain, ['data']);
    await assertClean(plain);
    await remove(join(folder, '..'));
  });

  // Of the first that the disk can: reflinks need a file system of their own.
  for (const types of ['reflink,copy', 'hardlink', 'symlink', 'copy']) {
    it(`links as DVC does where cache.type is ${types}`, async () => {
      const files = { 'a.csv': 'x', 'empty.csv': '', 'data/a.csv': 'x', 'data/sub/b.csv': 'y' };
      const folders = [await real.repository(files), await real.repository(files)] as const;
      for (const folder of folders) await real.dvc(folder, 'config', '--quiet', 'cache.type', types);
      const targets = ['a.csv', 'empty.csv', 'data'];
      await real.dvc(folders[0], 'add', '--quiet', ...targets);
      await track(folders[1], targets);
      const kinds = (folder: string) => {
        // DVC links to nothing at all, too, where it links by symbolic links.
        const full = Object.keys(files).filter((name) => name !== 'empty.csv');
        return Promise.all(full.map((name) => kindOf(join(folder, name))));
      };
      assert.deepEqual(await kinds(folders[1]), await kinds(folders[0]));
      assert.deepEqual(await dataIn(folders[1]), await dataIn(folders[0]));
      await assertClean(folders[1]);
      // Replaced, never written into: else the object in the cache would change with it.
      await remove(join(folders[1], 'data', 'a.csv'));
      await writeAll(folders[1], { 'data/a.csv': 'changed' });
      await track(folders[1], targets);
      await assertClean(folders[1]);
      for (const folder of folders) await remove(join(folder, '..'));
    });
  }
});

/** Link or copy, its permissions, and how many names its bytes have. */
async function kindOf(path: string): Promise<string> {
  const link = await lstat(path);
  const { mode, nlink } = await stat(path);
  return `${link.isSymbolicLink() ? 'link' : 'file'} ${(mode & 0o777).toString(8)} ${nlink}`;
}
