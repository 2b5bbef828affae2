import assert from 'node:assert/strict';
import { associations } from '../../src/engine/profile/pairs/associations';
import type { DescribedColumn } from '../../src/engine/profile/context';
import { duplicatesOf } from '../../src/engine/profile/rows/duplicates';
import { missingOf } from '../../src/engine/profile/rows/missing';
import { pairOf } from '../../src/engine/profile/pairs/pair';
import type { AssociationMethod, Correlation, Pair } from '../../src/protocol';
import { tables, type ProfiledTable, type TableOptions } from './profileSupport';

const table = tables();

async function correlationsOf(query: string, options?: TableOptions): Promise<Correlation[]> {
  const made = await table(query, options);
  return associations(made.context, await made.described());
}

/** `a b` and the value of each pair. */
async function pairsOf(query: string, method: AssociationMethod): Promise<Record<string, number>> {
  const found = (await correlationsOf(query)).find((each) => each.method === method);
  return Object.fromEntries((found?.pairs ?? []).map(({ a, b, value }) => [`${a} ${b}`, value]));
}

/** As many columns as one likes, which are described as a column of the same numbers is: profiling each takes long. */
async function wide(names: number, rows: number): Promise<{ made: ProfiledTable; columns: DescribedColumn[] }> {
  const list = Array.from(
    { length: names },
    (_, k) => `CASE WHEN (i + ${k}) % 11 = 0 THEN NULL ELSE (i * ${k + 3}) % 17 END AS c${k}`,
  );
  const made = await table(`SELECT ${list.join(', ')} FROM range(${rows}) r(i)`);
  const { nulls } = await made.context.database.row(`SELECT count(*) - count(c0) AS nulls FROM rows`);
  const numeric = { min: 0, max: 16, mean: 8, nans: 0, infinities: 0, negativeInfinities: 0 };
  const columns = made.columns.map((column) => ({
    column,
    figures: { name: column.name, semantic: 'numeric', nulls: Number(nulls), distinct: 17, numeric },
  }));
  return { made, columns: columns as unknown as DescribedColumn[] };
}

