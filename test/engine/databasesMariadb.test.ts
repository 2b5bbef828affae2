/** Rows of a real MariaDB: types, names and queries. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2';
import { setTimeout as sleep } from 'node:timers/promises';
import { rowsOf } from '../../src/engine/databases/mariadbRows';
import { testServers, type TestServer } from './databaseClients';
import { Snapshots } from './fetched';

describe('rows of a MariaDB', function () {
  this.timeout(300_000);
  let server: TestServer;
  let snapshots: Snapshots;

  before(async () => {
    server = await testServers.MariaDB();
  });
  after(() => server.end());
  beforeEach(async () => {
    snapshots = await Snapshots.create();
  });
  afterEach(() => snapshots.remove());

  const types: readonly { of: string; values: readonly string[]; as: string; are: readonly (string | null)[] }[] = [
    { of: 'TINYINT(1)', values: ['1', '-128', 'NULL'], as: 'TINYINT', are: ['1', '-128', null] },
    { of: 'TINYINT UNSIGNED', values: ['255'], as: 'UTINYINT', are: ['255'] },
    { of: 'SMALLINT', values: ['-32768'], as: 'SMALLINT', are: ['-32768'] },
    { of: 'SMALLINT UNSIGNED', values: ['65535'], as: 'USMALLINT', are: ['65535'] },
    { of: 'MEDIUMINT', values: ['-8388608'], as: 'INTEGER', are: ['-8388608'] },
    { of: 'MEDIUMINT UNSIGNED', values: ['16777215'], as: 'UINTEGER', are: ['16777215'] },
    { of: 'INT UNSIGNED', values: ['4294967295'], as: 'UINTEGER', are: ['4294967295'] },
    { of: 'INT(5) ZEROFILL', values: ['42'], as: 'UINTEGER', are: ['42'] },
    { of: 'BIGINT', values: ['-9223372036854775808'], as: 'BIGINT', are: ['-9223372036854775808'] },
    { of: 'BIGINT UNSIGNED', values: ['18446744073709551615'], as: 'UBIGINT', are: ['18446744073709551615'] },
    { of: 'FLOAT', values: ['1.1', '3.4028234e38'], as: 'FLOAT', are: ['1.1', '3.4028235e+38'] },
    { of: 'DOUBLE', values: ['0.1', '1.7976931348623157e308'], as: 'DOUBLE', are: ['0.1', '1.7976931348623157e+308'] },
    {
      of: 'DECIMAL(38,10)',
      values: ["'1234567890123456789012345678.0123456789'"],
      as: 'DECIMAL(38,10)',
      are: ['1234567890123456789012345678.0123456789'],
    },
    { of: 'DECIMAL(5,2) UNSIGNED', values: ['999.99'], as: 'DECIMAL(5,2)', are: ['999.99'] },
    { of: 'DECIMAL(5,0)', values: ['-99999'], as: 'DECIMAL(5,0)', are: ['-99999'] },
    {
      of: 'DECIMAL(65,2)',
      values: ["'12345678901234567890.25'"],
      as: 'DECIMAL(22,2)',
      are: ['12345678901234567890.25'],
    },
    { of: 'DECIMAL(65,2)', values: [`'${'9'.repeat(63)}.25'`], as: 'VARCHAR', are: [`${'9'.repeat(63)}.25`] },
    { of: 'YEAR', values: ['2024', '0'], as: 'USMALLINT', are: ['2024', '0'] },
    {
      of: 'DATE',
      values: ["'2024-02-29'", "'0000-00-00'", "'2024-00-10'", "'2024-01-00'", "'9999-12-31'"],
      as: 'DATE',
      are: ['2024-02-29', null, null, null, '9999-12-31'],
    },
    {
      of: 'DATETIME(6)',
      values: ["'2024-02-29 23:59:59.123456'", "'0000-00-00'", "'2024-01-01'"],
      as: 'TIMESTAMP',
      are: ['2024-02-29 23:59:59.123456', null, '2024-01-01 00:00:00'],
    },
    {
      of: 'TIMESTAMP(3) NULL',
      values: ["'2024-03-01 05:29:59.5'", "'0000-00-00'"],
      as: 'TIMESTAMP WITH TIME ZONE',
      are: ['2024-02-29 23:59:59.5+00', null],
    },
    { of: 'TIME', values: ["'23:59:59'", "'00:00:00'"], as: 'TIME', are: ['23:59:59', '00:00:00'] },
    {
      of: 'TIME(6)',
      values: ["'-838:59:59.999999'", "'25:00:00.5'"],
      as: 'VARCHAR',
      are: ['-838:59:59.999999', '25:00:00.5'],
    },
    { of: 'BIT(1)', values: ["b'1'", "b'0'"], as: 'BOOLEAN', are: ['true', 'false'] },
    { of: 'BIT(64)', values: [`b'${'1'.repeat(64)}'`], as: 'UBIGINT', are: ['18446744073709551615'] },
    { of: "ENUM('a','b')", values: ["'b'"], as: 'VARCHAR', are: ['b'] },
    { of: "SET('x','y')", values: ["'x,y'", "''"], as: 'VARCHAR', are: ['x,y', ''] },
    { of: 'BLOB', values: ["x'00ff22'", "''"], as: 'BLOB', are: ['\\x00\\xFF\\x22', ''] },
    { of: 'BINARY(2)', values: ["x'01'"], as: 'BLOB', are: ['\\x01\\x00'] },
    { of: 'JSON', values: [`'{"a":12345678901234567890.10}'`], as: 'JSON', are: ['{"a":12345678901234567890.10}'] },
    {
      of: 'UUID',
      values: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
      as: 'UUID',
      are: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    },
    {
      of: 'DECIMAL(65,30)',
      values: [`'${'9'.repeat(35)}.${'1'.repeat(30)}'`],
      as: 'VARCHAR',
      are: [`${'9'.repeat(35)}.${'1'.repeat(30)}`],
    },
    { of: 'INET6', values: ["'::1'"], as: 'VARCHAR', are: ['::1'] },
    { of: 'TEXT', values: ["'a\"b,\\r\\n\\\\N'", "''", "'a\\0b'"], as: 'VARCHAR', are: ['a"b,\r\n\\N', '', 'a\0b'] },
    { of: 'VARCHAR(20) CHARACTER SET utf8mb4', values: ["'é😀'"], as: 'VARCHAR', are: ['é😀'] },
    { of: 'VARCHAR(20) CHARACTER SET latin1', values: ["'é'"], as: 'VARCHAR', are: ['é'] },
  ];
  for (const { of, values, as, are } of types) {
    it(`${of}: ${values.join(', ').slice(0, 80)} becomes ${as}`, async () => {
      // What the server takes for its own zone must not matter.
      await server.query(
        `SET time_zone = '+05:30'; DROP TABLE IF EXISTS typed; CREATE TABLE typed (place int, v ${of})`,
      );
      for (const [place, value] of values.entries())
        await server.query(`INSERT INTO typed VALUES (${place}, ${value})`);
      const query = 'SELECT v FROM typed ORDER BY place';
      const { record, newRows, findings } = await snapshots.fetch({ uri: server.url(), rows: { query } });
      const [described] = await snapshots.query((file) => `DESCRIBE SELECT * FROM ${file}`, record);
      assert.deepEqual([described?.['column_type'], newRows], [as, values.length]);
      assert.deepEqual(
        (await snapshots.texts(record)).map(({ v }) => v),
        are,
      );
      const zeros = values.filter((value) => /-00|'0000/.test(value)).length;
      const told = findings.filter(({ code }) => code === 'zero-dates').map(({ count }) => count);
      assert.deepEqual(told, zeros > 0 ? [zeros] : []);
    });
  }

  for (const name of ['we`ird; DROP TABLE typed; --', "it's", 'Größe', '\\', 'select', '"."']) {
    it(`reads a table and a column named ${name}`, async () => {
      const quoted = `\`${name.replaceAll('`', '``')}\``;
      await server.query(`CREATE TABLE ${quoted} (${quoted} int); INSERT INTO ${quoted} VALUES (7)`);
      const table = `data."${name.replaceAll('"', '""')}"`;
      const { record } = await snapshots.fetch({ uri: server.url(), rows: { table }, incremental: { column: name } });
      assert.deepEqual(await snapshots.texts(record), [{ [name]: '7' }]);
      await server.query(`DROP TABLE ${quoted}`);
    });
  }

  for (const { what, query, code } of [
    { what: 'two statements', query: 'SELECT 1 AS a; DROP TABLE kept', code: 'query-failed' },
    { what: 'a statement that writes', query: 'DELETE FROM kept', code: 'query-failed' },
    { what: 'a statement that writes and answers', query: 'DELETE FROM kept RETURNING a', code: 'query-failed' },
    { what: 'a table that it drops', query: 'DROP TABLE kept', code: 'query-failed' },
    { what: 'a setting of the server', query: 'SET GLOBAL max_connections = 10', code: 'query-failed' },
    { what: 'the end of the transaction', query: 'COMMIT', code: 'query-failed' },
    { what: 'an unknown table', query: 'SELECT * FROM nothing', code: 'query-failed' },
    { what: 'a new user', query: 'CREATE USER evil', code: 'query-failed' },
    { what: 'a procedure', query: 'CALL emptied()', code: 'query-failed' },
    { what: 'two columns of one name', query: 'SELECT 1 AS a, 2 AS A', code: 'duplicate-column' },
  ]) {
    it(`a query with ${what} is refused: ${code}`, async () => {
      await server.query(
        'CREATE TABLE IF NOT EXISTS kept (a int); DELETE FROM kept; INSERT INTO kept VALUES (1); ' +
          'CREATE OR REPLACE PROCEDURE emptied() BEGIN COMMIT; DELETE FROM kept; SELECT 1; END',
      );
      await assert.rejects(snapshots.fetch({ uri: server.url(), rows: { query } }), { code });
      const [left] = await server.query(
        "SELECT (SELECT count(*) FROM kept) AS n, (SELECT count(*) FROM mysql.user WHERE User = 'evil') AS users, @@global.max_connections AS most",
      );
      assert.deepEqual([Number(left?.['n']), Number(left?.['users'])], [1, 0]);
      assert.notEqual(Number(left?.['most']), 10);
      assert.deepEqual(await snapshots.files(), []);
    });
  }

  it('a query that writes a file at the server is refused, and writes none', async () => {
    const file = join(tmpdir(), `mldata-outfile-${process.pid}`);
    const query = `SELECT 1 AS a INTO OUTFILE '${file}'`;
    await assert.rejects(snapshots.fetch({ uri: server.url(), rows: { query } }), { code: 'query-failed' });
    assert.equal(existsSync(file), false);
  });

  it('brings the rows of a table in the order of its primary key, whichever index the server reads', async () => {
    await server.query(
      'CREATE TABLE ordered (a INT, b INT, PRIMARY KEY (a), KEY (b)) ENGINE = InnoDB; ' +
        'INSERT INTO ordered SELECT seq, 1000 - seq FROM seq_1_to_999',
    );
    const { record } = await snapshots.fetch({ uri: server.url(), rows: { table: 'ordered' } });
    const found = (await snapshots.texts(record)).map(({ a }) => Number(a));
    assert.deepEqual(found.slice(0, 3), [1, 2, 3]);
  });

  it('takes a query as the server is set up to read it', async () => {
    await server.query("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    try {
      await server.query('CREATE TABLE quoted (v INT); INSERT INTO quoted VALUES (7)');
      const query = String.raw`SELECT "v" AS v, '\' AS b FROM quoted`;
      const { record } = await snapshots.fetch({ uri: server.url(), rows: { query } });
      assert.deepEqual(await snapshots.texts(record), [{ v: '7', b: '\\' }]);
    } finally {
      await server.query('SET GLOBAL sql_mode = DEFAULT');
    }
  });

  it('holds few rows at once where they are large', async () => {
    const connection = createConnection({ uri: server.url(), rowsAsArray: true });
    try {
      const command = connection.execute("SELECT REPEAT('x', 1 << 20) AS t FROM seq_1_to_200");
      let came = 0;
      command.on('result', () => came++);
      let taken = 0;
      for await (const [text] of rowsOf(command, connection)) {
        taken++;
        assert.equal(String(text).length, 1 << 20);
        if (taken === 1) await sleep(500);
        assert.ok(came - taken < 12, `${came - taken} rows wait`);
      }
      assert.deepEqual([came, taken], [200, 200]);
    } finally {
      connection.destroy();
    }
  });

  it('keeps the order of the query', async () => {
    const query = 'SELECT seq AS n FROM seq_1_to_5000 ORDER BY md5(seq) -- so';
    const { record } = await snapshots.fetch({ uri: server.url(), rows: { query } });
    const [first] = await snapshots.texts(record);
    const rows = await server.query(query);
    assert.equal(first?.['n'], String(rows[0]?.['n']));
  });
});
