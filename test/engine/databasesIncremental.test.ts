/** Rows by a watermark, of every database: what a fetch brings when some rows are there already. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { Database, targetLiteral } from '../../src/engine/duckdb';
import { testServers } from './databaseClients';
import { Snapshots } from './fetched';

interface Filled {
  readonly uri: () => string;
  readonly run: (sql: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

type Source = Parameters<Snapshots['fetch']>[0];

describe('rows by a watermark', function () {
  this.timeout(300_000);
  let snapshots: Snapshots;
  beforeEach(async () => {
    snapshots = await Snapshots.create();
  });
  afterEach(() => snapshots.remove());

  const onFiles: Readonly<Record<string, () => Promise<Filled>>> = {
    SQLite: () =>
      Promise.resolve({
        uri: () => 'sqlite:some.db',
        run: (sql) => {
          const database = new sqlite.Database(join(snapshots.folder, 'some.db'));
          database.exec(sql);
          database.close();
          return Promise.resolve();
        },
        end: () => Promise.resolve(),
      }),
    DuckDB: () =>
      Promise.resolve({
        uri: () => 'duckdb:some.duckdb',
        run: async (sql) => {
          const database = await Database.open({ threads: 1, memoryLimit: '1GB', spillFolder: snapshots.scratch });
          await database.run(
            `ATTACH ${targetLiteral(join(snapshots.folder, 'some.duckdb'))} AS other; USE other; ${sql}`,
          );
          database.close();
        },
        end: () => Promise.resolve(),
      }),
  };
  const onServers = Object.entries(testServers).map(([name, open]): [string, () => Promise<Filled>] => [
    name,
    async () => {
      const server = await open();
      return {
        uri: () => server.url(),
        run: async (sql) => {
          await server.query(sql);
        },
        end: () => server.end(),
      };
    },
  ]);
  const databases = [...onServers, ...Object.entries(onFiles)];

  for (const [name, open] of databases) {
    describe(`of ${name}`, () => {
      let database: Filled;
      before(async () => {
        database = await open();
      });
      after(() => database.end());
      beforeEach(async () => {
        await database.run('DROP TABLE IF EXISTS events; CREATE TABLE events (id bigint, word varchar(20))');
      });

      const source = (): Source => ({
        uri: database.uri(),
        rows: { table: 'events' },
        incremental: { column: 'id' },
      });
      const all = async (): Promise<string[]> => {
        const { record } = await snapshots.fetch({ uri: database.uri(), rows: { table: 'events' } }, {}, 'all');
        return sorted(await snapshots.texts(record, 'all'));
      };
      const fetched = async (): Promise<{ newRows: number; rows: string[]; sha256: string }> => {
        const { record, newRows } = await snapshots.fetch(source());
        return { newRows, rows: sorted(await snapshots.texts(record)), sha256: record.sha256 };
      };

      it('loses and doubles none of those that share the last value', async () => {
        await database.run("INSERT INTO events VALUES (2, 'b'), (2, 'b'), (1, 'a'), (9007199254740993, 'c')");
        await fetched();
        await database.run(
          "INSERT INTO events VALUES (9007199254740993, 'c'), (9007199254740993, 'd'), (9007199254740994, 'e')",
        );
        const { newRows, rows } = await fetched();
        assert.deepEqual([newRows, rows], [3, await all()]);
      });

      it('is the same to the byte where nothing is new', async () => {
        await database.run("INSERT INTO events VALUES (1, 'a'), (2, 'b'), (2, 'c'), (NULL, 'd')");
        const first = await fetched();
        const { newRows, sha256 } = await fetched();
        assert.deepEqual([newRows, sha256], [0, first.sha256]);
      });

      it('loses and doubles none without a value, also when they get one', async () => {
        await database.run("INSERT INTO events VALUES (1, 'a'), (NULL, 'b')");
        await fetched();
        await database.run("INSERT INTO events VALUES (NULL, 'c'); UPDATE events SET id = 5 WHERE word = 'b'");
        const { newRows, rows } = await fetched();
        assert.deepEqual([newRows, rows], [1, await all()]);
      });

      it('starts with all rows while none has a value', async () => {
        await fetched();
        await database.run("INSERT INTO events VALUES (NULL, 'a')");
        assert.equal((await fetched()).newRows, 1);
        await database.run("INSERT INTO events VALUES (-5, 'b')");
        assert.deepEqual((await fetched()).rows, await all());
      });

      it('does not see what was deleted or changed below it, or came below it', async () => {
        await database.run("INSERT INTO events VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        await fetched();
        await database.run(
          "DELETE FROM events WHERE id = 1; UPDATE events SET word = 'x' WHERE id = 2; INSERT INTO events VALUES (0, 'y')",
        );
        assert.deepEqual((await fetched()).rows, ['1 a', '2 b', '3 c']);
      });

      it('asks for everything again when the query is another one', async () => {
        await database.run("INSERT INTO events VALUES (1, 'a'), (2, 'b')");
        await fetched();
        const query = 'SELECT id, word FROM events WHERE id > 0';
        assert.equal((await snapshots.fetch({ ...source(), rows: { query } })).newRows, 2);
      });

      for (const { column, code } of [
        { column: 'nothing', code: 'unknown-column' },
        { column: 'word', code: 'watermark-unusable' },
      ]) {
        it(`refuses the column ${column}: ${code}`, async () => {
          await database.run("INSERT INTO events VALUES (1, 'a')");
          await assert.rejects(snapshots.fetch({ ...source(), incremental: { column } }), { code });
          assert.deepEqual(await snapshots.files(), []);
        });
      }
    });
  }

  const types: readonly { server: string; type: string; first: string; then: readonly string[]; value: string }[] = [
    {
      server: 'PostgreSQL',
      type: 'timestamptz',
      first: '2024-01-02 00:00:00+02',
      then: ['2024-01-02 00:00:00+02', '2024-01-02 00:00:00.000001+02'],
      value: '2024-01-01 22:00:00+00',
    },
    { server: 'PostgreSQL', type: 'numeric', first: '1.25', then: ['1.2', '1.25', '1.26'], value: '1.25' },
    { server: 'PostgreSQL', type: 'date', first: '2024-02-29', then: ['2024-02-29'], value: '2024-02-29' },
    {
      server: 'MariaDB',
      type: 'timestamp(6) NULL',
      first: '2024-01-02 00:00:00',
      then: ['2024-01-02 00:00:00', '2024-01-02 00:00:00.000001'],
      value: '2024-01-02 00:00:00+00',
    },
    {
      server: 'MariaDB',
      type: 'datetime(6)',
      first: '2024-01-02 00:00:00',
      then: ['2024-01-01', '2024-01-02 00:00:00', '2024-01-02 00:00:00.000001'],
      value: '2024-01-02 00:00:00',
    },
    {
      server: 'MariaDB',
      type: 'bigint unsigned',
      first: '18446744073709551614',
      then: ['18446744073709551613', '18446744073709551614', '18446744073709551615'],
      value: '18446744073709551614',
    },
    {
      server: 'MariaDB',
      type: 'decimal(30,10)',
      first: '12345678901234567890.0000000001',
      then: ['12345678901234567890.0000000001', '12345678901234567890.0000000002'],
      value: '12345678901234567890.0000000001',
    },
  ];
  for (const { server: name, type, first, then, value } of types) {
    it(`${name}: goes on from ${value} of ${type}`, async () => {
      const server = await testServers[name as keyof typeof testServers]();
      try {
        const insert = (text: string) => server.query(`INSERT INTO marks VALUES ('${text}')`);
        await server.query(`DROP TABLE IF EXISTS marks; CREATE TABLE marks (at ${type})`);
        await insert(first);
        const source: Source = { uri: server.url(), rows: { table: 'marks' }, incremental: { column: 'at' } };
        assert.equal((await snapshots.fetch(source)).record.watermark?.value, value);
        for (const text of then) await insert(text);
        const below = then.filter((text) => text.length <= first.length && text < first).length;
        assert.equal((await snapshots.fetch(source)).record.rows, 1 + then.length - below);
      } finally {
        await server.end();
      }
    });
  }

  it('MariaDB: refuses a column of dates that no calendar has', async () => {
    const server = await testServers.MariaDB();
    try {
      await server.query(
        "DROP TABLE IF EXISTS zeros; CREATE TABLE zeros (at date); INSERT INTO zeros VALUES ('0000-00-00')",
      );
      const source: Source = { uri: server.url(), rows: { table: 'zeros' }, incremental: { column: 'at' } };
      await assert.rejects(snapshots.fetch(source), { code: 'watermark-unusable' });
    } finally {
      await server.end();
    }
  });

  it('PostgreSQL: refuses a column with a value beyond which nothing comes', async () => {
    const server = await testServers.PostgreSQL();
    try {
      const query = "SELECT 'infinity'::timestamp AS endless";
      const source: Source = { uri: server.url(), rows: { query }, incremental: { column: 'endless' } };
      await assert.rejects(snapshots.fetch(source), { code: 'watermark-unusable' });
    } finally {
      await server.end();
    }
  });

  it('fetches everything again when new rows need other columns', async () => {
    const server = await testServers.PostgreSQL();
    try {
      await server.query(
        'DROP TABLE IF EXISTS sums; CREATE TABLE sums (id int, amount numeric); INSERT INTO sums VALUES (1, 1.5), (2, 2.25)',
      );
      const source: Source = { uri: server.url(), rows: { table: 'sums' }, incremental: { column: 'id' } };
      await snapshots.fetch(source);
      await server.query('INSERT INTO sums VALUES (3, 1234.5678)');
      const { newRows, record } = await snapshots.fetch(source);
      assert.deepEqual([newRows, record.columns[1]?.type], [3, 'DECIMAL(8,4)']);
    } finally {
      await server.end();
    }
  });
});

function sorted(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  return rows.map(({ id, word }) => `${String(id)} ${String(word)}`).sort();
}
