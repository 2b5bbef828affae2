/** Disks that are full or may not be written: whatever happens, one build is there whole, and it is said what to do. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, rmdir, statfs, truncate } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkRoom } from '../../src/engine/output/room';
import { config, Workspace, workspaces } from './support';
import { leftovers, table, wholeBuild } from './whole';

const CLI = [process.execPath, resolve('dist/cli.js')];
const root = process.getuid?.() === 0;

interface Outcome {
  readonly code: number;
  readonly stderr: string;
}

function run(command: readonly string[], cwd: string): Promise<Outcome & { readonly stdout: string }> {
  const [program = '', ...args] = command;
  // Somebody else may not write where coverage is collected.
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  return new Promise((done) => {
    execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

/** What makes a command run as somebody else: root is bound by no permissions. Others are bound as they are. */
function somebodyElse(): readonly string[] {
  if (!root) return [];
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const works = spawnSync(nobody[0] ?? '', [...nobody.slice(1), ...CLI, '--version']).status === 0;
  // Where nobody else may read this checkout, root without its privileges is bound by permissions, too.
  return works ? nobody : ['setpriv', '--bounding-set=-all'];
}

/** What makes a command see mounts of its own; undefined where the system allows none. */
function ownMounts(): readonly string[] | undefined {
  const unshare = ['unshare', ...(root ? [] : ['--map-root-user']), '--mount'];
  const probe = [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'];
  return spawnSync('unshare', probe).status === 0 ? unshare : undefined;
}

describe('an output that may not be written', function () {
  const workspace = workspaces();
  const somebody = somebodyElse();

  before(function () {
    if (process.platform === 'win32') this.skip(); // no permission bits of this kind
  });

  for (const [what, folder] of [
    ['the output folder', 'datasets/d'],
    ['the data of the build before', 'datasets/d/data'],
    ['the reports of the build before', 'datasets/d/reports'],
    ['the scratch space', '.mldata/tmp'],
    ['the locks', '.mldata/locks'],
  ] as const) {
    it(`by whoever builds: ${what}. It is named, and the build before stays`, async () => {
      const space = await built(workspace);
      await run(['chmod', '-R', 'a+rwX', space.folder], '/');
      await chmod(space.path(folder), 0o555);
      try {
        const outcome = await run([...somebody, ...CLI, 'build'], space.folder);
        await assertOld(space, outcome, /not allowed/);
        assert.ok(outcome.stderr.includes(space.path(folder)), outcome.stderr);
      } finally {
        await chmod(space.path(folder), 0o755);
      }
    });
  }

  const mounts = ownMounts();
  if (mounts !== undefined) {
    it('by anybody: a disk that is read-only. It is named, and the build before stays', async () => {
      const space = await built(workspace);
      const script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
      const output = space.path('datasets');
      const command = [...mounts, 'sh', '-c', script, 'sh', output, ...CLI, 'build'];
      const outcome = await run(command, space.folder);
      await assertOld(space, outcome, /not allowed/);
      assert.ok(outcome.stderr.includes(output), outcome.stderr);
    });
  }
});

describe('a disk that is full', function () {
  this.timeout(180_000);
  const workspace = workspaces();
  const mounts = ownMounts();
  let space: Workspace;
  /** What the new build needs while the one before is still there. */
  let pages: number;

  before(async function () {
    if (process.platform === 'win32') this.skip(); // no disks to mount, and no limits of this kind
    const trial = await built((files) => Workspace.create(files));
    const { artifacts } = await trial.buildOne();
    pages = artifacts.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 4096), 0);
    await trial.remove();
  });
  beforeEach(async () => {
    space = await built(workspace);
  });

  /** A build that finds so much room on the disk of the workspace, and none beyond that. */
  async function buildIn(kib: number): Promise<Outcome> {
    const script = [
      'mkdir disk && mount -t tmpfs tmpfs disk',
      'cp -a data.csv .mldata.yaml .mldata datasets disk',
      `mount -o remount,size=$(($(df -k --output=used disk | tail -1) + ${kib}))k disk`,
      'cd disk',
      '{ "$@"; code=$?; }',
      'rm -r ../datasets ../.mldata',
      'cp -a datasets .mldata ..',
      'exit $code',
    ].join(' && ');
    const outcome = await run([...(mounts ?? []), 'sh', '-c', script, 'sh', ...CLI, 'build'], space.folder);
    await rmdir(space.path('disk'));
    return outcome;
  }

  /** The build before, or the new one where there was room after all. */
  async function assertOldOrNew(outcome: Outcome, place = '.'): Promise<'old' | 'new'> {
    if (outcome.code === 0) {
      assert.equal((await wholeBuild(space.path(place, 'datasets/d'))).rows, NEW, outcome.stderr);
      assert.deepEqual(await leftovers(space.path(place)), []);
      return 'new';
    }
    await assertOld(space, outcome, /The disk is full\. Free some space and try again; what was written before/, place);
    return 'old';
  }

  /** As many builds as it takes, each with room for one more than the one before; the last is the new one. */
  async function assertOldUntilNew(what: 'pages' | 'files', first: number): Promise<number> {
    const script = [process.execPath, '--import', 'tsx', resolve('test/engine/fillDisk.ts')];
    const command = [...(mounts ?? []), ...script, space.folder, what, String(first)];
    const { code, stdout, stderr } = await run(command, resolve('.'));
    assert.equal(code, 0, stderr);
    const outcomes = stdout.trim().split('\n');
    for (const [index, outcome] of outcomes.entries()) {
      const ended = await assertOldOrNew(JSON.parse(outcome) as Outcome, `outcomes/${index}`);
      assert.equal(ended, index < outcomes.length - 1 ? 'old' : 'new');
    }
    return outcomes.length;
  }

  it('leaves the build before when there is no room for what does not fit into memory', async () => {
    await space.query(
      `COPY (SELECT i AS id, i % 7 AS label, i / 7 AS value, md5(i::VARCHAR) AS note FROM range(2000000) AS t(i)) TO {data.csv}`,
    );
    const command = [...CLI, 'build', '--memory-limit', '150MB', '--workers', '2'];
    // What is no output lies on a disk of its own; without mounts, no file may become large.
    const small = mounts
      ? [...mounts, 'sh', '-c', 'mount -t tmpfs -o size=4m tmpfs .mldata && exec "$@"', 'sh']
      : ['sh', '-c', 'ulimit -f 512; exec "$@"', 'sh'];
    await assertOld(space, await run([...small, ...command], space.folder), /The disk is full\. Free some space/);
  });

  if (mounts === undefined) {
    it('leaves the build before or the new one whole, however large its files may become', async () => {
      const outcomes: string[] = [];
      for (const blocks of [0, 8, 64, 512, 4096, 32_768]) {
        const limited = ['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...CLI, 'build'];
        outcomes.push(await assertOldOrNew(await run(limited, space.folder)));
      }
      assert.deepEqual([outcomes[0], outcomes.at(-1)], ['old', 'new']);
    });
    return;
  }

  for (const [when, room] of [
    ['before anything is written', () => 0],
    ['while data is written', () => Math.floor(pages / 2)],
    ['with the last of the data', () => pages - 1],
    ['with the manifest', () => pages],
  ] as const) {
    it(`leaves the build before: ${when}`, async () => {
      assert.equal(await assertOldOrNew(await buildIn(room() * 4)), 'old');
    });
  }

  it('leaves the build before or the new one whole, wherever the last page is missing', async () => {
    const tries = await assertOldUntilNew('pages', pages);
    assert.ok(tries > 3, `there was room for ${tries - 1} pages`);
  });

  it('leaves the build before or the new one whole, whichever file or folder there is no room for', async () => {
    const tries = await assertOldUntilNew('files', 0);
    assert.ok(tries > 5, `there was room for ${tries - 1} files`);
  });
});

