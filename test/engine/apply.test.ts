/** New data is changed as a build changed its own, with what was learned then. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { config, workspaces } from './support';

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

  it('gives the rows of the build itself the very values they have there', async () => {
    const space = await built();
    const { code, stderr } = await space.cli(['apply', '--manifest', 'datasets/d', 'rows.csv', '--output', 'again']);
    assert.equal(code, 0, stderr);
    const different = await space.query(
      `SELECT * FROM (FROM {again/data/data.parquet}) EXCEPT SELECT * FROM (FROM {datasets/d/data/train.parquet} UNION ALL FROM {datasets/d/data/test.parquet})`,
    );
    assert.deepEqual(different, []);
    const [{ count } = {}] = await space.query('SELECT count(*)::INTEGER AS count FROM {again/data/data.parquet}');
    assert.equal(count, 100);
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
    const fitted = (await space.manifest('d')).steps?.[1]?.fitted as {
      columns: { x: { mean: number; deviation: number } };
    };
    const { mean, deviation } = fitted.columns.x;
    assert.deepEqual(await space.query('SELECT id::INTEGER AS id, x, twice, label FROM {new/data/data.parquet}'), [
      { id: 1000, x: (5 - mean) / deviation, twice: ((5 - mean) / deviation) * 2, label: null },
      { id: 1002, x: (7 - mean) / deviation, twice: ((7 - mean) / deviation) * 2, label: null },
    ]);
    assert.match(await readFile(space.path('new/manifest.yaml'), 'utf8'), /new\.csv/);
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
