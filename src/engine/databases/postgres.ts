/** Rows of a PostgreSQL, by `COPY`, in one read-only transaction. */
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Access } from './access';
import { loginOf, troubleAtWork, type LogIn } from './postgresLogin';
import { columnsOf, type PostgresColumn } from './postgresTypes';
import { limitOf, namesOf, watermarkIndex, withoutSemicolon, type ReadRequest, type ServerColumns } from './request';
import { NULL_MARK, type Spool } from './spool';
import { stoppable } from './stoppable';
import { troubleWith } from './troubles';

/**
 * Throws `secret-missing`, `address-invalid`, `address-not-allowed`, `database-unreachable`, `database-login`,
 * `database-lost`, `query-timeout`, `query-failed` and `cancelled`.
 */
export async function readPostgres(request: ReadRequest, spool: Spool): Promise<ServerColumns> {
  const { source, signal } = request;
  const logIn = await loginOf(source.uri, request);
  const client = await logIn(signal);
  let backend: number | undefined;
  const work = async (): Promise<ServerColumns> => {
    backend = await begin(client, source.timeoutMs);
    return readRows(client, request, spool);
  };
  try {
    const columns = await stoppable(work(), { signal, timeoutMs: source.timeoutMs }, () => cancelAt(logIn, backend));
    void client.end().catch(() => undefined);
    return columns;
  } catch (error) {
    client.connection.stream.destroy();
    throw troubleWith(error, { uri: source.uri, signal }, troubleAtWork);
  }
}

/** Logs in and asks nothing. Throws what {@link readPostgres} throws before it reads. */
export async function askPostgres(uri: string, access: Access, signal: AbortSignal): Promise<void> {
  const client = await (await loginOf(uri, access))(signal);
  client.connection.stream.destroy();
}

/** Read only, one moment in time, and values that look alike however the server is set up. Returns who serves us. */
async function begin(client: Client, timeoutMs: number): Promise<number | undefined> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(
    `SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; ` +
      "SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; " +
      'SET LOCAL client_encoding = UTF8; SET LOCAL standard_conforming_strings = on; ' +
      // Rows that nobody ordered come as they stand, not from where another reader happens to be.
      'SET LOCAL synchronize_seqscans = off',
  );
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}

async function readRows(client: Client, request: ReadRequest, spool: Spool): Promise<ServerColumns> {
  const rows = rowsOf(request);
  const columns = await columnsOf(client, rows);
  const keys = await keysOf(client, request);
  const stream = client.query(copyTo(copyStatement(rows, columns, keys, request)));
  for await (const chunk of stream) await spool.chunk(chunk as Buffer);
  await client.query('COMMIT');
  return columns;
}

/** Asks the server to stop what a connection runs: a closed one it would notice at the next row only. */
async function cancelAt(logIn: LogIn, backend: number | undefined): Promise<void> {
  if (backend === undefined) return;
  try {
    const other = await logIn(new AbortController().signal);
    await other.query('SELECT pg_cancel_backend($1)', [backend]);
    await other.end();
  } catch {
    // It cannot be reached, and then there is nothing to stop either.
  }
}

function rowsOf({ source: { rows } }: ReadRequest): string {
  // A comment at the end of a query would take the parenthesis with it.
  if ('query' in rows) return `(${withoutSemicolon(rows.query)}\n)`;
  return `(SELECT * FROM ${namesOf(rows.table).map(escapeIdentifier).join('.')})`;
}

/** The primary key of a table, by which its rows come in one order however they were written; a query says its own. */
async function keysOf(client: Client, { source: { rows } }: ReadRequest): Promise<readonly string[]> {
  if ('query' in rows) return [];
  // A table without a key comes as it stands, by one process.
  await client.query('SET LOCAL max_parallel_workers_per_gather = 0');
  const found = await client.query<{ name: string }>(
    'SELECT a.attname AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) ' +
      'WHERE i.indisprimary AND i.indrelid = to_regclass($1) ORDER BY array_position(i.indkey::int2[], a.attnum)',
    [namesOf(rows.table).map(escapeIdentifier).join('.')],
  );
  return found.rows.map(({ name }) => name);
}

/** That the query is one statement and nothing else was seen when its columns were asked for. */
function copyStatement(
  rows: string,
  columns: readonly PostgresColumn[],
  keys: readonly string[],
  { after, source }: ReadRequest,
): string {
  const names = columns.map((_, index) => `c${index}`);
  const values = columns.map(({ written }, index) => `${written(`c${index}`)} AS c${index}`);
  const indexed = columns.map(({ name }) => name);
  const [where, mark] = after ? restrict(columns, after.column, after.value) : ['', undefined];
  const order = [...(mark === undefined ? [] : [mark]), ...keys.map((key) => indexed.indexOf(key))].filter(
    (at) => at >= 0,
  );
  const by = order.length === 0 ? '' : ` ORDER BY ${order.map((at) => `q.c${at}`).join(', ')}`;
  // Without columns there is still a row for each row.
  const select =
    names.length === 0
      ? `SELECT FROM ${rows} AS q`
      : `SELECT ${values.join(', ')} FROM ${rows} AS q(${names.join(', ')})${where}${by}`;
  return `COPY (${select}${limitOf(source)}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL ${escapeLiteral(NULL_MARK).trim()})`;
}

/** The condition, and the place of the column. */
function restrict(columns: readonly PostgresColumn[], column: string, value: string | undefined): [string, number] {
  const index = watermarkIndex(
    columns.map(({ name }) => name),
    column,
  );
  const where =
    value === undefined
      ? ''
      : ` WHERE c${index} >= ${escapeLiteral(value)}::${columns[index]?.sourceType} OR c${index} IS NULL`;
  return [where, index];
}
