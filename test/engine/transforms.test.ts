/** Steps: what each does to the rows, where they stand around the split, and what is said of wrong ones. */
import assert from 'node:assert/strict';
import { codes, config, workspaces } from './support';

/** A dataset over `rows.csv` with these steps, each on a line of its own. */
function stepping(steps: string, more = ''): string {
  return config('rows.csv', `transforms:\n${steps.trim().replace(/^\s*/gm, '  ')}\n${more}`);
}

const people = 'id,name,Age,city\n1,ann,30,Bonn\n2,bob,,Bonn\n3,cid,50,\n4,dan,10,Ulm\n';

describe('steps that read one row at a time', () => {
  const workspace = workspaces();

  const cases: [string, string, string, Record<string, unknown>[]][] = [
    [
      'select keeps columns in its own order',
      '- select: { columns: [city, id] }',
      'LIMIT 1',
      [{ city: 'Bonn', id: 1 }],
    ],
    ['drop leaves columns out', '- drop: { columns: [name, Age, city] }', 'LIMIT 1', [{ id: 1 }]],
    [
      'rename gives columns other names, also each other’s',
      '- select: { columns: [id, name, city] }\n- rename: { columns: { name: city, city: name } }',
      'LIMIT 1',
      [{ id: 1, city: 'ann', name: 'Bonn' }],
    ],
    [
      'filter keeps the rows for which it is true',
      '- select: { columns: [id, Age] }\n- filter: { expression: Age >= 30 }',
      '',
      [
        { id: 1, Age: 30 },
        { id: 3, Age: 50 },
      ],
    ],
    [
      'derive adds a column, and replaces one, by names in any case',
      "- select: { columns: [id, Age] }\n- derive: { column: next, expression: age + 1 }\n- derive: { column: Age, expression: upper('x') }",
      'LIMIT 1',
      [{ id: 1, Age: 'X', next: 31 }],
    ],
    [
      'drop_missing drops rows with any missing value',
      '- drop_missing: {}\n- select: { columns: [id] }',
      '',
      [{ id: 1 }, { id: 4 }],
    ],
    [
      'drop_missing looks at the columns it is given, and can ask for all of them',
      '- drop_missing: { columns: [Age, city], how: all }\n- select: { columns: [id] }',
      '',
      [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
    ],
    [
      'drop_missing can bear a share of missing values',
      '- derive: { column: nothing, expression: "NULL::INTEGER" }\n- drop_missing: { columns: [Age, city, nothing], threshold: 0.5 }\n- select: { columns: [id] }',
      '',
      [{ id: 1 }, { id: 4 }],
    ],
  ];
  for (const [name, steps, tail, expected] of cases) {
    it(name, async () => {
      const space = await workspace({ '.mldata.yaml': stepping(steps), 'rows.csv': people });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      const rows = await space.query(`FROM {datasets/d/data/data.parquet} ${tail}`);
      assert.deepEqual(
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
          ),
        ),
        expected,
      );
    });
  }

  it('are recorded in the manifest with their parameters in full and the rows before and after', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- filter: { expression: id > 1 }\n- drop: { columns: name }'),
      'rows.csv': people,
    });
    await space.buildOne();
    assert.deepEqual((await space.manifest('d')).steps, [
      { transform: 'filter', parameters: { expression: 'id > 1', allowLoss: false }, rowsIn: 4, rowsOut: 3 },
      { transform: 'drop', parameters: { columns: 'name' }, rowsIn: 3, rowsOut: 3 },
    ]);
  });
});

