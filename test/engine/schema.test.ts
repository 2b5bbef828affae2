import assert from 'node:assert/strict';
import { codes, config, workspaces } from './support';

const schema = (columns: string, more = '') => `schema:\n  columns: { ${columns} }\n${more.replace(/^(?=.)/gm, '  ')}`;

describe('the schema', () => {
  const workspace = workspaces();

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
      ['2024-01-01T10:00:00+02:00', '2024-01-01 25:00:00', '1700000000'],
    ],
    ['time', ['10:00', '23:59:59.5'], ['24:01', '10 Uhr']],
    ['duration', ['P1D', 'PT30M', '-P1Y2M3DT4H'], ['P', 'PT', '1 day']],
    ['geopoint', ['13.4, 52.5', '-1,0'], ['13.4', 'x,y']],
    ['object', ['{"a":1}'], ['[1]', '{a:1}']],
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
});

describe('rows that cannot be cast', () => {
  const workspace = workspaces();
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
