/** Steps that order rows, look others up, add some, and make others of them. */
import assert from 'node:assert/strict';
import { cp, symlink as link } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codes, config, Workspace, workspaces } from './support';
import { Database } from '../../src/engine/duckdb';
import { bindQuery } from '../../src/engine/transforms/query';
import { withoutNegativeZeros } from '../../src/engine/transforms/zeros';
import type { DatasetBuild } from '../../src/protocol';

const halves = 'train: 0.5, test: 0.5, seed: 1';

/** Datasets over `rows.csv`, by their steps and more. */
const datasets: Readonly<Record<string, string>> = {
  sorted: `transforms: [{ sort: { by: [city, { column: age, order: desc }] } }]`,
  first: `transforms: [{ sort: { by: { column: age, order: desc }, nulls: first } }]`,
  plain: `split: { ${halves} }`,
  sortedBefore: `transforms: [{ sort: { by: age } }]\nsplit: { ${halves}, writeIndices: true }`,
  sortedAfter: `transforms: [{ standard_scale: { columns: age } }, { sort: { by: { column: id, order: desc } } }]\nsplit: { indices: split.csv }`,
  left: `transforms: [{ join: { file: cities.csv, on: { city: name } } }]`,
  inner: `transforms: [{ join: { file: cities.csv, on: { city: name }, columns: people, prefix: its_, how: inner } }]`,
  twice: `transforms: [{ join: { file: visits.csv, on: id } }]`,
  many: `transforms: [{ join: { file: visits.csv, on: id, many: true } }]`,
  codes: `schema: { columns: { id: string } }\ntransforms: [{ join: { file: visits.csv, on: id, many: true } }]`,
  wrong: `transforms: [{ join: { file: visits.csv, on: { age: day } } }]`,
  taken: `transforms: [{ join: { file: more.csv, on: id } }]`,
  nowhere: `transforms: [{ join: { file: cities.csv, on: { city: nmae } } }]`,
  nothing: `transforms: [{ filter: { expression: city IS NULL, allowLoss: true } }, { join: { file: cities.csv, on: { city: name } } }]`,
  appended: `transforms: [{ union: { file: [more.csv, other.csv] } }, { sort: { by: age } }]\nsplit: { ${halves}, writeIndices: true }`,
  extra: `transforms: [{ union: { file: cities.csv } }]`,
  ignored: `transforms: [{ union: { file: extra.csv, extraColumns: ignore } }]`,
  clash: `transforms: [{ union: { file: clash.csv } }]`,
  itself: `transforms: [{ union: { file: rows.csv } }]`,
  linked: `transforms: [{ union: { file: link.csv } }]`,
  again: `transforms: [{ union: { file: more.csv } }, { union: { file: ./more.csv } }]`,
  zeros: `transforms: [{ derive: { column: z, expression: "if(id > 3, -0.0::DOUBLE, 0)" } }, { sql: { query: "SELECT z::VARCHAR AS z, count(*) AS n FROM input GROUP BY ALL", allowLoss: true } }]`,
  wide: `transforms: [{ sql: { query: "SELECT [sum(id)] AS n, {'s': sum(id)} AS o FROM input", allowLoss: true } }]`,
  query: `transforms: [{ sql: { query: "SELECT city, count(*) AS n, sum(id) AS ids FROM input GROUP BY city ORDER BY n DESC", allowLoss: true } }]`,
  chosen: `transforms: [{ sort: { by: { column: id, order: desc } } }, { sql: "SELECT id, age * 2 AS age FROM input WHERE id > 2" }]\nsplit: { ${halves} }`,
  built: `transforms: [{ join: { dataset: query, on: city } }, { union: { dataset: plain/test, extraColumns: ignore } }]`,
};