describe('expressions of steps', () => {
  const workspace = workspaces();

  for (const [what, expression, says] of [
    ['a subquery', '(SELECT 1)', /subquery cannot be used/],
    ['a file', "id = 1 AND (SELECT count(*) FROM read_text('/etc/passwd')) > 0", /subquery cannot be used/],
    ['more than an expression', "1) FROM read_text('/etc/passwd') --", /no SQL expression|more than one expression/],
    ['more than a statement', '1); DROP TABLE stage; SELECT (1', /no SQL expression/],
    ['chance', 'random() < 0.5', /function random cannot be used/],
    ['the time', 'now() IS NOT NULL', /function now cannot be used/],
    ['the time in disguise', 'current_date IS NOT NULL', /cannot be used|no column current_date/],
    ['settings', "current_setting('threads') = '1'", /function current_setting cannot be used/],
    ['variables', "getvariable('x') IS NULL", /function getvariable cannot be used/],
    ['a window', 'row_number() OVER () > 1', /window cannot be used/],
    ['an aggregate', 'sum(id) > 1', /function sum cannot be used/],
    ['our own columns', '__file = 0', /no column __file/],
    ['columns by our ids', 'c0 = 1', /no column c0/],
    ['a column that is not there', 'Agee > 1', /no column Agee here. Did you mean Age\?/],
    ['types that do not go together', 'name + 1 > 0', /name|No function matches/i],
    ['half an expression', 'Age >', /no SQL expression/],
  ] as const) {
    it(`cannot use ${what}`, async () => {
      const space = await workspace({
        '.mldata.yaml': stepping(`- filter: { expression: ${JSON.stringify(expression)} }`),
        'rows.csv': people,
      });
      const { error, findings } = await space.buildOne();
      assert.equal(error?.kind, 'config', error?.message);
      assert.match(error.message, says);
      assert.deepEqual(findings[0]?.configPath, ['datasets', 'd', 'transforms', 0, 'filter', 'expression']);
      assert.deepEqual(await space.files('datasets'), []);
    });
  }
});

describe('values of expressions', () => {
  const workspace = workspaces();

  it('may be lists, maps and whole numbers beyond 2^53', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping(
        '- select: { columns: [id] }\n- filter: { expression: "id = 1 AND 9007199254740993 > 9007199254740992" }\n- derive: { column: pair, expression: "[id, id + 1][2]" }',
      ),
      'rows.csv': people,
    });
    const build = await space.buildOne({ names: ['d'] });
    assert.equal(build.status, 'failed', 'three of four rows are gone');
    await space.write('.mldata.yaml', stepping('- derive: { column: pair, expression: "[id, id + 1][2]" }'));
    assert.equal((await space.buildOne()).status, 'built');
    const [row] = await space.query('SELECT pair::INTEGER AS pair FROM {datasets/d/data/data.parquet} LIMIT 1');
    assert.deepEqual(row, { pair: 2 });
  });

  for (const [what, step, at, says] of [
    [
      'that cannot be computed',
      'filter: { expression: CAST(name AS INTEGER) > 1 }',
      'expression',
      /Step 1, filter: .*ann/,
    ],
    [
      'that cannot be of the declared type',
      'derive: { column: n, expression: Age / 4, type: integer }',
      'type',
      /values of the expression cannot be of the type integer/,
    ],
    [
      'that cannot be computed for a new column',
      'derive: { column: n, expression: CAST(name AS INTEGER) }',
      'expression',
      /Step 1, derive: .*ann/,
    ],
  ] as const)
    it(`stop the build on the line of the step: ${what}`, async () => {
      const space = await workspace({ '.mldata.yaml': stepping(`- ${step}`), 'rows.csv': people });
      const { error, findings } = await space.buildOne();
      assert.equal(error?.kind, 'buildFailed');
      assert.match(error.message, says);
      assert.equal(findings[0]?.configPath?.at(-1), at);
    });

  for (const [what, steps] of [
    [
      'beside one of another case',
      '- derive: { column: AGE2, expression: "1" }\n- derive: { column: age2, expression: "2" }',
    ],
    ['twice', '- select: { columns: [id, id] }'],
    ['by renaming', '- rename: { columns: { name: ID } }'],
  ] as const)
    it(`cannot have a name ${what}`, async () => {
      const space = await workspace({ '.mldata.yaml': stepping(steps), 'rows.csv': people });
      assert.equal((await space.cli(['build'])).code, 3);
    });
});

