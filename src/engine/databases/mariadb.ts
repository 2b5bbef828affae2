/** Rows of a MariaDB or a MySQL, streamed by a prepared statement, in one read-only transaction. */
import { once } from 'node:events';
import { escapeId, type Connection, type FieldPacket, type PrepareStatementInfo, type QueryError } from 'mysql2';
import type { Access } from './access';
import { loginOf, troubleAtWork, type LogIn } from './mariadbLogin';
import { rowsOf } from './mariadbRows';
import { columnOf, textOf, type Definition } from './mariadbTypes';
import {
  isNumber,
  namesOf,
  watermarkIndex,
  withoutSemicolon,
  type DatabaseSource,
  type ReadRequest,
  type ServerColumns,
} from './request';
import type { Spool } from './spool';
import { stoppable } from './stoppable';
import { Lost, troubleWith } from './troubles';

/**
 * Throws `secret-missing`, `address-invalid`, `address-not-allowed`, `database-unreachable`, `database-login`,
 * `database-lost`, `query-timeout`, `query-failed` and `cancelled`.
 */
export async function readMariadb(request: ReadRequest, spool: Spool): Promise<ServerColumns> {
  const { source, signal } = request;
  const { timeoutMs } = source;
  const logIn = await loginOf(source.uri, request);
  const connection = await logIn(signal);
  try {
    // Of a connection that broke off the client says nothing to whoever waits for a row.
    const work = Promise.race([readRows(connection, request, spool), failsWhenLost(connection)]);
    return await stoppable(work, { signal, timeoutMs }, () => killAt(logIn, connection));
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, troubleAtWork);
  } finally {
    connection.destroy();
  }
}

/** Logs in and asks nothing. Throws what {@link readMariadb} throws before it reads. */
export async function askMariadb(uri: string, access: Access, signal: AbortSignal): Promise<void> {
  const connection = await (await loginOf(uri, access))(signal);
  connection.destroy();
}

/** What the server is told before the query: read only, one moment in time, UTC, and how long it may take. */
async function prepare(connection: Connection, { timeoutMs, limit: most }: DatabaseSource): Promise<void> {
  const [row] = (await run(connection, 'SELECT VERSION()')) as string[][];
  const limit = /mariadb/i.test(row?.[0] ?? '')
    ? `max_statement_time = ${timeoutMs / 1000}`
    : `max_execution_time = ${Math.ceil(timeoutMs)}`;
  const rows = most === undefined ? '' : `, sql_select_limit = ${most}`;
  await run(connection, `SET SESSION time_zone = '+00:00', ${limit}${rows}`);
  await run(connection, 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await run(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
}

function run(connection: Connection, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

async function readRows(connection: Connection, request: ReadRequest, spool: Spool): Promise<ServerColumns> {
  await prepare(connection, request.source);
  const statement = statementOf({ ...request, after: undefined }, []);
  await refuseEffects(connection, statement);
  const names = await namesAt(connection, statement);
  if (request.after) watermarkIndex(names, request.after.column);
  let definitions: readonly Definition[] = [];
  const command = connection.execute(statementOf(request, await keysOf(connection, request)));
  command.on('fields', (fields: unknown) => {
    definitions = fields as readonly Definition[];
  });
  for await (const row of rowsOf(command, connection)) {
    await spool.row(row.map((value, index) => textOf(value, definitions[index])));
  }
  await run(connection, 'COMMIT');
  return definitions.map(columnOf);
}

/**
 * Throws for what is no query. In a transaction that only reads the server still lets one make users, change its settings and
 * write files of its own (`INTO OUTFILE`); none of these can stand in the place of a table.
 */
async function refuseEffects(connection: Connection, statement: string): Promise<void> {
  try {
    await namesAt(connection, `SELECT * FROM (${statement}\n) AS q LIMIT 0`);
  } catch (error) {
    // By itself a query may have two columns of one name.
    if ((error as Partial<QueryError>).code !== 'ER_DUP_FIELDNAME') throw error;
  }
}

/** The names of the columns of a statement, which is not run. */
function namesAt(connection: Connection, statement: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    connection.prepare(statement, (error, prepared: PrepareStatementInfo & { readonly columns?: FieldPacket[] }) => {
      if (error) reject(error);
      else resolve((prepared.columns ?? []).map(({ name }) => name));
    });
  });
}

/** The primary key of a table, by which its rows come in one order whichever index is read; a query says its own. */
async function keysOf(connection: Connection, { source: { rows } }: ReadRequest): Promise<readonly string[]> {
  if ('query' in rows) return [];
  const [table = '', schema] = namesOf(rows.table).reverse();
  const found = await run(
    connection,
    'SELECT column_name FROM information_schema.statistics ' +
      `WHERE index_name = 'PRIMARY' AND table_schema = ${schema === undefined ? 'DATABASE()' : literalOf(schema)} ` +
      `AND table_name = ${literalOf(table)} ORDER BY seq_in_index`,
  );
  return (found as string[][]).flat();
}

async function failsWhenLost(connection: Connection): Promise<never> {
  await once(connection, 'end');
  throw new Lost('the server closed the connection');
}

function statementOf({ source: { rows }, after }: ReadRequest, keys: readonly string[]): string {
  const query =
    'query' in rows
      ? withoutSemicolon(rows.query)
      : `SELECT * FROM ${namesOf(rows.table)
          .map((name) => escapeId(name, true))
          .join('.')}`;
  // Rows of a query inside another one come in any order, so that it stands by itself where it can.
  if (after === undefined) return `${query}${orderBy(keys.map((key) => escapeId(key, true)))}`;
  const column = `q.${escapeId(after.column, true)}`;
  const where = after.value === undefined ? '' : ` WHERE ${column} >= ${markOf(after.value)} OR ${column} IS NULL`;
  return `SELECT * FROM (${query}\n) AS q${where}${orderBy([column, ...keys.map((key) => `q.${escapeId(key, true)}`)])}`;
}

function orderBy(columns: readonly string[]): string {
  return columns.length === 0 ? '' : ` ORDER BY ${columns.join(', ')}`;
}

/** A number in quotes would be compared by what a float can tell apart; times are in UTC for this session. */
function markOf(value: string): string {
  return isNumber(value) ? value : literalOf(value.replace(/\+00$/, ''));
}

/** However the server is set up, which decides what a backslash and a quote mean. */
function literalOf(value: string): string {
  return `_utf8mb4 X'${Buffer.from(value).toString('hex')}'`;
}

/** Asks the server to stop what this connection runs: a closed one it would notice at the next row only. */
async function killAt(logIn: LogIn, { threadId }: Connection): Promise<void> {
  try {
    const other = await logIn(new AbortController().signal);
    await run(other, `KILL QUERY ${threadId}`).finally(() => {
      other.destroy();
    });
  } catch {
    // It cannot be reached, or has ended, and then there is nothing to stop.
  }
}
