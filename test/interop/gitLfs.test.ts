/** What mldata has Git LFS track, seen by the real git and Git LFS: committed as pointers, and the bytes again elsewhere. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitLfsProgram, withGitLfs } from '../host/gitLfs';
import { run } from '../host/processes';
import { remove, temporaryFolder } from '../host/workspace';
import { commit, git, GitHome, writeAll } from './gitHome';
import { track, whyNot } from './tracked';
import { hostileNames, whatIsIn } from './trackedTrees';

const large = (name: string) => `${name}\n`.repeat(1 + Math.ceil(2000 / name.length));
const lfs = { tool: 'git-lfs', lfs: { threshold: 1000 } } as const;

/** Pointers as `git lfs` names them, by path. */
async function pointers(folder: string): Promise<Record<string, string>> {
  const { files } = JSON.parse(await git(folder, 'lfs', 'ls-files', '--json')) as {
    files: { name: string; oid: string }[] | null;
  };
  return Object.fromEntries((files ?? []).map(({ name, oid }) => [name, oid]));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('tracking with Git LFS', function () {
  this.timeout(2 * 60_000);
  let home: GitHome;
  before(async () => {
    home = await GitHome.open({ PATH: (await withGitLfs())['PATH'] });
    await git(await temporaryFolder(), 'lfs', 'install', '--skip-repo');
  });
  after(() => home.close());

  async function repository(files: Readonly<Record<string, string>>): Promise<string> {
    const parent = await temporaryFolder();
    const folder = join(parent, 'repository');
    await mkdir(folder);
    await git(parent, 'init', '--quiet', '--bare', 'server');
    await git(folder, 'init', '--quiet');
    await git(folder, 'remote', 'add', 'origin', `file://${join(parent, 'server')}`);
    await writeAll(folder, files);
    return folder;
  }

  async function cloned(folder: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    await git(folder, 'push', '--quiet', '--set-upstream', 'origin', 'main');
    const clone = await temporaryFolder();
    await run('git', ['clone', '--quiet', `file://${join(folder, '..', 'server')}`, clone], {
      env: { ...process.env, ...env },
    });
    return clone;
  }

  describe('files of hostile names among small ones', () => {
    const names = hostileNames.map((name) => `data/#1 !we[i]rd/${name}`);
    const small = { 'data/#1 !we[i]rd/small.txt': 'small', 'data/small.csv': 'a\n1\n', 'notes.txt': large('notes') };
    const big = Object.fromEntries([...names, 'data/deep/er/x.bin'].map((name) => [name, large(name)]));
    let folder: string;
    before(async () => {
      folder = await repository({ ...small, ...big });
      await track(folder, ['data'], lfs);
      await commit(folder);
    });

    it('are pointers in git, and no others are', async () => {
      const expected = Object.entries(big).map(([name, content]) => [name, sha256(content)]);
      assert.deepEqual(await pointers(folder), Object.fromEntries(expected));
    });

    it('have lines that Git LFS reads', async () => {
      const lines = (await readFile(join(folder, '.gitattributes'), 'utf8'))
        .split('\n')
        .filter((line) => / filter=lfs /.test(line));
      const listed = (await git(folder, 'lfs', 'track'))
        .split('\n')
        .filter((line) => line.includes('(.gitattributes)'));
      assert.ok(lines.length > 0);
      assert.ok(listed.length >= lines.length, listed.join('\n'));
    });

    it('come as they were', async () => {
      const clone = await cloned(folder);
      assert.deepEqual(await whatIsIn(clone, ['.git']), await whatIsIn(folder, ['.git', '.mldata']));
      await remove(clone);
    });

    it('come as pointers where somebody skips them, and as they were when pulled', async () => {
      const clone = await cloned(folder, { GIT_LFS_SKIP_SMUDGE: '1' });
      for (const name of Object.keys(big)) {
        assert.match(await readFile(join(clone, name), 'utf8'), /^version https:\/\/git-lfs/, name);
      }
      for (const [name, content] of Object.entries(small)) {
        assert.equal(await readFile(join(clone, name), 'utf8'), content);
      }
      await git(clone, 'lfs', 'pull');
      assert.deepEqual(await whatIsIn(clone, ['.git']), await whatIsIn(folder, ['.git', '.mldata']));
      await remove(clone);
    });

    it('need no second line', async () => {
      const before = await readFile(join(folder, '.gitattributes'), 'utf8');
      const [again] = await track(folder, ['data'], lfs);
      assert.deepEqual([again?.status, again?.files], ['unchanged', []]);
      for (const name of names) await track(folder, [name], lfs);
      assert.equal(await readFile(join(folder, '.gitattributes'), 'utf8'), before);
    });
  });

  it('names each hostile file by itself', async () => {
    const names = hostileNames.filter((_, index) => index % 2 === 0);
    const folder = await repository(Object.fromEntries(hostileNames.map((name) => [name, large(name)])));
    await track(folder, names, lfs);
    await commit(folder);
    assert.deepEqual(Object.keys(await pointers(folder)).sort(), [...names].sort());
    await remove(join(folder, '..'));
  });

  it('leaves what git and DVC read themselves as texts', async () => {
    const texts = {
      'data/labels.csv.dvc': `outs:\n- md5: acb8838f86fc4063184d5e3e13ad30b6\n  size: 21\n  hash: md5\n  path: labels.csv\n${large('# ')}`,
      'data/.gitignore': '/labels.csv\n',
      'data/dvc.yaml': 'stages: {}\n',
      'data/dvc.lock': "schema: '2.0'\n",
    };
    const big = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`data/part-${index}`, large(`${index}`)]));
    const folder = await repository({ ...texts, ...big });
    await track(folder, ['data'], lfs);
    await commit(folder);
    assert.deepEqual(Object.keys(await pointers(folder)).sort(), Object.keys(big).sort());
    const clone = await cloned(folder, { GIT_LFS_SKIP_SMUDGE: '1' });
    for (const [name, content] of Object.entries(texts))
      assert.equal(await readFile(join(clone, name), 'utf8'), content);
    await remove(join(folder, '..'));
  });

  it('keeps what stands in .gitattributes, and adds as git-lfs itself would', async () => {
    const before = '# Ours\r\n\r\n*.png binary\r\n*.zip filter=lfs diff=lfs merge=lfs -text\r\n';
    const folder = await repository({
      '.gitattributes': before,
      'a.zip': large('a'),
      'my data/b.parquet': large('b'),
      'my data/c.parquet': large('c'),
    });
    await track(folder, ['a.zip', 'my data'], lfs);
    const ours = await readFile(join(folder, '.gitattributes'), 'utf8');
    assert.ok(ours.startsWith(before));
    assert.doesNotMatch(ours, /[^\r]\n/);
    const listed = async () => (await git(folder, 'lfs', 'track')).split('\n');
    assert.deepEqual((await listed()).filter((line) => /parquet/.test(line)).length, 1);
    await git(folder, 'lfs', 'track', 'my data/*.parquet');
    assert.equal((await listed()).filter((line) => /parquet/.test(line)).length, 1);
    await remove(join(folder, '..'));
  });

  it('says how to have the next commits of committed files as pointers, and it works', async () => {
    const folder = await repository({ 'data/a.bin': large('a'), 'data/b.bin': large('b') });
    await commit(folder);
    const [tracked] = await track(folder, ['data'], lfs);
    const finding = tracked?.findings.find(({ code }) => code === 'lfs-committed');
    const [, stage = '', renormalize = ''] =
      /`(git add [^`]*)`, then `(git add --renormalize [^`]*)`/.exec(finding?.suggestion ?? '') ?? [];
    for (const command of [stage, renormalize]) await run('sh', ['-c', command], { cwd: folder });
    await git(folder, 'commit', '--quiet', '--message', 'Pointers');
    assert.deepEqual(Object.keys(await pointers(folder)), ['data/a.bin', 'data/b.bin']);
    assert.equal((await git(folder, 'status', '--porcelain', '--', 'data')).trim(), '');
    await remove(join(folder, '..'));
  });

  it('writes the lines where git does not hand files over yet, and says so', async () => {
    const bare = await GitHome.open();
    try {
      const folder = await repository({ 'data/a.bin': large('a') });
      const [tracked] = await track(folder, ['data'], lfs);
      assert.match(
        await readFile(join(folder, '.gitattributes'), 'utf8'),
        /^data\/\S+ filter=lfs diff=lfs merge=lfs -text\n$/,
      );
      assert.ok(
        tracked?.findings.some(({ code }) => code === 'lfs-install-needed'),
        JSON.stringify(tracked?.findings),
      );
      assert.match(await run(await gitLfsProgram(), ['install', '--local'], { cwd: folder }), /initialized/);
      await commit(folder);
      assert.deepEqual(await pointers(folder), { 'data/a.bin': sha256(large('a')) });
      await remove(join(folder, '..'));
    } finally {
      await bare.close();
    }
  });

  it('refuses what DVC keeps, and what lies in no repository', async () => {
    const folder = await repository({ 'data/a.bin': large('a'), 'b.bin': large('b') });
    await writeAll(folder, {
      '.dvc/config': '',
      'data.dvc':
        'outs:\n- md5: 1234567890abcdef1234567890abcdef.dir\n  size: 1\n  nfiles: 1\n  hash: md5\n  path: data\n',
    });
    const elsewhere = await temporaryFolder();
    await writeAll(elsewhere, { 'c.bin': large('c') });
    assert.deepEqual(await whyNot(folder, ['data', 'data/a.bin'], lfs), [
      'data: tracked-by-dvc',
      'data/a.bin: tracked-by-dvc',
    ]);
    assert.deepEqual(await whyNot(elsewhere, ['c.bin'], lfs), ['c.bin: git-repository-missing']);
    assert.deepEqual(Object.keys(await whatIsIn(elsewhere)), ['c.bin']);
    await remove(join(folder, '..'));
    await remove(elsewhere);
  });
});
