/** Rows of databases that are files: SQLite and DuckDB. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { Database, targetLiteral } from '../../src/engine/duckdb';
import { Snapshots } from './fetched';

describe('rows of a database that is a file', () => {
  let snapshots: Snapshots;
  beforeEach(async () => {
    snapshots = await Snapshots.create();
  });
  afterEach(() => snapshots.remove());

  function writeSqlite(sql: string, name = 'some.db'): void {
    const database = new sqlite.Database(join(snapshots.folder, name));
    database.exec(sql);
    database.close();
  }

  async function writeDuckdb(sql: string): Promise<void> {
    const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: snapshots.scratch });
    await database.run(`ATTACH ${targetLiteral(join(snapshots.folder, 'some.duckdb'))} AS other; USE other; ${sql}`);
    database.close();
  }

  const sqliteTypes: readonly { values: readonly string[]; as: string; are: readonly (string | null)[] }[] = [
    {
      values: ['9223372036854775807', '-9223372036854775808', 'NULL'],
      as: 'BIGINT',
      are: ['9223372036854775807', '-9223372036854775808', null],
    },
    { values: ['1.0', '0.1', '9e999'], as: 'DOUBLE', are: ['1.0', '0.1', 'inf'] },
    { values: ['1', '0.5'], as: 'DOUBLE', are: ['1.0', '0.5'] },
    { values: ['9007199254740993', '0.5'], as: 'VARCHAR', are: ['9007199254740993', '0.5'] },
    { values: ["'é😀'", "''", "'a' || char(0) || 'b'"], as: 'VARCHAR', are: ['é😀', '', 'a\0b'] },
    { values: ["x'00ff'", "x''"], as: 'BLOB', are: ['\\x00\\xFF', ''] },
    { values: ["'a'", '1'], as: 'VARCHAR', are: ['a', '1'] },
    { values: ['NULL'], as: 'VARCHAR', are: [null] },
  ];
  for (const { values, as, are } of sqliteTypes) {
    it(`SQLite: ${values.join(', ')} becomes ${as}`, async () => {
      const rows = values.map((value, place) => `(${place}, ${value})`).join(', ');
      writeSqlite(`CREATE TABLE typed (place, v); INSERT INTO typed VALUES ${rows}`);
      const query = 'SELECT v FROM typed ORDER BY place DESC';
      const { record } = await snapshots.fetch({ uri: 'sqlite:some.db', rows: { query } });
      assert.equal(record.columns[0]?.type, as);
      assert.deepEqual((await snapshots.texts(record)).map(({ v }) => v).reverse(), are);
    });
  }

  it('SQLite: reads a table of any name, and changes nothing beside the file', async () => {
    writeSqlite(`CREATE TABLE "a;""b" ("c;""d" int); INSERT INTO "a;""b" VALUES (7)`);
    const before = await readFile(join(snapshots.folder, 'some.db'));
    const { record } = await snapshots.fetch({ uri: 'sqlite:some.db', rows: { table: '"a;""b"' } });
    assert.deepEqual(await snapshots.texts(record), [{ 'c;"d': '7' }]);
    assert.deepEqual(await readFile(join(snapshots.folder, 'some.db')), before);
    assert.deepEqual((await readdir(snapshots.folder)).sort(), ['scratch', 'snapshot', 'some.db']);
  });

  it('SQLite: by a watermark, texts being no such thing', async () => {
    writeSqlite("CREATE TABLE t (id integer, at text); INSERT INTO t VALUES (2, '2024'), (1, '2023')");
    const source = { uri: 'sqlite:some.db', rows: { table: 't' }, incremental: { column: 'id' } };
    await snapshots.fetch(source);
    writeSqlite("INSERT INTO t VALUES (3, '2025'), (0, '2022')");
    const { newRows, record } = await snapshots.fetch(source);
    assert.deepEqual([newRows, (await snapshots.texts(record)).map(({ id }) => id)], [1, ['1', '2', '3']]);
    await assert.rejects(snapshots.fetch({ ...source, incremental: { column: 'at' } }), { code: 'watermark-unusable' });
  });

  const refused: readonly { what: string; uri: string; query: string; code: string }[] = [
    { what: 'two statements', uri: 'sqlite:some.db', query: 'SELECT 1; DROP TABLE t', code: 'query-failed' },
    {
      what: 'another file',
      uri: 'sqlite:some.db',
      query: "SELECT 1) AS a; ATTACH 'x.db' AS x; SELECT (1",
      code: 'query-failed',
    },
    {
      what: 'a statement that writes',
      uri: 'sqlite:some.db',
      query: 'DELETE FROM t RETURNING *',
      code: 'query-failed',
    },
    { what: 'no file', uri: 'sqlite:none.db', query: 'SELECT 1', code: 'database-missing' },
    { what: 'no database', uri: 'sqlite:text.txt', query: 'SELECT * FROM t', code: 'query-failed' },
    { what: 'a path that leaves the folder', uri: 'sqlite:../some.db', query: 'SELECT 1', code: 'path-outside' },
    { what: 'two statements', uri: 'duckdb:some.duckdb', query: 'SELECT 1; DROP TABLE t', code: 'query-failed' },
    {
      what: 'another file',
      uri: 'duckdb:some.duckdb',
      query: "SELECT * FROM read_text('/etc/hostname')",
      code: 'query-failed',
    },
    { what: 'no file', uri: 'duckdb:none.duckdb', query: 'SELECT 1', code: 'database-missing' },
    { what: 'no database', uri: 'duckdb:text.txt', query: 'SELECT 1', code: 'query-failed' },
    { what: 'a path that leaves the folder', uri: 'duckdb:///etc/passwd', query: 'SELECT 1', code: 'path-outside' },
  ];
  for (const { what, uri, query, code } of refused) {
    it(`${uri} with ${what} is refused: ${code}`, async () => {
      writeSqlite('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      await writeDuckdb('CREATE TABLE t AS SELECT 1 AS a');
      await writeFile(join(snapshots.folder, 'text.txt'), 'no database '.repeat(1000));
      await assert.rejects(snapshots.fetch({ uri, rows: { query } }), { code });
      assert.deepEqual(await snapshots.files(), []);
    });
  }

  it('SQLite: stops a query that takes longer than its timeout', async () => {
    writeSqlite('CREATE TABLE t (a)');
    const query = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
    await assert.rejects(snapshots.fetch({ uri: 'sqlite:some.db', rows: { query }, timeoutMs: 200 }), {
      code: 'query-timeout',
    });
    const signal = AbortSignal.timeout(200);
    await assert.rejects(snapshots.fetch({ uri: 'sqlite:some.db', rows: { query } }, { signal }), {
      code: 'cancelled',
    });
    assert.deepEqual(await snapshots.files(), []);
  });

  const duckdbTypes: readonly { value: string; as: string; is: string }[] = [
    { value: '123456789012345678901234567890::HUGEINT', as: 'DECIMAL(38,0)', is: '123456789012345678901234567890' },
    { value: '18446744073709551615::UBIGINT', as: 'UBIGINT', is: '18446744073709551615' },
    { value: "INTERVAL '1 month 2 microseconds'", as: 'VARCHAR', is: '1 month 00:00:00.000002' },
    { value: "'sad'::ENUM('sad', 'ok')", as: 'VARCHAR', is: 'sad' },
    { value: "{'a': [1, NULL]}", as: 'STRUCT(a INTEGER[])', is: "{'a': [1, NULL]}" },
    { value: "TIMESTAMPTZ '2024-01-01 00:00:00+05:30'", as: 'TIMESTAMP WITH TIME ZONE', is: '2023-12-31 18:30:00+00' },
  ];
  for (const { value, as, is } of duckdbTypes) {
    it(`DuckDB: ${value} becomes ${as}`, async () => {
      await writeDuckdb(`CREATE TABLE t AS SELECT ${value} AS v`);
      const { record } = await snapshots.fetch({ uri: 'duckdb:some.duckdb', rows: { table: 'main.t' } });
      const [described] = await snapshots.query((file) => `DESCRIBE SELECT * FROM ${file}`, record);
      assert.equal(described?.['column_type'], as);
      assert.deepEqual(await snapshots.texts(record), [{ v: is }]);
    });
  }

  it('DuckDB: keeps the order of the query, and comes by a watermark', async () => {
    await writeDuckdb('CREATE TABLE t AS SELECT range AS id, hash(range) AS h FROM range(10000)');
    const query = 'SELECT * FROM t ORDER BY h -- so';
    const { record } = await snapshots.fetch({ uri: 'duckdb:some.duckdb', rows: { query } });
    const [wrong] = await snapshots.query(
      (file) => `SELECT count(*)::INTEGER AS n FROM (SELECT h < lag(h) OVER () AS w FROM ${file}) WHERE w`,
      record,
    );
    assert.deepEqual(wrong, { n: 0 });
    const source = { uri: 'duckdb:some.duckdb', rows: { table: 't' }, incremental: { column: 'id' } };
    await snapshots.fetch(source);
    await writeDuckdb('INSERT INTO t VALUES (10000, 1)');
    assert.equal((await snapshots.fetch(source)).newRows, 1);
  });
});