const files = {
  '.mldata.yaml': `version: 1\ndefaults: { source: rows.csv }\ndatasets:\n${Object.entries(datasets)
    .map(([name, more]) => `  ${name}:\n${more.replace(/^/gm, '    ')}\n`)
    .join('')}`,
  'rows.csv': 'id,city,age\n1,Ulm,30\n2,Bonn,\n3,,50\n4,Bonn,10\n5,Ulm,30\n6,Bonn,40\n',
  'split.csv': 'row,split\n1,train\n2,train\n3,test\n4,test\n',
  'cities.csv': 'name,people\nBonn,300000\nUlm,120000\n,5\nRom,7\n',
  'visits.csv': 'id,day\n1,mon\n1,tue\n4,wed\n9,thu\n',
  'more.csv': 'id,age\n7,5\n8,60\n',
  'other.csv': 'city,id,age\nRom,9,\n',
  'extra.csv': 'id,city,age,note\n7,Rom,1,x\n',
  'clash.csv': 'id,city,age\n7,Rom,old\n',
};

describe('steps on whole tables', function () {
  let space: Workspace;
  let builds: ReadonlyMap<string, DatasetBuild>;
  const workspace = workspaces();

  before(async function () {
    // Many small builds, one after the other.
    this.timeout(4 * 60_000);
    space = await Workspace.create(files);
    await link(space.path('rows.csv'), space.path('link.csv'));
    builds = new Map((await space.build({ keepGoing: true })).datasets.map((build) => [build.dataset, build]));
  });
  after(() => space.remove());

  const buildOf = (name: string) => builds.get(name) ?? assert.fail(name);
  /** Rows as text, values separated by spaces. */
  async function rowsOf(name: string, split = 'data', columns = '*'): Promise<string[]> {
    assert.equal(buildOf(name).status, 'built', buildOf(name).error?.message);
    const rows = await space.query(`SELECT ${columns} FROM {datasets/${name}/data/${split}.parquet}`);
    return rows.map((row) => Object.values(row).map(String).join(' '));
  }

  for (const [name, dataset, columns, expected] of [
    [
      'sort puts what is missing last, and leaves what is equal as it was',
      'sorted',
      'id',
      ['6', '4', '2', '1', '5', '3'],
    ],
    ['sort can put what is missing first, in any order', 'first', 'id', ['2', '3', '6', '1', '5', '4']],
    [
      'join adds columns, and leaves them missing where nothing is found or the key is missing',
      'left',
      'id, people',
      ['1 120000', '2 300000', '3 null', '4 300000', '5 120000', '6 300000'],
    ],
    [
      'an inner join leaves such rows out; columns can be chosen and named',
      'inner',
      'id, its_people',
      ['1 120000', '2 300000', '4 300000', '5 120000', '6 300000'],
    ],
    [
      'join makes several rows of one only when it is told so, in the order there',
      'many',
      'id, day',
      ['1 mon', '1 tue', '2 null', '3 null', '4 wed', '5 null', '6 null'],
    ],
    [
      'a text file is read in the type of the key',
      'codes',
      'id, day',
      ['1 mon', '1 tue', '2 null', '3 null', '4 wed', '5 null', '6 null'],
    ],
    [
      'union adds rows by the names of their columns',
      'ignored',
      '*',
      ['1 Ulm 30', '2 Bonn null', '3 null 50', '4 Bonn 10', '5 Ulm 30', '6 Bonn 40', '7 Rom 1'],
    ],
    ['sql knows no -0 beside 0', 'zeros', '*', ['0.0 6']],
    ['sql makes other rows, in the order it says', 'query', '*', ['Bonn 3 12', 'Ulm 2 6', 'null 1 3']],
  ] as const) {
    it(name, async () => {
      assert.deepEqual(await rowsOf(dataset, 'data', columns), expected);
    });
  }

  it('join and union take in other datasets, which are built before', async () => {
    assert.deepEqual((await rowsOf('built', 'data', 'id, n')).slice(0, 6), [
      '1 2',
      '2 3',
      '3 null',
      '4 3',
      '5 2',
      '6 3',
    ]);
    assert.deepEqual((await rowsOf('built', 'data', 'id')).slice(6), await rowsOf('plain', 'test', 'id'));
    const inputs = (await space.manifest('built')).references?.map(({ path }) => path);
    assert.deepEqual(inputs, ['datasets/query/data/data.parquet', 'datasets/plain/data/test.parquet']);
  });

  it('sort before a split moves no row to another split, and orders the rows in each', async () => {
    for (const split of ['train', 'test']) {
      const ids = await rowsOf('sortedBefore', split, 'id');
      assert.deepEqual([...ids].sort(), await rowsOf('plain', split, 'id'));
      const ages = await rowsOf('sortedBefore', split, 'age');
      assert.deepEqual(
        ages,
        [...ages].sort((a, b) => (a === 'null' ? 1 : b === 'null' ? -1 : Number(a) - Number(b))),
      );
    }
  });

  it('sort after a split orders the rows in each of its files', async () => {
    assert.deepEqual(await rowsOf('sortedAfter', 'train', 'id'), ['2', '1']);
    assert.deepEqual(await rowsOf('sortedAfter', 'test', 'id'), ['4', '3']);
  });

  it('rows of a union are split with the others, and known by their file and row', async () => {
    const all = [...(await rowsOf('appended', 'train', 'id, age')), ...(await rowsOf('appended', 'test', 'id, age'))];
    assert.deepEqual(all.sort(), ['1 30', '2 null', '3 50', '4 10', '5 30', '6 40', '7 5', '8 60', '9 null']);
    const [row] = await space.query(
      "SELECT list(row::INTEGER ORDER BY row) AS rows FROM {datasets/appended/reports/split-indices.csv} WHERE file = 'more.csv'",
    );
    assert.deepEqual(JSON.stringify(row).replace(/\D+/g, ' ').trim(), '1 2');
    assert.deepEqual(codes(buildOf('appended')), ['columns-differ']);
  });

  it('a plain query keeps the order of the rows, and its rows are split', async () => {
    const rows = [...(await rowsOf('chosen', 'train')), ...(await rowsOf('chosen', 'test'))];
    assert.deepEqual([...rows].sort(), ['3 100', '4 20', '5 60', '6 80']);
    for (const split of ['train', 'test']) {
      const ids = await rowsOf('chosen', split, 'id');
      assert.deepEqual(ids, [...ids].sort().reverse());
    }
  });

  for (const [name, dataset, code, message] of [
    [
      'several rows with the same key stop a join',
      'twice',
      'transform-values',
      /visits\.csv has several rows with the same `id`, for 1 key, such as 1 \(2 rows\)/,
    ],
    [
      'values that are none of the key’s type stop a join',
      'wrong',
      'rows-unreadable',
      /Step 1, join: 4 rows do not fit.* day /,
    ],
    ['a name that is taken stops a join', 'taken', 'transform-step', /there already is a column `age`/],
    ['a column that is not there stops a join', 'nowhere', 'transform-step', /cities\.csv has no column `nmae`/],
    [
      'a column that is not here stops a union',
      'extra',
      'transform-step',
      /cities\.csv has columns that are not here: name, people/,
    ],
    ['a value that is none of the column stops a union', 'clash', 'rows-unreadable', /Step 1, union: .*age/],
    [
      'the source cannot be added to itself',
      'itself',
      'transform-step',
      /rows\.csv is a source of the dataset already/,
    ],
    ['neither under another name', 'linked', 'transform-step', /link\.csv is a source of the dataset already/],
  ] as const) {
    it(`${name}, on its line`, () => {
      const { status, error, findings } = buildOf(dataset);
      assert.deepEqual([status, error?.code], ['failed', code]);
      assert.match(error?.message ?? '', message);
      assert.deepEqual(findings[0]?.configPath?.slice(0, 4), ['datasets', dataset, 'transforms', 0]);
    });
  }

  it('no file is added by two steps, on the line of the second', () => {
    const { error, findings } = buildOf('again');
    assert.match(error?.message ?? '', /more\.csv was added by step 1 already/);
    assert.deepEqual(findings[0]?.configPath?.slice(0, 4), ['datasets', 'again', 'transforms', 1]);
  });

  it('sums stay whole numbers inside lists and objects', async () => {
    await rowsOf('wide');
    const columns = await space.query('DESCRIBE SELECT * FROM {datasets/wide/data/data.parquet}');
    assert.deepEqual(
      columns.map(({ column_type: type }) => type),
      ['DECIMAL(38,0)[]', 'STRUCT(s DECIMAL(38,0))'],
    );
  });

  it('a join that finds nothing at all says so', () => {
    assert.ok(codes(buildOf('nothing')).includes('join-nothing'));
  });

  it('a join in other types than the file has is refused', async () => {
    const own = await workspace({
      '.mldata.yaml': config('rows.csv', 'transforms: [{ join: { file: typed.parquet, on: id } }]'),
      'rows.csv': 'id\na\n',
    });
    await cp(space.path('datasets/plain/data/train.parquet'), own.path('typed.parquet'));
    const { error } = await own.buildOne();
    assert.match(error?.message ?? '', /The column `id` is of type string, and `id` of typed\.parquet of type integer/);
  });

  it('give the same bytes on any number of threads', async () => {
    const lines = Array.from(
      { length: 130_000 },
      (_, index) => `${index},${(index * 7919) % 1000},${(index % 977) / 7}`,
    );
    const own = await workspace({
      '.mldata.yaml':
        `version: 1\ndefaults:\n  source: rows.csv\n  split: { ${halves} }\ndatasets:\n` +
        '  a: { transforms: [{ union: { file: more.csv } }, { join: { file: keys.csv, on: k, many: true } }, { sort: { by: [x] } }] }\n' +
        '  b: { transforms: [{ sql: { query: "SELECT k, avg(x) AS mean, stddev(x) AS sd, any_value(id) AS id FROM input GROUP BY k", allowLoss: true } }] }\n',
      'rows.csv': `id,k,x\n${lines.join('\n')}\n`,
      'more.csv': `id,k,x\n${lines.slice(0, 1000).join('\n')}\n`,
      'keys.csv': `k,name\n${Array.from({ length: 100 }, (_, index) => `${index % 90},n${index}`).join('\n')}\n`,
    });
    const hashes = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const { datasets: again } = await own.build({ threads, force: true });
      hashes.add(
        again.map(({ error, artifacts }) => error?.message ?? artifacts.map(({ sha256 }) => sha256).join()).join(),
      );
    }
    assert.equal(hashes.size, 1, [...hashes].join('\n'));
    assert.match([...hashes][0] ?? '', /^[0-9a-f,]+$/);
  });
});

