/** How tracked paths stand, told by mldata and by the real DVC. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trackingStatus } from '../../src/engine/tracking';
import {
  trackingStatusSchema,
  type TrackingPath,
  type TrackingState,
  type TrackingStatusRequest,
} from '../../src/protocol';
import { remove } from '../host/workspace';
import { commit, writeAll } from './gitHome';
import { RealDvc } from './realDvc';

interface Situation {
  /** What is tracked before it happens; by default a file. */
  readonly made?: 'file' | 'folder';
  readonly happens?: (at: Place) => Promise<unknown>;
  /** What mldata says. */
  readonly state: TrackingState;
  /** What `dvc status` and `dvc status --cloud` say; absent: nothing. */
  readonly dvc?: 'modified' | 'deleted' | 'not in cache';
  readonly cloud?: 'new' | 'missing' | 'deleted';
  /** What to do about it. */
  readonly says?: RegExp;
}

interface Place {
  readonly root: string;
  /** The tracked path, absolute. */
  readonly path: string;
  readonly name: string;
  /** Of the cache or the remote, each file of the path. */
  readonly drop: (where: 'cache' | 'remote', which?: 'listing' | 'file') => Promise<void>;
}

const md5 = (content: string) => createHash('md5').update(content).digest('hex');
const contentOf = (name: string) => `content of ${name}\n`;

