/** Rows of a real MariaDB: types, names, what goes wrong, and what stays as it was when it does. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { Credentials } from '../../src/engine/credentials';
import { askServer, readSnapshot } from '../../src/engine/databases';
import { MldataError } from '../../src/protocol';
import { password, startMariadb, type DatabaseServer } from '../host/databaseServers';
import { accessWith, Snapshots } from './fetched';

const MANY = 'SELECT a.seq AS n, repeat(md5(a.seq), 50) AS t FROM seq_1_to_50000000 a';

describe('rows of a MariaDB', function () {
  this.timeout(300_000);
  let server: DatabaseServer;
  let client: Connection;
  let snapshots: Snapshots;

  before(async () => {
    server = await startMariadb();
    client = await createConnection({ uri: server.url(), multipleStatements: true });
    await client.query("SET sql_mode = ''");
  });
  after(async () => {
    await client.end();
    await server.stop();
  });
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
    { of: 'INET6', values: ["'::1'"], as: 'VARCHAR', are: ['::1'] },
    { of: 'TEXT', values: ["'a\"b,\\r\\n\\\\N'", "''", "'a\\0b'"], as: 'VARCHAR', are: ['a"b,\r\n\\N', '', 'a\0b'] },
    { of: 'VARCHAR(20) CHARACTER SET utf8mb4', values: ["'é😀'"], as: 'VARCHAR', are: ['é😀'] },
    { of: 'VARCHAR(20) CHARACTER SET latin1', values: ["'é'"], as: 'VARCHAR', are: ['é'] },
  ];
  for (const { of, values, as, are } of types) {
    it(`${of}: ${values.join(', ').slice(0, 80)} becomes ${as}`, async () => {
      // What the server takes for its own zone must not matter.
      await client.query(
        `SET time_zone = '+05:30'; DROP TABLE IF EXISTS typed; CREATE TABLE typed (place int, v ${of})`,
      );
      for (const [place, value] of values.entries())
        await client.query(`INSERT INTO typed VALUES (${place}, ${value})`);
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
      await client.query(`CREATE TABLE ${quoted} (${quoted} int); INSERT INTO ${quoted} VALUES (7)`);
      const table = `data."${name.replaceAll('"', '""')}"`;
      const { record } = await snapshots.fetch({ uri: server.url(), rows: { table }, incremental: { column: name } });
      assert.deepEqual(await snapshots.texts(record), [{ [name]: '7' }]);
      await client.query(`DROP TABLE ${quoted}`);
    });
  }

  for (const { what, query, code } of [
    { what: 'two statements', query: 'SELECT 1 AS a; DROP TABLE kept', code: 'query-failed' },
    { what: 'a statement that writes', query: 'DELETE FROM kept', code: 'query-failed' },
    { what: 'a file of the server', query: "SELECT 1 INTO OUTFILE '/tmp/mldata-outfile'", code: 'query-failed' },
    { what: 'two columns of one name', query: 'SELECT 1 AS a, 2 AS A', code: 'duplicate-column' },
  ]) {
    it(`a query with ${what} is refused: ${code}`, async () => {
      await client.query('CREATE TABLE IF NOT EXISTS kept (a int); DELETE FROM kept; INSERT INTO kept VALUES (1)');
      await assert.rejects(snapshots.fetch({ uri: server.url(), rows: { query } }), { code });
      const [rows] = await client.query<RowDataPacket[]>('SELECT * FROM kept');
      assert.equal(rows.length, 1);
      assert.deepEqual(await snapshots.files(), []);
    });
  }

  it('keeps the order of the query', async () => {
    const query = 'SELECT seq AS n FROM seq_1_to_5000 ORDER BY md5(seq) -- so';
    const { record } = await snapshots.fetch({ uri: server.url(), rows: { query } });
    const [first] = await snapshots.texts(record);
    const [rows] = await client.query<RowDataPacket[]>(query);
    assert.equal(first?.['n'], String(rows[0]?.['n']));
  });

  it('by a watermark brings what is new only', async () => {
    await client.query(
      "DROP TABLE IF EXISTS events; CREATE TABLE events (at datetime(6)); INSERT INTO events VALUES ('2024-01-01'), ('2024-01-02')",
    );
    const source = { uri: server.url(), rows: { query: 'SELECT * FROM events' }, incremental: { column: 'at' } };
    assert.equal((await snapshots.fetch(source)).newRows, 2);
    await client.query("INSERT INTO events VALUES ('2024-01-02 00:00:00.000001'), ('2023-01-01')");
    const { newRows, record } = await snapshots.fetch(source);
    assert.deepEqual([newRows, record.rows, record.watermark?.value], [1, 3, '2024-01-02 00:00:00.000001']);
  });

  describe('when it goes wrong', () => {
    for (const { what, uri, code } of [
      { what: 'a wrong password', uri: () => server.url('wrong-s3cret'), code: 'database-login' },
      { what: 'a closed port', uri: () => 'mysql://u:wrong-s3cret@127.0.0.1:1/x', code: 'database-unreachable' },
      {
        what: 'an unknown host',
        uri: () => 'mariadb://u:wrong-s3cret@nowhere.invalid/x',
        code: 'database-unreachable',
      },
    ]) {
      it(`${what} is ${code}, and the message tells no secret`, async () => {
        const fetched = snapshots.fetch({ uri: uri(), rows: { query: 'SELECT 1' } });
        const error = await fetched.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof MldataError);
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /s3cret|pa55/);
      });
    }

    it('says whether it lets somebody in, without asking for rows', async () => {
      const signal = new AbortController().signal;
      const ask = (secret: string) => askServer(server.url('${env:SECRET}'), accessWith({ SECRET: secret }), signal);
      await ask(password);
      await assert.rejects(async () => ask('wrong'), { code: 'database-login', kind: 'authentication' });
      await assert.rejects(async () => ask(''), { code: 'secret-missing' });
    });

    it('takes the password from the environment', async () => {
      const uri = server.url('${env:DATABASE_PASSWORD}');
      const credentials = new Credentials({ environment: { DATABASE_PASSWORD: password } });
      const { record } = await snapshots.fetch({ uri, rows: { query: 'SELECT 1 AS a' } }, { credentials });
      assert.equal(record.origin, `mysql://tester@127.0.0.1:${server.port}/data`);
    });

    it('stops a query that takes longer than its timeout', async () => {
      const source = {
        uri: server.url(),
        rows: { query: MANY.replace('repeat', 'benchmark(1e8, sha2(1, 512)), repeat') },
        timeoutMs: 300,
      };
      await assert.rejects(snapshots.fetch(source), { code: 'query-timeout' });
    });

    for (const { what, query } of [
      { what: 'before the first row', query: 'SELECT SLEEP(60) AS a' },
      { what: 'among the rows', query: MANY },
    ]) {
      it(`stops within a second ${what} when it is cancelled, at the server too`, async () => {
        const stop = new AbortController();
        const fetched = snapshots.fetch({ uri: server.url(), rows: { query } }, { signal: stop.signal });
        fetched.catch(() => undefined);
        while ((await running(client, query)) === 0) await sleep(20);
        await sleep(300);
        const start = performance.now();
        stop.abort();
        await assert.rejects(fetched, { code: 'cancelled' });
        while ((await running(client, query)) > 0) await sleep(20);
        assert.ok(performance.now() - start < 1000, `It took ${performance.now() - start} ms`);
        assert.deepEqual(await snapshots.files(), []);
      });
    }

    it('keeps the snapshot as it was when the server dies among the rows', async () => {
      const mortal = await startMariadb();
      try {
        const { record } = await snapshots.fetch({ uri: mortal.url(), rows: { query: 'SELECT 1 AS a' } });
        let seen: () => void = () => undefined;
        const rowsCame = new Promise<void>((resolve) => (seen = resolve));
        const fetched = snapshots.fetch(
          { uri: mortal.url(), rows: { query: MANY } },
          { onProgress: (rows) => rows > 100 && seen() },
        );
        fetched.catch(() => undefined);
        await rowsCame;
        process.kill(mortal.pid, 'SIGKILL');
        await assert.rejects(fetched, { code: 'database-lost' });
        assert.deepEqual(await readSnapshot(snapshots.target()), record);
        assert.deepEqual(await snapshots.files(), [record.file, 'snapshot.json']);
      } finally {
        await mortal.stop();
      }
    });
  });
});

/** How many statements with this text the server runs. */
async function running(client: Connection, query: string): Promise<number> {
  const [rows] = await client.query<RowDataPacket[]>(
    'SELECT count(*) AS n FROM information_schema.processlist WHERE id <> connection_id() AND info = ?',
    [query],
  );
  return Number(rows[0]?.['n']);
}