describe('queries of steps', () => {
  const workspace = workspaces();

  it('read nothing but their input, and depend on nothing but its rows', async () => {
    const queries: readonly (readonly [string, RegExp])[] = [
      ["SELECT * FROM read_csv('/etc/passwd')", /table function cannot be used/],
      ["SELECT * FROM 'rows.csv'", /There is no table rows\.csv/],
      ['SELECT * FROM stage', /There is no table stage/],
      ['WITH stage AS (SELECT * FROM stage) SELECT * FROM stage', /There is no table stage/],
      ['SELECT random() FROM input', /The function random cannot be used/],
      ['SELECT current_date FROM input', /current_date is not the same every day/],
      ["SELECT getenv('HOME') FROM input", /The function getenv cannot be used/],
      ['SELECT list(x) FROM input', /The function list needs an order/],
      ['SELECT * FROM (FROM input LIMIT 1)', /A LIMIT can only stand at the end/],
      ['SELECT DISTINCT ON (x) * FROM input', /DISTINCT ON cannot be used/],
      ['SELECT row_number() OVER () FROM input', /a window function cannot be used/],
      ['SELECT * FROM input USING SAMPLE 1', /sample cannot be used/],
      ['SELECT 1; SELECT 2', /more than one statement/],
      ["COPY input TO 'out.csv'", /It is no SELECT/],
      ['SELECT nope FROM input', /"nope" not found/],
      ['SELECT x, x + 1 AS X FROM input', /several columns called X/],
      ["SELECT COLUMNS(c -> c LIKE 'x%') FROM input", /COLUMNS takes no function here/],
      ['SELECT list_distinct([x]) FROM input', /The function list_distinct cannot be used/],
      // U+212A, which JavaScript takes for a k.
      ['WITH "\u212aept" AS (SELECT 1 AS one) SELECT * FROM kept', /There is no table kept/],
      ['SELECT DISTINCT to_days(x) AS time FROM input', /The column time is of the type INTERVAL/],
      [
        "SELECT DISTINCT [TIMETZ '10:00:00+00'] AS times FROM input",
        /The column times is of the type TIME WITH TIME ZONE/,
      ],
    ];
    const database = await Database.open({ threads: 2, memoryLimit: '200MB', spillFolder: tmpdir() });
    try {
      await database.run(
        'CREATE TABLE stage (x INTEGER); CREATE VIEW kept AS FROM stage; CREATE VIEW input AS SELECT x FROM stage',
      );
      for (const [query, message] of queries) await assert.rejects(bindQuery(database, query), message, query);
    } finally {
      database.close();
    }
  });

  it('have an order that leaves nothing open, whatever theirs says, unless they take rows one by one', async () => {
    const database = await Database.open({ threads: 2, memoryLimit: '200MB', spillFolder: tmpdir() });
    try {
      await database.run(
        "CREATE VIEW input AS FROM (VALUES (1, 'b', 2), (1, 'a', 1), (0, 'c', 3), (1, 'a', 2)) AS rows(x, y, z)",
      );
      for (const [query, expected] of [
        ['SELECT x, y, z FROM input WHERE z < 3', ['1 b 2', '1 a 1', '1 a 2']],
        ['SELECT x, y FROM input GROUP BY ALL', ['0 c', '1 a', '1 b']],
        ['SELECT x, y FROM input GROUP BY x, y', ['0 c', '1 a', '1 b']],
        ["SELECT x, y, z FROM input ORDER BY COLUMNS('x') DESC", ['1 a 1', '1 a 2', '1 b 2', '0 c 3']],
        ['SELECT x, y, z FROM input ORDER BY input.* EXCLUDE (y, z)', ['0 c 3', '1 a 1', '1 a 2', '1 b 2']],
        ['SELECT x, y, z FROM input ORDER BY ALL DESC', ['1 b 2', '1 a 2', '1 a 1', '0 c 3']],
        ['SELECT x, list(z ORDER BY z DESC)::VARCHAR AS zs FROM input GROUP BY x', ['0 [3]', '1 [2, 2, 1]']],
        ['SELECT x, list(y ORDER BY z)::VARCHAR AS ys FROM input GROUP BY x', ['0 [c]', '1 [a, a, b]']],
      ] as const) {
        const { sql } = await bindQuery(database, query);
        const rows = await database.rows(sql);
        assert.deepEqual(
          rows.map((row) => Object.values(row).join(' ')),
          expected,
          query,
        );
      }
    } finally {
      database.close();
    }
  });

  it('know no -0, which is equal to 0 and yet another value', async () => {
    const database = await Database.open({ threads: 2, memoryLimit: '200MB', spillFolder: tmpdir() });
    try {
      const objects = `STRUCT(a DOUBLE[], "b ""c"" (" MAP(VARCHAR, FLOAT), d ENUM('x, (', '-0.0'))[2]`;
      for (const [type, value, expected] of [
        ['DOUBLE', "'-0.0'", '0.0'],
        ['FLOAT[][]', "'[[-0.0, 2.5], NULL]'", '[[0.0, 2.5], NULL]'],
        ['DECIMAL(3,1)[]', "'[0, 1]'", '[0.0, 1.0]'],
        [
          objects,
          `[{'a': [-0.0, NULL, 1], 'b "c" (': MAP {'-0.0': '-0.0'::FLOAT}, 'd': '-0.0'}, NULL]`,
          `[{'a': [0.0, NULL, 1.0], 'b "c" (': {-0.0=0.0}, 'd': -0.0}, NULL]`,
        ],
      ] as const) {
        const made = withoutNegativeZeros('value', type);
        const row = await database.row(
          `SELECT typeof(${made}) AS type, (${made})::VARCHAR AS made, value = ${made} AS same FROM (SELECT CAST(${value} AS ${type}) AS value)`,
        );
        assert.deepEqual([row['type'], row['made'], row['same']], [type, expected, true]);
      }
    } finally {
      database.close();
    }
  });

  it('are refused on their line', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', "transforms:\n  - sql: SELECT * FROM 'rows.csv'"),
      'rows.csv': 'x\n1\n',
    });
    const { error, findings } = await space.buildOne();
    assert.deepEqual([error?.kind, error?.code], ['config', 'transform-step']);
    assert.match(error?.message ?? '', /There is no table rows\.csv/);
    assert.deepEqual(findings[0]?.configPath?.slice(0, 5), ['datasets', 'd', 'transforms', 0, 'sql']);
  });

  it('are applied to new data as they are, like joins; sort and union are not', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'rows.csv',
        'transforms:\n  - union: { file: more.csv }\n  - sort: { by: { column: x, order: desc } }\n  - join: { file: names.csv, on: x }\n  - sql: SELECT *, x + 1 AS y FROM input',
      ),
      'rows.csv': 'x\n1\n2\n',
      'more.csv': 'x\n3\n',
      'names.csv': 'x,name\n1,one\n2,two\n',
      'new.csv': 'x\n1\n2\n1\n',
    });
    await space.buildOne();
    const apply = () => space.cli(['apply', '--manifest', 'datasets/d', 'new.csv', '--output', 'new']);
    const { code, stderr } = await apply();
    assert.equal(code, 0, stderr);
    const rows = await space.query("SELECT concat_ws(' ', x, name, y) AS row FROM {new/data/data.parquet}");
    assert.deepEqual(
      rows.map(({ row }) => row),
      ['1 one 2', '2 two 3', '1 one 2'],
    );

    const { status } = await space.buildOne();
    assert.equal(status, 'upToDate');
    await space.write('names.csv', 'x,name\n1,eins\n2,two\n');
    const other = await apply();
    assert.equal(other.code, 1);
    assert.match(other.stderr, /names\.csv, which is not what it was when d was built/);
    assert.equal((await space.buildOne()).status, 'built');
  });
});

describe('a database that is confined', () => {
  it('lets nothing be read or set any more, but how many threads work', async () => {
    const database = await Database.open({
      threads: 2,
      memoryLimit: '200MB',
      spillFolder: join(tmpdir(), 'mldata-confined'),
    });
    try {
      await database.confine([], []);
      assert.equal((await database.inOrder(() => database.row('SELECT 1 AS one')))['one'], 1);
      (await database.connect()).close();
      for (const statement of [
        `SELECT * FROM read_text(${JSON.stringify(__filename).replaceAll('"', "'")})`,
        'SET enable_external_access = true',
        "SET allowed_directories = ['/']",
        "SET allowed_configs = ['allowed_paths']",
        'SET lock_configuration = false',
        "SET GLOBAL temp_directory = '/tmp'",
        'RESET allowed_paths',
      ])
        await assert.rejects(database.run(statement), /Permission Error|Invalid Input Error|Cannot/, statement);
    } finally {
      database.close();
    }
  });
});
