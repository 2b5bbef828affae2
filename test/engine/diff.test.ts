/** What is different between two builds: config, columns, figures and rows. */
import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { diffSchema, type Diff } from '../../src/protocol';
import { workspaces, type Workspace } from './support';

const dataset = (name: string, more: readonly string[] = []) =>
  [`  ${name}:`, `    source: ${name}.csv`, ...more.map((line) => `    ${line}`)].join('\n');
const config = (...datasets: readonly string[]) => `version: 1\ndatasets:\n${datasets.join('\n')}\n`;
const keyed = 'schema: { columns: { y: { role: target } }, primaryKey: id }';
const before = 'id,x,y\n1,1.5,a\n2,2.5,a\n3,3.5,b\n4,,b\n';

describe('diff', () => {
  const workspace = workspaces();
  const built = async (files: Readonly<Record<string, string>>) => {
    const space = await workspace(files);
    const { datasets } = await space.build();
    assert.deepEqual([...new Set(datasets.map(({ status }) => status))], ['built']);
    return space;
  };
  const diff = async (space: Workspace, ...args: string[]): Promise<Diff> => {
    const { code, stdout, stderr } = await space.cli(['diff', ...args, '--json']);
    assert.equal(code, 0, stderr);
    return diffSchema.parse(JSON.parse(stdout));
  };
  /** Two datasets of one config that differ in their data only, and in their names. */
  const compared = async (after: string, more: readonly string[] = [keyed], was = before) => {
    const space = await built({
      '.mldata.yaml': config(dataset('a', more), dataset('b', more)),
      'a.csv': was,
      'b.csv': after,
    });
    return diff(space, 'a', 'b');
  };

  it('tells by the primary key which rows were added, removed and changed, and in what', async () => {
    const { rows, columns, labels, schema, splits, same } = await compared('id,x,y\n5,9.5,c\n4,,b\n2,7,b\n1,1.50,a\n');
    assert.equal(same, false);
    const { samples, ...counts } = rows;
    assert.deepEqual(counts, {
      by: 'primaryKey',
      key: ['id'],
      added: 1,
      removed: 1,
      changed: 1,
      moved: 0,
      columns: [
        { name: 'x', rows: 1 },
        { name: 'y', rows: 1 },
      ],
      asText: [],
    });
    assert.deepEqual(samples, [
      {
        how: 'removed',
        key: [{ column: 'id', value: '3' }],
        values: [
          { column: 'x', before: '3.5' },
          { column: 'y', before: 'b' },
        ],
      },
      {
        how: 'added',
        key: [{ column: 'id', value: '5' }],
        values: [
          { column: 'x', after: '9.5' },
          { column: 'y', after: 'c' },
        ],
      },
      {
        how: 'changed',
        key: [{ column: 'id', value: '2' }],
        values: [
          { column: 'x', before: '2.5', after: '7.0' },
          { column: 'y', before: 'a', after: 'b' },
        ],
      },
    ]);
    assert.deepEqual(schema, { added: [], removed: [], retyped: [] });
    assert.deepEqual(splits, [{ name: 'data', before: 4, after: 4 }]);
    assert.deepEqual(columns[1], {
      name: 'x',
      changed: true,
      before: { missing: 1, distinct: 3, minimum: '1.5', maximum: '3.5', mean: 2.5 },
      after: { missing: 1, distinct: 3, minimum: '1.5', maximum: '9.5', mean: 6 },
    });
    assert.deepEqual(labels, {
      column: 'y',
      values: [
        { split: 'data', value: 'a', before: 2, after: 1 },
        { split: 'data', value: 'b', before: 2, after: 2 },
        { split: 'data', value: 'c', after: 1 },
      ],
    });
  });

  const halved = 'transforms: [{ derive: { column: id, expression: id // 2 } }]';
  for (const [what, because, more, after, counts] of [
    ['without a key', 'no-key', [], 'id,x,y\n1,1.5,a\n1,1.5,a\n2,2.5,a\n3,9,b\n', [2, 2]],
    ['where values of the key repeat', 'repeated-key', [keyed, halved], 'id,x,y\n1,1.5,a\n2,2.5,a\n3,3.5,b\n', [0, 1]],
  ] as const)
    it(`counts whole rows, as often as they stand, ${what}, and says so`, async () => {
      const { rows } = await compared(after, more);
      const { by, added, removed, changed } = rows;
      assert.deepEqual([by, rows.because, [added, removed], changed], ['wholeRow', because, counts, 0]);
      assert.equal(rows.samples.length, added + removed);
    });

  it('tells what the config and its columns have become, and compares values of other types as text', async () => {
    const split = 'split: { train: 0.5, test: 0.5, stratify: y }';
    const retyped = 'schema: { columns: { x: string }, primaryKey: id }';
    const space = await built({
      '.mldata.yaml': config(dataset('a', [keyed, split, 'output: { formats: [csv] }']), dataset('b', [retyped])),
      'a.csv': before,
      'b.csv': 'id,x,label\n1,1.5,a\n2,2.50,a\n3,3.5,b\n4,,b\n',
    });
    const { config: changes, schema, rows, splits } = await diff(space, 'a', 'b');
    assert.deepEqual(schema, {
      added: [{ name: 'label', type: 'VARCHAR' }],
      removed: [{ name: 'y', type: 'VARCHAR' }],
      retyped: [{ name: 'x', before: 'DOUBLE', after: 'VARCHAR' }],
    });
    assert.deepEqual([rows.changed, rows.columns, rows.asText], [1, [{ name: 'x', rows: 1 }], ['x']]);
    assert.deepEqual(splits, [
      { name: 'train', before: 2 },
      { name: 'test', before: 2 },
      { name: 'data', after: 4 },
    ]);
    const change = (path: string) => changes.find((each) => each.path.join('.') === path);
    assert.deepEqual(change('output.formats.0.format'), {
      path: ['output', 'formats', 0, 'format'],
      before: 'csv',
      after: 'parquet',
    });
    assert.deepEqual(change('schema.columns.x'), { path: ['schema', 'columns', 'x'], after: { type: 'string' } });
    assert.ok(!changes.some(({ path }) => path.join('.') === 'schema.primaryKey'));
  });

  it('finds no other rows where only the format of the files is another', async () => {
    const formats = ['csv', 'parquet', 'jsonl', 'arrow'];
    const space = await built({
      '.mldata.yaml': config(
        ...formats.map((format) => `  ${format}:\n    source: rows.csv\n    output: { formats: [${format}] }`),
      ),
      'rows.csv': 'n,d,t,s\n1,2020-01-02,2020-01-02 03:04:05,a\n-2,,,"b, ""c"""\n,1969-12-31,,\n',
    });
    for (const format of formats.slice(1)) {
      const { rows, columns, schema } = await diff(space, 'csv', format);
      assert.deepEqual([rows.added, rows.removed, rows.asText], [0, 0, []], format);
      assert.ok(!columns.some(({ changed }) => changed), format);
      assert.deepEqual(schema, { added: [], removed: [], retyped: [] });
    }
  });

  it('holds a version against the current build, and a build that was put elsewhere', async () => {
    const files = {
      '.mldata.yaml': config(dataset('a', [keyed, 'split: { train: 0.5, test: 0.5 }'])),
      'a.csv': before,
    };
    const space = await built(files);
    await space.write('a.csv', before.replace('1.5', '8'));
    await space.build();
    const { rows, splits, config: changes } = await diff(space, 'a@previous', 'a');
    assert.deepEqual([rows.added, rows.removed, rows.changed, changes, splits.length], [0, 0, 1, [], 2]);
    const shown = await space.cli(['diff', 'a@previous', 'a', '--rows', '1']);
    assert.match(shown.stderr, /0 added, 0 removed, 1 changed, 0 in another split; compared by id/);
    assert.match(shown.stderr, /~ id 1: x 1\.5 → 8\.0/);
    await rename(space.path('datasets/a'), space.path('elsewhere'));
    await space.build();
    const same = await space.cli(['diff', 'elsewhere', 'a']);
    assert.deepEqual([same.code, same.stderr.trim()], [0, 'elsewhere (-) and a (+): no differences']);
    await rm(space.path('elsewhere/data/train.parquet'));
    const gone = await space.cli(['diff', 'elsewhere', 'a']);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /Files of elsewhere are not there: data\/train\.parquet\. Build it again/);
  });
});
