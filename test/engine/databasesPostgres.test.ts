/** Rows of a real PostgreSQL: types, names and queries. */
import assert from 'node:assert/strict';
import { testServers, type TestServer } from './databaseClients';
import { Snapshots } from './fetched';

describe('rows of a PostgreSQL', function () {
  this.timeout(300_000);
  let server: TestServer;
  let snapshots: Snapshots;

  before(async () => {
    server = await testServers.PostgreSQL();
    await server.query(
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN price AS numeric(8,2) CHECK (value >= 0); " +
        'CREATE DOMAIN cheap AS price CHECK (value < 10)',
    );
  });
  after(() => server.end());
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
    { of: 'json', values: [String.raw`'"\ud83d"'`, "'[1]'"], as: 'VARCHAR', are: [String.raw`"\ud83d"`, '[1]'] },
    { of: 'json[]', values: [String.raw`ARRAY['"\ud83d"'::json]`], as: 'VARCHAR[]', are: [String.raw`['"\\ud83d"']`] },
    { of: 'timestamp', values: ["'294276-12-31 23:59:59'"], as: 'VARCHAR', are: ['294276-12-31 23:59:59'] },
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
    { of: 'uuid[]', values: ['NULL', "'{NULL}'"], as: 'UUID[]', are: [null, '[NULL]'] },
    { of: 'mood[]', values: ["'{sad,NULL}'"], as: 'VARCHAR[]', are: ['[sad, NULL]'] },
    { of: 'numrange', values: ["'[1.5,)'"], as: 'VARCHAR', are: ['[1.5,)'] },
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
      await server.query(`DROP TABLE IF EXISTS typed; CREATE TABLE typed (place int, v ${of})`);
      for (const [place, value] of values.entries())
        await server.query(`INSERT INTO typed VALUES (${place}, ${value})`);
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
      await server.query(`CREATE TABLE ${quoted} (${quoted} int); INSERT INTO ${quoted} VALUES (7)`);
      const { record } = await snapshots.fetch({ uri: server.url(), rows: { table: `public.${quoted}` } });
      assert.deepEqual(await snapshots.texts(record), [{ [name]: '7' }]);
      await server.query(`DROP TABLE ${quoted}`);
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
    {
      what: 'a function that lets it write',
      query: "SELECT set_config('transaction_read_only', 'off', false)",
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
      await server.query('CREATE TABLE IF NOT EXISTS kept (a int); CREATE SEQUENCE IF NOT EXISTS counter');
      const fetched = snapshots.fetch({ uri: server.url(), rows: { query } });
      if (code === undefined) assert.equal((await fetched).record.rows, rows);
      else await assert.rejects(fetched, { code });
      await server.query('SELECT * FROM kept');
      if (code !== undefined) assert.deepEqual(await snapshots.files(), []);
    });
  }

  it('brings the rows of a table in the order of its primary key, however they were written', async () => {
    await server.query(
      'CREATE TABLE ordered (name text, b int, a int, PRIMARY KEY (a, b)); ' +
        "INSERT INTO ordered SELECT 'n' || n, n % 3, n / 3 FROM generate_series(999, 1, -1) n",
    );
    const fetched = async () => (await snapshots.fetch({ uri: server.url(), rows: { table: 'ordered' } })).record;
    const before = await fetched();
    const first = (await snapshots.texts(before)).slice(0, 3).map(({ name }) => name);
    assert.deepEqual(first, ['n1', 'n2', 'n3']);
    await server.query('UPDATE ordered SET name = name WHERE a % 5 = 0');
    assert.equal((await fetched()).sha256, before.sha256);
    await server.query('DROP TABLE ordered');
  });

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

  it('takes two million rows in memory that does not grow with them', async () => {
    const query = 'SELECT n, repeat(md5(n::text), 10) AS t FROM generate_series(1, 2000000) n';
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
    assert.equal(record.rows, 2_000_000);
    assert.ok(spooled > 660e6 && peak - start < 450e6, `${spooled} bytes took ${peak - start} bytes of memory`);
  });
});
