/** Adding to DVC without DVC: what is written, what is refused, and that nothing is written by halves. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { addToDvc, findDvc, initDvc } from '../../src/engine/tracking/dvc';
import { textOf } from '../../src/engine/tracking/change';
import { ownersOf } from '../../src/engine/tracking/pipeline';
import { keep } from '../../src/engine/tracking/dvc/disk/keep';
import { publish } from '../../src/engine/tracking/dvc/disk/publish';
import { MldataError } from '../../src/protocol';

const run = promisify(execFile);
const LABELS = 'id,label\n1,cat\n2,dog\n';
const LABELS_MD5 = 'acb8838f86fc4063184d5e3e13ad30b6';

describe('adding to DVC', () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'mldata-dvc-')));
    await run('git', ['init', '--quiet'], { cwd: root });
    await initDvc(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }

  async function add(paths: readonly string[], more: Partial<Parameters<typeof addToDvc>[2]> = {}) {
    const dvc = await findDvc(root);
    assert.ok(dvc);
    const site = {
      target: 't',
      paths: paths.map((path) => join(root, path)),
      git: { root },
      state: join(root, '.mldata'),
    };
    const options = { dryRun: false, onProgress: () => undefined, signal: new AbortController().signal, ...more };
    return addToDvc({ ...site, owners: await ownersOf(site, dvc, options.signal) }, dvc, options);
  }

  async function refuses(code: string, paths: readonly string[], way?: RegExp): Promise<void> {
    const before = (await readdir(root, { recursive: true })).filter((path) => !path.startsWith('.')).sort();
    await assert.rejects(add(paths), (error) => {
      assert.ok(error instanceof MldataError, String(error));
      assert.equal(error.code, code);
      if (way) assert.match(error.message, way);
      return true;
    });
    assert.deepEqual((await readdir(root, { recursive: true })).filter((path) => !path.startsWith('.')).sort(), before);
  }

  const text = (path: string) => readFile(join(root, path), 'utf8');
  const object = (md5: string) => join(root, '.dvc/cache/files/md5', md5.slice(0, 2), md5.slice(2));

  it('writes the .dvc, the object and the line of .gitignore', async () => {
    await write({ 'labels.csv': LABELS });
    const tracked = await add(['labels.csv']);
    assert.equal(tracked.status, 'tracked');
    assert.deepEqual(tracked.paths, [{ path: 'labels.csv', bytes: 21, files: 1, md5: LABELS_MD5 }]);
    assert.deepEqual(
      tracked.files.map(({ path, change }) => [path, change]),
      [
        ['.gitignore', 'created'],
        ['labels.csv.dvc', 'created'],
      ],
    );
    assert.equal(
      await text('labels.csv.dvc'),
      `outs:\n- md5: ${LABELS_MD5}\n  size: 21\n  hash: md5\n  path: labels.csv\n`,
    );
    assert.equal(await text('.gitignore'), '/labels.csv\n');
    assert.equal((await stat(object(LABELS_MD5))).mode & 0o777, 0o444);
    assert.equal(await readFile(object(LABELS_MD5), 'utf8'), LABELS);
    assert.equal((await add(['labels.csv'])).status, 'unchanged');
    assert.deepEqual((await readdir(join(root, '.dvc/cache'))).sort(), ['files']);
  });

  it('takes folders with empty files and folders, links to files, and nothing behind links to folders', async () => {
    await write({ 'd/a': 'x', 'd/zero': '', 'other/o': 'o', t: 'x' });
    await mkdir(join(root, 'd/empty'));
    await symlink('../t', join(root, 'd/l'));
    await symlink('../other', join(root, 'd/dl'));
    const [path] = (await add(['d'])).paths;
    assert.deepEqual([path?.files, path?.bytes], [3, 2]);
    const listing = JSON.parse(await readFile(object(path?.md5 ?? ''), 'utf8')) as { relpath: string }[];
    assert.deepEqual(
      listing.map(({ relpath }) => relpath),
      ['a', 'l', 'zero'],
    );
    assert.ok((await lstat(join(root, 'd/l'))).isSymbolicLink());
  });

  it('tells in a dry run what it would write, and writes nothing', async () => {
    await write({ 'labels.csv': LABELS });
    const { files } = await add(['labels.csv'], { dryRun: true });
    assert.deepEqual(
      files.map(({ path, before, after }) => [path, before, after?.includes('labels.csv')]),
      [
        ['.gitignore', null, true],
        ['labels.csv.dvc', null, true],
      ],
    );
    assert.deepEqual(
      (await readdir(root)).filter((name) => /labels|gitignore|cache/.test(name)),
      ['labels.csv'],
    );
  });

  it('puts right an object that is not what its name says', async () => {
    await write({ 'labels.csv': LABELS });
    await mkdir(dirname(object(LABELS_MD5)), { recursive: true });
    await writeFile(object(LABELS_MD5), 'cut off');
    await add(['labels.csv']);
    assert.equal(await readFile(object(LABELS_MD5), 'utf8'), LABELS);
    assert.equal((await stat(object(LABELS_MD5))).mode & 0o777, 0o444);
  });

  it('does nothing where nothing has changed, and puts right whatever has', async () => {
    const md5 = (content: string) => createHash('md5').update(content).digest('hex');
    await write({ 'd/a': 'a', 'd/e/b': 'bb', 'd/zero': '' });
    const settle = () => setTimeout(100); // until then a write could leave no trace
    await settle();
    assert.equal((await add(['d'])).status, 'tracked');
    const before = await text('d.dvc');
    const [known = ''] = await readdir(join(root, '.mldata/cache/tracking'));
    const remembered = () => text(join('.mldata/cache/tracking', known));
    const standing = await remembered();
    assert.deepEqual((await add(['d'])).paths, [
      { path: 'd', bytes: 3, files: 3, md5: /md5: (\S+)/.exec(before)?.[1] },
    ]);
    const objects: Readonly<Record<string, () => Promise<unknown>>> = {
      'is gone': () => rm(object(md5('a'))),
      'was cut off': async () => {
        await chmod(object(md5('bb')), 0o644);
        await writeFile(object(md5('bb')), 'b');
        await chmod(object(md5('bb')), 0o444);
      },
      'could be written': () => chmod(object(md5('')), 0o644),
      'that lists the folder is gone': () => rm(object(/md5: (\S+)/.exec(before)?.[1] ?? '')),
    };
    for (const [what, happens] of Object.entries(objects)) {
      assert.equal((await add(['d'])).status, 'unchanged', `before an object ${what}`);
      await happens();
      assert.equal((await add(['d'])).status, 'tracked', `an object ${what}`);
      assert.equal(await text('d.dvc'), before);
    }
    for (const content of ['a', 'bb', '']) {
      const kept = object(md5(content));
      assert.deepEqual([await readFile(kept, 'utf8'), (await stat(kept)).mode & 0o777], [content, 0o444]);
    }
    assert.equal(await remembered(), standing);
    const files: Readonly<Record<string, [happens: () => Promise<unknown>, nfiles: number]>> = {
      'is written': [() => writeFile(join(root, 'd/a'), 'A'), 3],
      comes: [() => writeFile(join(root, 'd/c'), 'c'), 4],
      goes: [() => rm(join(root, 'd/zero')), 3],
      'has another name': [() => rename(join(root, 'd/a'), join(root, 'd/z')), 3],
      'is hidden': [() => writeFile(join(root, '.dvcignore'), 'd/c\n'), 2],
    };
    for (const [what, [happens, nfiles]] of Object.entries(files)) {
      await settle();
      assert.equal((await add(['d'])).status, 'unchanged', `before a file ${what}`);
      await happens();
      assert.equal((await add(['d'])).status, 'tracked', `a file ${what}`);
      assert.match(await text('d.dvc'), new RegExp(`nfiles: ${nfiles}$`, 'm'));
    }
    // What somebody wrote there is read, and no more than that.
    await writeFile(join(root, '.mldata/cache/tracking', known), '{"version":2,"whole":null}');
    assert.equal((await add(['d'])).status, 'unchanged');
  });

  it('removes what a killed run left, and nothing of one that goes on, here or on another machine', async () => {
    const left = '.mldata-999999999-0123abcd';
    const going = [`.mldata-${process.ppid}-0123abcd`, '.mldata-999999999-0123abcd-89abcdef-0123abcd'];
    await write({ 'labels.csv': LABELS, [`.dvc/cache/${left}/0`]: 'half', '.dvc/cache/ab/cdef': 'old' });
    for (const name of going) await write({ [`.dvc/cache/${name}/0`]: 'being written' });
    await add(['labels.csv']);
    assert.deepEqual((await readdir(join(root, '.dvc/cache'))).sort(), [...going, 'ab', 'files'].sort());
  });

  it('writes over no text that somebody edited meanwhile', async () => {
    await write({ 'labels.csv': LABELS });
    await add(['labels.csv']);
    await write({ 'labels.csv': `${LABELS}3,cow\n` });
    const edited = `${await text('labels.csv.dvc')}# a note\n`;
    const onProgress = ({ step }: { readonly step?: string }) => {
      if (step === 'write') writeFileSync(join(root, 'labels.csv.dvc'), edited);
    };
    await assert.rejects(add(['labels.csv'], { onProgress }), { code: 'dvc-changed' });
    assert.equal(await text('labels.csv.dvc'), edited);
    assert.equal((await add(['labels.csv'])).status, 'tracked');
    assert.match(await text('labels.csv.dvc'), /# a note\n$/);
  });

  it('spoils no .gitignore whose letters it cannot read', async () => {
    await write({ 'labels.csv': LABELS });
    const latin = Buffer.from('/caf\xe9\n', 'latin1');
    await writeFile(join(root, '.gitignore'), latin);
    await assert.rejects(add(['labels.csv']), { code: 'tracking-encoding' });
    assert.deepEqual(await readFile(join(root, '.gitignore')), latin);
  });

  it('makes no object of a linked file that was written after it was read', async () => {
    await write({ file: 'one', 'tmp/.keep': '' });
    const [path, objects, drafts] = [join(root, 'file'), join(root, 'objects'), join(root, 'tmp')];
    const into = { objects, drafts, first: 0, by: 'link' } as const;
    const read = new BigInt64Array(1);
    const [kept] = keep({ do: 'keep', files: [{ path }], hash: 'md5', into, read });
    assert.ok(kept && 'md5' in kept && kept.draft !== undefined && kept.linked);
    await writeFile(path, 'two');
    const { draft, md5, stamp } = kept;
    const question = { do: 'publish', objects, shared: false } as const;
    assert.equal(publish({ ...question, drafts: [{ draft, md5, stamp: stamp.text }] }), 0);
    assert.equal((await stat(path)).mode & 0o200, 0o200);
    await assert.rejects(stat(join(objects, md5.slice(0, 2), md5.slice(2))), { code: 'ENOENT' });
  });

  it('leaves nothing when it is cancelled', async () => {
    await write({ 'labels.csv': LABELS });
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(add(['labels.csv'], { signal: stop.signal }), { code: 'cancelled' });
    assert.deepEqual((await readdir(root)).sort(), ['.dvc', '.dvcignore', '.git', 'labels.csv']);
  });

  for (const type of ['hardlink', 'symlink'] as const) {
    it(`links workspace files to the cache by ${type}, and never writes into one`, async () => {
      await write({
        'd/a': 'same',
        'd/b': 'same',
        'd/zero': '',
        'd/run': '#!',
        '.dvc/config': `[cache]\n    type = ${type}\n`,
      });
      await chmod(join(root, 'd/run'), 0o755);
      await link(join(root, 'd/a'), join(root, 'elsewhere'));
      assert.deepEqual((await add(['d'])).findings, []);
      const target = object('51037a4a37730f52c8732586d3aaa316');
      for (const name of ['d/a', 'd/b']) {
        if (type === 'symlink') assert.equal(await readlink(join(root, name)), target);
        else assert.equal((await stat(join(root, name))).ino, (await stat(target)).ino);
      }
      assert.equal(await text('elsewhere'), 'same');
      assert.equal((await stat(join(root, 'd/run'))).mode & 0o111, 0o111);
      assert.equal((await add(['d'])).status, 'unchanged');
    });
  }

  it('keeps what DVC 2 wrote until the content changes', async () => {
    const legacy = 'outs:\n- md5: 0f73e4cad20754a1eec8c0884f93c799\n  size: 17\n  path: l.csv\n';
    await write({ 'l.csv': 'id,label\r\n1,cat\r\n', 'l.csv.dvc': legacy, '.gitignore': '/l.csv\n' });
    await add(['l.csv']);
    assert.equal(await text('l.csv.dvc'), legacy);
    assert.equal(await text('.dvc/cache/0f/73e4cad20754a1eec8c0884f93c799'), 'id,label\r\n1,cat\r\n');
    await write({ 'l.csv': 'id,label\r\n1,cow\r\n' });
    await add(['l.csv']);
    assert.match(
      await text('l.csv.dvc'),
      /^outs:\n- md5: [0-9a-f]{32}\n {2}size: 17\n {2}path: l.csv\n {2}hash: md5\n$/,
    );
  });

  it('finds the .dvc that names a path, wherever it lies, and leaves its other outputs alone', async () => {
    const shared =
      '# ours\nouts:\n- md5: aaaaaa\n  size: 1\n  hash: md5\n  path: b/x.csv # x\n- md5: bbbbbb\n  size: 1\n  hash: md5\n  path: y.csv\n';
    await write({ 'b/x.csv': LABELS, 'all.dvc': shared });
    await add(['b/x.csv']);
    assert.equal(await text('all.dvc'), shared.replace('aaaaaa\n  size: 1', `${LABELS_MD5}\n  size: 21`));
    assert.equal(await text('b/.gitignore'), '/x.csv\n');
  });

  describe('refuses', () => {
    it('what git tracks', async () => {
      await write({ 'd/x': 'x' });
      await run('git', ['add', 'd'], { cwd: root });
      await refuses('dvc-tracked-by-git', ['d'], /git rm -r --cached d/);
    });
    it('a .dvc that git would ignore', async () => {
      await write({ 'x.csv': 'x', '.gitignore': '*.csv*\n' });
      await refuses('dvc-file-ignored', ['x.csv'], /git check-ignore -v x\.csv\.dvc/);
    });
    it('what is under Git LFS', async () => {
      await write({ 'd/x.bin': 'x', '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
      await refuses('tracked-by-lfs', ['d'], /d\/x\.bin/);
    });
    it('a .dvcignore inside of the folder', async () => {
      await write({ 'd/x': 'x', 'd/sub/.dvcignore': '' });
      await refuses('dvc-ignore-file', ['d']);
    });
    it('what a .dvcignore hides', async () => {
      await write({ 'd/x': 'x', '.dvcignore': 'd/\n' });
      await refuses('dvc-ignored', ['d'], /dvc check-ignore -d d/);
    });
    it('links that lead nowhere, and links to folders', async () => {
      await write({ 'd/x': 'x' });
      await symlink('nothing', join(root, 'd/l'));
      await refuses('broken-link', ['d']);
      await symlink('nothing', join(root, 'l'));
      await refuses('broken-link', ['l']);
      await symlink('d', join(root, 'dl'));
      await refuses('dvc-linked-folder', ['dl']);
    });
    it('a .gitignore that leads elsewhere, or whose text could not be kept', async () => {
      await write({ x: 'x', elsewhere: 'mine' });
      await symlink('elsewhere', join(root, '.gitignore'));
      const nothing = () => {
        assert.equal(existsSync(join(root, '.dvc/cache')), false);
      };
      await refuses('tracking-link', ['x']);
      nothing();
      assert.equal(await readFile(join(root, 'elsewhere'), 'utf8'), 'mine');
      await rm(join(root, '.gitignore'));
      const latin = Buffer.from('# d\xe9j\xe0\n', 'latin1');
      await writeFile(join(root, '.gitignore'), latin);
      await refuses('tracking-encoding', ['x'], /UTF-8/);
      nothing();
      assert.deepEqual(await readFile(join(root, '.gitignore')), latin);
    });
    it('a pipe in the place of a text file', async () => {
      for (const name of ['x.dvc', '.gitignore']) {
        await write({ x: 'x' });
        execFileSync('mkfifo', [join(root, name)]);
        // Git itself waits for it where it stands for a .gitignore.
        if (name === 'x.dvc') await refuses('tracking-unwritable', ['x'], /no regular file/);
        else await assert.rejects(textOf(join(root, name)), /no regular file/);
        await rm(join(root, name));
      }
    });
    it('what lies outside, and what is part of DVC itself', async () => {
      await write({ 'x.dvc': '', 'd/x': 'x' });
      await refuses('path-outside-repository', ['..']);
      await refuses('path-outside-repository', ['.dvc/config']);
      await refuses('dvc-path-is-dvc-file', ['x.dvc']);
      await refuses('dvc-path-missing', ['none']);
    });
    it('a part of what is tracked, and what has such a part', async () => {
      await write({ 'd/e/x': 'x' });
      await add(['d/e']);
      await refuses('dvc-overlap', ['d']);
      await refuses('dvc-overlap', ['d/e/x']);
    });
    it('anything while a .dvc is broken, since DVC does too', async () => {
      await write({ 'd/x': 'x', 'other.dvc': 'outs: 3\n' });
      await refuses('dvc-file-broken', ['d'], /other\.dvc/);
    });
    it('what is imported', async () => {
      await write({ 'x.csv': 'x', 'x.csv.dvc': 'deps:\n- path: y\nouts:\n- md5: aaaa\n  hash: md5\n  path: x.csv\n' });
      await refuses('dvc-imported', ['x.csv'], /dvc update x\.csv\.dvc/);
    });
    // Elsewhere no disk takes such a name.
    (process.platform === 'linux' ? it : () => undefined)('names that are no text', async () => {
      await mkdir(join(root, 'd'));
      await writeFile(Buffer.concat([Buffer.from(join(root, 'd/')), Buffer.from([0xff, 0x61])]), 'x');
      await refuses('dvc-name', ['d']);
    });
  });
});
