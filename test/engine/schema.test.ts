import assert from 'node:assert/strict';
import { codes, config, here, workspaces } from './support';

const schema = (columns: string, more = '') => `schema:\n  columns: { ${columns} }\n${more.replace(/^(?=.)/gm, '  ')}`;

/** More than are looked at before all are. */
const MANY = 25_000;
const rising = Array.from({ length: MANY }, (_, index) => String(index + 1));

describe('the schema', () => {
  const workspace = workspaces(here);

  for (const [constraint, columns, csv, code, rows] of [
    ['required', 'a: { required: true }', 'a,b\n1,x\n,y\n', 'constraint-required', [2]],
    ['unique', 'a: { unique: true }', 'a\n1\n2\n1\n1\n', 'constraint-unique', [1, 3, 4]],
    ['enum of texts', 'a: { type: string, enum: [x, y] }', 'a,b\nx,1\nz,1\n,1\n', 'constraint-enum', [2]],
    ['enum of numbers', 'a: { type: integer, enum: [0, 1] }', 'a\n0\n1\n2\n', 'constraint-enum', [3]],
    ['minimum', 'a: { type: number, minimum: 0 }', 'a\n0\n-0.1\nnan\n', 'constraint-minimum', [2, 3]],
    [
      'maximum of dates',
      "a: { type: date, maximum: '2024-12-31' }",
      'a\n2024-12-31\n2025-01-01\n',
      'constraint-maximum',
      [2],
    ],
    ['exclusiveMinimum', 'a: { type: number, exclusiveMinimum: 0 }', 'a\n0\n1\n', 'constraint-exclusive-minimum', [1]],
    ['exclusiveMaximum', 'a: { type: integer, exclusiveMaximum: 5 }', 'a\n5\n4\n', 'constraint-exclusive-maximum', [1]],
    ['minLength in characters', 'a: { type: string, minLength: 3 }', 'a\näöü\n日本\n', 'constraint-min-length', [2]],
    ['maxLength', 'a: { type: string, maxLength: 2 }', 'a\nab\nabc\n', 'constraint-max-length', [2]],
    [
      'pattern of the whole value',
      "a: { type: string, pattern: '[a-z]+' }",
      'a\nabc\nabc1\n',
      'constraint-pattern',
      [2],
    ],
    [
      'minimum of durations by their length',
      'a: { type: duration, minimum: PT5M }',
      'a,i\nPT10M,1\nPT299.9S,2\nPT0.1H,3\nP1D,4\n-P1D,5\nPT300S,6\n',
      'constraint-minimum',
      [2, 5],
    ],
    [
      'exclusiveMaximum of durations',
      'a: { type: duration, exclusiveMaximum: P1M }',
      'a,i\nP30D,1\nP4W,2\nP31D,3\nP1M,4\n',
      'constraint-exclusive-maximum',
      [3, 4],
    ],
    [
      'bounds beyond 64 bits',
      "a: { type: integer, minimum: '-99999999999999999999', exclusiveMaximum: '9223372036854775807' }",
      'a\n9223372036854775806\n9223372036854775807\n',
      'constraint-exclusive-maximum',
      [2],
    ],
    ['bounds of an inferred type', 'a: { minimum: 18 }', 'a\n9\n20\n', 'constraint-minimum', [1]],
    [
      'maximum of instants in another zone',
      "a: { type: datetime, maximum: '2024-01-01T00:00:00+02:00' }",
      'a,i\n2023-12-31T22:00:00Z,1\n2023-12-31T22:00:01Z,2\n',
      'constraint-maximum',
      [2],
    ],
  ] as const) {
    it(`enforces ${constraint}: the build stops, with the rows`, async () => {
      const space = await workspace({ '.mldata.yaml': config('a.csv', schema(columns)), 'a.csv': csv });
      const build = await space.buildOne();
      assert.equal(build.status, 'failed');
      assert.equal(build.error?.kind, 'checkFailed');
      const finding = build.findings.find((each) => each.severity === 'error');
      assert.equal(finding?.code, code);
      assert.deepEqual(
        finding.locations?.map(({ file, row, line }) => ({ file, row, line })),
        rows.map((row) => ({ file: 'a.csv', row, line: row + 1 })),
      );
      assert.deepEqual(finding.configPath?.slice(0, 5), ['datasets', 'd', 'schema', 'columns', 'a']);
      assert.deepEqual(await space.files('datasets'), []);
    });
  }

  it('enforces a primary key of several columns: no repeats, nothing missing', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', schema('a: integer, b: string', 'primaryKey: [a, b]')),
      'a.csv': 'a,b\n1,x\n1,y\n1,x\n2,\n',
    });
    const build = await space.buildOne();
    assert.deepEqual(codes(build), ['constraint-primary-key', 'constraint-primary-key']);
    assert.deepEqual(
      build.findings.map(({ locations }) => locations?.map(({ row }) => row)),
      [[4], [1, 3]],
    );
  });

  it('stops for a primary key of a column that is in no file, unless the column is optional', async () => {
    const csv = { 'a.csv': 'id\n1\n1\n' };
    const wrong = await workspace({ ...csv, '.mldata.yaml': config('a.csv', 'schema: { primaryKey: idd }') });
    const build = await wrong.buildOne();
    assert.deepEqual([build.error?.code, codes(build)], ['schema-mismatch', ['column-missing']]);
    assert.deepEqual(build.findings[0]?.configPath, ['datasets', 'd', 'schema', 'primaryKey']);
    const optional = await workspace({
      ...csv,
      '.mldata.yaml': config('a.csv', schema('k: { type: integer, required: false }', 'primaryKey: k')),
    });
    assert.ok(codes(await optional.buildOne()).includes('constraint-primary-key'));
  });

  for (const [where, keys, rows] of [
    ['in the first row', ['', '1', '2'], [1]],
    ['in the last row', ['1', '2', ''], [3]],
    ['in the only row', [''], [1]],
  ] as const) {
    it(`finds the primary key that is missing ${where}`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', schema('k: { type: integer, required: false }', 'primaryKey: k')),
        'a.csv': `k,b\n${keys.map((key) => `${key},x\n`).join('')}`,
      });
      const { findings } = await space.buildOne();
      assert.deepEqual(
        findings
          .filter(({ code }) => code === 'constraint-primary-key')
          .flatMap(({ locations = [] }) => locations.map(({ row }) => row)),
        rows,
      );
    });
  }

  for (const [what, values, rows] of [
    ['numbers in turn', rising, []],
    ['numbers in turn, but for the last', [...rising, '7'], [7, MANY + 1]],
    ['numbers in turn, with a gap', [...rising.slice(0, -1), '', String(MANY)], []],
    ['numbers in turn on both sides of a gap', ['3', '4', '', '1', '2', '3'], [1, 6]],
    ['numbers that fall', rising.toReversed(), []],
    ['texts in turn', rising.map((value) => `k${value.padStart(8, '0')}`), []],
    ['a single value', ['1'], []],
  ] as const) {
    it(`finds what is twice in a unique column: ${what}`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', schema('a: { unique: true }')),
        'a.csv': `a,b\n${values.map((value) => `${value},x\n`).join('')}`,
      });
      const { findings } = await space.buildOne();
      const places = findings.filter(({ code }) => code === 'constraint-unique').flatMap(({ locations }) => locations);
      assert.deepEqual(
        places.map((place) => place?.row),
        rows,
      );
    });
  }

  // [what is asked, the column's constraints, its cells, the key at fault]
  for (const [asked, constraints, cells, key] of [
    ['a bound of texts', 'minimum: 18', ['9', '20', 'NA'], ['minimum']],
    ['a bound of true and false', 'maximum: 1', ['true', 'false'], ['maximum']],
    ['a number as the bound of dates', 'minimum: 5', ['2024-01-01', '2024-02-01'], ['minimum']],
    ['a text as the bound of numbers', "maximum: '2024-01-01'", ['1', '2'], ['maximum']],
    ['texts as the values of whole numbers', 'enum: [1, x]', ['1', '2'], ['enum', 1]],
    [
      'an instant as the bound of date-times without a zone',
      "type: datetime, minimum: '2024-01-01T00:00:00Z'",
      ['2024-01-01T00:00:00', '2025-01-01T00:00:00'],
      ['minimum'],
    ],
    ['a pattern that RE2 refuses', "pattern: '[[:letters:]]+'", ['x', 'y'], ['pattern']],
  ] as const) {
    it(`refuses ${asked} where the config says it`, async () => {
      const csv = `a,i\n${cells.map((cell, index) => `${cell},${index}`).join('\n')}\n`;
      const space = await workspace({ '.mldata.yaml': config('a.csv', schema(`a: { ${constraints} }`)), 'a.csv': csv });
      const build = await space.buildOne();
      const [finding] = build.findings;
      assert.equal(build.error?.kind, 'config', build.error?.message);
      assert.equal(finding?.code, key[0] === 'pattern' ? 'invalid-pattern' : 'constraint-type');
      assert.deepEqual(finding.configPath, ['datasets', 'd', 'schema', 'columns', 'a', ...key]);
    });
  }

  it('asks nothing of the type of a column without values', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', schema('a: { minimum: 5 }, k: { required: false, enum: [1, 2], maximum: 3 }')),
      'a.csv': 'a,b\n,1\n,2\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
  });

  for (const [policy, severity, status] of [
    ['ignore', undefined, 'built'],
    ['warn', 'warning', 'built'],
    ['error', 'error', 'failed'],
  ] as const) {
    it(`answers an undeclared column with extraColumns: ${policy}`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', schema('a: integer', `extraColumns: ${policy}`)),
        'a.csv': 'a,b\n1,2\n',
      });
      const build = await space.buildOne();
      assert.equal(build.status, status);
      assert.equal(build.findings.find(({ code }) => code === 'column-extra')?.severity, severity);
    });
  }

  it('stops for a declared column that is in no file, unless it is optional', async () => {
    const csv = { 'a.csv': 'a\n1\n' };
    const strict = await workspace({ ...csv, '.mldata.yaml': config('a.csv', schema('a: integer, b: string')) });
    assert.deepEqual(codes(await strict.buildOne()), ['column-missing']);
    const lenient = await workspace({
      ...csv,
      '.mldata.yaml': config('a.csv', schema('a: integer, b: { type: string, required: false }')),
    });
    const build = await lenient.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(await lenient.query('SELECT * FROM {datasets/d/data/data.parquet}'), [{ a: 1n, b: null }]);
  });

  // [type, texts that are values, texts that are none]
  for (const [type, good, bad] of [
    [
      'integer',
      ['1', '-7', '+5', '1.0', ' 3 ', '1_000', '9223372036854775807'],
      ['1.5', '1e3', '0x10', '9223372036854775808', 'NaN', 'x', 'true'],
    ],
    ['number', ['1', '1.5', '-.5', '1e-3', '1_000.5', 'NaN', 'inf'], ['1,5', '1e400', '12 %', 'x']],
    ['boolean', ['true', 'FALSE', '1', '0', 'yes', 'n'], ['2', 'on', 'wahr']],
    ['date', ['2024-02-29', '2024-1-5'], ['2023-02-29', '01/02/2024', '2024-01-01 10:00:00', 'today', 'infinity']],
    [
      'datetime',
      ['2024-01-01', '2024-01-01 10:00', '2024-01-01T10:00:00.123456'],
      ['2024-01-01T10:00:00+02:00', '2024-01-01 25:00:00', '2024-01-01 10:00:0Z', '1700000000'],
    ],
    ['time', ['10:00', '23:59:59.5'], ['24:01', '10 Uhr']],
    ['duration', ['P1D', 'PT30M', '-P1Y2M3DT4H'], ['P', 'PT', 'P1.2.3D', '1 day']],
    ['geopoint', ['13.4, 52.5', '-1,0'], ['13.4', 'x,y']],
    ['object', ['{"a":1}'], ['[1]', '{a:1}', 'nonsense']],
    ['array', ['[1,2]'], ['{"a":1}', '[1']],
  ] as const) {
    it(`reads only what is a ${type} without losing anything`, async () => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const csv = `a,i\n${[...good, ...bad].map((text, index) => `${quoted(text)},${index}`).join('\n')}\n`;
      const space = await workspace({ '.mldata.yaml': config('a.csv', schema(`a: ${type}`)), 'a.csv': csv });
      const build = await space.buildOne();
      assert.equal(build.error?.code, 'rows-unreadable');
      const [finding] = build.findings;
      assert.equal(finding?.code, 'cast-failed');
      assert.deepEqual(
        finding.locations?.map(({ text }) => text),
        [...bad],
      );
    });
  }

  it('reads date-times with zones as instants, and refuses those without among them', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', schema('t: datetime', 'onError: quarantine')),
      'a.csv': 't,i\n2024-01-01T10:00:00+02:00,1\n2024-01-01T10:00:00Z,2\n2024-01-01T10:00:00,3\n',
    });
    const build = await space.buildOne();
    assert.equal(build.rejected, 1);
    const rows = await space.query(`SELECT epoch(t)::BIGINT AS t FROM {datasets/d/data/data.parquet}`);
    assert.deepEqual(rows, [{ t: 1704096000n }, { t: 1704103200n }]);
  });

  it('infers types of undeclared columns from every row, without losing leading zeros or long numbers', async () => {
    const late = Array.from(
      { length: 5000 },
      (_, id) => `${id},${id},007,1.5,true,2024-01-01,12345678901234567890`,
    ).join('\n');
    const space = await workspace({
      '.mldata.yaml': config('a.csv'),
      'a.csv': `id,late,code,n,b,d,long\n${late}\n5000,word,010,2,false,2024-02-30,1\n`,
    });
    await space.buildOne();
    assert.deepEqual(
      (await space.manifest('d')).columns.map(({ name, type }) => [name, type]),
      [
        ['id', 'integer'],
        ['late', 'string'],
        ['code', 'string'],
        ['n', 'number'],
        ['b', 'boolean'],
        ['d', 'string'],
        ['long', 'string'],
      ],
    );
  });

  // [what, text, type, how the value reads as text]
  for (const [what, text, type, value] of [
    ['more digits than a double holds', '0.12345678901234567890', 'string', '0.12345678901234567890'],
    ['a large amount with cents', '123456789012345.678', 'string', '123456789012345.678'],
    ['fifteen digits', '1234567890123.45', 'number', '1234567890123.45'],
    ['a double as programs write it', '0.30000000000000004', 'number', '0.30000000000000004'],
    ['a double with all its digits', '1.000000000000000056e-01', 'number', '0.1'],
    ['many zeros', '0.00000000000000000000', 'number', '0.0'],
    ['a negative zero', '-0', 'number', '-0.0'],
  ] as const) {
    it(`infers a ${type} from ${what}`, async () => {
      const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': `a,i\n${text},1\n` });
      await space.buildOne();
      const [column] = (await space.manifest('d')).columns;
      const rows = await space.query('SELECT CAST(a AS VARCHAR) AS a FROM {datasets/d/data/data.parquet}');
      assert.deepEqual([column?.type, rows], [type, [{ a: value }]]);
    });
  }
});

