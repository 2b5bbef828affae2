/** What is different between two builds: config, columns, figures and rows. */
import assert from 'node:assert/strict';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { Database } from '../../src/engine/duckdb';
import { meanOf } from '../../src/engine/diff/means';
import { diffSchema, type Diff } from '../../src/protocol';
import { until } from './commandLine';
import { here, workspaces, type Workspace } from './support';

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
  const diff = async (space: Workspace, before: string, after: string): Promise<Diff> => {
    const request = { configPath: space.path('.mldata.yaml'), folder: space.folder, before, after, rows: 5 };
    return here.diff({ ...request, threads: 2 }, new AbortController().signal);
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

  it('finds the same figures, exact means among them, whatever the order of the rows', async () => {
    const was = 'id,x,z\n1,1,\n2,1e90,-0.0\n3,1,\n4,-1e90,0.0\n';
    const turned = 'id,x,z\n4,-1e90,0.0\n2,1e90,-0.0\n1,1,\n3,1,\n';
    const { rows, columns } = await compared(turned, ['schema: { primaryKey: id }'], was);
    assert.deepEqual([rows.changed, columns.filter(({ changed }) => changed)], [0, []]);
    assert.deepEqual(
      columns.map(({ name, after }) => [name, after?.mean, after?.minimum]),
      [
        ['id', 2.5, '1'],
        ['x', 0.5, '-1e+90'],
        ['z', 0, '0.0'],
      ],
    );
  });

  it('sums what floating point numbers would lose, from the largest to the smallest', async () => {
    const space = await workspace({});
    const database = await Database.open({ threads: 2, memoryLimit: '200MB', spillFolder: space.path('spill') });
    try {
      for (const [type, values, mean] of [
        ['DOUBLE', '(5e-324)', 5e-324],
        ['DOUBLE', '(5e-324), (1e300)', 5e299],
        ['DOUBLE', '(-1.797e308), (-1.797e308), (-1.797e308)', -1.797e308],
        ['DOUBLE', "(0.1), (0.2), (0.3), ('nan'), ('inf'), (NULL)", 0.2],
        ['DOUBLE', "('nan')", undefined],
        ['BIGINT', '(9007199254740993), (-9007199254740992)', 0.5],
        ['DECIMAL(20, 3)', '(1.5), (2.25)', 1.875],
        ['FLOAT', '(0.5), (-3)', -1.25],
      ] as const) {
        await database.run(`CREATE OR REPLACE TABLE t (c0 ${type}); INSERT INTO t VALUES ${values}`);
        const column = { name: 'x', id: 'c0', type: 'number', physicalType: type, spec: {} } as const;
        assert.equal(await meanOf(database, 't', column), mean, values);
      }
    } finally {
      database.close();
    }
  });

  it('compares whole numbers with doubles to the last digit', async () => {
    const typed = (type: string) => `schema: { columns: { n: ${type} }, primaryKey: id }`;
    const space = await built({
      '.mldata.yaml': config(dataset('a', [typed('integer')]), dataset('b', [typed('number')])),
      'a.csv': 'id,n\n1,9007199254740993\n2,22\n3,-5\n4,\n',
      'b.csv': 'id,n\n1,9007199254740992\n2,22.0\n3,-5.5\n4,\n',
    });
    const { rows } = await diff(space, 'a', 'b');
    assert.deepEqual([rows.changed, rows.asText], [2, []]);
    assert.deepEqual(
      rows.samples.map(({ key }) => key[0]?.value),
      ['1', '3'],
    );
  });

  it('finds no other rows where only the format of the files is another', async () => {
    const formats = ['csv', 'parquet', 'jsonl', 'arrow'];
    const derived = [
      "e, expression: CASE WHEN n = 1 THEN '' END",
      'f, expression: CAST(n / 10 AS FLOAT)',
      'm, expression: "CAST(n AS DECIMAL(20, 3))"',
      'o, expression: "struct_pack(a := n, b := s)"',
      'l, expression: "[n, 2]"',
    ].map((each) => `      - derive: { column: ${each} }`);
    const space = await built({
      '.mldata.yaml': config(
        ...formats.map(
          (format) =>
            `  ${format}:\n    source: rows.csv\n    output: { formats: [${format}] }\n    transforms:\n${derived.join('\n')}`,
        ),
      ),
      'rows.csv': 'n,d,t,s\n1,2020-01-02,2020-01-02 03:04:05,a\n-2,,,"b, ""c"""\n,1969-12-31,,\n',
    });
    for (const format of formats.slice(1)) {
      const { rows, columns, schema } = await diff(space, 'csv', format);
      const asText = format === 'jsonl' ? [] : ['o', 'l'];
      assert.deepEqual([rows.added, rows.removed, rows.asText], [0, 0, asText], format);
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
    const { stdout } = await space.cli(['diff', 'a@previous', 'a', '--json']);
    const { rows, splits, config: changes } = diffSchema.parse(JSON.parse(stdout));
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

  describe('in a job process', () => {
    const { TMPDIR, TEMP } = process.env;
    afterEach(() => {
      for (const [name, value] of Object.entries({ TMPDIR, TEMP }))
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
    });
    /** A build, and a folder for temporary files that nobody else writes to. */
    const watched = async (job: string) => {
      const space = await built({ '.mldata.yaml': config(dataset('a')), 'a.csv': before, 'job.cjs': job });
      await mkdir(space.path('tmp'));
      Object.assign(process.env, { TMPDIR: space.path('tmp'), TEMP: space.path('tmp') });
      const compare = (signal: AbortSignal, entry: string) =>
        new LocalEngine(entry).diff(
          { configPath: space.path('.mldata.yaml'), folder: space.folder, before: 'a', after: 'a', rows: 5 },
          signal,
        );
      const leftovers = () => readdir(space.path('tmp'));
      return { space, compare, leftovers };
    };

    it('stops when it is cancelled, whatever the process does, and leaves nothing', async () => {
      const { space, compare, leftovers } = await watched('for (;;);');
      await assert.rejects(compare(AbortSignal.abort(), space.path('job.cjs')), { kind: 'cancelled' });
      for (const entry of [space.path('job.cjs'), resolve('dist/job.js')]) {
        const controller = new AbortController();
        const stopped = assert.rejects(compare(controller.signal, entry), { kind: 'cancelled' });
        await until(async () => (await leftovers()).length > 0);
        controller.abort();
        await stopped;
        assert.deepEqual(await leftovers(), []);
      }
    });

    it('says what died, and leaves nothing', async () => {
      const { space, compare, leftovers } = await watched('process.exit(7)');
      await assert.rejects(compare(new AbortController().signal, space.path('job.cjs')), {
        code: 'job-died',
        message:
          'a and a: The process that compares them ended with code 7. Compare them again; if it happens every time, report it with the log.',
      });
      assert.deepEqual(await leftovers(), []);
    });
  });
});
