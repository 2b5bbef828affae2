/** How what is tracked stands, told with real git and where no DVC is installed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { trackingStatus } from '../../src/engine/tracking';
import { trackingStatusSchema, type TrackingStatus, type TrackingStatusRequest } from '../../src/protocol';
import { here, workspaces, type Workspace } from './support';

const HASH = 'acb8838f86fc4063184d5e3e13ad30b6';
const out = (path: string) => `outs:\n- md5: ${HASH}\n  size: 21\n  hash: md5\n  path: ${path}\n`;
const CONFIG =
  'version: 1\ndefaults: { tracking: { dvc: true } }\ndatasets:\n  p: { source: x.csv }\n  q: { source: x.csv }\n';

interface Situation {
  readonly files: Readonly<Record<string, string>>;
  readonly happens?: (space: Workspace) => Promise<unknown>;
  /** Absent: all of the repository. */
  readonly targets?: readonly string[];
  /** State by path. */
  readonly states: Readonly<Record<string, string>>;
  readonly findings?: readonly string[];
  /** What is said of the first path. */
  readonly says?: RegExp;
}

const situations: Readonly<Record<string, Situation>> = {
  'a .dvc that is no YAML': {
    files: { 'x.csv.dvc': 'outs: [' },
    states: { 'x.csv': 'broken' },
    findings: ['dvc-file-broken'],
    says: /x\.csv\.dvc is not a \.dvc file that DVC can read \(line 1/,
  },
  'a .dvc with more aliases than it has places for': {
    files: { 'x.csv.dvc': `meta:\n  a: &a [1]\n${bomb()}` },
    states: { 'x.csv': 'broken' },
    findings: ['dvc-file-broken'],
  },
  'a .dvc that names what lies outside': {
    files: { 'sub/x.csv.dvc': out('../../..') },
    states: { '../..': 'broken' },
    says: /outside of the DVC repository/,
  },
  'a folder that is a link out of the repository': {
    files: { 'data.dvc': out('data').replace(HASH, `${HASH}.dir`), 'sub/x.dvc': out('../link/etc/passwd') },
    happens: async (space) => {
      await symlink('/', space.path('data'));
      await symlink('/', space.path('link'));
    },
    states: { data: 'broken', 'link/etc/passwd': 'broken' },
    says: /outside of the DVC repository/,
  },
  'a folder that is a link within the repository': {
    files: { 'data.dvc': out('data').replace(HASH, `${HASH}.dir`), 'real/a.csv': 'a' },
    happens: (space) => symlink('real', space.path('data')),
    states: { data: 'modified' },
  },
  'a .dvc with a hash that is a path': {
    files: { 'x.csv.dvc': out('x.csv').replace(HASH, '../../../../etc/passwd') },
    states: { 'x.csv': 'modified' },
  },
  'a dvc.yaml that leads nowhere': {
    files: {},
    happens: (space) => symlink('nowhere', space.path('dvc.yaml')),
    states: { 'dvc.yaml': 'broken' },
    findings: ['dvc-yaml-broken'],
  },
  'a dvc.yaml with more values to fill in than a search could try': {
    files: {
      'dvc.yaml': `stages:\n  s:\n    cmd: x\n    outs: ['${'${a}x'.repeat(40)}']\n`,
      'dvc.lock': `schema: '2.0'\nstages:\n  s:\n    outs:\n    - { path: ${'x'.repeat(4000)}y, md5: ${HASH}, hash: md5 }\n`,
    },
    states: {},
  },
  'a dataset that is not built': {
    files: { '.mldata.yaml': CONFIG },
    targets: ['q'],
    states: {},
    findings: ['not-built'],
  },
  'a path that nothing keeps': { files: {}, targets: ['x.csv'], states: { 'x.csv': 'untracked' } },
  'a path that Git LFS keeps': {
    files: { '.gitattributes': '*.csv filter=lfs diff=lfs merge=lfs -text\n' },
    targets: ['x.csv'],
    states: { 'x.csv': 'modified' },
  },
};

/** Each line stands for the one above ten times. */
function bomb(): string {
  const letters = Array.from('abcdefghi');
  return letters
    .slice(1)
    .map(
      (letter, index) => `  ${letter}: &${letter} [${Array.from({ length: 10 }, () => `*${letters[index]}`).join()}]\n`,
    )
    .join('');
}

describe('how what is tracked stands', () => {
  const workspace = workspaces(here);

  async function repository(files: Readonly<Record<string, string>>): Promise<Workspace> {
    const space = await workspace({ 'x.csv': 'id,label\n1,a\n', '.dvc/config': '', ...files });
    execFileSync('git', ['init', '--quiet'], { cwd: space.folder });
    return space;
  }

  async function status(
    space: Workspace,
    targets: readonly string[] = [],
    more: Partial<TrackingStatusRequest> = {},
  ): Promise<TrackingStatus> {
    const request = { targets: [...targets], folder: space.folder, dvc: { mode: 'native' as const }, ...more };
    return trackingStatusSchema.parse(await trackingStatus(request, new AbortController().signal));
  }

  const statesOf = ({ paths }: TrackingStatus) => Object.fromEntries(paths.map(({ path, state }) => [path, state]));

  for (const [name, { files, happens, targets, states, findings = [], says }] of Object.entries(situations)) {
    it(`is told of ${name}`, async () => {
      const space = await repository(files);
      await happens?.(space);
      const config = '.mldata.yaml' in files ? { configPath: space.path('.mldata.yaml') } : {};
      const found = await status(space, targets, config);
      assert.deepEqual(statesOf(found), states);
      const codes = found.findings.map(({ code }) => code).filter((code) => !code.startsWith('lfs-'));
      assert.deepEqual(codes, findings);
      if (says) assert.match(found.paths[0]?.message ?? '', says);
    });
  }

  it('is told by dataset, of those that are built', async () => {
    const space = await repository({ '.mldata.yaml': CONFIG });
    await space.build({ names: ['p'], dvc: { mode: 'native' } });
    const configPath = space.path('.mldata.yaml');
    const { paths, findings } = await status(space, [], { configPath });
    assert.deepEqual(
      paths.map(({ path, dataset, tool, by, state }) => [path, dataset, tool, by, state]),
      [['datasets/p/data', 'p', 'dvc', 'datasets/p/data.dvc', 'missing-remote']],
    );
    assert.deepEqual(
      findings.map(({ code, dataset }) => [code, dataset]),
      [['not-built', 'q']],
    );
    await rename(space.path('.dvc/cache'), space.path('.dvc/gone'));
    assert.deepEqual(statesOf(await status(space, ['p'], { configPath })), { 'datasets/p/data': 'not-in-cache' });
    await rm(space.path('datasets/p/data'), { recursive: true });
    assert.deepEqual(statesOf(await status(space, ['p'], { configPath })), { 'datasets/p/data': 'missing' });
  });

  it('is told of DVC where git is not installed', async () => {
    const space = await repository({ 'd/x.csv.dvc': out('x.csv') });
    await mkdir(space.path('bin'));
    const path = process.env['PATH'];
    process.env['PATH'] = space.path('bin');
    try {
      for (const targets of [[], ['d/x.csv']]) {
        const { tools, repository: roots, paths, findings } = await status(space, targets);
        assert.deepEqual([tools.git, roots.git], [null, null]);
        assert.deepEqual(
          paths.map(({ path: at, state }) => [at, state]),
          [['d/x.csv', 'missing']],
        );
        assert.deepEqual(
          findings.map(({ code }) => code),
          ['git-missing'],
        );
      }
    } finally {
      process.env['PATH'] = path;
    }
  });
});
