import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../src/engine/duckdb';
import { identifier, literal, struct, text, textList } from '../../../src/engine/duckdb/quoting';

const texts = [
  '',
  'plain',
  "it's",
  "'; DROP TABLE t; --",
  'say "so"',
  '""',
  "''",
  'back\\slash \\n \\',
  'line\nbreak\r\n\ttab',
  '$1 ? :name $$ {x} %s',
  '-- comment /* here */',
  'ключ 鍵 🗝️ e\u0301',
  '\u202eright to left',
  'nul\0inside',
  '\0',
];

describe('quoting', () => {
  let database: Database;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
    database = await Database.open({ threads: 1, memoryLimit: '200MB', spillFolder: folder });
  });
  after(async () => {
    database.close();
    await rm(folder, { recursive: true });
  });

  for (const value of texts) {
    it(`brings ${JSON.stringify(value)} through SQL as it is`, async () => {
      assert.deepEqual(await database.row(`SELECT ${text(value)} AS value`), { value });
      assert.deepEqual(await database.row(`SELECT ${literal(value)} AS value`), { value });
      const listed = await database.row(`SELECT ${textList(['a', value])}[2] AS value`);
      assert.deepEqual(listed, { value });
    });
  }

  // DuckDB knows no name that is empty or holds a NUL; readers refuse such headers before.
  for (const name of texts.filter((value) => value !== '' && !value.includes('\0'))) {
    it(`makes a column of ${JSON.stringify(name)}`, async () => {
      const query = `SELECT ${identifier(name)} FROM (SELECT 1 AS ${identifier(name)}, 2 AS other)`;
      assert.deepEqual(await database.row(query), { [name]: 1 });
      const field = `${struct([[name, '3']])}[${text(name)}]`;
      assert.deepEqual(await database.row(`SELECT ${field} AS value`), { value: 3 });
    });
  }

  const scalars: [Parameters<typeof literal>[0], unknown][] = [
    [null, null],
    [true, true],
    [false, false],
    [0, 0],
    [-1.5, '-1.5'],
    [0.1, '0.1'],
    [1e300, 1e300],
    [5e-324, 5e-324],
    [9007199254740993n, 9007199254740993n],
    [-170141183460469231731687303715884105727n, -170141183460469231731687303715884105727n],
  ];
  for (const [value, expected] of scalars) {
    it(`writes ${String(value)} with all its digits`, async () => {
      const cast = typeof expected === 'string' ? `CAST(${literal(value)} AS VARCHAR)` : literal(value);
      assert.deepEqual(await database.row(`SELECT ${cast} AS value`), { value: expected });
    });
  }

  it('has no literal for numbers that are none', () => {
    for (const value of [NaN, Infinity, -Infinity]) assert.throws(() => literal(value), RangeError);
  });
});
