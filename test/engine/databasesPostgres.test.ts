/** Rows of a real PostgreSQL: types, names, what goes wrong, and what stays as it was when it does. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Credentials } from '../../src/engine/credentials';
import { askServer, readSnapshot } from '../../src/engine/databases';
import { MldataError } from '../../src/protocol';
import { password, startPostgres, type DatabaseServer } from '../host/databaseServers';
import { accessWith, Snapshots } from './fetched';

describe('rows of a PostgreSQL', function () {
  this.timeout(300_000);
  let server: DatabaseServer;
  let client: Client;
  let snapshots: Snapshots;

  before(async () => {
    server = await startPostgres();
    client = await connected(server);
    await client.query(
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN price AS numeric(8,2) CHECK (value >= 0); " +
        'CREATE DOMAIN cheap AS price CHECK (value < 10)',
    );
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
    { of: 'boolean', values: ['true', 'false', 'NULL'], as: 'BOOLEAN', are: ['true', 'false', null] },
    { of: 'smallint', values: ['-32768'], as: 'SMALLINT', are: ['-32768'] },
    { of: 'integer', values: ['2147483647'], as: 'INTEGER', are: ['2147483647'] },
    {
      of: 'bigint',
      values: ['9223372036854775807', '-9223372036854775808'],
      as: 'BIGINT',
      are: ['9223372036854775807', '-9223372036854775808'],
    },
    { of: 'oid', values: ['4294967295'], as: 'UINTEGER', are: ['4294967295'] },
    { of: 'real', values: ['1.1', "'-Infinity'"], as: 'FLOAT', are: ['1.1', '-inf'] },
    {
      of: 'double precision',
      values: ['0.1', '1e308', "'NaN'", "'Infinity'"],
      as: 'DOUBLE',
      are: ['0.1', '1e+308', 'nan', 'inf'],
    },
    {
      of: 'numeric(38,10)',
      values: ['1234567890123456789012345678.0123456789'],
      as: 'DECIMAL(38,10)',
      are: ['1234567890123456789012345678.0123456789'],
    },
    { of: 'numeric(4,2)', values: ["'NaN'", '1.50'], as: 'VARCHAR', are: ['NaN', '1.50'] },
    { of: 'numeric(3,-2)', values: ['12345'], as: 'DECIMAL(5,0)', are: ['12300'] },
    {
      of: 'numeric',
      values: ['0.001', '-123456789012345678901234567890', 'NULL'],
      as: 'DECIMAL(33,3)',
      are: ['0.001', '-123456789012345678901234567890.000', null],
    },
    { of: 'numeric', values: ["'Infinity'", '0.10'], as: 'VARCHAR', are: ['Infinity', '0.10'] },
    { of: 'numeric', values: ['1e40', '1e-10'], as: 'VARCHAR', are: [`1${'0'.repeat(40)}`, '0.0000000001'] },
    {
      of: 'date',
      values: ["'2024-02-29'", "'0044-03-15 BC'", "'infinity'"],
      as: 'DATE',
      are: ['2024-02-29', '0044-03-15 (BC)', 'infinity'],
    },
    {
      of: 'timestamp',
      values: ["'2024-02-29 23:59:59.123456'", "'0044-03-15 12:30:00 BC'", "'-infinity'"],
      as: 'TIMESTAMP',
      are: ['2024-02-29 23:59:59.123456', '0044-03-15 (BC) 12:30:00', '-infinity'],
    },
    {
      of: 'timestamptz',
      values: ["'2024-03-01 05:29:59.5+05:30'", "'0044-03-15 12:00:00+00 BC'"],
      as: 'TIMESTAMP WITH TIME ZONE',
      are: ['2024-02-29 23:59:59.5+00', '0044-03-15 (BC) 12:00:00+00'],
    },
    { of: 'time', values: ["'23:59:59.999999'"], as: 'TIME', are: ['23:59:59.999999'] },
    { of: 'time', values: ["'24:00'"], as: 'VARCHAR', are: ['24:00:00'] },
    { of: 'timetz', values: ["'12:00+05:30'"], as: 'VARCHAR', are: ['12:00:00+05:30'] },
    {
      of: 'interval',
      values: ["'1 year -2 mons 3 days 04:05:06.000007'"],
      as: 'VARCHAR',
      are: ['P10M3DT4H5M6.000007S'],
    },
    {
      of: 'uuid',
      values: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
      as: 'UUID',
      are: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    },
    {
      of: 'json',
      values: [`'{"a": 1e400, "a": "\\u0041"}'`, "'null'"],
      as: 'JSON',
      are: ['{"a": 1e400, "a": "\\u0041"}', 'null'],
    },
    { of: 'jsonb', values: [`'[12345678901234567890.10]'`], as: 'JSON', are: ['[12345678901234567890.10]'] },
    { of: 'bytea', values: ["'\\x00ff22'", "''"], as: 'BLOB', are: ['\\x00\\xFF\\x22', ''] },
    {
      of: 'text',
      values: [`E'a"b,\\r\\n\\\\N'`, "''", "'\\N'", "'é😀'"],
      as: 'VARCHAR',
      are: ['a"b,\r\n\\N', '', '\\N', 'é😀'],
    },
    { of: 'char(4)', values: ["'ab'"], as: 'VARCHAR', are: ['ab  '] },
    { of: 'mood', values: ["'sad'"], as: 'VARCHAR', are: ['sad'] },
    { of: 'cheap', values: ['1.5'], as: 'DECIMAL(8,2)', are: ['1.50'] },
    { of: 'inet', values: ["'10.0.0.1/8'"], as: 'VARCHAR', are: ['10.0.0.1/8'] },
    { of: 'int4range', values: ["'[1,3)'"], as: 'VARCHAR', are: ['[1,3)'] },
    { of: 'bit(3)', values: ["B'101'"], as: 'VARCHAR', are: ['101'] },
    { of: 'integer[]', values: ["'{1,NULL,3}'", "'{}'", 'NULL'], as: 'INTEGER[]', are: ['[1, NULL, 3]', '[]', null] },
    { of: 'integer[]', values: ["'{{1,2},{3,4}}'", "'{5}'"], as: 'JSON', are: ['[["1","2"],["3","4"]]', '["5"]'] },
    { of: 'bigint[]', values: ["'{9007199254740993}'"], as: 'BIGINT[]', are: ['[9007199254740993]'] },
    {
      of: 'numeric(20,1)[]',
      values: ["'{1.5,9007199254740993.0}'"],
      as: 'DECIMAL(20,1)[]',
      are: ['[1.5, 9007199254740993.0]'],
    },
    { of: 'numeric(4,1)[]', values: ["'{1.5,NaN}'"], as: 'VARCHAR[]', are: ['[1.5, NaN]'] },
    { of: 'text[]', values: [`'{"[a,b",NULL,"NULL",""}'`], as: 'VARCHAR[]', are: ["['[a,b', NULL, 'NULL', '']"] },
    {
      of: 'timestamptz[]',
      values: ["'{2024-01-01 00:00:00+01}'"],
      as: 'TIMESTAMP WITH TIME ZONE[]',
      are: ["['2023-12-31 23:00:00+00']"],
    },
  ];
  for (const { of, values, as, are } of types) {
    it(`${of}: ${values.join(', ')} becomes ${as}`, async () => {
      await client.query(`DROP TABLE IF EXISTS typed; CREATE TABLE typed (place int, v ${of})`);
      for (const [place, value] of values.entries())
        await client.query(`INSERT INTO typed VALUES (${place}, ${value})`);
      const query = 'SELECT v FROM typed ORDER BY place';
      const { record, newRows } = await snapshots.fetch({ uri: server.url(), rows: { query } });
      const [described] = await snapshots.query((file) => `DESCRIBE SELECT * FROM ${file}`, record);
      assert.deepEqual([described?.['column_type'], newRows], [as, values.length]);
      assert.deepEqual(
        (await snapshots.texts(record)).map(({ v }) => v),
        are,
      );
    });
  }

  it('says which columns it had to keep as text', async () => {
    const query = "SELECT 'NaN'::numeric AS x, 1::numeric AS y";
    const { findings } = await snapshots.fetch({ uri: server.url(), rows: { query } });
    assert.deepEqual(
      findings.map(({ code, column }) => [code, column]),
      [['kept-as-text', 'x']],
    );
  });

  const hostile = ['we"ird; DROP TABLE typed; --', "it's", 'Größe 😀', ' a ', 'select', '${env:PATH}', '\\', '"."'];
  for (const name of hostile) {
    it(`reads a table and a column named ${name}`, async () => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      await client.query(`CREATE TABLE ${quoted} (${quoted} int); INSERT INTO ${quoted} VALUES (7)`);
      const { record } = await snapshots.fetch({ uri: server.url(), rows: { table: `public.${quoted}` } });
      assert.deepEqual(await snapshots.texts(record), [{ [name]: '7' }]);
      await client.query(`DROP TABLE ${quoted}`);
    });
  }

  const queries: readonly { what: string; query: string; code?: string; rows?: number }[] = [
    { what: 'a comment at its end', query: 'SELECT 1 AS a -- one', rows: 1 },
    { what: 'a semicolon at its end', query: 'SELECT 1 AS a;\n ; ', rows: 1 },
    { what: 'VALUES', query: 'VALUES (1), (2)', rows: 2 },
    { what: 'WITH', query: 'WITH a AS (SELECT 1 AS b) SELECT * FROM a', rows: 1 },
    { what: 'no rows', query: 'SELECT 1 AS a WHERE false', rows: 0 },
    { what: 'two statements', query: 'SELECT 1 AS a; DROP TABLE kept', code: 'query-failed' },
    {
      what: 'a way out of the parentheses',
      query: 'SELECT 1) TO STDOUT; DROP TABLE kept; COPY (SELECT 1',
      code: 'query-failed',
    },
    {
      what: 'a statement that writes',
      query: 'WITH a AS (DELETE FROM kept RETURNING *) SELECT * FROM a',
      code: 'query-failed',
    },
    { what: 'a function that writes', query: "SELECT nextval('counter') AS a", code: 'query-failed' },
    { what: 'an unknown table', query: 'SELECT * FROM nothing', code: 'query-failed' },
    { what: 'two columns of one name', query: 'SELECT 1 AS a, 2 AS a', code: 'duplicate-column' },
    {
      what: 'a value that cannot be',
      query: 'SELECT 1 / (5 - n) AS a FROM generate_series(1, 9) n',
      code: 'query-failed',
    },
  ];
  for (const { what, query, code, rows } of queries) {
    it(`a query with ${what} ${code === undefined ? `brings ${rows} rows` : `is refused: ${code}`}`, async () => {
      await client.query('CREATE TABLE IF NOT EXISTS kept (a int); CREATE SEQUENCE IF NOT EXISTS counter');
      const fetched = snapshots.fetch({ uri: server.url(), rows: { query } });
      if (code === undefined) assert.equal((await fetched).record.rows, rows);
      else await assert.rejects(fetched, { code });
      await client.query('SELECT * FROM kept');
      if (code !== undefined) assert.deepEqual(await snapshots.files(), []);
    });
  }

  it('writes the same bytes for the same rows, with any number of threads', async () => {
    const query = 'SELECT n, md5(n::text) AS m, n / 7.0 AS x FROM generate_series(1, 300000) n';
    const source = { uri: server.url(), rows: { query } };
    const one = await snapshots.fetch(source, { threads: 2 }, 'a');
    const other = await snapshots.fetch(source, { threads: 7 }, 'b');
    assert.equal(one.record.sha256, other.record.sha256);
  });

  it('reads a cell of thirty megabytes beside short ones', async () => {
    const query =
      "SELECT n, repeat(E'x\\n\"', CASE n WHEN 2 THEN 10000000 ELSE n END) AS t FROM generate_series(1, 3) n";
    const { record } = await snapshots.fetch({ uri: server.url(), rows: { query } });
    const lengths = await snapshots.query((file) => `SELECT length(t)::INTEGER AS l FROM ${file}`, record);
    assert.deepEqual(lengths, [{ l: 3 }, { l: 30_000_000 }, { l: 9 }]);
  });

  it('takes a million rows in memory that does not grow with them', async () => {
    const query = 'SELECT n, repeat(md5(n::text), 10) AS t FROM generate_series(1, 1000000) n';
    const start = process.memoryUsage().rss;
    let peak = start;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    let spooled = 0;
    const onProgress = (_: number, bytes: number) => (spooled = bytes);
    const { record } = await snapshots.fetch(
      { uri: server.url(), rows: { query } },
      { memoryLimit: '200MB', onProgress },
    );
    clearInterval(timer);
    assert.equal(record.rows, 1_000_000);
    assert.ok(spooled > 330e6 && peak - start < 300e6, `${spooled} bytes took ${peak - start} bytes of memory`);
  });

  describe('by a watermark', () => {
    beforeEach(() =>
      client.query(
        'DROP TABLE IF EXISTS events; CREATE TABLE events (at timestamptz, amount numeric); ' +
          "INSERT INTO events VALUES ('2024-01-02', 1.5), ('2024-01-01', 2.25)",
      ),
    );
    const events = () => ({ uri: server.url(), rows: { table: 'events' }, incremental: { column: 'at' } });

    it('brings what is new only, behind what was there', async () => {
      const first = await snapshots.fetch(events());
      assert.deepEqual([first.newRows, first.record.watermark], [2, { column: 'at', value: '2024-01-02 00:00:00+00' }]);
      await client.query("INSERT INTO events VALUES ('2024-01-01 12:00', 9), ('2024-01-02 00:00:00.000001', 3.75)");
      const second = await snapshots.fetch(events());
      assert.equal(second.newRows, 1);
      assert.deepEqual(
        (await snapshots.texts(second.record)).map(({ amount }) => amount),
        ['2.25', '1.50', '3.75'],
      );
      const third = await snapshots.fetch(events());
      assert.deepEqual([third.newRows, third.record.sha256], [0, second.record.sha256]);
      assert.deepEqual(await snapshots.files(), [third.record.file, 'snapshot.json']);
    });

    it('fetches everything again when new rows need other columns', async () => {
      await snapshots.fetch(events());
      await client.query("INSERT INTO events VALUES ('2024-01-03', 1234.5678)");
      const { newRows, record } = await snapshots.fetch(events());
      assert.deepEqual([newRows, record.columns[1]?.type], [3, 'DECIMAL(8,4)']);
    });

    for (const { column, code } of [
      { column: 'nothing', code: 'unknown-column' },
      { column: 'word', code: 'watermark-unusable' },
      { column: 'endless', code: 'watermark-unusable' },
    ]) {
      it(`refuses the column ${column}: ${code}`, async () => {
        const query = "SELECT 'a' AS word, 'infinity'::timestamp AS endless";
        const source = { uri: server.url(), rows: { query }, incremental: { column } };
        await assert.rejects(snapshots.fetch(source), { code });
        assert.deepEqual(await snapshots.files(), []);
      });
    }
  });

  describe('when it goes wrong', () => {
    const addresses: readonly { what: string; uri: () => string; code: string }[] = [
      { what: 'a wrong password', uri: () => server.url('wrong-s3cret'), code: 'database-login' },
      { what: 'no password', uri: () => server.url(''), code: 'database-login' },
      { what: 'an unknown database', uri: () => server.url().replace(/postgres$/, 'nothing'), code: 'database-login' },
      { what: 'a closed port', uri: () => 'postgres://u:wrong-s3cret@127.0.0.1:1/x', code: 'database-unreachable' },
      {
        what: 'an unknown host',
        uri: () => 'postgres://u:wrong-s3cret@nowhere.invalid/x',
        code: 'database-unreachable',
      },
      { what: 'a variable that is not set', uri: () => server.url('${env:NOT_SET}'), code: 'secret-missing' },
      { what: 'a port that is none', uri: () => 'postgres://u:wrong-s3cret@h:99999/x', code: 'address-invalid' },
    ];
    for (const { what, uri, code } of addresses) {
      it(`${what} is ${code}, and the message tells no secret`, async () => {
        const fetched = snapshots.fetch({ uri: uri(), rows: { query: 'SELECT 1' } });
        const error = await fetched.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof MldataError);
        assert.equal(error.code, code);
        assert.equal(error.cause, undefined);
        assert.doesNotMatch(error.message, /s3cret|pa55/);
        assert.deepEqual(await snapshots.files(), []);
      });
    }

    it('says whether it lets somebody in, without asking for rows', async () => {
      const signal = new AbortController().signal;
      const ask = (secret: string) => askServer(server.url('${env:SECRET}'), accessWith({ SECRET: secret }), signal);
      await ask(password);
      await assert.rejects(async () => ask('wrong'), { code: 'database-login', kind: 'authentication' });
      await assert.rejects(async () => ask(''), { code: 'secret-missing' });
    });

    it('takes the password from the environment, and keeps it out of what is told and written', async () => {
      const uri = server.url('${env:DATABASE_PASSWORD}');
      const credentials = new Credentials({ environment: { DATABASE_PASSWORD: password } });
      const { record } = await snapshots.fetch({ uri, rows: { query: 'SELECT 1 AS a' } }, { credentials });
      assert.equal(record.origin, `postgres://tester@127.0.0.1:${server.port}/postgres`);
      assert.deepEqual(await readSnapshot(snapshots.target()), record);
      const query = `SELECT $q$${password}$q$::int`;
      await assert.rejects(snapshots.fetch({ uri, rows: { query } }, { credentials }), (error: Error) => {
        assert.match(error.message, /invalid input syntax for type integer: "•••"/);
        return true;
      });
    });

    it('stops a query that takes longer than its timeout', async () => {
      const source = { uri: server.url(), rows: { query: 'SELECT pg_sleep(60)' }, timeoutMs: 300 };
      await assert.rejects(snapshots.fetch(source), { code: 'query-timeout' });
    });

    for (const { what, query } of [
      { what: 'before the first row', query: 'SELECT pg_sleep(60) AS a' },
      { what: 'among the rows', query: 'SELECT n, repeat(md5(n::text), 50) AS a FROM generate_series(1, 50000000) n' },
    ]) {
      it(`stops within a second ${what} when it is cancelled, at the server too`, async () => {
        const stop = new AbortController();
        const fetched = snapshots.fetch({ uri: server.url(), rows: { query } }, { signal: stop.signal });
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
      const mortal = await startPostgres();
      try {
        const { record } = await snapshots.fetch({ uri: mortal.url(), rows: { query: 'SELECT 1 AS a' } });
        const query = 'SELECT n, repeat(md5(n::text), 50) AS a FROM generate_series(1, 50000000) n';
        let seen: () => void = () => undefined;
        const rowsCame = new Promise<void>((resolve) => (seen = resolve));
        const fetched = snapshots.fetch(
          { uri: mortal.url(), rows: { query } },
          { onProgress: (rows) => rows > 1000 && seen() },
        );
        fetched.catch(() => undefined);
        await rowsCame;
        process.kill(-mortal.pid, 'SIGKILL');
        await assert.rejects(fetched, { code: 'database-lost' });
        assert.deepEqual(await readSnapshot(snapshots.target()), record);
        assert.deepEqual(await snapshots.files(), [record.file, 'snapshot.json']);
      } finally {
        await mortal.stop();
      }
    });
  });
});

async function connected(server: DatabaseServer): Promise<Client> {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  return client;
}

/** How many statements with this query the server runs for mldata. */
async function running(client: Client, query: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'mldata' AND state = 'active' AND position($1 in query) > 0",
    [query],
  );
  return rows[0]?.n ?? 0;
}
