/** The servers that tests ask, each with a client of its own that knows the tables it needs. */
import { Client } from 'pg';
import { createConnection } from 'mysql2/promise';
import { startMariadb, startPostgres, type Certificate, type DatabaseServer } from '../host/databaseServers';

export interface TestServer extends Omit<DatabaseServer, 'stop'> {
  /** Statements, by the rules of this server. */
  query(sql: string): Promise<Readonly<Record<string, unknown>>[]>;
  /** How many statements with this text the server runs for mldata. */
  running(text: string): Promise<number>;
  /** A query that takes a minute before its first row. */
  readonly slow: string;
  /** A query of so many rows, of about 330 bytes each. */
  many(rows: number): string;
  end(): Promise<void>;
}

async function postgres(tls?: Certificate): Promise<TestServer> {
  const server = await startPostgres(tls);
  const client = new Client({ connectionString: server.url() });
  client.on('error', () => undefined);
  await client.connect();
  const query = async (sql: string) => [await client.query<Record<string, unknown>>(sql)].flat().at(-1)?.rows ?? [];
  return {
    ...server,
    query,
    running: async (text) => {
      const { rows } = await client.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'mldata' AND state = 'active' AND position($1 in query) > 0",
        [text],
      );
      return rows[0]?.n ?? 0;
    },
    slow: 'SELECT pg_sleep(60) AS a',
    many: (rows) => `SELECT n, repeat(md5(n::text), 10) AS t FROM generate_series(1, ${rows}) n`,
    end: async () => {
      // Of a server that died it would wait for an answer.
      client.connection.stream.destroy();
      await server.stop();
    },
  };
}

async function mariadb(tls?: Certificate): Promise<TestServer> {
  const server = await startMariadb(tls);
  const client = await createConnection({ uri: server.url(), multipleStatements: true });
  client.on('error', () => undefined);
  // Zero dates go in, as they do in old databases.
  await client.query("SET sql_mode = ''");
  const query = async (sql: string) => {
    const [rows] = await client.query(sql);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  };
  return {
    ...server,
    query,
    running: async (text) => {
      const rows = await query(
        `SELECT count(*) AS n FROM information_schema.processlist WHERE id <> connection_id() AND info = ${client.escape(text)}`,
      );
      return Number(rows[0]?.['n']);
    },
    slow: 'SELECT SLEEP(60) AS a',
    many: (rows) => `SELECT a.seq AS n, repeat(md5(a.seq), 10) AS t FROM seq_1_to_${rows} a`,
    end: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

export const testServers = { PostgreSQL: postgres, MariaDB: mariadb } as const;