describe('columns of files that hold other types', () => {
  const workspace = workspaces(here);

  /** Builds a column `a` from a Parquet file for each query, and a CSV where `csv` is given. */
  async function built(queries: readonly string[], columns = '', csv?: string) {
    const names = queries.map((_, index) => `p${index}.parquet`);
    const space = await workspace({
      '.mldata.yaml': config(
        `[${[...names, ...(csv === undefined ? [] : ['t.csv'])].join(', ')}]`,
        columns && schema(columns),
      ),
      ...(csv !== undefined && { 't.csv': csv }),
    });
    for (const [index, query] of queries.entries())
      await space.query(`COPY (SELECT ${query} AS a) TO {p${index}.parquet}`);
    const build = await space.buildOne();
    const values = async () =>
      (await space.query('SELECT CAST(a AS VARCHAR) AS a FROM {datasets/d/data/data.parquet}')).map(({ a }) => a);
    const column = async () => (await space.manifest('d')).columns[0];
    return { build, values, column };
  }

  // [what, values of the Parquet files, CSV, declaration, type, values, findings]
  for (const [what, queries, csv, columns, type, values, found] of [
    ['small whole numbers beside fractions', ['7::BIGINT', '1.5::DOUBLE'], undefined, '', 'number', ['7.0', '1.5'], []],
    [
      'whole numbers that a double would round, beside fractions',
      ['9007199254740993::BIGINT'],
      'a\n1.5\n',
      '',
      'string',
      ['9007199254740993', '1.5'],
      ['exact-type'],
    ],
    [
      'such numbers in a CSV',
      ['0.5::DOUBLE'],
      'a\n9007199254740993\n',
      '',
      'string',
      ['0.5', '9007199254740993'],
      ['exact-type'],
    ],
    [
      'lists of such numbers',
      ['[9007199254740993::BIGINT]', '[0.5::DOUBLE]'],
      undefined,
      '',
      'string',
      ['[9007199254740993]', '[0.5]'],
      ['exact-type'],
    ],
    [
      'decimals and whole numbers',
      ['9007199254740993::BIGINT', '0.125::DECIMAL(18,3)'],
      undefined,
      '',
      'number',
      ['9007199254740993.000', '0.125'],
      [],
    ],
    [
      'unsigned and signed whole numbers of 64 bits',
      ['18446744073709551615::UBIGINT', '(-1)::BIGINT'],
      undefined,
      '',
      'integer',
      ['18446744073709551615', '-1'],
      [],
    ],
    [
      'a declared number that doubles would round',
      ['9007199254740993::BIGINT', '1::INTEGER'],
      undefined,
      'a: number',
      'number',
      ['9007199254740993', '1'],
      ['exact-type'],
    ],
    ['a declared number', ['7::BIGINT'], undefined, 'a: number', 'number', ['7.0'], []],
    [
      'declared date-times in nanoseconds and microseconds',
      ["TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", "TIMESTAMP '2024-01-01 00:00:00'"],
      'a\n2024-01-01 00:00:00.5\n',
      'a: datetime',
      'datetime',
      ['2024-01-01 00:00:00.123456789', '2024-01-01 00:00:00', '2024-01-01 00:00:00.5'],
      [],
    ],
    [
      'date-times that nanoseconds cannot reach',
      ["TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", "TIMESTAMP '3024-01-01 00:00:00'"],
      undefined,
      '',
      'string',
      ['2024-01-01 00:00:00.123456789', '3024-01-01 00:00:00'],
      ['exact-type'],
    ],
    [
      'objects of other fields',
      ['struct_pack(x := 1)', "struct_pack(x := 2::BIGINT, y := 'k')"],
      undefined,
      '',
      'object',
      ["{'x': 1, 'y': NULL}", "{'x': 2, 'y': k}"],
      [],
    ],
    [
      'objects and texts',
      ['struct_pack(x := 1)', "'word'"],
      undefined,
      '',
      'string',
      ['{"x":1}', 'word'],
      ['exact-type'],
    ],
  ] as const) {
    it(`keep every value of ${what}`, async () => {
      const { build, ...result } = await built(queries, columns, csv);
      assert.equal(build.status, 'built', build.error?.message);
      assert.deepEqual(await result.values(), [...values]);
      assert.equal((await result.column())?.type, type);
      assert.deepEqual(codes(build), [...found]);
    });
  }

  // [what, values of the Parquet files, CSV, declaration, how many cells do not fit]
  for (const [what, queries, csv, columns, failing] of [
    [
      'a zone is not forgotten',
      ["TIMESTAMP '2024-01-01 00:00:00'", "TIMESTAMPTZ '2024-01-01 00:00:00+05'"],
      undefined,
      'a: datetime',
      1,
    ],
    [
      'a zone is not made up',
      ["TIMESTAMPTZ '2024-01-01 00:00:00+05'", "TIMESTAMP '2024-01-01 00:00:00'"],
      undefined,
      'a: datetime',
      1,
    ],
    ['a number is not rounded', ['9007199254740993::BIGINT', '3::BIGINT'], 'a\n1.5\n', 'a: number', 1],
    ['a fraction is not cut off', ['1.5::DOUBLE', '2::DOUBLE'], 'a\n1\n', 'a: integer', 1],
    ['a list is no number', ['[1.5::DOUBLE]', '2::DOUBLE'], undefined, 'a: number', 1],
  ] as const) {
    it(`under a declared type: ${what}`, async () => {
      const { build } = await built(queries, columns, csv);
      assert.equal(build.error?.code, 'rows-unreadable');
      const [finding] = build.findings;
      assert.deepEqual([finding?.code, finding?.count], ['cast-failed', failing]);
    });
  }

  it('refuses a column named in another letter case in another file', async () => {
    const space = await workspace({
      '.mldata.yaml': config('[a.csv, b.csv]'),
      'a.csv': 'id,v\n1,2\n',
      'b.csv': 'ID,v\n1,2\n',
    });
    const build = await space.buildOne();
    assert.equal(build.error?.code, 'duplicate-column');
    assert.deepEqual(
      build.findings.flatMap(({ locations = [] }) => locations.map(({ file }) => file)),
      ['a.csv', 'b.csv'],
    );
  });

  it('tells for each of many columns of date-times whether they have zones', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const space = await workspace({
      '.mldata.yaml': config('x.csv', schema(names.map((name) => `${name}: datetime`).join(', '))),
      'x.csv': `${names.join(',')}\n2024-01-01T10:00:00Z,2024-01-01T10:00:00,2024-01-01T10:00:00+01:00,2024-01-01\n`,
    });
    await space.buildOne();
    assert.deepEqual(
      (await space.manifest('d')).columns.map(({ physicalType }) => physicalType === 'TIMESTAMP'),
      [false, true, false, true],
    );
  });
});

