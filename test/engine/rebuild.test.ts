/** Building again what a manifest describes: the same bytes, or every difference by name. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { rebuildReportSchema } from '../../src/protocol';
import { config, workspaces } from './support';

const rows = (last: number) =>
  `id,x\n${Array.from({ length: 50 }, (_, index) => `${index},${index * last}`).join('\n')}\n`;
const files = {
  '.mldata.yaml': config(
    '"*.csv"',
    'transforms:\n  - standard_scale: { columns: x }\nsplit: { train: 0.5, test: 0.5 }\noutput: { formats: [parquet, csv] }',
  ),
  'a.csv': rows(2),
  'b.csv': rows(3),
};

describe('rebuild', () => {
  const workspace = workspaces();
  const built = async () => {
    const space = await workspace(files);
    await space.buildOne();
    return space;
  };

  for (const workers of ['1', '2', '4'])
    it(`gives every artifact again with ${workers} workers, and with --verify leaves what stands there`, async () => {
      const space = await built();
      const before = await space.manifest('d');
      const all = await space.files();
      const { code, stdout } = await space.cli(['rebuild', '--verify', '--json', '--workers', workers]);
      assert.deepEqual(rebuildReportSchema.parse(JSON.parse(stdout)).datasets, [
        { dataset: 'd', status: 'same', differences: [] },
      ]);
      assert.equal(code, 0);
      assert.deepEqual(await space.files(), all);
      assert.deepEqual(await space.manifest('d'), before);
    });

  it('follows the manifest, whatever the config has become, and puts the build in place without --verify', async () => {
    const space = await built();
    const before = await space.manifest('d');
    await space.write('.mldata.yaml', config('a.csv'));
    await rm(space.path('datasets/d/data/train.parquet'));
    const { code, stderr } = await space.cli(['rebuild', 'datasets/d/manifest.yaml']);
    assert.equal(code, 0, stderr);
    const after = await space.manifest('d');
    assert.deepEqual({ ...after, createdAt: '' }, { ...before, createdAt: '' });
    assert.ok((await space.files('datasets')).includes('d/data/train.parquet'));
  });

  it('names every input that is another, gone or new, and builds nothing', async () => {
    const space = await built();
    await space.write('a.csv', rows(5));
    await rm(space.path('b.csv'));
    await space.write('c.csv', rows(3));
    const { code, stdout } = await space.cli(['rebuild', '--json']);
    assert.equal(code, 2);
    const [dataset] = rebuildReportSchema.parse(JSON.parse(stdout)).datasets;
    assert.equal(dataset?.status, 'inputsDiffer');
    assert.deepEqual(
      dataset.differences.map(({ of, how, name }) => [of, how, name]),
      [
        ['input', 'changed', 'a.csv'],
        ['input', 'missing', 'b.csv'],
        ['input', 'added', 'c.csv'],
      ],
    );
  });

  it('names only the input that is gone where the source is a list', async () => {
    const space = await workspace({ ...files, '.mldata.yaml': config('[a.csv, b.csv]') });
    await space.buildOne();
    await rm(space.path('b.csv'));
    const { code, stdout } = await space.cli(['rebuild', '--json']);
    assert.equal(code, 2);
    const [dataset] = rebuildReportSchema.parse(JSON.parse(stdout)).datasets;
    assert.deepEqual(
      dataset?.differences.map(({ how, name }) => [how, name]),
      [['missing', 'b.csv']],
    );
  });

  it('says that all inputs are gone', async () => {
    const space = await built();
    await rm(space.path('a.csv'));
    await rm(space.path('b.csv'));
    const { code, stderr } = await space.cli(['rebuild', '--verify']);
    assert.equal(code, 2);
    assert.match(stderr, /input a\.csv is missing.*input b\.csv is missing/s);
  });

  it('names files that are no longer as they were written', async () => {
    const space = await built();
    await appendFile(space.path('datasets/d/csv/test.csv'), '\n');
    await rm(space.path('datasets/d/csv/train.csv'));
    const { code, stderr } = await space.cli(['rebuild', '--verify']);
    assert.equal(code, 2);
    assert.match(stderr, /file csv\/test\.csv is another.*\n {2}file csv\/train\.csv is missing/);
  });

  it('names every artifact that comes out differently, and the versions that may be why', async () => {
    const space = await built();
    const path = space.path('datasets/d/manifest.yaml');
    const text = await readFile(path, 'utf8');
    const { artifacts, engine } = await space.manifest('d');
    const hash = artifacts.find((file) => file.path === 'csv/test.csv')?.sha256 ?? '';
    const other = 'f'.repeat(64);
    await writeFile(path, text.replace(hash, other).replace(engine.duckdb, 'v1.0.0'));
    const { code, stderr } = await space.cli(['rebuild', '--verify']);
    assert.equal(code, 2);
    assert.match(stderr, /d: it came out differently\n {2}tool DuckDB is another: v1\.0\.0 then, v\d[^\n]* now\n/);
    assert.ok(
      stderr.includes(`artifact csv/test.csv is another: sha256 ${other.slice(0, 12)} → ${hash.slice(0, 12)}`),
      stderr,
    );
    assert.ok(!stderr.includes('artifact data'), stderr);
  });
});
