/** `mldata track`, and builds that are tracked, with real git and where no DVC is installed. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LocalEngine } from '../../src/engine';
import { buildReportSchema, remoteSchema, trackingStatusSchema, trackSchema, type Track } from '../../src/protocol';
import { startCli, until } from './commandLine';
import { codes, config, here, workspaces, type Workspace } from './support';

const engine = new LocalEngine();
const run = promisify(execFile);

const two = (tracking: string) =>
  `version: 1\ndefaults:\n  tracking: ${tracking}\n  output: { formats: [parquet, csv] }\ndatasets:\n  p: { source: x.csv }\n  q: { source: x.csv }\n`;
const rows = 'id,x\n1,a\n2,b\n';

describe('mldata track', () => {
  const workspace = workspaces(here);

  /** With a git repository, and one of DVC. */
  async function repository(files: Readonly<Record<string, string>>): Promise<Workspace> {
    const space = await workspace({
      'x.csv': rows,
      ...files,
      '.dvc/config': '',
      '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n',
    });
    execFileSync('git', ['init', '--quiet'], { cwd: space.folder });
    return space;
  }

  async function track(space: Workspace, ...args: string[]): Promise<{ code: number; stderr: string; track: Track }> {
    const { code, stdout, stderr } = await space.cli(['track', ...args, '--dvc-mode', 'native', '--json']);
    return { code, stderr, track: trackSchema.parse(JSON.parse(stdout)) };
  }

  const outcomes = ({ targets }: Track) => targets.map(({ target, status, error }) => [target, error?.code ?? status]);
  const read = (space: Workspace, path: string) => readFile(space.path(path), 'utf8');

  it('keeps the folders of data of a dataset, and no manifest or report', async () => {
    const space = await repository({ '.mldata.yaml': two('{ dvc: true }') });
    await space.build({ track: false });
    const { code, track: done } = await track(space, 'p');
    assert.equal(code, 0);
    assert.deepEqual(
      done.targets.map(({ target, dataset, tool, by, status }) => ({ target, dataset, tool, by, status })),
      [{ target: 'p', dataset: 'p', tool: 'dvc', by: 'mldata', status: 'tracked' }],
    );
    const paths = done.targets[0]?.paths.map(({ path }) => path);
    assert.deepEqual(paths, ['datasets/p/data', 'datasets/p/csv']);
    assert.equal(await read(space, 'datasets/p/.gitignore'), '/data\n/csv\n');
    const { artifacts } = await space.manifest('p');
    const cached = await space.files('.dvc/cache/files/md5');
    for (const { md5 } of artifacts) assert.ok(cached.includes(`${md5.slice(0, 2)}/${md5.slice(2)}`), md5);
    assert.deepEqual(outcomes((await track(space, 'p')).track), [['p', 'unchanged']]);
  });

  it('takes names, build folders, manifests, files and folders, and goes on where one cannot be tracked', async () => {
    const space = await repository({ '.mldata.yaml': two('{ dvc: true }'), 'raw/a.txt': 'a', 'raw/b/c.txt': 'c' });
    await space.build({ names: ['p'], track: false });
    const targets = ['p', 'q', 'datasets/p', 'datasets/p/manifest.yaml', 'raw', 'x.csv', 'nowhere'];
    const { code, track: done } = await track(space, ...targets, '--dvc');
    assert.deepEqual(outcomes(done), [
      ['p', 'tracked'],
      ['q', 'not-built'],
      ['datasets/p', 'unchanged'],
      ['datasets/p/manifest.yaml', 'unchanged'],
      ['raw', 'tracked'],
      ['x.csv', 'tracked'],
      ['nowhere', 'target-unknown'],
    ]);
    assert.equal(code, 1, 'that of the first that failed');
    assert.equal(await read(space, '.gitignore'), '/raw\n/x.csv\n');
  });

  it('needs no config', async () => {
    const space = await repository({});
    assert.deepEqual(outcomes((await track(space, 'x.csv', '--dvc')).track), [['x.csv', 'tracked']]);
    const { code, stderr } = await space.cli(['track']);
    assert.equal(code, 64);
    assert.match(stderr, /No config names datasets here/);
  });

  it('asks for a tool where no config says which', async () => {
    const space = await repository({ '.mldata.yaml': config('x.csv') });
    await space.build();
    const { code, track: done } = await track(space);
    assert.deepEqual([code, outcomes(done)], [64, [['d', 'tracking-tool-missing']]]);
  });

  const tools: readonly (readonly [string, readonly string[]])[] = [
    ['Git LFS', ['--git-lfs', '--threshold', '0.001KB']],
    ['DVC', ['--dvc']],
  ];
  for (const [name, args] of tools) {
    it(`says that there is no git repository for ${name}, and makes one where it is told to`, async () => {
      const space = await workspace({ 'x.csv': rows });
      const { code, track: done } = await track(space, 'x.csv', ...args);
      assert.deepEqual([code, outcomes(done)], [3, [['x.csv', 'git-repository-missing']]]);
      assert.deepEqual(await space.files(), ['x.csv']);
      assert.match(done.targets[0]?.error?.message ?? '', /`git init`.*--init/);
      assert.deepEqual(outcomes((await track(space, 'x.csv', ...args, '--init')).track), [['x.csv', 'tracked']]);
    });
  }

  it('makes the DVC repository that is missing where it is told to', async () => {
    const space = await workspace({ 'x.csv': rows });
    execFileSync('git', ['init', '--quiet'], { cwd: space.folder });
    const { track: refused } = await track(space, 'x.csv', '--dvc');
    assert.deepEqual(outcomes(refused), [['x.csv', 'dvc-repository-missing']]);
    assert.deepEqual(outcomes((await track(space, 'x.csv', '--dvc', '--init', '--dry-run')).track), [
      ['x.csv', 'dvc-repository-missing'],
    ]);
    assert.deepEqual(outcomes((await track(space, 'x.csv', '--dvc', '--init')).track), [['x.csv', 'tracked']]);
    assert.ok((await space.files()).includes('.dvcignore'));
  });

  it('tracks nothing that lies outside the repository', async () => {
    const other = await workspace({ 'x.csv': rows });
    const space = await repository({ '.mldata.yaml': config('x.csv') });
    const { code, track: done } = await track(space, other.path('x.csv'), '--dvc', '--init');
    assert.deepEqual([code, outcomes(done)], [3, [[other.path('x.csv'), 'path-outside-repository']]]);
    assert.deepEqual(await other.files(), ['x.csv']);
  });

  it('lets one tool keep a path', async () => {
    const space = await repository({ 'y.csv': rows });
    await track(space, 'x.csv', '--dvc');
    assert.deepEqual(outcomes((await track(space, 'x.csv', '--git-lfs', '--pattern', 'x.csv')).track), [
      ['x.csv', 'tracked-by-dvc'],
    ]);
    await track(space, 'y.csv', '--git-lfs', '--threshold', '0.001KB');
    assert.match(await read(space, '.gitattributes'), /y\.csv filter=lfs/);
    const { code, track: done } = await track(space, 'y.csv', '--dvc');
    assert.deepEqual([code, outcomes(done)], [3, [['y.csv', 'tracked-by-lfs']]]);
  });

  it('makes a dataset a stage, and a .dvc of it again, but no stage of what Git LFS keeps', async () => {
    const space = await repository({ '.mldata.yaml': config('x.csv') });
    await space.build();
    await track(space, '--git-lfs', '--pattern', 'data/*');
    assert.deepEqual(outcomes((await track(space, '--dvc-pipeline')).track), [['d', 'tracked-by-lfs']]);
    await rm(space.path('.gitattributes'));
    assert.deepEqual(outcomes((await track(space, '--dvc')).track), [['d', 'tracked']]);
    assert.deepEqual(outcomes((await track(space, '--dvc-pipeline')).track), [['d', 'converted']]);
    assert.equal((await space.files()).includes('datasets/d/data.dvc'), false);
    const built = await space.buildOne({ force: true, dvc: { mode: 'native' } });
    assert.equal(built.tracking, undefined);
    assert.deepEqual(outcomes((await track(space, '--dvc')).track), [['d', 'converted']]);
    assert.ok((await space.files()).includes('datasets/d/data.dvc'));
  });

  it('leaves a dataset to its stage where no .dvc can take its place', async () => {
    const space = await repository({ '.mldata.yaml': config('x.csv') });
    await space.build();
    await track(space, '--dvc-pipeline');
    const pipeline = await read(space, 'dvc.yaml');
    await rm(space.path('.dvc/cache'), { recursive: true, force: true });
    await writeFile(space.path('.dvc/cache'), '');
    assert.deepEqual(outcomes((await track(space, '--dvc')).track), [['d', 'dvc-cache-unwritable']]);
    assert.equal(await read(space, 'dvc.yaml'), pipeline);
    assert.equal((await space.files()).includes('datasets/d/data.dvc'), false);
  });

  it('shows what would be written as a diff, and writes nothing', async () => {
    const space = await repository({ '.gitignore': '*.log\n' });
    const standing = () =>
      execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: space.folder }).toString();
    const before = standing();
    const { code, stdout, stderr } = await space.cli(['track', 'x.csv', '--dvc', '--dry-run']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /x\.csv: would be tracked with DVC/);
    assert.match(stdout, /^\+\+\+ b\/x\.csv\.dvc\n@@ -0,0 \+1,5 @@\n\+outs:$/m);
    assert.match(stdout, /^--- a\/\.gitignore\n\+\+\+ b\/\.gitignore\n@@ -1 \+1,2 @@\n \*\.log\n\+\/x\.csv$/m);
    assert.equal(standing(), before);
    await writeFile(space.path('y.csv'), rows);
    const { stdout: both } = await space.cli(['track', 'x.csv', 'y.csv', '--dvc', '--dry-run']);
    assert.match(both, /^ \*\.log\n\+\/x\.csv\n\+\/y\.csv$/m);
    const { track: told } = await track(space, 'x.csv', 'y.csv', '--dvc', '--dry-run');
    assert.deepEqual(
      told.targets.map(({ files }) => files.find(({ path }) => path === '.gitignore')?.after),
      ['*.log\n/x.csv\n', '*.log\n/x.csv\n/y.csv\n'],
    );
    await rm(space.path('y.csv'));
    const { track: done } = await track(space, 'x.csv', '--dvc', '--dry-run');
    assert.equal(done.dryRun, true);
    const changes = done.targets[0]?.files ?? [];
    assert.deepEqual(changes.map(({ path, before: old }) => [path, old]).sort(), [
      ['.gitignore', '*.log\n'],
      ['x.csv.dvc', null],
    ]);
  });

  it('says who could not be found where the installed DVC is to write', async () => {
    const space = await repository({});
    const { code, stderr } = await space.cli(['track', 'x.csv', '--dvc', '--dvc-mode', 'cli'], {
      env: await onlyGit(space),
    });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /DVC was not found; version 3\.66 or newer is needed\. Install it with `pip install/);
    const { code: auto } = await space.cli(['track', 'x.csv', '--dvc'], { env: await onlyGit(space) });
    assert.equal(auto, 0);
  });

  it('says that git is missing', async () => {
    const space = await repository({});
    const { code, stderr } = await space.cli(['track', 'x.csv', '--dvc'], { env: { PATH: space.path() } });
    assert.equal(code, 3);
    assert.match(stderr, /Git was not found\. Install it/);
  });

  it('tells a person what was written, and what to do next', async () => {
    const space = await repository({ 'a b.csv': rows });
    const { stderr } = await space.cli(['track', 'a b.csv', '--dvc', '--dvc-mode', 'native']);
    assert.match(stderr, /^a b\.csv: tracked with DVC$/m);
    assert.match(stderr, /^ {2}created {2}a b\.csv\.dvc$/m);
    assert.match(stderr, /^Next: git add .*'a b\.csv\.dvc'.* && git commit$/m);
    assert.match(stderr, /dvc push/);
    await mkdir(space.path('sub/deep'), { recursive: true });
    await writeFile(space.path('sub/-c.csv'), rows);
    const there = { cwd: space.path('sub/deep') };
    const below = await space.cli(['track', '../-c.csv', '--dvc', '--dvc-mode', 'native'], there);
    const next = /^Next: (git add .*) && git commit$/m.exec(below.stderr)?.[1];
    assert.equal(next, 'git add ../.gitignore ../-c.csv.dvc');
    execFileSync('sh', ['-c', next], there);
    await writeFile(space.path('sub/-d.csv'), rows);
    const inside = await space.cli(['track', '--dvc', '--dvc-mode', 'native', '--', '-d.csv'], {
      cwd: space.path('sub'),
    });
    assert.match(inside.stderr, /^Next: git add \.gitignore \.\/-d\.csv\.dvc && git commit$/m);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['two tools', ['--dvc', '--git-lfs'], /cannot be used with/],
    ['a threshold for DVC', ['--dvc', '--threshold', '1MB'], /are about Git LFS/],
    ['a threshold that is none', ['--git-lfs', '--threshold', '10'], /is no size/],
    ['a pattern that leaves the folder', ['--git-lfs', '--pattern', '../*'], /does not leave the folder/],
    ['the remote without the status', ['--remote'], /goes with --status/],
    ['a status that tracks', ['--status', '--dvc'], /cannot be used with/],
  ];
  for (const [name, args, says] of wrong) {
    it(`refuses ${name}`, async () => {
      const space = await repository({});
      const { code, stderr } = await space.cli(['track', 'x.csv', ...args]);
      assert.equal(code, 64, stderr);
      assert.match(stderr, says);
    });
  }

  it('tells how what is tracked stands', async () => {
    const space = await repository({});
    await track(space, 'x.csv', '--dvc');
    await space.write('x.csv', `${rows}3,c\n`);
    const { code, stdout } = await space.cli(['track', '--status', '--json']);
    assert.equal(code, 0);
    const { paths } = trackingStatusSchema.parse(JSON.parse(stdout));
    assert.deepEqual(
      paths.map(({ path, state, by }) => [path, state, by]),
      [['x.csv', 'modified', 'x.csv.dvc']],
    );
    const { stderr } = await space.cli(['track', '--status']);
    assert.match(stderr, /^x\.csv +modified +DVC .*x\.csv\.dvc$/m);
  });

  it('adds a remote, whose credentials are read and never typed', async () => {
    const space = await repository({});
    const args = ['track', 'remote', 'add', 'store', 's3://bucket/data', '--default', '--option', 'region=eu-west-1'];
    const child = startCli(space, [...args, '--secret', 'secret_access_key', '--json'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.child.stdin?.end('s3cr3t\n');
    assert.equal(await child.ended(), 0, child.stderr);
    assert.deepEqual(remoteSchema.parse(JSON.parse(child.stdout)).name, 'store');
    assert.match(await read(space, '.dvc/config'), /region = eu-west-1/);
    assert.doesNotMatch(await read(space, '.dvc/config'), /s3cr3t/);
    assert.match(await read(space, '.dvc/config.local'), /secret_access_key = s3cr3t/);
    const without = startCli(space, [...args, '--force', '--secret', 'secret_access_key']);
    assert.equal(await without.ended(), 64);
    assert.match(without.stderr, /fewer lines than there are credentials/);
  });

  it('waits for another that changes the same repository, and stops waiting when it is stopped', async () => {
    const space = await repository({ 'y.csv': rows });
    const lock = space.path('.git/mldata/tracking.lock');
    await mkdir(lock, { recursive: true });
    await writeFile(`${lock}/${process.ppid}`, '');
    const waiting = startCli(space, ['track', 'x.csv', '--dvc', '--dvc-mode', 'native']);
    const stopped = startCli(space, ['track', 'y.csv', '--dvc', '--dvc-mode', 'native']);
    await waiting.said(/looking at files/);
    await stopped.said(/looking at files/);
    stopped.child.kill('SIGINT');
    assert.equal(await stopped.ended(), 130);
    assert.equal((await space.files()).includes('x.csv.dvc'), false);
    await rm(lock, { recursive: true });
    assert.equal(await waiting.ended(), 0, waiting.stderr);
    await until(async () => (await space.files('.git/mldata')).length === 0);
    assert.deepEqual(
      (await space.files()).filter((path) => path.endsWith('.dvc')),
      ['x.csv.dvc'],
    );
  });

  it('is not begun while the dataset is being built', async () => {
    const space = await repository({ '.mldata.yaml': config('x.csv') });
    await space.build();
    const lock = space.path('.mldata/locks/d.lock');
    await mkdir(lock, { recursive: true });
    await writeFile(`${lock}/${process.ppid}`, '');
    assert.deepEqual(outcomes((await track(space, '--dvc')).track), [['d', 'dataset-locked']]);
  });

  it('finds the place of a path behind a linked folder', async () => {
    const space = await repository({ 'deep/x.csv': rows });
    await symlink(space.path('deep'), space.path('link'));
    const { track: done } = await track(space, 'link/x.csv', '--dvc');
    assert.deepEqual(
      done.targets[0]?.paths.map(({ path }) => path),
      ['deep/x.csv'],
    );
  });
});

describe('a build that is tracked', () => {
  const workspace = workspaces(here);

  async function repository(tracking: string, more: Readonly<Record<string, string>> = {}): Promise<Workspace> {
    const space = await workspace({ 'x.csv': rows, '.mldata.yaml': two(tracking), '.dvc/config': '', ...more });
    execFileSync('git', ['init', '--quiet'], { cwd: space.folder });
    return space;
  }
  const native = { dvc: { mode: 'native' } } as const;

  it('has its files kept by DVC, those built side by side too', async () => {
    const space = await repository('{ dvc: true }');
    const { datasets } = buildReportSchema.parse(await space.build(native));
    for (const { dataset, tracking, steps, findings } of datasets) {
      assert.deepEqual(findings, []);
      assert.equal(tracking?.status, 'tracked');
      assert.deepEqual(tracking.files.map(({ path, change }) => [change, path]).sort(), [
        ['created', `datasets/${dataset}/.gitignore`],
        ['created', `datasets/${dataset}/csv.dvc`],
        ['created', `datasets/${dataset}/data.dvc`],
      ]);
      assert.equal(steps.at(-1)?.step, 'track');
    }
    const again = await space.build(native);
    assert.deepEqual(
      again.datasets.map(({ status, tracking }) => [status, tracking?.status]),
      [
        ['upToDate', 'unchanged'],
        ['upToDate', 'unchanged'],
      ],
    );
  });

  it('is the same build and the same version, tracked or not', async () => {
    const space = await repository('{ dvc: true }');
    const [first] = (await space.build(native)).datasets;
    const before = await space.manifest('p');
    assert.equal(before.config.tracking, undefined);
    await space.write('.mldata.yaml', two('{ dvc: false }'));
    const [second] = (await space.build(native)).datasets;
    assert.deepEqual([first?.status, second?.status, second?.tracking], ['built', 'upToDate', undefined]);
  });

  it('writes one .gitattributes for all, a line for each folder', async () => {
    const space = await repository('{ gitLfs: { patterns: ["csv/*.csv"] } }');
    const { datasets } = await space.build();
    assert.deepEqual(
      datasets.map(({ tracking }) => tracking?.status),
      ['tracked', 'tracked'],
    );
    const lines = (await readFile(space.path('.gitattributes'), 'utf8'))
      .split('\n')
      .filter((line) => line.includes('filter=lfs'));
    assert.equal(lines.length, 2);
  });

  it('is tracked because it is asked to, or not although its config says so', async () => {
    const space = await repository('{ dvc: false }');
    const { code, stdout } = await space.cli(['build', 'p', '--dvc', '--json']);
    assert.equal(code, 0);
    assert.equal(buildReportSchema.parse(JSON.parse(stdout)).datasets[0]?.tracking?.tool, 'dvc');
    await space.write('.mldata.yaml', two('{ dvc: true }'));
    const { stdout: without } = await space.cli(['build', 'q', '--no-track', '--json']);
    assert.equal(buildReportSchema.parse(JSON.parse(without)).datasets[0]?.tracking, undefined);
    const { code: both } = await space.cli(['build', '--dvc', '--no-track']);
    assert.equal(both, 64);
  });

  it('stands although it could not be tracked, and says so on its line of the config', async () => {
    const space = await repository('{ dvc: true }');
    await rm(space.path('.dvc'), { recursive: true });
    const { datasets } = await space.build({ names: ['p'], ...native });
    const [build] = datasets;
    assert.ok(build);
    assert.equal(build.status, 'built');
    assert.deepEqual(codes(build), ['not-tracked']);
    const [finding] = build.findings;
    assert.match(finding?.message ?? '', /The build is whole, but it is not tracked\. .* `dvc init`/);
    assert.deepEqual(finding?.configPath, ['datasets', 'p', 'tracking']);
    await mkdir(space.path('.dvc'));
    const [next] = (await space.build({ names: ['p'], ...native })).datasets;
    assert.deepEqual([next?.status, next?.tracking?.status], ['upToDate', 'tracked']);
  });

  it('is left to the stage that makes it, and says so', async () => {
    const space = await repository('{ dvc: true }');
    await space.build({ names: ['p'], track: false });
    await space.cli(['track', 'p', '--dvc-pipeline']);
    const [build] = (await space.build({ names: ['p'], force: true, ...native })).datasets;
    assert.ok(build);
    assert.deepEqual([codes(build), build.tracking?.status], [['tracked-by-stage'], 'unchanged']);
    assert.equal((await space.files()).includes('datasets/p/data.dvc'), false);
  });

  it('says that its stage is behind, until the stage is written anew', async () => {
    const space = await repository('{ dvc: true }');
    const built = async (more: object) => {
      const [build] = (await space.build({ names: ['p'], ...more })).datasets;
      assert.ok(build);
      return build.findings.filter(({ code }) => code === 'stage-behind').map(({ message }) => message);
    };
    assert.deepEqual(await built({ track: false }), []);
    await space.cli(['track', 'p', '--dvc-pipeline']);
    assert.deepEqual(await built({ track: false }), []);
    const edit = async (formats: string) =>
      writeFile(space.path('.mldata.yaml'), two('{ dvc: true }').replace('parquet, csv', formats));
    await edit('parquet, csv, jsonl');
    for (const more of [{ track: false }, native, { track: false }]) {
      assert.deepEqual(await built(more), [
        'The stage p of dvc.yaml is behind the build of p: it does not name datasets/p/jsonl, which it wrote.',
      ]);
    }
    await space.cli(['track', 'p', '--dvc-pipeline']);
    assert.deepEqual(await built(native), []);
    await edit('parquet');
    assert.match(
      (await built(native)).join(),
      /it names datasets\/p\/csv, datasets\/p\/jsonl, which it does not write/,
    );
    await writeFile(space.path('dvc.yaml'), 'stages: 3\n');
    assert.deepEqual(await built({ track: false }), []);
  });

  it('finds its stage in a dvc.yaml above its config, which may have one of that name for another', async () => {
    const text = two('{ dvc: true }');
    const space = await repository('{ dvc: true }', { 'in/x.csv': rows, 'in/.mldata.yaml': text });
    const configPath = space.path('in', '.mldata.yaml');
    const behind = async () => {
      const [build] = (await space.build({ configPath, names: ['p'], track: false })).datasets;
      return build?.findings.filter(({ code }) => code === 'stage-behind').map(({ message }) => message);
    };
    await behind();
    await space.cli(['track', 'p', '--dvc-pipeline', '--config', configPath]);
    const written = await readFile(space.path('in', 'dvc.yaml'), 'utf8');
    await rm(space.path('in', 'dvc.yaml'));
    const other = '  other: { cmd: mldata build p --no-track, outs: [datasets/p/data] }\n';
    const moved = (stage: string) => writeFile(space.path('dvc.yaml'), `stages:\n${other}${stage}`);
    await moved('');
    await writeFile(configPath, text.replace('parquet, csv', 'parquet, jsonl'));
    assert.deepEqual(await behind(), []);
    await moved(written.slice(written.indexOf('\n') + 1).replace('    cmd:', '    wdir: in\n    cmd:'));
    const lacks =
      'it does not name datasets/p/jsonl, which it wrote, and names datasets/p/csv, which it does not write any more';
    assert.deepEqual(await behind(), [`The stage p of ../dvc.yaml is behind the build of p: ${lacks}.`]);
    await space.cli(['track', 'p', '--dvc-pipeline', '--config', configPath]);
    assert.deepEqual([await behind(), existsSync(space.path('in', 'dvc.yaml'))], [[], false]);
  });

  it('says in a plan that it would be tracked', async () => {
    const space = await repository('{ gitLfs: true }');
    const { stderr } = await space.cli(['build', '--dry-run']);
    assert.match(stderr, /^ {2}track +track with Git LFS$/m);
  });
});

describe('a version whose bytes are gone', () => {
  const workspace = workspaces(here);
  const never = new AbortController().signal;

  it('comes back in a fresh clone: its manifest from git, its bytes from the cache of DVC', async () => {
    const space = await workspace({
      ...{ 'x.csv': rows, '.mldata.yaml': config('x.csv', 'tracking: { dvc: true }\noutput: { format: csv }') },
      '.dvc/config': '[core]\n    remote = store\n',
      '.dvc/.gitignore': '/cache\n',
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd: space.folder });
    git('init', '--quiet');
    const native = { dvc: { mode: 'native' } } as const;
    const data = 'datasets/d/data/data.csv';
    await space.buildOne(native);
    const first = await readFile(space.path(data), 'utf8');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'first');
    await space.write('x.csv', `${rows}3,c\n`);
    await space.buildOne(native);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'second');

    const clone = await workspace({});
    await run('git', ['clone', '--quiet', space.folder, clone.path('c')]);
    await run('cp', ['-r', space.path('.dvc/cache'), clone.path('c/.dvc/cache')]);
    const named = { configPath: clone.path('c/.mldata.yaml'), folder: clone.path('c') };
    const { status } = await engine.restore({ ...named, reference: 'd@previous' }, never);
    assert.equal(status, 'restored');
    assert.equal(await readFile(clone.path('c', data), 'utf8'), first);
  });

  it('is not taken from an object that is something else', async () => {
    const space = await workspace({ 'x.csv': rows, '.mldata.yaml': config('x.csv'), '.dvc/config': '' });
    execFileSync('git', ['init', '--quiet'], { cwd: space.folder });
    const { artifacts } = await space.buildOne({ track: 'dvc', dvc: { mode: 'native' } });
    const md5 = artifacts[0]?.md5 ?? '';
    const object = space.path('.dvc/cache/files/md5', md5.slice(0, 2), md5.slice(2));
    const bytes = await readFile(object);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await chmod(object, 0o644);
    await writeFile(object, bytes);
    await chmod(object, 0o444);
    await rm(space.path('datasets/d/data'), { recursive: true });
    await rm(space.path('.mldata'), { recursive: true });
    const named = { configPath: space.path('.mldata.yaml'), folder: space.folder };
    await assert.rejects(engine.restore({ ...named, reference: 'd@current' }, never), {
      code: 'version-bytes-missing',
      message: /`dvc fetch --all-commits`/,
    });
  });
});

/** A PATH on which nothing but git and node is. */
async function onlyGit(space: Workspace): Promise<NodeJS.ProcessEnv> {
  const folder = space.path('.git/only');
  await mkdir(folder, { recursive: true });
  const { stdout } = await run('which', ['git']);
  await writeFile(`${folder}/git`, `#!/bin/sh\nexec ${stdout.trim()} "$@"\n`, { mode: 0o755 });
  return { PATH: folder };
}
