/** What mldata refuses to have DVC track, and what the real DVC says of the same. Nothing is changed then. */
import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dvcProgram } from '../host/trackingPython';
import { remove } from '../host/workspace';
import { commit, git, writeAll } from './gitHome';
import { RealDvc } from './realDvc';
import { askToTrack, whyNot } from './tracked';
import { whatIsIn } from './trackedTrees';

interface Refusal {
  readonly target: string;
  readonly prepare: (folder: string, real: RealDvc) => Promise<unknown>;
  /** What mldata calls it. */
  readonly code: string;
  /** What its words must have: what to do about it. */
  readonly says: RegExp;
  /** DVC takes it all the same, to somebody's harm. */
  readonly dvcTakes?: true;
}

const one = { 'a.csv': 'x' };
const folder = { 'data/a.csv': 'x' };
const dvcOf = (path: string, md5 = '9dd4e461268c8034f5c8564e155c67a6') =>
  `outs:\n- md5: ${md5}\n  size: 1\n  hash: md5\n  path: ${path}\n`;
const write =
  (files: Readonly<Record<string, string>>): Refusal['prepare'] =>
  (root) =>
    writeAll(root, files);
const linkTo =
  (target: string, files: Readonly<Record<string, string>> = {}): Refusal['prepare'] =>
  async (root) => {
    await writeAll(root, files);
    await symlink(target, join(root, 'link'));
  };

const refusals: Readonly<Record<string, Refusal>> = {
  'what is not there': {
    target: 'a.csv',
    prepare: write({}),
    code: 'target-unknown',
    says: /no file or folder a\.csv/,
  },
  'a path outside of the repository': {
    target: '../outside.csv',
    prepare: (root) => writeAll(join(root, '..'), { 'outside.csv': 'x' }),
    code: 'path-outside-repository',
    says: /Copy it there/,
  },
  'the repository itself': {
    target: '.',
    prepare: write(one),
    code: 'path-outside-repository',
    says: /no place for data/,
  },
  'what belongs to DVC': {
    target: '.dvc/config',
    prepare: write({}),
    code: 'path-outside-repository',
    says: /no place for data/,
  },
  'what belongs to git': {
    target: '.git/config',
    prepare: write({}),
    code: 'path-outside-repository',
    says: /no place for data/,
  },
  'a .dvc file': {
    target: 'a.csv.dvc',
    prepare: write({ ...one, 'a.csv.dvc': dvcOf('a.csv') }),
    code: 'dvc-path-is-dvc-file',
    says: /Track the data that it names/,
  },
  'a pipeline': {
    target: 'dvc.yaml',
    prepare: write({ 'dvc.yaml': 'stages: {}\n' }),
    code: 'dvc-path-is-dvc-file',
    says: /DVC itself/,
  },
  'a file that git has': {
    target: 'a.csv',
    prepare: async (root) => {
      await writeAll(root, one);
      await commit(root);
    },
    code: 'dvc-tracked-by-git',
    says: /git rm -r --cached a\.csv/,
  },
  'a folder of which git has a file': {
    target: 'data',
    prepare: async (root) => {
      await writeAll(root, { ...folder, 'data/it is.csv': 'y' });
      await git(root, 'add', 'data/it is.csv');
    },
    code: 'dvc-tracked-by-git',
    says: /git rm -r --cached data/,
  },
  'what would have an ignored .dvc file': {
    target: 'a.csv',
    prepare: write({ ...one, '.gitignore': '*.csv*\n' }),
    code: 'dvc-file-ignored',
    says: /git check-ignore -v a\.csv\.dvc/,
  },
  'what lies in an ignored folder': {
    target: 'raw/a.csv',
    prepare: write({ 'raw/a.csv': 'x', '.gitignore': 'raw/\n' }),
    code: 'dvc-file-ignored',
    says: /git check-ignore -v/,
  },
  'a file of Git LFS': {
    target: 'a.csv',
    prepare: write({ ...one, '.gitattributes': '*.csv filter=lfs diff=lfs merge=lfs -text\n' }),
    code: 'tracked-by-lfs',
    says: /only one tool/,
    dvcTakes: true,
  },
  'a folder with a file of Git LFS': {
    target: 'data',
    prepare: write({ ...folder, '.gitattributes': 'data/*.csv filter=lfs diff=lfs merge=lfs -text\n' }),
    code: 'tracked-by-lfs',
    says: /data\/a\.csv/,
    dvcTakes: true,
  },
  'what a .dvcignore hides': {
    target: 'a.csv',
    prepare: write({ ...one, '.dvcignore': '*.csv\n' }),
    code: 'dvc-ignored',
    says: /dvc check-ignore/,
  },
  'a folder with a .dvcignore in it': {
    target: 'data',
    prepare: write({ ...folder, 'data/.dvcignore': '*.tmp\n' }),
    code: 'dvc-ignore-file',
    says: /data\/\.dvcignore/,
  },
  'a link that leads nowhere': {
    target: 'link',
    prepare: linkTo('nothing'),
    code: 'broken-link',
    says: /leads nowhere/,
  },
  'a folder with a link that leads nowhere': {
    target: 'data',
    prepare: async (root) => {
      await writeAll(root, folder);
      await symlink('nothing', join(root, 'data', 'broken'));
    },
    code: 'broken-link',
    says: /data\/broken/,
  },
  'a link to a folder': {
    target: 'link',
    prepare: linkTo('data', folder),
    code: 'dvc-linked-folder',
    says: /Track that folder/,
  },
  'a file in a tracked folder': {
    target: 'data/b.csv',
    prepare: async (root, real) => {
      await writeAll(root, folder);
      await real.dvc(root, 'add', '--quiet', 'data');
      await writeAll(root, { 'data/b.csv': 'y' });
    },
    code: 'dvc-overlap',
    says: /data\.dvc/,
    dvcTakes: true,
  },
  'a folder with a tracked file': {
    target: 'data',
    prepare: (root, real) => writeAll(root, folder).then(() => real.dvc(root, 'add', '--quiet', 'data/a.csv')),
    code: 'dvc-overlap',
    says: /data\/a\.csv\.dvc/,
  },
  'an output of a stage': {
    target: 'out.csv',
    prepare: write({ 'out.csv': 'x', 'dvc.yaml': 'stages:\n  make:\n    cmd: make\n    outs: [out.csv]\n' }),
    code: 'stage-foreign',
    says: /dvc remove make/,
  },
  'what is imported from elsewhere': {
    target: 'a.csv',
    prepare: write({
      ...one,
      'a.csv.dvc': `deps:\n- path: ../b.csv\n  md5: 9dd4e461268c8034f5c8564e155c67a6\n  size: 1\n  hash: md5\n${dvcOf('a.csv')}`,
    }),
    code: 'dvc-imported',
    says: /dvc update a\.csv\.dvc/,
    dvcTakes: true,
  },
  'what has a broken .dvc file': {
    target: 'a.csv',
    prepare: write({ ...one, 'a.csv.dvc': `${dvcOf('a.csv')}  owner: Ada\n` }),
    code: 'dvc-file-broken',
    says: /owner/,
  },
  'what has a .dvc file with a merge that is not done': {
    target: 'a.csv',
    prepare: write({
      ...one,
      'a.csv.dvc': `<<<<<<< ours\n${dvcOf('a.csv')}=======\n${dvcOf('a.csv')}>>>>>>> theirs\n`,
    }),
    code: 'dvc-file-broken',
    says: /merge/,
  },
};

