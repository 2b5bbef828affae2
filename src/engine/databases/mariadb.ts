/** Rows of a MariaDB or a MySQL, streamed by a prepared statement, in one read-only transaction. */
import { once } from 'node:events';
import { addAbortSignal } from 'node:stream';
import { createConnection, escape, escapeId, type Connection, type ConnectionOptions } from 'mysql2';
import type { Credentials } from '../credentials';
import { connectionOf } from './address';
import { columnOf, textOf, type Definition } from './mariadbTypes';
import {
  namesOf,
  withoutSemicolon,
  type DatabasePlace,
  type DatabaseSource,
  type ReadRequest,
  type ServerColumns,
} from './request';
import type { Spool } from './spool';
import { isAboutSockets, troubleWith, type Trouble } from './troubles';

const CONNECT_MS = 20_000;
const LOST = 'lost';

type Stage = 'connecting' | 'connected';

/** Throws `database-unreachable`, `database-login`, `database-lost`, `query-timeout`, `query-failed` and `cancelled`. */
export async function readMariadb(request: ReadRequest, spool: Spool): Promise<ServerColumns> {
  const { source, signal } = request;
  const settings = await settingsOf(request);
  let stage: Stage = 'connecting';
  let connection: Connection | undefined;
  const stop = (): void => {
    if (connection) void killAt(settings, connection).finally(() => connection?.destroy());
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    connection = createConnection(settings);
    // Said again, of a connection that nobody waits for just then, it would end the process.
    connection.on('error', () => undefined);
    await once(connection, 'connect', { signal });
    stage = 'connected';
    // Of a connection that is destroyed the client says nothing more.
    return await Promise.race([readRows(connection, request, spool), failsOnAbort(signal), failsWhenLost(connection)]);
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, troubleAt(stage));
  } finally {
    signal.removeEventListener('abort', stop);
    if (!signal.aborted) connection?.destroy();
  }
}

/** Logs in and asks nothing. Throws `database-unreachable`, `database-login` and `cancelled`. */
export async function askMariadb(source: DatabasePlace, credentials: Credentials, signal: AbortSignal): Promise<void> {
  const connection = createConnection(await settingsOf({ source, credentials }));
  connection.on('error', () => undefined);
  try {
    await once(connection, 'connect', { signal });
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, troubleAt('connecting'));
  } finally {
    connection.destroy();
  }
}

/** Which trouble it is, by the stage that it came at. */
function troubleAt(stage: Stage): (problem: Error) => Trouble {
  return (problem) => {
    const number = 'errno' in problem ? Number(problem.errno) : 0;
    const code = 'code' in problem ? String(problem.code) : '';
    if ([1044, 1045, 1142, 1143, 1698, 1370].includes(number)) return 'refused';
    if (number === 1969 || number === 3024) return 'timeout';
    if (stage === 'connecting') return 'unreachable';
    const lost =
      problem.cause === LOST ||
      isAboutSockets(problem) ||
      code === 'PROTOCOL_CONNECTION_LOST' ||
      [1053, 1927, 2006, 2013].includes(number);
    return lost ? 'lost' : 'query';
  };
}

async function settingsOf({
  source,
  credentials,
}: {
  readonly source: DatabasePlace;
  readonly credentials: Credentials;
}): Promise<ConnectionOptions> {
  const { host, port, user, password, database, parameters } = await connectionOf(source.uri, credentials);
  const secure = parameters.get('ssl') ?? parameters.get('ssl-mode');
  return {
    host,
    ...(port !== undefined && { port }),
    user,
    password,
    database,
    ...(secure !== null && { ssl: { rejectUnauthorized: /verify/i.test(secure) } }),
    connectTimeout: CONNECT_MS,
    charset: 'utf8mb4',
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    multipleStatements: false,
    typeCast: (field, next) => (field.type === 'GEOMETRY' ? field.buffer() : next()),
    // A server can ask for any file of ours otherwise.
    flags: ['-LOCAL_FILES'],
  };
}

/** What the server is told before the query: read only, one moment in time, UTC, and how long it may take. */
async function prepare(connection: Connection, { timeoutMs, limit: most }: DatabaseSource): Promise<void> {
  const [row] = (await run(connection, 'SELECT VERSION()')) as string[][];
  const limit = /mariadb/i.test(row?.[0] ?? '')
    ? `max_statement_time = ${timeoutMs / 1000}`
    : `max_execution_time = ${Math.ceil(timeoutMs)}`;
  // Backslashes and quotes mean what they mean, however the server is set up.
  const rows = most === undefined ? '' : `, sql_select_limit = ${most}`;
  await run(connection, `SET SESSION time_zone = '+00:00', sql_mode = '', ${limit}${rows}`);
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
  let definitions: readonly Definition[] = [];
  const command = connection.execute(statementOf(request));
  command.on('fields', (fields: unknown) => {
    definitions = fields as readonly Definition[];
  });
  const stream = addAbortSignal(request.signal, command.stream({ highWaterMark: 500 }));
  for await (const row of stream) {
    await spool.row((row as unknown[]).map((value, index) => textOf(value, definitions[index])));
  }
  await run(connection, 'COMMIT');
  return definitions.map(columnOf);
}

async function failsWhenLost(connection: Connection): Promise<never> {
  await once(connection, 'end');
  throw new Error('The server closed the connection', { cause: LOST });
}

async function failsOnAbort(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason;
}

function statementOf({ source: { rows }, after }: ReadRequest): string {
  const query =
    'query' in rows
      ? withoutSemicolon(rows.query)
      : `SELECT * FROM ${namesOf(rows.table)
          .map((name) => escapeId(name, true))
          .join('.')}`;
  // Rows of a query inside another one come in any order, so that it stands by itself where it can.
  if (after === undefined) return query;
  const column = `q.${escapeId(after.column, true)}`;
  const where = after.value === undefined ? '' : ` WHERE ${column} > ${escape(after.value)}`;
  return `SELECT * FROM (${query}\n) AS q${where} ORDER BY ${column}`;
}

/** Asks the server to stop what this connection runs: a closed one it would notice at the next row only. */
async function killAt(settings: ConnectionOptions, { threadId }: Connection): Promise<void> {
  const other = createConnection(settings);
  other.on('error', () => undefined);
  try {
    await once(other, 'connect');
    await run(other, `KILL QUERY ${threadId}`);
  } catch {
    // It cannot be reached, or has ended, and then there is nothing to stop.
  } finally {
    other.destroy();
  }
}