describe('associations between columns', () => {
  const cases: [string, AssociationMethod, string, Record<string, number>][] = [
    [
      'a line is 1, and a falling one −1',
      'pearson',
      'SELECT i AS a, 2 * i AS b, -i AS c FROM range(5) r(i)',
      { 'a b': 1, 'a c': -1, 'b c': -1 },
    ],
    [
      'rows in which a value is missing, NaN or infinite are left out of their pair only',
      'pearson',
      "SELECT * FROM (VALUES (1.0::DOUBLE, 1.0::DOUBLE, 3.0), (2, 2, 1), (3, 'nan', 2), ('inf', 9, 7), (NULL, -5, 8)) t(a, b, c)",
      { 'a b': 1, 'a c': -0.5, 'b c': -0.0923177261767 },
    ],
    [
      '1e9 ± 1 keeps its digits',
      'pearson',
      'SELECT 1e9 + i % 3 AS a, 1e9 - i % 3 AS b FROM range(30) r(i)',
      { 'a b': -1 },
    ],
    [
      'huge and tiny numbers are told',
      'pearson',
      'SELECT i * 1e300 AS a, i * 1e-300 AS b FROM range(9) r(i)',
      { 'a b': 1 },
    ],
    [
      'what spans more than a double is not defined',
      'pearson',
      'SELECT (i - 1) * 1.7e308::DOUBLE AS a, i AS b FROM range(3) r(i)',
      {},
    ],
    [
      'decimals and 64-bit integers are numbers',
      'pearson',
      'SELECT i::DECIMAL(38, 2) AS a, 9223372036854775807 - i * 4096 AS b FROM range(5) r(i)',
      { 'a b': -1 },
    ],
    ['ranks see a curve as a line', 'spearman', 'SELECT i / 2 AS a, exp(i) AS b FROM range(20) r(i)', { 'a b': 1 }],
    [
      'ties share a rank',
      'spearman',
      'SELECT * FROM (VALUES (1, 10), (2, 10), (2, 20), (3, 30)) t(a, b)',
      { 'a b': 0.833333333333 },
    ],
    [
      'constant and empty columns have no part',
      'pearson',
      'SELECT i AS a, 1 AS b, NULL::DOUBLE AS c FROM range(5) r(i)',
      {},
    ],
    [
      'a column that is constant where the other is there has no coefficient',
      'pearson',
      'SELECT i AS a, CASE WHEN i < 5 THEN 1 END AS b, CASE WHEN i >= 5 THEN i % 3 END AS c FROM range(9) r(i)',
      { 'a c': 0.134839972493 },
    ],
    [
      'classes that follow each other are 1, those that do not 0',
      'cramersV',
      "SELECT ['a', 'b'][1 + i % 2] AS x, ['p', 'q'][1 + i % 2] AS y, ['u', 'v'][1 + (i // 2) % 2] AS z FROM range(40) r(i)",
      { 'x y': 1, 'x z': 0, 'y z': 0 },
    ],
    [
      'booleans are classes, and texts that hold anything',
      'cramersV',
      "SELECT i % 2 = 0 AS x, CASE WHEN i % 2 = 0 THEN 'a' || chr(0) || '''' ELSE repeat('long ', 15) END AS y FROM range(40) r(i)",
      { 'x y': 1 },
    ],
    [
      'η is 1 where classes have a number each',
      'correlationRatio',
      "SELECT ['a', 'b', 'c'][1 + i % 3] AS x, (i % 3) ** 2 AS n FROM range(30) r(i)",
      { 'x n': 1 },
    ],
    [
      'η is the root of the share of the variance between classes',
      'correlationRatio',
      "SELECT * FROM (VALUES ('a', 1), ('a', 3), ('b', 5), ('b', 7), (NULL, 100)) t(x, n)",
      { 'x n': 0.894427191 },
    ],
    [
      'columns that are missing together are 1, of those never or always missing nothing is said',
      'missing',
      'SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS a, CASE WHEN i % 3 = 0 THEN NULL ELSE 1 END AS b, CASE WHEN i % 3 > 0 THEN NULL ELSE 1 END AS c, i AS d, NULL AS e FROM range(30) r(i)',
      { 'a b': 1, 'a c': -1, 'b c': -1 },
    ],
  ];
  for (const [what, method, query, expected] of cases) {
    it(`${method}: ${what}`, async () => {
      assert.deepEqual(await pairsOf(query, method), expected);
    });
  }

  it('leaves identifiers out: their numbers are names', async () => {
    const found = await correlationsOf('SELECT i AS id, i * 2.5 AS a, sqrt(i) AS b FROM range(50) r(i)');
    const columns = found.flatMap(({ pairs }) => pairs.flatMap(({ a, b }) => [a, b]));
    assert.deepEqual([...new Set(columns)].sort(), ['a', 'b']);
  });

  it('lists the strongest first, and ties by name', async () => {
    const [pearson] = await correlationsOf('SELECT i AS b, -i AS a, (i * 7) % 10 AS c FROM range(10) r(i)');
    assert.deepEqual(
      pearson?.pairs.map(({ a, b }) => `${a} ${b}`),
      ['b a', 'a c', 'b c'],
    );
  });

  it('ranks a marked sample of many rows, the same one each time', async () => {
    const query = 'SELECT i AS __, sin(i) AS a, sin(i) + cos(i * 3) AS b FROM range(120000) r(i)';
    const [first, again] = [await correlationsOf(query), await correlationsOf(query, { threads: 4 })];
    const [pearson, spearman] = first;
    assert.equal(pearson?.sampled, undefined);
    assert.deepEqual([spearman?.sampled?.of, spearman?.sampled?.seed], [120_000, 7]);
    const { values = 0 } = spearman?.sampled ?? {};
    assert.ok(values > 35_000 && values <= 50_000, `${values} values`);
    assert.deepEqual(again, first);
  });

  it('says of all where estimates will do that they are of a sample', async () => {
    const query = "SELECT sin(i) AS a, cos(i) AS b, ['x', 'y', 'z'][1 + i % 3] AS c FROM range(120000) r(i)";
    const found = await correlationsOf(query, { fast: true });
    assert.ok(found.length >= 3);
    assert.ok(found.every(({ sampled }) => sampled?.of === 120_000));
  });

  it('keeps to a budget of pairs, the target and the first columns in it, and says how many are left out', async () => {
    const { made, columns } = await wide(300, 60);
    const marked = columns.map((one, index) =>
      index === 250 ? { ...one, column: { ...one.column, spec: { role: 'target' as const } } } : one,
    );
    const found = await associations(made.context, marked);
    const [pearson, spearman, missing] = found;
    assert.deepEqual(
      found.map(({ method, omittedColumns }) => [method, omittedColumns]),
      [
        ['pearson', 200],
        ['spearman', 255],
        ['missing', 200],
      ],
    );
    for (const each of [pearson, spearman, missing]) {
      const taken = new Set(each?.pairs.flatMap(({ a, b }) => [a, b]));
      assert.ok(taken.has('c250') && taken.has('c0') && !taken.has('c251'));
    }
  }).timeout(60_000);
});

