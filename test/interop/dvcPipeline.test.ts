/** Datasets as stages of a pipeline, run by the real DVC with the real command line. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { TrackedTarget } from '../../src/protocol';
import { run } from '../host/processes';
import { remove, repository as sources, temporaryFolder } from '../host/workspace';
import { commit, git, writeAll } from './gitHome';
import { RealDvc } from './realDvc';
import { askToTrack } from './tracked';
import { dataIn } from './trackedTrees';

const config = `version: 1
defaults:
  split: { train: 0.8, test: 0.2, seed: 1 }
datasets:
  people:
    source: raw/*.csv
    schema: { columns: { age: { type: integer, minimum: 0 } } }
    checks: { missing: { warn: 1% } }
    output: { formats: [csv, parquet] }
  grown.ups:
    source: dataset://people
    transforms: [{ filter: { expression: age >= 18, allowLoss: true } }]
    output: { path: built/grown ups }
`;
const rows = (from: number, length: number, age: (id: number) => string) =>
  `id,age\n${Array.from({ length }, (_, index) => `${from + index},${age(from + index)}\n`).join('')}`;
const first = rows(0, 30, String);
const next = rows(30, 10, String);
const second = rows(40, 10, () => '');

describe('datasets as stages of a pipeline', function () {
  this.timeout(5 * 60_000); // the packages may have to be fetched
  let real: RealDvc;
  let programs: string;
  const path = process.env['PATH'] ?? '';
  const made: string[] = [];

  before(async () => {
    programs = await temporaryFolder();
    await installCommand(programs);
    process.env['PATH'] = `${programs}${delimiter}${path}`;
    real = await RealDvc.start();
  });
  after(async () => {
    await real.stop();
    process.env['PATH'] = path;
    for (const folder of [...made, programs]) await remove(folder);
  });

  const repository = async (files: Readonly<Record<string, string>> = {}) => {
    const folder = await real.repository({
      '.mldata.yaml': config,
      'raw/first.csv': first,
      'raw/next.csv': next,
      ...files,
    });
    made.push(join(folder, '..'));
    return folder;
  };
  const stage = async (folder: string, ...targets: string[]): Promise<TrackedTarget[]> => {
    const tracked = await pipeline(folder, targets);
    for (const { target, error } of tracked) assert.equal(error?.message, undefined, target);
    return tracked;
  };
  const refusals = async (folder: string, ...targets: string[]) =>
    (await pipeline(folder, targets)).map(({ target, error }) => `${target}: ${error?.code}`);
  const text = (folder: string, file: string) => readFile(join(folder, file), 'utf8');
  const status = (folder: string) => real.json(folder, 'status');
  const repro = async (folder: string, ...args: string[]) => {
    const { code, out, err } = await real.ended(folder, 'repro', ...args);
    assert.equal(code, 0, out + err);
    return `${out}${err}`;
  };
  const ran = (said: string) => [...said.matchAll(/^Running stage '(.*)':$/gm)].map(([, name]) => name);

  describe('of a workspace', () => {
    let folder: string;
    before(async () => {
      folder = await repository();
      await build(folder);
      await stage(folder, 'people', 'grown.ups');
    });

    it('are known to DVC, in their order', async () => {
      const listed = await real.dvc(folder, 'stage', 'list', '--name-only');
      assert.deepEqual(listed.trim().split('\n'), ['people', 'grown_ups']);
    });

    it('run, and find what was built', async () => {
      const said = await repro(folder);
      assert.deepEqual(ran(said), ['people', 'grown_ups']);
      assert.match(said, /people: up to date/);
      assert.deepEqual(await status(folder), {});
    });

    it('leave git what it is to keep', async () => {
      await git(folder, 'add', '--all');
      const kept = (await git(folder, 'ls-files')).trim().split('\n');
      assert.deepEqual(
        kept.filter((file) => file.startsWith('datasets/people/')),
        [
          'datasets/people/.gitignore',
          'datasets/people/manifest.yaml',
          ...['build.json', 'metrics.json', 'missing.csv', 'quality.json', 'splits.csv'].map(
            (name) => `datasets/people/reports/${name}`,
          ),
          'datasets/people/versions.yaml',
        ],
      );
    });

    it('do nothing a second time, and are not written anew', async () => {
      const before = await text(folder, 'dvc.yaml');
      const tracked = await stage(folder, 'people', 'grown.ups');
      assert.deepEqual(
        tracked.map(({ status: told, files }) => [told, files]),
        [
          ['unchanged', []],
          ['unchanged', []],
        ],
      );
      assert.equal(await text(folder, 'dvc.yaml'), before);
      assert.deepEqual(ran(await repro(folder)), []);
    });

    it('come back in a clone', async () => {
      const clone = await real.pulled(folder);
      const data = async (at: string) => ({
        ...(await dataIn(join(at, 'datasets', 'people', 'data'))),
        ...(await dataIn(join(at, 'built', 'grown ups', 'data'))),
      });
      assert.deepEqual(await data(clone), await data(folder));
      assert.deepEqual(await status(clone), {});
      assert.deepEqual(ran(await repro(clone)), []);
    });

    it('run again for a new source, with numbers to compare', async () => {
      await writeAll(folder, { 'raw/second.csv': second });
      const said = await repro(folder);
      assert.deepEqual(ran(said), ['people', 'grown_ups']);
      // What stands is what the next build begins with.
      assert.match(said, /reused {3}2 of 3 files/);
      const diff = (await real.json(folder, 'metrics', 'diff')) as Record<string, Record<string, object>>;
      const numbers = diff['datasets/people/reports/metrics.json'];
      assert.deepEqual(numbers?.['rows'], { old: 40, new: 50, diff: 10 });
      assert.deepEqual(numbers['missing'], { old: 0, new: 0.1, diff: 0.1 });
      assert.deepEqual(numbers['checks.warnings'], { old: 0, new: 1, diff: 1 });
      assert.deepEqual(await status(folder), {});
    });

    it('have plots', async () => {
      const { data } = (await real.json(folder, 'plots', 'diff', 'HEAD')) as {
        data: Record<string, { revisions: string[]; content: string | object }[]>;
      };
      assert.deepEqual(
        Object.entries(data)
          .filter(([, plots]) => plots.length > 0)
          .map(([file]) => file)
          .sort(),
        [
          'built/grown ups/reports/splits.csv',
          'datasets/people/reports/missing.csv',
          'datasets/people/reports/splits.csv',
        ],
      );
      const [rows] = data['datasets/people/reports/splits.csv'] ?? [];
      assert.match(JSON.stringify(rows?.content), /"title":\{"text":"Rows"/);
    });

    const edits = [
      { what: 'its own part of the config', from: 'minimum: 0', to: 'minimum: -1', runs: ['people'] },
      { what: 'the defaults', from: 'seed: 1', to: 'seed: 2', runs: ['people', 'grown_ups'] },
      { what: 'a dataset whose name no parameter can say', from: 'age >= 18', to: 'age >= 21', runs: ['grown_ups'] },
    ];
    for (const { what, from, to, runs } of edits) {
      it(`run again for ${what}`, async () => {
        await writeFile(join(folder, '.mldata.yaml'), (await text(folder, '.mldata.yaml')).replace(from, to));
        const done = ran(await repro(folder));
        assert.deepEqual(
          runs.filter((name) => !done.includes(name)),
          [],
        );
        assert.deepEqual(await status(folder), {});
      });
    }

    it('keep what stands where a build fails', async () => {
      const before = await dataIn(join(folder, 'datasets', 'people'));
      await writeAll(folder, { 'raw/third.csv': 'id,age\n99,old\n' });
      const { code } = await real.ended(folder, 'repro');
      assert.notEqual(code, 0);
      assert.deepEqual(await dataIn(join(folder, 'datasets', 'people')), before);
      await rm(join(folder, 'raw', 'third.csv'));
      await repro(folder);
    });

    it('have the numbers of a build that somebody else runs', async () => {
      await writeAll(folder, { 'raw/fourth.csv': 'id,age\n100,7\n' });
      await build(folder, 'people');
      const { rows } = JSON.parse(await text(folder, 'datasets/people/reports/metrics.json')) as { rows: number };
      assert.equal(rows, 51);
      assert.match(await repro(folder), /people: up to date/);
    });
  });

  for (const links of ['symlink', 'hardlink']) {
    it(`build where workspace files are a ${links} to the cache, and leave the cache whole`, async () => {
      const folder = await repository();
      await real.dvc(folder, 'config', 'cache.type', links);
      await build(folder);
      await stage(folder, 'people');
      await repro(folder);
      await commit(folder);
      const before = await dataIn(join(folder, 'datasets', 'people', 'data'));
      await writeAll(folder, { 'raw/second.csv': second });
      await repro(folder);
      assert.deepEqual(await status(folder), {});
      await git(folder, 'checkout', '--quiet', '.');
      await real.dvc(folder, 'checkout', '--quiet');
      assert.deepEqual(await dataIn(join(folder, 'datasets', 'people', 'data')), before);
    });
  }

  describe('beside .dvc files', () => {
    let folder: string;
    const clean = async () => {
      assert.deepEqual(await status(folder), {});
      const written = (await git(folder, 'ls-files', '--others', '--exclude-standard')).split('\n');
      assert.deepEqual(
        written.filter((file) => /\.(csv|parquet)$/.test(file) && file.includes('/data/')),
        [],
      );
    };
    before(async () => {
      folder = await repository({
        'dvc.yaml': '# ours\nstages:\n  other: { cmd: "echo 1 > other.txt", outs: [other.txt] }\n',
      });
      await build(folder);
      await repro(folder);
    });

    it('take the place of them', async () => {
      await askToTrack(folder, ['people'], { configPath: join(folder, '.mldata.yaml') });
      await commit(folder);
      const [tracked] = await stage(folder, 'people');
      assert.equal(tracked?.status, 'converted');
      assert.deepEqual(
        tracked.files.map(({ path: file, change }) => `${change} ${file}`),
        ['removed datasets/people/data.dvc', 'removed datasets/people/parquet.dvc', 'changed dvc.yaml'],
      );
      await repro(folder);
      await clean();
    });

    it('give way to them, with what DVC locked', async () => {
      const [tracked] = await askToTrack(folder, ['people'], { configPath: join(folder, '.mldata.yaml') });
      assert.equal(tracked?.status, 'converted');
      assert.equal(
        await text(folder, 'dvc.yaml'),
        '# ours\nstages:\n  other: { cmd: "echo 1 > other.txt", outs: [other.txt] }\n',
      );
      assert.doesNotMatch(await text(folder, 'dvc.lock'), /people/);
      await clean();
    });
  });

  describe('are refused', () => {
    const cases = [
      {
        why: 'a stage of that name that somebody wrote',
        yaml: 'stages: { people: { cmd: make } }',
        code: 'stage-foreign',
      },
      {
        why: "somebody's stage with the same output",
        yaml: 'stages: { make: { cmd: make, outs: [datasets/people/data] } }',
        code: 'stage-foreign',
      },
      {
        why: "somebody's stage with a part of the output",
        yaml: 'stages: { make: { cmd: make, outs: [datasets/people/data/train.csv] } }',
        code: 'dvc-overlap',
      },
      { why: 'a broken dvc.yaml', yaml: 'stages: { people: ', code: 'dvc-yaml-broken' },
    ];
    for (const { why, yaml, code } of cases) {
      it(`for ${why}, and nothing is changed`, async () => {
        const folder = await repository({ 'dvc.yaml': yaml });
        await build(folder, 'people');
        assert.deepEqual(await refusals(folder, 'people'), [`people: ${code}`]);
        assert.equal(await text(folder, 'dvc.yaml'), yaml);
      });
    }

    it('for data that git keeps, a dvc.yaml that git ignores, and what is no dataset', async () => {
      const folder = await repository();
      await build(folder, 'people');
      await commit(folder);
      assert.deepEqual(await refusals(folder, 'people'), ['people: dvc-tracked-by-git']);
      await git(folder, 'rm', '-r', '--quiet', '--cached', 'datasets');
      await writeAll(folder, { '.gitignore': 'dvc.*\n' });
      assert.deepEqual(await refusals(folder, 'people', 'raw/first.csv'), [
        'people: dvc-yaml-ignored',
        'raw/first.csv: stage-without-dataset',
      ]);
    });
  });

  it('have paths that shells, YAML and DVC read as something else', async () => {
    const name = "2026-01-31 ${a} #1 it's";
    const odd = `version: 1\ndatasets:\n  -x:\n    source: ${JSON.stringify(name)}\n    output: { path: ${JSON.stringify(`out/${name}`)} }\n`;
    const folder = await repository({ '.mldata.yaml': '', 'my config.yaml': odd, [`${name}/a.csv`]: first });
    await build(folder, '--config', 'my config.yaml');
    const [tracked] = await askToTrack(folder, ['-x'], {
      tool: 'dvc-pipeline',
      configPath: join(folder, 'my config.yaml'),
    });
    assert.equal(tracked?.error?.message, undefined);
    assert.deepEqual(ran(await repro(folder)), ['-x']);
    assert.deepEqual(await status(folder), {});
    await writeAll(folder, { [`${name}/b.csv`]: second });
    assert.deepEqual(ran(await repro(folder)), ['-x']);
  });
});

async function build(folder: string, ...args: string[]): Promise<void> {
  const cli = join(sources, 'dist', 'cli.js');
  await run(process.execPath, [cli, 'build', ...args, '--no-track', '--quiet'], { cwd: folder });
}

function pipeline(folder: string, targets: readonly string[]): Promise<TrackedTarget[]> {
  return askToTrack(folder, targets, { tool: 'dvc-pipeline', configPath: join(folder, '.mldata.yaml') });
}

/** `mldata`, as it is found on the PATH. */
async function installCommand(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const cli = join(sources, 'dist', 'cli.js');
  const script = join(folder, 'mldata');
  await writeFile(script, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  await chmod(script, 0o755);
  await writeFile(`${script}.cmd`, `@"${process.execPath}" "${cli}" %*\r\n`);
}
