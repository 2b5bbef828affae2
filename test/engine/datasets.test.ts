/** Datasets made from datasets, and several datasets at once. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { buildReportSchema, lineageSchema, MldataError, type BuildReport } from '../../src/protocol';
import { inProcesses, workspaces } from './support';
import { leftovers, table } from './whole';

const rows = (from: number, to: number): string =>
  `id,label\n${Array.from({ length: to - from }, (_, index) => `${from + index},${index % 2 ? 'x' : 'y'}\n`).join('')}`;

/** `small` is made from `all`, and written before it. */
const family =
  'version: 1\ndatasets:\n' +
  '  small: { source: dataset://all/test, transforms: [ { filter: { expression: id >= 0 } } ] }\n' +
  '  all: { source: raw.csv, split: { train: 0.8, test: 0.2, seed: 1 } }\n' +
  '  other: { source: raw.csv }\n';

const told = ({ datasets }: BuildReport): string[] =>
  datasets.map(({ dataset, status, error }) => [dataset, status, ...(error ? [error.code] : [])].join(' '));

describe('datasets made from datasets', () => {
  const workspace = workspaces();

  it('are built after what they are made from, from its files, and again when these change', async () => {
    const space = await workspace({ '.mldata.yaml': family, 'raw.csv': rows(0, 50) });
    const plan = await new LocalEngine().plan({ configPath: space.path('.mldata.yaml') }, new AbortController().signal);
    assert.deepEqual(
      plan.datasets.map(({ dataset, inputs }) => [dataset, inputs.map(({ path }) => path)]),
      [
        ['all', ['raw.csv']],
        ['other', ['raw.csv']],
        ['small', ['dataset://all']],
      ],
    );

    const names = ['small'];
    assert.deepEqual(told(await space.build({ names, format: 'jsonl' })), ['small built', 'all built']);
    const { inputs, datasets, rows: count } = await space.manifest('small');
    const parent = await space.manifest('all');
    const [, test] = parent.artifacts;
    assert.deepEqual(
      [inputs.map(({ path }) => path), inputs[0]?.sha256],
      [['datasets/all/data/test.parquet'], test?.sha256],
    );
    assert.deepEqual([datasets, count], [{ all: 'datasets/all' }, 10]);
    assert.deepEqual(parent.origins, undefined, 'an option for the child changed its parent');

    assert.deepEqual(told(await space.build({ names, force: true })), ['small built', 'all upToDate']);
    assert.deepEqual(told(await space.build({ names })), ['small upToDate', 'all upToDate']);
    await space.write('raw.csv', rows(50, 100));
    assert.deepEqual(told(await space.build({ names })), ['small built', 'all built']);
    assert.deepEqual(
      await space.query('SELECT min(id) >= 50 AS new, count(*)::INT AS n FROM {datasets/small/data/data.parquet}'),
      [{ new: true, n: 10 }],
    );

    const lineage = lineageSchema.parse(JSON.parse((await space.cli(['lineage', 'small', '--json'])).stdout));
    assert.deepEqual(
      lineage.datasets[0]?.inputs.map(({ dataset, path }) => [dataset, path]),
      [['all', 'datasets/all/data/test.parquet']],
    );
    const engine = new LocalEngine(resolve('dist/job.js'));
    const rebuilt = await engine.rebuild(
      { targets: ['datasets/small'], folder: space.folder, verify: true },
      () => undefined,
      new AbortController().signal,
    );
    assert.deepEqual(
      rebuilt.datasets.map(({ dataset, status }) => [dataset, status]),
      [['small', 'same']],
    );
  });

  it('read all splits in their order, and the first format', async () => {
    const space = await workspace({
      '.mldata.yaml':
        'version: 1\ndatasets:\n' +
        '  child: { source: [dataset://all, more.csv] }\n' +
        '  all:\n    source: raw.csv\n    transforms: [{ derive: { column: note, expression: "if(id < 3, \'\', NULL)" } }]\n' +
        '    split: { train: 0.5, validation: 0.25, test: 0.25 }\n    output: { formats: [csv, parquet], compression: { csv: gzip } }\n',
      'raw.csv': rows(0, 8),
      'more.csv': rows(100, 101),
    });
    assert.deepEqual(told(await space.build()), ['child built', 'all built']);
    assert.deepEqual(
      (await space.manifest('child')).inputs.map(({ path }) => path),
      [...['train', 'validation', 'test'].map((name) => `datasets/all/data/${name}.csv.gz`), 'more.csv'],
    );
    const [notes] = await space.query(
      "SELECT count(*) FILTER (WHERE note = '') AS empty, count(note) AS texts FROM {datasets/child/data/data.parquet}",
    );
    assert.deepEqual(notes, { empty: 3n, texts: 3n }, 'CSV as builds write it tells an empty text from a missing one');
  });

  it('are previewed from the build that stands, and say so where none does', async () => {
    const space = await workspace({ '.mldata.yaml': family, 'raw.csv': rows(0, 50) });
    const missing = await space.cli(['preview', 'small']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /no build of all to read\. Build it first: `mldata build all`/);
    await space.build({ names: ['all'] });
    const { code, stderr } = await space.cli(['preview', 'small']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /first 10 rows/);
  });
});