describe('missing values and duplicates', () => {
  it('counts cells, whole rows and the patterns in which columns are missing together', async () => {
    const made = await table(
      "SELECT * FROM (VALUES (1, 'a', 1.0), (NULL, 'b', 2), (NULL, NULL, 3), (2, NULL, 'nan'::DOUBLE), (NULL, NULL, 4)) t(a, b, c)",
    );
    assert.deepEqual(await missingOf(made.context, await made.described()), {
      cells: 6,
      cellRatio: 6 / 15,
      completeRows: 1,
      patterns: [
        { columns: ['a', 'b'], rows: 2 },
        { columns: ['a'], rows: 1 },
        { columns: ['b'], rows: 1 },
      ],
      otherPatterns: 0,
      otherRows: 0,
    });
  });

  it('tells how many patterns and rows stand behind those it lists, of thousands of columns too', async () => {
    const { made, columns } = await wide(2000, 66);
    const { patterns, otherPatterns, otherRows, completeRows } = await missingOf(made.context, columns);
    assert.deepEqual([patterns.length, patterns[0]?.rows, otherPatterns, otherRows, completeRows], [11, 6, 0, 0, 0]);
    assert.ok(patterns.every((pattern) => pattern.columns.length === 181 || pattern.columns.length === 182));
    assert.deepEqual(patterns.find((pattern) => pattern.columns[0] === 'c0')?.columns.slice(0, 3), [
      'c0',
      'c11',
      'c22',
    ]);
  }).timeout(60_000);

  const duplicates: [string, string, number, number][] = [
    ['nothing', 'SELECT i AS a FROM range(9) r(i)', 0, 0],
    ['groups and the rows beyond one of each', 'SELECT i % 3 AS a, i % 3 = 0 AS b FROM range(10) r(i)', 3, 7],
    ['missing values as equal, and NaN too', "SELECT NULL::INTEGER AS a, 'nan'::DOUBLE AS b FROM range(3) r(i)", 1, 2],
    ['columns that are missing elsewhere as different', 'SELECT * FROM (VALUES (1, NULL), (NULL, 1)) t(a, b)', 0, 0],
    ['nested values', "SELECT [i % 2, 1] AS a, {'x': i % 2, 'y': [NULL]} AS b FROM range(4) r(i)", 2, 2],
    ['no rows', 'SELECT 1 AS a WHERE false', 0, 0],
    [
      'what a column apart from its missing values does not repeat',
      'SELECT nullif(nullif(i, 3), 4) AS a FROM range(9) r(i)',
      1,
      1,
    ],
    [
      'what is beyond the order of a column',
      "SELECT CASE WHEN i < 7 THEN i::DOUBLE ELSE 'nan'::DOUBLE END AS a FROM range(9) r(i)",
      1,
      1,
    ],
  ];
  for (const [what, query, groups, surplusRows] of duplicates) {
    it(`counts ${what}`, async () => {
      const made = await table(query);
      assert.deepEqual(await duplicatesOf(made.context, await made.described()), { groups, surplusRows });
    });
  }
});

describe('two columns against each other', () => {
  async function pair(query: string, a = 'a', b = 'b'): Promise<Pair> {
    const made = await table(query);
    return pairOf(made.context, made.column(a), made.column(b));
  }

  it('are points in the order of the rows while those are few, times in seconds', async () => {
    const found = await pair(
      "SELECT i::DOUBLE / 0.5 AS a, TIMESTAMP '1970-01-01' + INTERVAL (i) SECOND AS b FROM range(40) r(i) UNION ALL SELECT NULL, TIMESTAMP '2000-01-01' UNION ALL SELECT 'inf'::DOUBLE, TIMESTAMP '2000-01-01'",
    );
    assert.ok(found.kind === 'points' && found.rows === 40);
    assert.deepEqual(found.points.slice(0, 3), [
      [0, 0],
      [2, 1],
      [4, 2],
    ]);
  });

  it('are counted in bins when they are many, with the largest in the last bin', async () => {
    const found = await pair('SELECT i % 101 AS a, (i % 101) * -2.5 AS b FROM range(10100) r(i)');
    assert.ok(found.kind === 'bins');
    assert.deepEqual([found.aEdges.length, found.aEdges[0], found.aEdges.at(-1)], [51, 0, 100]);
    assert.equal(
      found.counts.reduce((sum, [, , rows]) => sum + rows, 0),
      10_100,
    );
    assert.deepEqual(found.counts.slice(-2), [
      [49, 0, 200],
      [49, 1, 100],
    ]);
  });

  it('are boxes of the numbers within each value, whichever was asked for first', async () => {
    const query =
      "SELECT * FROM (VALUES (1.0), (2), (3), (4), (5), (6), (7), (8), (9), (10), (100)) t(a), (VALUES ('x'), ('y'), ('x')) u(b)";
    const [found, turned] = [await pair(query, 'a', 'b'), await pair(query, 'b', 'a')];
    assert.deepEqual(found, turned);
    assert.ok(found.kind === 'boxes');
    assert.deepEqual([found.a, found.b, found.rows, found.otherRows], ['b', 'a', 33, 0]);
    assert.deepEqual(found.boxes[0], { value: 'x', count: 22, lower: 1, q1: 3.25, median: 6, q3: 8.75, upper: 10 });
  });

  it('are counts of the most frequent values, and how many rows have others', async () => {
    const found = await pair("SELECT 'v' || (i % 30) AS a, i % 4 = 0 AS b FROM range(3000) r(i)");
    assert.ok(found.kind === 'counts');
    assert.deepEqual([found.aValues.length, found.bValues, found.otherRows], [20, ['false', 'true'], 1000]);
    assert.equal(
      found.counts.flat().reduce((sum, count) => sum + count, 0),
      2000,
    );
  });

  it('are nothing where no row has both', async () => {
    const found = await pair(
      'SELECT CASE WHEN i = 0 THEN 1.5 END AS a, CASE WHEN i = 1 THEN 1.5 END AS b FROM range(2) r(i)',
    );
    assert.equal(found.rows, 0);
  });
});
