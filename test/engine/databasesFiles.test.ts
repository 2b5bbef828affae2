/** Rows of databases that are files: SQLite and DuckDB. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { Database, targetLiteral } from '../../src/engine/duckdb';
import { asOfVersion, holdDuckdb, Sqlite, spilling } from './databaseFiles';
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

  it('SQLite: reads a table without row numbers, a view, and a column that is computed', async () => {
    writeSqlite(
      'CREATE TABLE w (k text PRIMARY KEY, n int, d int AS (n * 2)) WITHOUT ROWID; ' +
        "INSERT INTO w VALUES ('b', 2), ('a', 1); CREATE VIEW v AS SELECT k, d FROM w ORDER BY k",
    );
    const { record } = await snapshots.fetch({ uri: 'sqlite:some.db', rows: { table: 'v' } });
    assert.deepEqual(await snapshots.texts(record), [
      { k: 'a', d: '2' },
      { k: 'b', d: '4' },
    ]);
    const { record: whole } = await snapshots.fetch({ uri: 'sqlite:some.db', rows: { table: 'w' } });
    assert.deepEqual((await snapshots.texts(whole))[0], { k: 'a', n: '1', d: '2' });
  });

  it('SQLite: reads what another program wrote to the log beside the file, and changes neither', async () => {
    const other = await Sqlite.open(join(snapshots.folder, 'some.db'));
    await other.run('PRAGMA journal_mode = wal', 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)');
    const files = (await readdir(snapshots.folder)).sort();
    assert.ok(files.includes('some.db-wal'));
    const { record } = await snapshots.fetch({ uri: 'sqlite:some.db', rows: { table: 't' } });
    assert.deepEqual(await snapshots.texts(record), [{ a: '1' }]);
    await other.run('BEGIN IMMEDIATE', 'INSERT INTO t VALUES (2)');
    const { record: again } = await snapshots.fetch({ uri: 'sqlite:some.db', rows: { table: 't' } });
    assert.equal(again.rows, 1);
    assert.deepEqual(
      (await readdir(snapshots.folder)).sort().filter((name) => name !== 'snapshot'),
      files.filter((name) => name !== 'snapshot'),
    );
    await other.end();
  });

  it('SQLite: runs nothing behind a query, also of a copy that could be written to', async () => {
    const other = await Sqlite.open(join(snapshots.folder, 'some.db'));
    await other.run('PRAGMA journal_mode = wal', 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)');
    writeSqlite('CREATE TABLE precious (a)', 'other.db');
    const before = await readFile(join(snapshots.folder, 'other.db'));
    const drop = `ATTACH '${join(snapshots.folder, 'other.db')}' AS x; DROP TABLE x.precious`;
    const query = `SELECT 1) AS a; ${drop}; SELECT * FROM (SELECT 1`;
    await assert.rejects(snapshots.fetch({ uri: 'sqlite:some.db', rows: { query } }), { code: 'query-failed' });
    assert.deepEqual(await readFile(join(snapshots.folder, 'other.db')), before);
    await other.end();
  });

  it('SQLite: does not read a file that another program is writing to, or broke off writing to', async () => {
    const other = await Sqlite.open(join(snapshots.folder, 'some.db'));
    await other.run('CREATE TABLE t (a)', 'BEGIN IMMEDIATE', ...spilling);
    const source = { uri: 'sqlite:some.db', rows: { table: 't' } };
    await assert.rejects(snapshots.fetch(source), { code: 'database-busy' });
    other.kill();
    await assert.rejects(snapshots.fetch(source), { code: 'database-busy' });
    const next = await Sqlite.open(join(snapshots.folder, 'some.db'));
    await next.run('SELECT * FROM t');
    await next.end();
    assert.equal((await snapshots.fetch(source)).record.rows, 0);
  });

  it('SQLite: notices that a file changed while it was read', async () => {
    writeSqlite('CREATE TABLE t (a)');
    const query =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT printf('%0100d', i) FROM n";
    let onProgress: () => void = () => undefined;
    const rowsCame = new Promise<void>((resolve) => (onProgress = resolve));
    const fetched = snapshots.fetch({ uri: 'sqlite:some.db', rows: { query } }, { onProgress });
    fetched.catch(() => undefined);
    await rowsCame;
    const other = await Sqlite.open(join(snapshots.folder, 'some.db'));
    await other.run('INSERT INTO t VALUES (1)');
    await other.end();
    await assert.rejects(fetched, { code: 'database-busy' });
    assert.deepEqual(await snapshots.files(), []);
  });

  it('DuckDB: does not read a file that another process has open for writing', async () => {
    await writeDuckdb('CREATE TABLE t AS SELECT 1 AS a');
    const holder = await holdDuckdb(join(snapshots.folder, 'some.duckdb'));
    const source = { uri: 'duckdb:some.duckdb', rows: { table: 't' } };
    await assert.rejects(snapshots.fetch(source), { code: 'database-busy' });
    await holder.end();
    assert.equal((await snapshots.fetch(source)).record.rows, 1);
  });

  it('DuckDB: says of a file by a newer version that it is one', async () => {
    await writeDuckdb('CREATE TABLE t AS SELECT 1 AS a');
    const path = join(snapshots.folder, 'some.duckdb');
    await writeFile(path, asOfVersion(await readFile(path), 999n));
    await assert.rejects(snapshots.fetch({ uri: 'duckdb:some.duckdb', rows: { table: 't' } }), {
      code: 'database-unreadable',
      message: /version number 999/,
    });
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
    { what: 'a file that it attaches', uri: 'sqlite:some.db', query: "ATTACH 'x.db' AS x", code: 'query-failed' },
    { what: 'no such table', uri: 'sqlite:some.db', query: 'SELECT * FROM nothing', code: 'query-failed' },
    { what: 'a folder', uri: 'sqlite:scratch', query: 'SELECT 1', code: 'database-missing' },
    { what: 'no file', uri: 'sqlite:none.db', query: 'SELECT 1', code: 'database-missing' },
    { what: 'no database', uri: 'sqlite:text.txt', query: 'SELECT * FROM t', code: 'database-unreadable' },
    { what: 'a path that leaves the folder', uri: 'sqlite:../some.db', query: 'SELECT 1', code: 'path-outside' },
    { what: 'two statements', uri: 'duckdb:some.duckdb', query: 'SELECT 1; DROP TABLE t', code: 'query-failed' },
    {
      what: 'another file',
      uri: 'duckdb:some.duckdb',
      query: "SELECT * FROM read_text('/etc/hostname')",
      code: 'query-failed',
    },
    {
      what: 'a view of another file',
      uri: 'duckdb:some.duckdb',
      query: 'SELECT * FROM outside',
      code: 'query-failed',
    },
    {
      what: 'a file that it writes',
      uri: 'duckdb:some.duckdb',
      query: "COPY (SELECT 1) TO 'written.csv'",
      code: 'query-failed',
    },
    { what: 'a file that it attaches', uri: 'duckdb:some.duckdb', query: "ATTACH 'x.db' AS x", code: 'query-failed' },
    {
      what: 'a statement that writes',
      uri: 'duckdb:some.duckdb',
      query: 'DELETE FROM t RETURNING *',
      code: 'query-failed',
    },
    { what: 'a function that writes', uri: 'duckdb:some.duckdb', query: "SELECT nextval('n')", code: 'query-failed' },
    { what: 'a setting', uri: 'duckdb:some.duckdb', query: 'SET enable_external_access = true', code: 'query-failed' },
    { what: 'no such table', uri: 'duckdb:some.duckdb', query: 'SELECT * FROM nothing', code: 'query-failed' },
    { what: 'no file', uri: 'duckdb:none.duckdb', query: 'SELECT 1', code: 'database-missing' },
    { what: 'no database', uri: 'duckdb:text.txt', query: 'SELECT 1', code: 'database-unreadable' },
    { what: 'a path that leaves the folder', uri: 'duckdb:///etc/passwd', query: 'SELECT 1', code: 'path-outside' },
  ];
  for (const { what, uri, query, code } of refused) {
    it(`${uri} with ${what} is refused: ${code}`, async () => {
      writeSqlite('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      await writeDuckdb(
        "CREATE TABLE t AS SELECT 1 AS a; CREATE SEQUENCE n; CREATE VIEW outside AS SELECT * FROM read_text('/etc/hostname')",
      );
      await writeFile(join(snapshots.folder, 'text.txt'), 'no database '.repeat(1000));
      await assert.rejects(snapshots.fetch({ uri, rows: { query } }), { code });
      assert.deepEqual(await snapshots.files(), []);
      assert.deepEqual(
        (await readdir(snapshots.folder)).filter((name) => /written|x\.db|lock/.test(name)),
        [],
      );
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
    { value: `${'1'.repeat(39)}::HUGEINT`, as: 'VARCHAR', is: '1'.repeat(39) },
    {
      value: "{'n': [1::HUGEINT], 'INTERVAL': INTERVAL '1 us', t: TIMETZ '10:00:00+02'}",
      as: 'STRUCT(n DECIMAL(38,0)[], "INTERVAL" VARCHAR, t VARCHAR)',
      is: "{'n': [1], 'INTERVAL': '00:00:00.000001', 't': '10:00:00+02'}",
    },
    {
      value: '[9007199254740993::HUGEINT, NULL]',
      as: 'DECIMAL(38,0)[]',
      is: '[9007199254740993, NULL]',
    },
    {
      value: `MAP {'k': ${'1'.repeat(39)}::HUGEINT}`,
      as: 'MAP(VARCHAR, VARCHAR)',
      is: `{k=${'1'.repeat(39)}}`,
    },
    { value: "['sad'::ENUM('sad', 'it''s (so), ok')]", as: 'VARCHAR[]', is: '[sad]' },
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

  it('DuckDB: says of numbers that no decimal holds that they are texts', async () => {
    await writeDuckdb(`CREATE TABLE t AS SELECT 1::HUGEINT AS small, [${'1'.repeat(39)}::HUGEINT] AS large`);
    const { findings } = await snapshots.fetch({ uri: 'duckdb:some.duckdb', rows: { table: 't' } });
    assert.deepEqual(
      findings.map(({ code, column }) => [code, column]),
      [['kept-as-text', 'large']],
    );
  });

  it('DuckDB: stops a query that takes longer than its timeout', async () => {
    await writeDuckdb('CREATE TABLE t (a INTEGER)');
    const query = 'SELECT sum(hash(a.range) % 7) AS s FROM range(100000000) a, range(1000) b';
    const asked = { uri: 'duckdb:some.duckdb', rows: { query } };
    await assert.rejects(snapshots.fetch({ ...asked, timeoutMs: 300 }), { code: 'query-timeout' });
    await assert.rejects(snapshots.fetch(asked, { signal: AbortSignal.timeout(300) }), { code: 'cancelled' });
    assert.deepEqual(await snapshots.files(), []);
  });

  it('DuckDB: says of a value that the query cannot cast that it is the query', async () => {
    await writeDuckdb("CREATE TABLE t AS SELECT 'x' AS a");
    const asked = { uri: 'duckdb:some.duckdb', rows: { query: 'SELECT CAST(a AS INTEGER) AS a FROM t' } };
    await assert.rejects(snapshots.fetch(asked), { code: 'query-failed' });
  });

  it('DuckDB: keeps the order of the query', async () => {
    await writeDuckdb('CREATE TABLE t AS SELECT range AS id, hash(range) AS h FROM range(10000)');
    const query = 'SELECT * FROM t ORDER BY h -- so';
    const { record } = await snapshots.fetch({ uri: 'duckdb:some.duckdb', rows: { query } });
    const [wrong] = await snapshots.query(
      (file) => `SELECT count(*)::INTEGER AS n FROM (SELECT h < lag(h) OVER () AS w FROM ${file}) WHERE w`,
      record,
    );
    assert.deepEqual(wrong, { n: 0 });
  });
});
