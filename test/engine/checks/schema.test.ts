import assert from 'node:assert/strict';
import type { ColumnSpec } from '../../../src/protocol';
import { checkedRows, rowsOf } from '../checkedRows';

describe('the check schema', () => {
  type Case = readonly [string, ColumnSpec, string, string, readonly number[], readonly [string, string]];
  const constraints: readonly Case[] = [
    ['required', { required: true }, "('a'), (NULL)", 'constraint-required', [2], ['no missing values', '1 missing']],
    [
      'unique',
      { unique: true },
      "('a'), ('b'), ('a')",
      'constraint-unique',
      [1, 3],
      ['no repeated values', '1 repeated'],
    ],
    ['enum', { type: 'string', enum: ['a', 'b'] }, "('a'), ('c')", 'constraint-enum', [2], ['one of a, b', 'c']],
    ['minimum', { type: 'integer', minimum: 3 }, '(2), (1), (3)', 'constraint-minimum', [1, 2], ['at least 3', '1']],
    [
      'maximum',
      { type: 'number', maximum: 120 },
      '(121.5), (130.0)',
      'constraint-maximum',
      [1, 2],
      ['at most 120', '130'],
    ],
    [
      'exclusiveMaximum',
      { type: 'date', exclusiveMaximum: '2024-01-01' },
      "(DATE '2024-01-01'), (DATE '2023-12-31')",
      'constraint-exclusive-maximum',
      [1],
      ['below 2024-01-01', '2024-01-01'],
    ],
    [
      'maxLength',
      { type: 'string', maxLength: 2 },
      "('ab'), ('abc')",
      'constraint-max-length',
      [2],
      ['a length of at most 2', '3'],
    ],
    [
      'pattern',
      { type: 'string', pattern: '[a-z]+' },
      "('ab'), ('a1')",
      'constraint-pattern',
      [2],
      ['a match of [a-z]+', 'a1'],
    ],
    [
      'format',
      { type: 'string', format: 'uuid' },
      "('x'), ('123E4567-e89b-12d3-a456-426614174000')",
      'constraint-format',
      [1],
      ['UUIDs', 'x'],
    ],
  ];
  for (const [what, column, rows, code, places, said] of constraints) {
    it(`holds rows of a build or file against ${what}`, async () => {
      const query = `SELECT * FROM (VALUES ${rows}) t(x)`;
      const { only } = await checkedRows('schema', query, { columns: { x: column } });
      assert.deepEqual(rowsOf(only(code)), places);
      assert.deepEqual([only(code).expected, only(code).actual], said);
      assert.deepEqual(only(code).configPath?.slice(0, 5), ['datasets', 'set', 'schema', 'columns', 'x']);
    });
  }

  it('is passed by rows that fit, and skipped where nothing is declared', async () => {
    const query = "SELECT i, 'a' AS x FROM range(5) r(i)";
    const fits = await checkedRows('schema', query, {
      columns: { i: { unique: true }, x: { enum: ['a'] } },
      primaryKey: ['i'],
    });
    assert.deepEqual([fits.result.status, fits.codes], ['passed', []]);
    assert.equal((await checkedRows('schema', query)).result.status, 'skipped');
  });

  it('minds the order of columns where it is asked to', async () => {
    const columns = { a: {}, b: {}, c: {} };
    const query = 'SELECT 1 AS x, 1 AS b, 2 AS a, 3 AS c';
    const { only } = await checkedRows('schema', query, { columns, written: { order: true } });
    assert.match(only('column-order').message, /b comes where a should\.$/);
    assert.deepEqual((await checkedRows('schema', query, { columns })).codes, []);
    const inOrder = 'SELECT 1 AS x, 1 AS a, 3 AS c';
    assert.deepEqual((await checkedRows('schema', inOrder, { columns, written: { order: true } })).codes, []);
  });

  const formats = [
    ['email', ['a@b.de', "o'neil+x@mail.example.org"], ['a@b', '@b.de', 'a b@c.de', 'a@b..de', 'a@-b.de', '']],
    ['uri', ['https://e.org/a?b=%20#c', 'urn:isbn:1', 'mailto:a@b.de'], ['e.org', 'http://a b', '://x', 'a:%2']],
    [
      'uuid',
      ['123e4567-e89b-12d3-a456-426614174000'],
      ['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400g'],
    ],
    ['ipv4', ['0.0.0.0', '255.1.20.199'], ['256.1.1.1', '1.2.3', '01.2.3.4', '1.2.3.4.5']],
    [
      'ipv6',
      [
        '::',
        '::1',
        '1::',
        'fe80::1',
        '1:2:3:4:5:6:7:8',
        '::ffff:1.2.3.4',
        '1:2:3:4:5:6:1.2.3.4',
        '1:2:3:4:5:6:7::',
        '::2:3:4:5:6:7:8',
        '1::3:4:5:6:7:8',
      ],
      [
        ':',
        '1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7:8:9',
        '1::2::3',
        '12345::',
        '::g',
        '1:2:3:4:5:6:7::8:9',
        ':1',
        '1:',
        '::1.2.3',
      ],
    ],
    ['date', ['2024-02-29', '1999-12-31'], ['2023-02-29', '2024-13-01', '24-01-01', '2024/01/01', '2024-1-1']],
  ] as const;
  for (const [format, good, bad] of formats) {
    it(`knows what looks like ${format}`, async () => {
      const rows = [...good, ...bad].map((value) => `('${value.replaceAll("'", "''")}')`);
      const { only } = await checkedRows('schema', `SELECT * FROM (VALUES ${rows.join(', ')}) t(x)`, {
        columns: { x: { type: 'string', format } },
      });
      const finding = only('constraint-format');
      assert.deepEqual([finding.count, finding.samples], [bad.length, bad.slice(0, 10)]);
    });
  }

  const own = (fields: string[], there: string[]) => ({
    spec: {},
    foreignKeys: [{ fields, reference: { fields: there } }],
  });
  it('holds a key of the dataset itself against its rows', async () => {
    const query = 'SELECT * FROM (VALUES (1, NULL, 1), (2, 1, 1), (3, 9, 1), (4, 2, 7)) t(id, parent, part)';
    const one = await checkedRows('schema', query, own(['parent'], ['id']));
    assert.deepEqual(rowsOf(one.only('constraint-foreign-key')), [3]);
    assert.equal(one.only('constraint-foreign-key').message, '1 value of parent stands in no row of the dataset (id).');
    const two = await checkedRows('schema', query, own(['parent', 'part'], ['id', 'part']));
    assert.deepEqual(rowsOf(two.only('constraint-foreign-key')), [3, 4]);
  });
  const mixed = [
    ['text with whole numbers', "(1, '1'), (2, '01'), (3, 'x'), (4, '1.4'), (5, NULL)", ['x', '1.4']],
    ['text with decimals', "(1.50, '1.5'), (2.25, '2.250'), (3.00, '2.254')", ['2.254']],
    [
      'text with large numbers',
      "(9007199254740993, '9007199254740993'), (1, '9007199254740992')",
      ['9007199254740992'],
    ],
    ['numbers with text', "('1.0', 1), ('x', 2)", ['2']],
    [
      'days with times',
      "(TIMESTAMP '2024-01-02', DATE '2024-01-02'), (TIMESTAMP '2024-01-03 10:00', DATE '2024-01-03')",
      ['2024-01-03'],
    ],
    ['times with days', "(DATE '2024-01-02', TIMESTAMP '2024-01-02'), (NULL, TIMESTAMP '2024-01-02 00:00')", []],
    ['true with text', "('true', true), ('x', false)", ['false']],
  ] as const;
  for (const [what, rows, samples] of mixed) {
    it(`compares ${what} by what they mean`, async () => {
      const query = `SELECT * FROM (VALUES ${rows}) t(id, parent)`;
      const { findings } = await checkedRows('schema', query, own(['parent'], ['id']));
      assert.deepEqual(
        findings.flatMap((finding) => finding.samples ?? []),
        samples,
      );
    });
  }
  it('looks for a part of a key that is none of the type of the other column in vain', async () => {
    const query = "SELECT * FROM (VALUES (1, 1, '1', 1), (2, 1, 'x', 1)) t(id, part, parent, of)";
    const { only } = await checkedRows('schema', query, own(['parent', 'of'], ['id', 'part']));
    assert.deepEqual(rowsOf(only('constraint-foreign-key')), [2]);
  });
  it('holds a key of the dataset itself against all rows where a part of them is checked', async () => {
    const query = 'SELECT i AS id, (i + 7) % 10 AS parent FROM range(10) r(i)';
    const parts = { ...own(['parent'], ['id']), split: "CASE WHEN id < 5 THEN 'train' ELSE 'test' END" };
    for (const chosen of [
      { split: 'test', seed: 1 },
      { wanted: 4, seed: 1 },
    ] as const)
      assert.deepEqual((await checkedRows('schema', query, { ...parts, chosen })).codes, []);
  });
  it('does not hold a key against one split of a build, of which no other was opened', async () => {
    const query = 'SELECT i AS id, i + 7 AS parent FROM range(10) r(i)';
    const ratios = { train: 0.5, validation: 0, test: 0.5 };
    const { only, codes } = await checkedRows('schema', query, {
      ...own(['parent'], ['id']),
      split: "'test'",
      spec: { split: { ratios, seed: 1, seedFrom: 'name', writeIndices: false } },
    });
    assert.deepEqual(codes, ['foreign-key-unchecked']);
    assert.match(only('foreign-key-unchecked').message, /^Only one split was opened/);
  });
  it('says that a step took the columns of a key away', async () => {
    const { only } = await checkedRows('schema', 'SELECT 1 AS id', {
      ...own(['customer'], ['id']),
      read: ['id', 'customer'],
    });
    assert.match(only('foreign-key-unchecked').message, /^A step took customer away/);
  });
  it('minds the order of columns as they were read, not as steps left them', async () => {
    const columns = { a: {}, b: {} };
    const order = (query: string, read: string[]) =>
      checkedRows('schema', query, { columns, written: { order: true }, read });
    assert.deepEqual((await order('SELECT 1 AS a, 1 AS b', ['b', 'a'])).codes, ['column-order']);
    assert.deepEqual((await order('SELECT 1 AS b, 1 AS a', ['a', 'b'])).codes, []);
  });
  it('says where a key could not be held against anything', async () => {
    const { only } = await checkedRows('schema', 'SELECT 1 AS id', own(['id'], ['nr']));
    assert.match(only('foreign-key-unchecked').message, /^Not all of the columns nr are in the dataset\.$/);
  });
});