describe('a disk with too little room', () => {
  const workspace = workspaces();

  const cases: [string, string, number, number, boolean][] = [
    ['what takes more than there is', 'a.csv', 10, 1, false],
    ['what may come to fit, for rows that repeat themselves get small', 'a.csv', 2, 3, true],
    ['JSON, in which most of the text may be names', 'a.jsonl', 10, 1, true],
    ['JSON that is too much all the same', 'a.jsonl', 100, 1, false],
    ['compressed text, which is unpacked', 'a.csv.gz', 2, 1, false],
    ['many formats of what would fit in one', 'a.jsonl', 10, 100, false],
  ];
  for (const [what, name, times, formats, fits] of cases) {
    it(`${fits ? 'is tried with' : 'is refused before anything is read:'} ${what}`, async () => {
      const space = await workspace({});
      const { bsize, bfree } = await statfs(space.folder);
      const files = [{ path: space.path(name), name, bytes: times * bsize * bfree, options: {} }];
      const place = { scratch: space.folder, staging: space.folder, memoryLimit: '512MB' };
      const check = checkRoom({ ...place, dataset: 'd', files, formats });
      if (fits) await check;
      else await assert.rejects(check, { code: 'disk-space', message: /at least .* GB on the disk of .* GB are free/ });
    });
  }

  it('stops a build before it reads, and nothing is left of it', async () => {
    // A file with holes: it takes no room, and what it holds is never looked at.
    const space = await workspace({ '.mldata.yaml': config('huge.csv'), 'huge.csv': '' });
    await truncate(space.path('huge.csv'), 15e12);
    const { code, stderr } = await run([...CLI, 'build'], space.folder);
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /d takes at least .* on the disk of .* are free\. Free some space, or write to a larger disk\./,
    );
    assert.deepEqual(await space.files(), ['.mldata.yaml', '.mldata/.gitignore', 'huge.csv']);
  });
});

const OLD = 2000;
const NEW = 40_000;

/** A workspace with a whole build of `OLD` rows, and a source of `NEW` rows for the next one. */
async function built(create: ReturnType<typeof workspaces>): Promise<Workspace> {
  const space = await create({
    '.mldata.yaml': config('data.csv', 'output: { formats: [csv, parquet] }'),
    'data.csv': table(OLD),
  });
  assert.equal((await space.buildOne()).status, 'built');
  await mkdir(space.path('.mldata/locks'), { recursive: true });
  await space.write('data.csv', table(NEW));
  return space;
}

/** A build was refused for this reason; the one before stays, and nothing else. `place` is below the workspace. */
async function assertOld(space: Workspace, { code, stderr }: Outcome, reason: RegExp, place = '.'): Promise<void> {
  assert.equal(code, 1, stderr);
  assert.match(stderr, reason);
  assert.doesNotMatch(stderr, /defect|^\s+at /m);
  assert.equal((await wholeBuild(space.path(place, 'datasets/d'))).rows, OLD);
  assert.deepEqual(await leftovers(space.path(place)), []);
  assert.deepEqual(await space.files(join(place, 'datasets')), [
    'd/data/data.csv',
    'd/manifest.yaml',
    'd/parquet/data.parquet',
    'd/reports/build.json',
    'd/versions.yaml',
  ]);
}