describe('steps before a split by indices', () => {
  const workspace = workspaces();

  it('may take away rows that it names', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- drop_missing: { columns: Age }', 'split: { indices: rows.idx }'),
      'rows.csv': people,
      'rows.idx': 'row,split\n1,train\n2,train\n3,test\n4,train\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(
      build.splits.map(({ name, rows }) => [name, rows]),
      [
        ['train', 2],
        ['test', 1],
      ],
    );
  });
});

describe('steps that take rows away', () => {
  const workspace = workspaces();
  const rows = `id\n${Array.from({ length: 10 }, (_, index) => index).join('\n')}\n`;

  for (const [name, step, found, status] of [
    ['say nothing of a quarter', '- filter: { expression: id >= 2 }', [], 'built'],
    ['warn of more than a quarter', '- filter: { expression: id >= 3 }', ['rows-lost'], 'built'],
    ['stop at more than a half', '- filter: { expression: id >= 6 }', ['rows-lost'], 'failed'],
    ['go on where that is allowed', '- filter: { expression: id >= 6, allowLoss: true }', ['rows-lost'], 'built'],
    [
      'stop when nothing is left, allowed or not',
      '- filter: { expression: id > 99, allowLoss: true }',
      ['rows-lost'],
      'failed',
    ],
  ] as const) {
    it(name, async () => {
      const space = await workspace({ '.mldata.yaml': stepping(step), 'rows.csv': rows });
      const build = await space.buildOne();
      assert.deepEqual([build.status, codes(build)], [status, found], build.error?.message);
    });
  }
});

describe('standard_scale', () => {
  const workspace = workspaces();
  const numbers = `id,x,same,empty\n${Array.from({ length: 100 }, (_, index) => `${index},${index * index},7,`).join('\n')}\n`;
  const steps = '- standard_scale: { columns: [x, same] }';

  it('learns from the training rows only and changes all', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping(steps, 'split: { train: 0.5, test: 0.5, seed: 1 }'),
      'rows.csv': numbers,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const [train] = await space.query(
      'SELECT abs(avg(x)) < 1e-12 AS centred, abs(stddev_pop(x) - 1) < 1e-12 AS scaled, max(abs(same)) AS same FROM {datasets/d/data/train.parquet}',
    );
    assert.deepEqual(train, { centred: true, scaled: true, same: 0 });
    const { columns } = (await space.manifest('d')).steps?.[0]?.fitted as {
      columns: { column: string; mean: number; deviation: number }[];
    };
    const [x, same] = columns;
    const [test] = await space.query(
      `SELECT max(abs(x - (id * id - ${x?.mean}) / ${x?.deviation})) < 1e-9 AS same FROM {datasets/d/data/test.parquet}`,
    );
    assert.equal(test?.['same'], true);
    assert.deepEqual(same, { column: 'same', mean: 7, deviation: 0 });
  });

  it('gives the same bytes on any number of threads', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping(steps, 'split: { train: 0.5, test: 0.5, seed: 1 }'),
      'rows.csv': numbers,
    });
    const hashes = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const { artifacts } = await space.buildOne({ threads, force: true });
      hashes.add(artifacts.map(({ sha256 }) => sha256).join());
    }
    assert.equal(hashes.size, 1);
  });

  it('makes 0 of a constant that no binary number is, as scikit-learn does', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- standard_scale: { columns: x }'),
      'rows.csv': `x\n${'1000000000.1\n'.repeat(21)}`,
    });
    await space.buildOne();
    const rows = await space.query('SELECT DISTINCT x FROM {datasets/d/data/data.parquet}');
    assert.deepEqual(rows, [{ x: 0 }]);
  });

  it('is refused on a column of text, on its line, before anything is read where the type is declared', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'gone.csv',
        'schema: { columns: { name: string } }\ntransforms:\n  - standard_scale:\n      columns: name',
      ),
    });
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 3);
    assert.match(stderr, /\.mldata\.yaml:8:20.*name.*is of type string/s);
  });

  it('is refused on a column that turns out to hold text', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- standard_scale: { columns: name }'),
      'rows.csv': people,
    });
    const { error } = await space.buildOne();
    assert.match(error?.message ?? '', /Step 1, standard_scale: The column `name` is of type string/);
  });
});
