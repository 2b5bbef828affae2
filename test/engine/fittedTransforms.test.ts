/** Steps on numbers and categories: what each learns from the training rows, and does to all. */
import assert from 'node:assert/strict';
import { config, workspaces, type Workspace } from './support';
import type { Row } from '../../src/engine/duckdb';

function stepping(steps: string, more = ''): string {
  return config('rows.csv', `transforms:\n${steps.trim().replace(/^\s*/gm, '  ')}\n${more}`);
}

/** Values of the built rows, in order; bigints as numbers, and doubles to twelve digits. */
async function rowsOf(space: Workspace, path = 'datasets/d/data/data.parquet', columns = '*'): Promise<Row[]> {
  const rows = await space.query(`SELECT ${columns} FROM {${path}}`);
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? Number(value.toPrecision(12)) : value,
      ]),
    ),
  );
}

/** A column as a list. */
const list = (rows: readonly Row[], column = 'x') => rows.map((row) => row[column]);

/** Follows these splits instead of shares. */
function splitFile(splits: readonly string[]): { config: string; file: string } {
  return {
    config: 'split: { indices: split.csv }',
    file: `row,split\n${splits.map((split, index) => `${index + 1},${split}`).join('\n')}\n`,
  };
}

describe('steps on numbers', () => {
  const workspace = workspaces();
  const thirds = Math.log(1.5);

  const cases: [string, string, string[], unknown[]][] = [
    ['minmax_scale brings values to 0 to 1', 'minmax_scale: { columns: x }', ['2', '4', '', '6'], [0, 0.5, null, 1]],
    [
      'minmax_scale brings values to another range',
      'minmax_scale: { columns: [x], range: [-1, 3] }',
      ['2', '4', '6'],
      [-1, 1, 3],
    ],
    [
      'minmax_scale makes a constant the start of the range',
      'minmax_scale: { columns: x, range: [5, 6] }',
      ['7', '7'],
      [5, 5],
    ],
    ['minmax_scale takes a single row', 'minmax_scale: { columns: x }', ['3'], [0]],
    [
      'robust_scale subtracts the median and divides by the interquartile range (type 7)',
      'robust_scale: { columns: x }',
      ['1', '2', '3', '4', '', '101'],
      [-1, -0.5, 0, 0.5, null, 49],
    ],
    [
      'robust_scale interpolates between values',
      'robust_scale: { columns: x }',
      ['0', '1', '2', '3'],
      [-1, -1 / 3, 1 / 3, 1],
    ],
    ['robust_scale only moves a constant', 'robust_scale: { columns: x }', ['7', '7', '7'], [0, 0, 0]],
    ['robust_scale takes a single row', 'robust_scale: { columns: x }', ['3'], [0]],
    ['log is natural', 'log: { columns: x }', ['1', '', '1.5'], [0, null, thirds]],
    ['log has a base', 'log: { columns: x, base: 10 }', ['1', '1000', '0.01'], [0, 3, -2]],
    ['log has any base', 'log: { columns: x, base: 3 }', ['1', '9'], [0, 2]],
    ['log has an offset', 'log: { columns: x, base: 2, offset: 1 }', ['0', '7'], [0, 3]],
    ['power makes a constant 0', 'power: { columns: x }', ['7', '7', ''], [0, 0, null]],
    ['power takes a single row', 'power: { columns: x }', ['3'], [0]],
    ['power makes two values -1 and 1', 'power: { columns: x }', ['1', '1', '5', '5'], [-1, -1, 1, 1]],
  ];
  for (const [name, step, values, expected] of cases) {
    it(name, async () => {
      const space = await workspace({
        '.mldata.yaml': stepping(`- ${step}`, 'schema: { columns: { x: number } }'),
        'rows.csv': `id,x\n${values.map((value, index) => `${index},${value}`).join('\n')}\n`,
      });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      const rounded = expected.map((value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value));
      assert.deepEqual(list(await rowsOf(space)), rounded);
    });
  }

  for (const step of ['standard_scale', 'minmax_scale', 'robust_scale', 'log', 'power']) {
    it(`${step} leaves a column missing that has no values`, async () => {
      const space = await workspace({
        '.mldata.yaml': stepping(`- ${step}: { columns: x }`, 'schema: { columns: { x: number } }'),
        'rows.csv': 'id,x\n1,\n2,\n',
      });
      assert.equal((await space.buildOne()).status, 'built');
      assert.deepEqual(list(await rowsOf(space)), [null, null]);
    });

    it(`${step} is refused on a column of text, on its line`, async () => {
      const space = await workspace({
        '.mldata.yaml': config(
          'rows.csv',
          `schema: { columns: { name: string } }\ntransforms:\n  - ${step}:\n      columns: [name]`,
        ),
        'rows.csv': 'name\nann\n',
      });
      const { code, stderr } = await space.cli(['build']);
      assert.equal(code, 3);
      assert.match(stderr, /\.mldata\.yaml:8:21.*`name` is of type string/s);
    });
  }

  it('log stops at values that have none, and says which', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- log: { columns: [id, x], offset: 1 }'),
      'rows.csv': 'id,x\n1,-1\n2,-3\n3,5\n',
    });
    const { error, findings } = await space.buildOne();
    assert.match(
      error?.message ?? '',
      /^Step 1, log: 2 of the values of `x` have no logarithm; the least is -3, to which 1 is added/,
    );
    assert.deepEqual(findings[0]?.configPath, ['datasets', 'd', 'transforms', 0, 'log', 'columns', 1]);
    assert.deepEqual(await space.files('datasets'), []);
  });

  it('minmax_scale is refused with an empty range, on its line', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'transforms:\n  - minmax_scale:\n      columns: x\n      range: [1, 0]'),
      'rows.csv': 'x\n1\n',
    });
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 3);
    assert.match(stderr, /\.mldata\.yaml:8:\d+.*range from 1 to 0 is empty/s);
  });

  it('learn from the training rows only', async () => {
    const split = splitFile(['train', 'train', 'train', 'test', 'test']);
    const space = await workspace({
      '.mldata.yaml': stepping(
        '- minmax_scale: { columns: low }\n- robust_scale: { columns: middle }\n- power: { columns: bent }',
        split.config,
      ),
      'rows.csv': 'low,middle,bent\n0,0,1\n1,1,2\n2,2,9\n4,4,1000\n-2,-2,-5\n',
      'split.csv': split.file,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const test = await rowsOf(space, 'datasets/d/data/test.parquet');
    assert.deepEqual(list(test, 'low'), [2, -1]);
    assert.deepEqual(list(test, 'middle'), [3, -3]);
    const [train] = await space.query(
      'SELECT abs(avg(bent)) < 1e-12 AS centred, abs(stddev_pop(bent) - 1) < 1e-12 AS scaled FROM {datasets/d/data/train.parquet}',
    );
    assert.deepEqual(train, { centred: true, scaled: true });
    const [above, below] = list(test, 'bent').map(Number);
    assert.ok(above !== undefined && below !== undefined && above > 1.4 && below < -1.4, `${above}, ${below}`);
  });

  it('power keeps its digits where all values are far from 0', async () => {
    // Their -20th powers are spread evenly, and all below 1e-46.
    const values = Array.from({ length: 50 }, (_, index) => 200 * (1.5 - index / 49) ** (-1 / 20) - 1);
    const space = await workspace({
      '.mldata.yaml': stepping('- power: { columns: x }'),
      'rows.csv': `x\n${values.join('\n')}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const made = list(await rowsOf(space)).map(Number);
    assert.ok(
      made.every((value, index) => index === 0 || value > (made[index - 1] ?? 0)),
      'the order is kept',
    );
    const skew = made.reduce((sum, value) => sum + value ** 3, 0) / made.length;
    assert.ok(Math.abs(skew) < 0.3, `the skew is ${skew}`);
  });
});

describe('steps on categories', () => {
  const workspace = workspaces();
  const train = ['train', 'train', 'train', 'train'];

  const cases: [string, string, string[], Record<string, unknown>[]][] = [
    [
      'one_hot has a column for each category of the training rows, sorted; unseen and missing ones are 0 in all',
      'one_hot: { columns: x }',
      ['S', 'C', 'S', '', 'Q', 'C'],
      [
        { x_C: 0, x_S: 0 },
        { x_C: 1, x_S: 0 },
      ],
    ],
    [
      'one_hot can leave the first category out',
      'one_hot: { columns: x, dropFirst: true }',
      ['S', 'C', 'Q', 'Q', 'C', 'S'],
      [
        { x_Q: 0, x_S: 0 },
        { x_Q: 0, x_S: 1 },
      ],
    ],
    [
      'one_hot can take the most frequent categories, the first of equally frequent ones',
      'one_hot: { columns: x, maxCategories: 2 }',
      ['S', 'S', 'Q', 'C', 'C', 'Q'],
      [
        { x_C: 1, x_S: 0 },
        { x_C: 0, x_S: 0 },
      ],
    ],
    [
      'one_hot is done to numbers in their order',
      'one_hot: { columns: x }',
      ['10', '9', '', '9', '10', '11'],
      [
        { x_9: 0, x_10: 1 },
        { x_9: 0, x_10: 0 },
      ],
    ],
    [
      'ordinal counts from 0 in sorted order; others are -1',
      'ordinal: { columns: x }',
      ['S', 'C', 'S', 'é', 'S', 'Q'],
      [{ x: 1 }, { x: -1 }],
    ],
    [
      'ordinal leaves missing what is missing',
      'ordinal: { columns: x }',
      ['S', '', 'C', 'C', '', 'S'],
      [{ x: null }, { x: 1 }],
    ],
    [
      'ordinal can make others missing',
      'ordinal: { columns: x, unknown: null }',
      ['S', 'C', 'S', 'S', 'S', 'Q'],
      [{ x: 1 }, { x: null }],
    ],
    [
      'ordinal can be told the order',
      'ordinal: { columns: x, order: [low, middle, high] }',
      ['low', 'high', 'low', 'high', 'middle', 'none'],
      [{ x: 1 }, { x: -1 }],
    ],
    [
      'ordinal knows numbers however they are written',
      'ordinal: { columns: x, order: [2, 1.5, 0] }',
      ['0', '1.5', '2.0', '-0.0', '2', '-0.0'],
      [{ x: 0 }, { x: 2 }],
    ],
    [
      'ordinal takes a column without values',
      'ordinal: { columns: x }',
      ['', '', '', '', 'S', ''],
      [{ x: -1 }, { x: null }],
    ],
    [
      'frequency_encode is the share of the training rows, 0 of others',
      'frequency_encode: { columns: x }',
      ['S', 'C', 'S', 'S', 'S', 'Q'],
      [{ x: 0.75 }, { x: 0 }],
    ],
    [
      'frequency_encode counts missing values as a category',
      'frequency_encode: { columns: x }',
      ['S', '', 'S', 'S', '', 'S'],
      [{ x: 0.25 }, { x: 0.75 }],
    ],
    [
      'hash_encode is the rest of md5, and missing stays missing',
      'hash_encode: { columns: x, buckets: 10 }',
      ['S', 'S', 'S', 'S', 'C', ''],
      [{ x: 9 }, { x: null }],
    ],
    [
      'hash_encode has other numbers with another seed',
      'hash_encode: { columns: x, buckets: 10, seed: 1 }',
      ['S', 'S', 'S', 'S', 'C', ''],
      [{ x: 3 }, { x: null }],
    ],
  ];
  for (const [name, step, values, expected] of cases) {
    it(name, async () => {
      const split = splitFile([...train, ...values.slice(train.length).map(() => 'test')]);
      const space = await workspace({
        '.mldata.yaml': stepping(`- ${step}\n- drop: { columns: id }`, split.config),
        'rows.csv': `id,x\n${values.map((value, index) => `${index},${value}`).join('\n')}\n`,
        'split.csv': split.file,
      });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      assert.deepEqual(await rowsOf(space, 'datasets/d/data/test.parquet'), expected);
    });
  }

  for (const [name, step, says, at] of [
    [
      'one_hot',
      'one_hot: { columns: x, unknown: fail }',
      /1 rows have a category of `x` that is not known, such as "Q"/,
      'unknown',
    ],
    [
      'ordinal',
      'ordinal: { columns: x, unknown: fail }',
      /1 rows have a category of `x` that is not known, such as "Q"/,
      'unknown',
    ],
  ] as const) {
    it(`${name} can stop at a category that the training rows do not have`, async () => {
      const split = splitFile([...train, 'test', 'test']);
      const space = await workspace({
        '.mldata.yaml': stepping(`- ${step}`, split.config),
        'rows.csv': 'id,x\n1,S\n2,C\n3,S\n4,S\n5,Q\n6,\n',
        'split.csv': split.file,
      });
      const { status, error, findings } = await space.buildOne();
      assert.equal(status, 'failed');
      assert.match(error?.message ?? '', says);
      assert.deepEqual(findings[0]?.configPath?.slice(-2), [name, at]);
    });
  }

  for (const [what, step, line, says] of [
    ['a category twice', 'ordinal:\n      columns: x\n      order: [a, b, a]', 9, /category a is in the list twice/],
    [
      'two parameters against each other',
      'one_hot:\n      columns: x\n      maxCategories: 3\n      unknown: fail',
      9,
      /leaves categories without a column/,
    ],
    [
      'the target among the columns',
      'target_encode:\n      columns: x\n      target: x',
      9,
      /target `x` cannot be encoded by itself/,
    ],
    ['a column that is not there', 'hash_encode:\n      columns: y\n      buckets: 3', 8, /no column `y`/],
  ] as const) {
    it(`are refused with ${what}, on its line`, async () => {
      const space = await workspace({
        '.mldata.yaml': config(
          'rows.csv',
          `schema: { columns: { x: string }, extraColumns: error }\ntransforms:\n  - ${step}`,
        ),
        'rows.csv': 'x\na\n',
      });
      const { code, stderr } = await space.cli(['build']);
      assert.equal(code, 3, stderr);
      assert.match(stderr, new RegExp(`\\.mldata\\.yaml:${line}:\\d+.*${says.source}`, 's'));
    });
  }

  it('ordinal is refused with an order that cannot be of its column', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- ordinal: { columns: x, order: [1, two] }'),
      'rows.csv': 'x\n1\n2\n',
    });
    const { error, findings } = await space.buildOne();
    assert.match(error?.message ?? '', /"two" cannot be a value of `x`, which is of type integer/);
    assert.deepEqual(findings[0]?.configPath?.slice(-2), ['order', 1]);
  });

  it('one_hot makes no columns of a column without values', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- one_hot: { columns: x }'),
      'rows.csv': 'id,x\n1,\n2,\n',
    });
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(await rowsOf(space), [{ id: 1 }, { id: 2 }]);
  });

  it('stop where they leave no column', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- drop: { columns: y }\n- one_hot: { columns: x }'),
      'rows.csv': 'x,y\n,1\n',
    });
    const { error } = await space.buildOne();
    assert.match(error?.message ?? '', /Step 2, one_hot: It leaves no column/);
  });

  it('one_hot refuses a thousand columns that nobody asked for', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- one_hot: { columns: x }'),
      'rows.csv': `x\n${Array.from({ length: 1001 }, (_, index) => `v${index}`).join('\n')}\n`,
    });
    const { error } = await space.buildOne();
    assert.match(error?.message ?? '', /more than 1000 categories.*/);
  });

  it('one_hot gives each category a name of its own, whatever the categories are called', async () => {
    const hostile = ['a', 'A', 'it\'s "quoted"', '日本 🦆', 'tab\tand\nline', 'x'.repeat(200), '__proto__', '%'];
    const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
    const space = await workspace({
      '.mldata.yaml': stepping(`- one_hot: { columns: ['co"l'] }`),
      'rows.csv': `id,"co""l","co""l_a"\n${hostile.map((value, index) => `${index},${quote(value)},1`).join('\n')}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const names = (await space.manifest('d')).columns.map(({ name }) => name);
    assert.deepEqual(names, [
      'id',
      'co"l_%',
      'co"l_A_2',
      'co"l___proto__',
      'co"l_a_3',
      'co"l_it\'s "quoted"',
      'co"l_tab_and_line',
      `co"l_${'x'.repeat(80)}`,
      'co"l_日本 🦆',
      'co"l_a',
    ]);
    const [ones] = await space.query(
      `SELECT bool_and(ones = 1) AS one FROM (SELECT list_sum([*COLUMNS(c -> c NOT IN ('id', 'co"l_a'))]) AS ones FROM {datasets/d/data/data.parquet})`,
    );
    assert.equal(ones?.['one'], true);
  });

  it('lookups know hostile categories, and columns by hostile names', async () => {
    const values = ["it's", 'say "no"', '日本 🦆', '__proto__', 'a\\b', 'null'];
    const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
    const space = await workspace({
      '.mldata.yaml': stepping(`- ordinal: { columns: ['é "x"', __proto__] }`),
      'rows.csv': `"é ""x""",__proto__\n${values.map((value) => `${quote(value)},${quote(value)}`).join('\n')}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const rows = await rowsOf(space, 'datasets/d/data/data.parquet', '"é ""x""" AS x, "__proto__" AS y');
    const places = values.map((value) => [...values].sort().indexOf(value));
    assert.deepEqual(list(rows), places);
    assert.deepEqual(list(rows, 'y'), places);
  });
});

describe('target_encode', () => {
  const workspace = workspaces();
  const train = (count: number) => Array.from({ length: count }, () => 'train');

  /** Builds these rows of `x,y`, the last ones as the test split, and answers the values of `x` there. */
  async function encoded(parameters: string, rows: readonly string[], tests: number, schema = ''): Promise<unknown[]> {
    const split = splitFile([...train(rows.length - tests), ...Array.from({ length: tests }, () => 'test')]);
    const space = await workspace({
      '.mldata.yaml': stepping(`- target_encode: { columns: x, ${parameters} }`, `${split.config}\n${schema}`),
      'rows.csv': `x,y\n${rows.join('\n')}\n`,
      'split.csv': split.file,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    return list(await rowsOf(space, 'datasets/d/data/test.parquet'));
  }

  const rows = ['a,1', 'a,3', 'b,8', ',4', 'a,', 'a,100', 'b,100', ',100', 'new,100'];

  it('gives other rows the means of the training rows; a missing category has its own, a new one that of all', async () => {
    assert.deepEqual(await encoded('target: y, smoothing: 0, folds: 2', rows, 4), [2, 8, 4, 4]);
  });

  it('adds as many rows with the mean of all as smoothing says', async () => {
    assert.deepEqual(
      await encoded('target: y, smoothing: 2, folds: 2', rows, 4),
      [3, 16 / 3, 4, 4].map((value) => Number(value.toPrecision(12))),
    );
  });

  it('takes the column with the role target', async () => {
    assert.deepEqual(
      await encoded('smoothing: 0', rows, 4, 'schema: { columns: { y: { type: number, role: target } } }'),
      [2, 8, 4, 4],
    );
  });

  it('counts true, and the last of two texts, as 1', async () => {
    for (const [no, yes] of [
      ['false', 'true'],
      ['no', 'yes'],
    ]) {
      const answers = ['a,1', 'a,0', 'a,1', 'a,1', 'b,0', 'b,1', 'c,1'].map((row) =>
        row.replace('0', no ?? '').replace('1', yes ?? ''),
      );
      assert.deepEqual(await encoded('target: y, smoothing: 0', answers, 2), [0, 0.6]);
    }
  });

  it('encodes each training row by the targets of the other folds', async () => {
    const folds = 3;
    const values = Array.from({ length: 40 }, (_, index) => [`c${index % 4}`, (index * 7) % 11] as const);
    const space = await workspace({
      '.mldata.yaml': stepping(`- target_encode: { columns: x, target: y, smoothing: 5, folds: ${folds} }`),
      'rows.csv': `x,y\n${values.map((row) => row.join()).join('\n')}\n`,
    });
    assert.equal((await space.buildOne()).status, 'built');
    const fitted = (await space.manifest('d')).steps?.[0]?.fitted as { seed: number; folds: number };
    assert.equal(fitted.folds, folds);
    const places = await space.query(
      `SELECT id, (row_number() OVER (ORDER BY md5('${fitted.seed}|' || id)) - 1) % ${folds} AS fold FROM range(${values.length}) AS rows(id) ORDER BY id`,
    );
    const fold = places.map((row) => Number(row['fold']));
    const expected = values.map(([category], row) => {
      const others = values.filter((_, other) => fold[other] !== fold[row]);
      const same = others.filter(([other]) => other === category);
      const sum = (some: typeof others) => some.reduce((all, [, value]) => all + value, 0);
      return (sum(same) + (5 * sum(others)) / others.length) / (same.length + 5);
    });
    assert.deepEqual(
      list(await rowsOf(space)),
      expected.map((value) => Number(value.toPrecision(12))),
    );
  });

  it('does not tell a row of a rare category its own target', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- target_encode: { columns: x, target: y, smoothing: 0, folds: 2 }'),
      'rows.csv': 'x,y\na,1\nb,10\nc,100\nd,1000\n',
    });
    assert.equal((await space.buildOne()).status, 'built');
    const made = list(await rowsOf(space));
    const own = [1, 10, 100, 1000];
    assert.ok(
      made.every((value, index) => value !== own[index]),
      made.join(),
    );
    assert.equal(new Set(made).size, 2, 'each fold has the mean of the other');
  });

  it('leaves missing what no other row can tell', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- target_encode: { columns: x, target: y }'),
      'rows.csv': 'x,y\na,1\n',
    });
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(list(await rowsOf(space)), [null]);
  });

  for (const [what, schema, says] of [
    ['without a target', 'x: string', /No column has the role `target`/],
    [
      'with two targets',
      'x: string, y: { role: target }, z: { role: target }',
      /More than one column has the role `target`/,
    ],
    [
      'where the target is among the columns',
      'x: { type: string, role: target }',
      /target `x` cannot be encoded by itself/,
    ],
    ['with a target that has no mean', 'z: { type: date, role: target }', /`z` is of type date/],
    ['with a target of many words', 'w: { type: string, role: target }', /`w` has more than two values/],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const space = await workspace({
        '.mldata.yaml': stepping('- target_encode: { columns: x }', `schema: { columns: { ${schema} } }`),
        'rows.csv': 'x,y,z,w\na,1,2020-01-01,one\nb,2,2020-01-01,two\nb,2,2020-01-01,three\n',
      });
      const { error, findings } = await space.buildOne();
      assert.equal(error?.kind, 'config');
      assert.match(error.message, says);
      assert.deepEqual(findings[0]?.configPath, ['datasets', 'd', 'transforms', 0, 'target_encode']);
    });
  }
});

describe('steps that learn', () => {
  const workspace = workspaces();

  it('give the same bytes on any number of threads, and learn the same numbers', async () => {
    const rows = Array.from(
      { length: 5000 },
      (_, index) =>
        `${Math.exp(Math.sin(index) * 3)},${Math.tan(index)},c${(index * index) % 97},${Math.cos(index * 7) * 1e6}`,
    );
    const steps = [
      'power: { columns: [a, b] }',
      'robust_scale: { columns: b }',
      'standard_scale: { columns: [a, b] }',
      'minmax_scale: { columns: a }',
      'derive: { column: d, expression: c }',
      'derive: { column: e, expression: c }',
      'derive: { column: f, expression: c }',
      'target_encode: { columns: c, target: y }',
      'frequency_encode: { columns: d }',
      'ordinal: { columns: e }',
      'one_hot: { columns: f }',
    ];
    const space = await workspace({
      '.mldata.yaml': stepping(
        steps.map((step) => `- ${step}`).join('\n'),
        'split: { train: 0.8, test: 0.2, seed: 3 }',
      ),
      'rows.csv': `a,b,c,y\n${rows.join('\n')}\n`,
    });
    const seen = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const { status, artifacts, error } = await space.buildOne({ threads, force: true });
      assert.equal(status, 'built', error?.message);
      const learned = (await space.manifest('d')).steps?.map(({ fitted }) => fitted);
      seen.add(JSON.stringify([artifacts.map(({ sha256 }) => sha256), learned]));
    }
    assert.equal(seen.size, 1);
  });

  it('change new data by what the manifest holds, as they changed the rows beyond the training split', async () => {
    const rows = Array.from(
      { length: 400 },
      (_, index) => `${index},${index ** 2 % 71},c${(index * index) % 23},${index % 7}`,
    );
    const steps = [
      'derive: { column: d, expression: c }',
      'derive: { column: e, expression: c }',
      'derive: { column: f, expression: c }',
      'derive: { column: a2, expression: a }',
      'derive: { column: a3, expression: a }',
      'power: { columns: a }',
      'minmax_scale: { columns: a2 }',
      'robust_scale: { columns: a3 }',
      'target_encode: { columns: c, target: y }',
      'frequency_encode: { columns: d }',
      'ordinal: { columns: e }',
      'one_hot: { columns: f }',
    ];
    const space = await workspace({
      '.mldata.yaml': stepping(
        steps.map((step) => `- ${step}`).join('\n'),
        'split: { train: 0.5, test: 0.5, seed: 3 }',
      ),
      'rows.csv': `id,a,c,y\n${rows.join('\n')}\n`,
    });
    assert.equal((await space.buildOne()).status, 'built');
    const { code, stderr } = await space.cli(['apply', '--manifest', 'datasets/d', 'rows.csv', '--output', 'again']);
    assert.equal(code, 0, stderr);
    const [{ count } = {}] = await space.query(
      'SELECT count(*)::INTEGER AS count FROM (FROM {datasets/d/data/test.parquet} INTERSECT FROM {again/data/data.parquet})',
    );
    assert.equal(count, 200);
  });

  it('keep every row once, in order, where categories are looked up', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => `${index},c${index % 1500},${index % 2}`);
    const space = await workspace({
      '.mldata.yaml': stepping('- ordinal: { columns: x }\n- frequency_encode: { columns: y }'),
      'rows.csv': `id,x,y\n${rows.join('\n')}\n`,
    });
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(
      list(await rowsOf(space), 'id'),
      rows.map((_, index) => index),
    );
  });
});