describe('refusing to track with DVC', function () {
  this.timeout(5 * 60_000);
  let real: RealDvc;
  before(async () => {
    real = await RealDvc.start();
  });
  after(() => real.stop());

  for (const [what, { target, prepare, code, says, dvcTakes }] of Object.entries(refusals)) {
    it(what, async () => {
      const root = await real.repository();
      await prepare(root, real);
      const state = () => whatIsIn(join(root, '..'), ['.mldata', 'tmp', '.git']);
      const before = await state();
      const [{ error } = assert.fail(target)] = await askToTrack(root, [target]);
      assert.equal(error?.code, code, error?.message);
      assert.match(error.message, says);
      assert.deepEqual(await state(), before);
      const theirs = await real.ended(root, 'add', target);
      assert.equal(theirs.code === 0, dvcTakes === true, theirs.err);
      await remove(join(root, '..'));
    });
  }

  const ignoring: Readonly<Record<string, { readonly prepare: (root: string) => Promise<unknown>; code: string }>> = {
    'is a link': { prepare: (root) => symlink('../elsewhere', join(root, '.gitignore')), code: 'tracking-link' },
    'is not UTF-8': {
      prepare: (root) => writeAll(root, { '.gitignore': Buffer.from('caf\xe9\n', 'latin1') }),
      code: 'tracking-encoding',
    },
  };
  for (const [what, { prepare, code }] of Object.entries(ignoring)) {
    it(`beside a .gitignore that ${what}, whoever is to write`, async () => {
      const root = await real.repository(one);
      await prepare(root);
      const state = () => whatIsIn(join(root, '..'), ['.mldata', 'tmp', '.git']);
      const before = await state();
      for (const dvc of [{ mode: 'native' }, { mode: 'cli', executables: [await dvcProgram()] }] as const) {
        assert.deepEqual(await whyNot(root, ['a.csv'], { dvc }), [`a.csv: ${code}`]);
        assert.deepEqual(await state(), before, dvc.mode);
      }
      await remove(join(root, '..'));
    });
  }
});