const situations: Readonly<Record<string, Situation>> = {
  'a file as it was': { state: 'up-to-date' },
  'a folder as it was': { made: 'folder', state: 'up-to-date' },
  'a file with another time': {
    happens: ({ path }) => utimes(path, 1_700_000_000, 1_700_000_000),
    state: 'up-to-date',
  },
  'a file that may be run': { happens: ({ path }) => chmod(path, 0o755), state: 'up-to-date' },
  'a file that was written': {
    happens: ({ path }) => writeFile(path, 'other'),
    state: 'modified',
    dvc: 'modified',
    says: /`dvc commit -f .*\.dvc'?`.*`dvc checkout /,
  },
  'a file that was written at the same size': {
    happens: async ({ path, name }) => writeFile(path, contentOf(name).toUpperCase()),
    state: 'modified',
    dvc: 'modified',
  },
  'a folder with one file more': {
    made: 'folder',
    happens: ({ path }) => writeFile(join(path, 'more'), ''),
    state: 'modified',
    dvc: 'modified',
  },
  'a folder with one file less': {
    made: 'folder',
    happens: ({ path }) => unlink(join(path, 'sub', 'b')),
    state: 'modified',
    dvc: 'modified',
  },
  'a folder with one empty folder more': {
    made: 'folder',
    happens: ({ path }) => mkdir(join(path, 'empty')),
    state: 'up-to-date',
  },
  'a folder with a file that DVC is to ignore': {
    made: 'folder',
    happens: ({ path }) => writeFile(join(path, 'notes.ignored'), ''),
    state: 'up-to-date',
  },
  'a file in the place of a folder': {
    made: 'folder',
    happens: async ({ path }) => {
      await rm(path, { recursive: true });
      await writeFile(path, '');
    },
    state: 'modified',
    dvc: 'modified',
  },
  'a file that is gone': {
    happens: ({ path }) => unlink(path),
    state: 'missing',
    dvc: 'deleted',
    says: /`dvc checkout /,
  },
  'a folder that is gone': {
    made: 'folder',
    happens: ({ path }) => rm(path, { recursive: true }),
    state: 'missing',
    dvc: 'deleted',
  },
  'a file that is gone, in the cache too': {
    happens: async ({ path, drop }) => {
      await unlink(path);
      await drop('cache');
    },
    state: 'missing',
    dvc: 'not in cache',
    cloud: 'deleted',
    says: /`dvc pull /,
  },
  'a file that is gone everywhere': {
    happens: async ({ path, drop }) => {
      await unlink(path);
      await drop('cache');
      await drop('remote');
    },
    state: 'missing',
    dvc: 'not in cache',
    cloud: 'missing',
    says: /build it again/,
  },
  'a file that the cache lost': {
    happens: ({ drop }) => drop('cache'),
    state: 'not-in-cache',
    dvc: 'not in cache',
    cloud: 'deleted',
    says: /`dvc commit -f /,
  },
  'a folder of which the cache lost a file': {
    made: 'folder',
    happens: ({ drop }) => drop('cache', 'file'),
    state: 'not-in-cache',
    dvc: 'not in cache',
    cloud: 'deleted',
  },
  'a folder of which the cache lost the listing': {
    made: 'folder',
    happens: ({ drop }) => drop('cache', 'listing'),
    state: 'not-in-cache',
    dvc: 'not in cache',
  },
  'a file that was written, and that the cache lost': {
    happens: async ({ path, drop }) => {
      await writeFile(path, 'other');
      await drop('cache');
    },
    state: 'modified',
    dvc: 'not in cache',
    cloud: 'deleted',
  },
  'a file that was not pushed': {
    happens: ({ drop }) => drop('remote'),
    state: 'missing-remote',
    cloud: 'new',
    says: /`dvc push /,
  },
  'a folder that was not pushed': {
    made: 'folder',
    happens: ({ drop }) => drop('remote'),
    state: 'missing-remote',
    cloud: 'new',
  },
};

describe('how tracked paths stand', function () {
  this.timeout(5 * 60_000); // the packages may have to be fetched
  let real: RealDvc;
  let root: string;
  before(async () => {
    real = await RealDvc.start();
  });
  after(() => real.stop());

  const ask = async (folder: string, more: Partial<TrackingStatusRequest> = {}) =>
    trackingStatusSchema.parse(
      await trackingStatus(
        { folder, targets: [], remote: true, dvc: { mode: 'auto', executables: [] }, ...more },
        new AbortController().signal,
      ),
    );

  describe('in a repository with a remote', () => {
    let paths: ReadonlyMap<string, TrackingPath>;
    let theirs: Record<string, unknown>;
    let cloud: Record<string, string>;
    const nameOf = (what: string) => `data/${what}`;

    before(async () => {
      root = await real.repository({ '.dvcignore': '*.ignored\n' });
      for (const [what, { made }] of Object.entries(situations)) {
        const name = nameOf(what);
        const files = made === 'folder' ? { [`${name}/a`]: `a ${what}`, [`${name}/sub/b`]: `b ${what}` } : {};
        await writeAll(root, made === 'folder' ? files : { [name]: contentOf(name) });
      }
      await real.dvc(root, 'add', '--quiet', '--', ...Object.keys(situations).map(nameOf));
      await real.dvc(root, 'push', '--quiet');
      await commit(root);
      for (const [what, { happens }] of Object.entries(situations)) await happens?.(placeOf(root, nameOf(what), what));
      paths = new Map((await ask(root)).paths.map((path) => [path.path, path]));
      theirs = (await real.json(root, 'status')) as Record<string, unknown>;
      cloud = (await real.json(root, 'status', '--cloud')) as Record<string, string>;
    });
    after(() => remove(join(root, '..')));

    for (const [what, situation] of Object.entries(situations)) {
      it(`agrees on ${what}`, () => {
        const name = nameOf(what);
        const found = paths.get(name);
        assert.equal(found?.state, situation.state, found?.message);
        assert.deepEqual([found.tool, found.by], ['dvc', `${name}.dvc`]);
        if (situation.state !== 'up-to-date') assert.match(found.message ?? '', situation.says ?? /`dvc /);
        const changed = theirs[`${name}.dvc`];
        assert.deepEqual(changed, situation.dvc && [{ 'changed outs': { [name]: situation.dvc } }]);
        const below = Object.entries(cloud).filter(([path]) => path === name || path.startsWith(`${name}/`));
        assert.deepEqual(
          [...new Set(below.map(([, word]) => word))],
          situation.cloud === undefined ? [] : [situation.cloud],
        );
      });
    }

    it('tells of each tracked path once, in order, and of nothing else', () => {
      assert.deepEqual([...paths.keys()], Object.keys(situations).map(nameOf).sort());
    });

    it('gives the same answers to whoever asks for one path, the folder above, or a file in it', async () => {
      const all = (await ask(root)).paths;
      const pathOf = (what: string) => all.filter(({ path }) => path === nameOf(what));
      const folder = nameOf('a folder with one file more');
      for (const target of [folder, `${folder}.dvc`, `${folder}/sub/b`, `${folder}/nothing`]) {
        const { paths: found } = await ask(root, { targets: [target] });
        assert.deepEqual(found, pathOf('a folder with one file more'));
      }
      assert.deepEqual((await ask(root, { targets: ['data'] })).paths, all);
      const gone = await ask(join(root, 'data'), { targets: ['a file that is gone'] });
      assert.deepEqual(gone.paths, pathOf('a file that is gone'));
    });
  });

  /** Each in a repository of its own, with what it makes of it. */
  const further: Readonly<Record<string, { make: () => Promise<void>; expected: Record<string, TrackingState> }>> = {
    'entries of DVC 2, whose hashes are of other bytes': {
      make: async () => {
        const [text, plain] = ['id,label\r\n1,cat\r\n', 'id,label\n1,cat\n'];
        await writeAll(root, {
          'old.csv': text,
          'changed.csv': `${text}2,dog\r\n`,
          '.gitignore': '/old.csv\n/changed.csv\n',
        });
        for (const name of ['old', 'changed']) {
          await writeAll(root, {
            [`${name}.csv.dvc`]: `outs:\n- md5: ${md5(plain)}\n  size: 17\n  path: ${name}.csv\n`,
          });
        }
        await writeAll(root, { [`.dvc/cache/${md5(plain).slice(0, 2)}/${md5(plain).slice(2)}`]: text });
        await chmod(join(root, '.dvc', 'cache', md5(plain).slice(0, 2), md5(plain).slice(2)), 0o444);
        await real.dvc(root, 'push', '--quiet');
      },
      expected: { 'old.csv': 'up-to-date', 'changed.csv': 'modified' },
    },
    'outputs that are not kept, not pushed, or pushed elsewhere': {
      make: async () => {
        await writeAll(root, { kept: 'kept', 'not pushed': 'not pushed', elsewhere: 'elsewhere', nowhere: 'nowhere' });
        await real.dvc(root, 'add', '--quiet', 'not pushed', 'elsewhere', 'nowhere');
        await mkdir(join(root, '..', 'second'));
        await real.dvc(root, 'remote', 'add', '--quiet', 'second', join(root, '..', 'second'));
        await edit('not pushed.dvc', (text) => `${text}  push: false\n`);
        await edit('elsewhere.dvc', (text) => `${text}  remote: second\n`);
        await edit('nowhere.dvc', (text) => `${text}  remote: third\n`);
        await writeAll(root, {
          'kept.dvc': `outs:\n- md5: ${md5('kept')}\n  hash: md5\n  path: kept\n  cache: false\n`,
        });
      },
      expected: {
        elsewhere: 'missing-remote',
        kept: 'up-to-date',
        'not pushed': 'up-to-date',
        nowhere: 'missing-remote',
      },
    },
    'a .dvc file of several outputs in another folder, one without a hash': {
      make: async () => {
        await writeAll(root, { 'in/a': 'a', 'in/b': 'b', 'in/new': 'new' });
        await real.dvc(root, 'add', '--quiet', 'in/a', 'in/b');
        for (const name of ['a', 'b']) await unlink(join(root, 'in', `${name}.dvc`));
        const outs = [`- md5: ${md5('a')}\n  hash: md5\n  path: a`, `- md5: ${md5('b')}\n  hash: md5\n  path: b`];
        await writeAll(root, { 'set.dvc': `wdir: in\nouts:\n${outs.join('\n')}\n- path: new\n  hash: md5\n` });
        await real.ended(root, 'push', '--quiet');
      },
      expected: { 'in/a': 'up-to-date', 'in/b': 'up-to-date', 'in/new': 'modified' },
    },
    'stages of a pipeline': {
      make: async () => {
        const stage = (name: string) =>
          `  ${name}:\n    cmd: mkdir -p ${name} && echo ${name} > ${name}/x && echo 1 > ${name}.json\n    outs: [${name}]\n    metrics:\n    - ${name}.json: {cache: false}\n`;
        const each =
          '  each:\n    foreach: [p, q]\n    do:\n      cmd: echo ${item} > out_${item}\n      outs: ["out_${item}"]\n';
        await writeAll(root, { 'dvc.yaml': `stages:\n${['one', 'two', 'gone', 'never'].map(stage).join('')}${each}` });
        await real.dvc(root, 'repro', '--quiet', 'one', 'two', 'gone', 'each');
        await real.dvc(root, 'push', '--quiet');
        await writeAll(root, { 'two/x': 'changed' });
        await rm(join(root, 'gone'), { recursive: true });
      },
      expected: {
        gone: 'missing',
        never: 'missing',
        one: 'up-to-date',
        out_p: 'up-to-date',
        out_q: 'up-to-date',
        two: 'modified',
      },
    },
    'links instead of copies': {
      make: async () => {
        await real.dvc(root, 'config', 'cache.type', 'symlink');
        await writeAll(root, { linked: 'linked', 'folder/a': 'a', lost: 'lost' });
        await real.dvc(root, 'add', '--quiet', 'linked', 'folder', 'lost');
        await real.dvc(root, 'push', '--quiet');
        const hash = md5('lost');
        await remove(join(root, '.dvc', 'cache', 'files', 'md5', hash.slice(0, 2), hash.slice(2)));
      },
      expected: { folder: 'up-to-date', linked: 'up-to-date', lost: 'missing' },
    },
    'a repository of DVC below the root of git': {
      make: async () => {
        await remove(join(root, '.dvc'));
        await mkdir(join(root, 'below'));
        await real.dvc(join(root, 'below'), 'init', '--subdir', '--quiet');
        await writeAll(root, { 'below/x': 'x' });
        await real.dvc(join(root, 'below'), 'add', '--quiet', 'x');
      },
      expected: { 'below/x': 'missing-remote' },
    },
  };
  for (const [what, { make, expected }] of Object.entries(further)) {
    it(`agrees on ${what}`, async () => {
      root = await real.repository();
      await make();
      const { paths } = await ask(root);
      assert.deepEqual(Object.fromEntries(paths.map(({ path, state }) => [path, state])), expected);
      const below = Object.keys(expected)[0]?.startsWith('below/') ? join(root, 'below') : root;
      const theirs = JSON.stringify(await real.json(below, 'status'));
      for (const { path, state } of paths) {
        const isClean = state === 'up-to-date' || state === 'missing-remote';
        assert.equal(theirs.includes(`"${path}":`), !isClean, `${path}: ${theirs}`);
      }
      await remove(join(root, '..'));
    });
  }

  it('tells of a broken file where it is broken, and of the others all the same', async () => {
    const broken: Readonly<Record<string, [text: string, line: number, column: number]>> = {
      'merge.csv.dvc': ['outs:\n<<<<<<< HEAD\n- md5: aa\n=======\n- md5: bb\n>>>>>>> other\n  path: merge.csv\n', 2, 1],
      'key.csv.dvc': [`outs:\n- md5: ${md5('x')}\n  hash: md5\n  path: key.csv\n  colour: red\n`, 5, 11],
      'digits.csv.dvc': ['outs:\n- md5: 12345678901234567890123456789012\n  path: digits.csv\n', 2, 8],
      'yaml.csv.dvc': ['outs:\n- md5: {a\n', 3, 1],
      'pointer.csv.dvc': ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 1, 1],
    };
    root = await real.repository({ 'sound.csv': 'sound' });
    await real.dvc(root, 'add', '--quiet', 'sound.csv');
    for (const [name, [text]] of Object.entries(broken)) {
      await writeAll(root, { [name]: text });
      assert.notEqual((await real.ended(root, 'status')).code, 0, name);
      const { paths, findings } = await ask(root);
      const path = name.slice(0, -'.dvc'.length);
      assert.deepEqual(
        paths.map((each) => [each.path, each.state]),
        [
          [path, 'broken'],
          ['sound.csv', 'missing-remote'],
        ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      );
      const [location] = findings.find(({ code }) => code === 'dvc-file-broken')?.locations ?? [];
      const [, line, column] = broken[name] ?? [];
      assert.deepEqual(location, { file: name, line, column }, name);
      await remove(join(root, name));
    }
    await remove(join(root, '..'));
  });

  describe('at a remote elsewhere', () => {
    before(async () => {
      root = await real.repository({ a: 'a' });
      await real.dvc(root, 'add', '--quiet', 'a');
      await real.dvc(root, 'remote', 'add', '--quiet', '--default', 'far', 'http://127.0.0.1:9/store');
    });
    after(() => remove(join(root, '..')));

    it('says nothing unless it is asked', async () => {
      const { paths, remotes } = await ask(root, { remote: false });
      assert.deepEqual(
        paths.map(({ state, message }) => [state, message]),
        [['up-to-date', undefined]],
      );
      assert.deepEqual(
        remotes.find((remote) => remote.default),
        { name: 'far', url: 'http://127.0.0.1:9/store', default: true },
      );
    });

    it('says what it does not know', async () => {
      const [path] = (await ask(root)).paths;
      assert.equal(path?.state, 'up-to-date');
      assert.match(path.message ?? '', /^Whether its remote has it is not known\. The remote far could not be asked: /);
    });
  });

  function placeOf(at: string, name: string, what: string): Place {
    const path = join(at, name);
    const drop = async (where: 'cache' | 'remote', which?: 'listing' | 'file') => {
      const objects = join(at, where === 'cache' ? '.dvc/cache' : '../remote', 'files', 'md5');
      const own = /md5: (\S+)/.exec(await readFile(`${path}.dvc`, 'utf8'))?.[1] ?? '';
      const files = own.endsWith('.dir') ? [md5(`a ${what}`), md5(`b ${what}`)] : [];
      const all = which === 'file' ? files.slice(0, 1) : which === 'listing' ? [own] : [own, ...files];
      for (const hash of all) await rm(join(objects, hash.slice(0, 2), hash.slice(2)));
    };
    return { root: at, path, name, drop };
  }

  async function edit(name: string, change: (text: string) => string): Promise<void> {
    await writeFile(join(root, name), change(await readFile(join(root, name), 'utf8')));
  }
});