describe('several datasets', () => {
  const workspace = workspaces(inProcesses);

  const failing =
    'version: 1\ndatasets:\n  grandchild: { source: dataset://child }\n  child: { source: dataset://parent }\n' +
    '  parent: { source: gone.csv }\n  other: { source: raw.csv }\n';

  const failures: [name: string, keepGoing: boolean, other: string][] = [
    ['stop at the first failure', false, 'other failed not-started'],
    ['go on with what does not need the failed one when asked to', true, 'other built'],
  ];
  for (const [name, keepGoing, other] of failures) {
    it(`${name}; what is made from it fails with it, and the report is in the order of the config`, async () => {
      const space = await workspace({ '.mldata.yaml': failing, 'raw.csv': rows(0, 5) });
      const args = ['build', '--json', '--workers', '1', ...(keepGoing ? ['--keep-going'] : [])];
      const { code, stdout } = await space.cli(args);
      assert.equal(code, 1);
      const report = buildReportSchema.parse(JSON.parse(stdout));
      assert.deepEqual(told(report), [
        'grandchild failed dependency-failed',
        'child failed dependency-failed',
        'parent failed source-not-found',
        other,
      ]);
      assert.match(
        report.datasets[0]?.error?.message ?? '',
        /^grandchild was not built because child, which it is made from, was not built\.$/,
      );
    });
  }

  it('come out the same side by side as one after the other', async () => {
    const names = ['a', 'b', 'c'];
    const space = await workspace({
      '.mldata.yaml': `version: 1\ndefaults: { split: { train: 0.8, test: 0.2 } }\ndatasets:\n${names.map((name) => `  ${name}: { source: ${name}.csv }\n`).join('')}`,
      ...Object.fromEntries(names.map((name, index) => [`${name}.csv`, table(200 * (3 - index))])),
    });
    const digests = ({ datasets }: BuildReport) =>
      datasets.map(({ dataset, artifacts }) => [dataset, ...artifacts.map(({ sha256 }) => sha256)]);
    const running = new Set<string>();
    let most = 0;
    const beside = await space.build({ threads: 3, memoryLimit: '2GB' }, ({ dataset, fraction }) => {
      running.add(dataset);
      if (fraction === 1) running.delete(dataset);
      most = Math.max(most, running.size);
    });
    assert.ok(most > 1, 'no two were built at once');
    assert.deepEqual(
      beside.datasets.map(({ dataset }) => dataset),
      names,
    );
    assert.deepEqual(digests(await space.build({ threads: 1, force: true })), digests(beside));
  });

  it('all stop when the build is cancelled, and leave nothing behind', async () => {
    const space = await workspace({
      '.mldata.yaml':
        'version: 1\ndatasets:\n  a: { source: a.csv }\n  b: { source: b.csv }\n  c: { source: dataset://a }\n',
      'a.csv': table(100_000),
      'b.csv': table(100_000),
    });
    const controller = new AbortController();
    const seen = new Set<string>();
    const build = space.build(
      { memoryLimit: '1GB' },
      ({ dataset, step }) => {
        if (step === 'read') seen.add(dataset);
        if (seen.size === 2) controller.abort();
      },
      controller.signal,
    );
    await assert.rejects(build, (error) => error instanceof MldataError && error.kind === 'cancelled');
    assert.deepEqual(await leftovers(space.folder), []);
    assert.equal(existsSync(space.path('datasets')), false);
  });

  it('where one reads the folder of another by its path are never built at once', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: raw.csv }\n  b: { source: "datasets/a/data/*.parquet" }\n',
      'raw.csv': table(20_000),
    });
    const seen: string[] = [];
    const report = await space.build({ memoryLimit: '1GB' }, ({ dataset }) => seen.push(dataset));
    assert.deepEqual(told(report), ['a built', 'b built']);
    assert.ok(seen.lastIndexOf('a') < seen.indexOf('b'));
    assert.match(await readFile(space.path('datasets/b/manifest.yaml'), 'utf8'), /datasets\/a\/data\/data\.parquet/);
  });
});
