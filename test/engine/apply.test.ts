/** New data is changed as a build changed its own, with what was learned then. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import type { DatasetBuild } from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';

const rows = `id,x,label\n${Array.from({ length: 100 }, (_, index) => `${index},${index * index},${index % 2}`).join('\n')}\n`;
const files = {
  '.mldata.yaml': config(
    'rows.csv',
    'schema: { columns: { id: integer, x: number, label: { type: integer, role: target, required: true } } }\n' +
      'transforms:\n  - filter: { expression: "x >= 0" }\n  - standard_scale: { columns: x }\n  - derive: { column: twice, expression: "x * 2" }\n' +
      'split: { train: 0.5, test: 0.5, seed: 1 }',
  ),
  'rows.csv': rows,
};

describe('apply', () => {
  const workspace = workspaces();
  const built = async () => {
    const space = await workspace(files);
    await space.buildOne();
    return space;
  };
  const apply = async (space: Workspace, file: string, output: string): Promise<DatasetBuild> => {
    const { datasets } = await here.apply(
      { manifest: space.path('datasets/d'), files: [space.path(file)], output: space.path(output), threads: 2 },
      () => undefined,
      new AbortController().signal,
    );
    const [dataset] = datasets;
    assert.ok(dataset);
    return dataset;
  };

  it('gives the rows of the build itself the very values they have there', async () => {
    const space = await built();
    assert.equal((await apply(space, 'rows.csv', 'again')).status, 'built');
    const different = await space.query(
      `SELECT * FROM (FROM {again/data/data.parquet}) EXCEPT SELECT * FROM (FROM {datasets/d/data/train.parquet} UNION ALL FROM {datasets/d/data/test.parquet})`,
    );
    assert.deepEqual(different, []);
    const [{ count } = {}] = await space.query('SELECT count(*)::INTEGER AS count FROM {again/data/data.parquet}');
    assert.equal(count, 100);
  });

  it('clears away what another one left that was killed, and nothing of one that still runs', async () => {
    const space = await built();
    const dead = spawnSync(process.execPath, ['--version']).pid;
    for (const id of [`${dead}-0123abcd`, `${process.pid}-0123abcd`]) await space.write(`tmp/mldata-${id}/spill/x`, '');
    await space.write('tmp/mldata-notes/x', 'mine');
    const { code, stderr } = await space.cli(['apply', '--manifest', 'datasets/d', 'rows.csv', '--output', 'again'], {
      env: { TMPDIR: space.path('tmp') },
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(await space.files('tmp'), [`mldata-${process.pid}-0123abcd/spill/x`, 'mldata-notes/x']);
  });

  it('takes new rows without the target, and learns nothing from them', async () => {
    const space = await built();
    await space.write('new.csv', 'id,x\n1000,5\n1001,-1\n1002,7\n');
    const { code, stderr, stdout } = await space.cli([
      'apply',
      '--manifest',
      'datasets/d/manifest.yaml',
      'new.csv',
      '--output',
      'new',
      '--json',
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"kind": "mldata\/build"/);
    const { columns } = (await space.manifest('d')).steps?.[1]?.fitted as {
      columns: { mean: number; deviation: number }[];
    };
    const { mean, deviation } = columns[0] ?? { mean: 0, deviation: 1 };
    assert.deepEqual(await space.query('SELECT id::INTEGER AS id, x, twice, label FROM {new/data/data.parquet}'), [
      { id: 1000, x: (5 - mean) / deviation, twice: ((5 - mean) / deviation) * 2, label: null },
      { id: 1002, x: (7 - mean) / deviation, twice: ((7 - mean) / deviation) * 2, label: null },
    ]);
    assert.match(await readFile(space.path('new/manifest.yaml'), 'utf8'), /new\.csv/);
  });

  it('reads the columns of then, in their types, and no others', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'transforms:\n  - one_hot: { columns: grade }'),
      'rows.csv': 'id,grade\n1,1\n2,2.5\n3,3\n',
    });
    await space.buildOne();
    await space.write('new.csv', 'more,grade,id\nx,3,7\ny,1,8\n');
    assert.equal((await apply(space, 'new.csv', 'new')).status, 'built');
    const rows = await space.query('SELECT * EXCLUDE (id) FROM {new/data/data.parquet}');
    assert.deepEqual(
      rows.map((row) => Object.values(row).map(Number)),
      [
        [0, 0, 1],
        [1, 0, 0],
      ],
    );
  });

  it('replaces what was applied before, and never a build', async () => {
    const space = await built();
    const before = await space.manifest('d');
    for (const folder of ['datasets/d', 'datasets/d/']) {
      const { error } = await apply(space, 'rows.csv', folder);
      assert.equal(error?.kind, 'usage');
      assert.match(error.message, /holds the build of d, which would be replaced/);
    }
    assert.deepEqual(await space.manifest('d'), before);
    for (const file of ['rows.csv', 'rows.csv']) assert.equal((await apply(space, file, 'new')).status, 'built');
    const again = await space.cli(['rebuild', 'new']);
    assert.equal(again.code, 64);
    assert.match(again.stderr, /new data changed by `mldata apply`/);
  });

  it('believes no manifest that says nothing of what was learned, or something else than numbers', async () => {
    const space = await built();
    const path = space.path('datasets/d/manifest.yaml');
    const text = await readFile(path, 'utf8');
    for (const [was, is, says] of [
      [/\n {4}fitted:(\n {6}.*)+/, '', /Step 3, standard_scale: The manifest does not say what it learned/],
      [/mean: .*/, `mean: "0'::DOUBLE + (SELECT count(*) FROM duckdb_settings()) + '0"`, /no number/],
      [/expression: x >= 0/, 'expression: 7', /has a step `filter` that this version/],
      [/name: d\n/, 'name: ../../../../victim\n', /no build|no manifest/],
    ] as const) {
      assert.notEqual(text.replace(was, is), text);
      await writeFile(path, text.replace(was, is));
      const said = await apply(space, 'rows.csv', 'out').then(
        ({ error }) => error?.message,
        (error: unknown) => String(error),
      );
      assert.match(said ?? '', says);
      assert.deepEqual(await space.files('out'), []);
    }
  });

  for (const [what, args, code, says] of [
    ['no build', ['--manifest', 'nowhere', 'rows.csv'], 64, /There is no build at .*nowhere/],
    ['a file that is not there', ['--manifest', 'datasets/d', 'gone.csv'], 1, /gone\.csv matches no data file/],
    ['rows of another kind', ['--manifest', 'datasets/d', 'other.csv'], 2, /column.*x/i],
  ] as const)
    it(`says what is wrong with ${what}, and writes nothing`, async () => {
      const space = await built();
      await space.write('other.csv', 'id,y\n1,2\n');
      const result = await space.cli(['apply', ...args, '--output', 'out']);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, says);
      assert.deepEqual(await space.files('out'), []);
    });
});