describe('rows that cannot be cast', () => {
  const workspace = workspaces(here);
  const csv = 'id,age\n1,34\n2,abc\n3,"4\n5"\n4,x\n5,60\n';
  const declared = (onError: string) => config('a.csv', schema('id: integer, age: integer', `onError: ${onError}`));

  it('stop the build by default, with file, line, text and the count', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', schema('id: integer, age: integer')),
      'a.csv': csv,
    });
    const build = await space.buildOne();
    assert.equal(build.error?.kind, 'buildFailed');
    const [finding] = build.findings;
    assert.equal(finding?.count, 3);
    assert.deepEqual(finding.locations, [
      { file: 'a.csv', row: 2, line: 3, text: 'abc' },
      { file: 'a.csv', row: 3, line: 4, text: '4\n5' },
      { file: 'a.csv', row: 4, line: 6, text: 'x' },
    ]);
  });

  it('go to quarantine with file, line and reason', async () => {
    const space = await workspace({ '.mldata.yaml': declared('quarantine'), 'a.csv': csv });
    const build = await space.buildOne();
    assert.deepEqual([build.status, build.rows, build.rejected], ['built', 2, 3]);
    assert.deepEqual(codes(build), ['cast-failed']);
    const rows = await space.query('SELECT file, row, line, reason FROM {datasets/d/reports/rejected.parquet}');
    assert.deepEqual(rows, [
      { file: 'a.csv', row: 2n, line: 3n, reason: 'age: abc cannot be read as whole numbers' },
      { file: 'a.csv', row: 3n, line: 4n, reason: 'age: 4\n5 cannot be read as whole numbers' },
      { file: 'a.csv', row: 4n, line: 6n, reason: 'age: x cannot be read as whole numbers' },
    ]);
    assert.deepEqual(
      (await space.manifest('d')).inputs.map(({ rows: read, rejected }) => [read, rejected]),
      [[2, 3]],
    );
  });

  it('keep their other cells under onError: null, with the number that became null', async () => {
    const space = await workspace({ '.mldata.yaml': declared('null'), 'a.csv': csv });
    const build = await space.buildOne();
    assert.equal(build.rows, 5);
    assert.match(build.findings[0]?.message ?? '', /3 values of age .* became null/);
    assert.deepEqual(await space.query('SELECT id FROM {datasets/d/data/data.parquet} WHERE age IS NULL'), [
      { id: 2n },
      { id: 3n },
      { id: 4n },
    ]);
  });

  it('list the first ten of many', async () => {
    const many = Array.from({ length: 5000 }, (_, id) => `${id},${id % 2 ? 'bad' : id}`).join('\n');
    const space = await workspace({ '.mldata.yaml': declared('fail'), 'a.csv': `id,age\n${many}\n` });
    const [finding] = (await space.buildOne()).findings;
    assert.equal(finding?.count, 2500);
    assert.equal(finding.locations?.length, 10);
    assert.equal(finding.locations[9]?.line, 21);
  });
});
