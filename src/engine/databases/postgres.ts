/** Rows of a PostgreSQL, by `COPY`, in one read-only transaction. */
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Credentials } from '../credentials';
import { connectionOf } from './address';
import { columnsOf, type PostgresColumn } from './postgresTypes';
import {
  limitOf,
  namesOf,
  watermarkIndex,
  withoutSemicolon,
  type DatabasePlace,
  type ReadRequest,
  type ServerColumns,
} from './request';
import { NULL_MARK, type Spool } from './spool';
import { isAboutSockets, troubleWith, type Trouble } from './troubles';

const CONNECT_MS = 20_000;

type Stage = 'connecting' | 'connected';

/** Throws `database-unreachable`, `database-login`, `database-lost`, `query-timeout`, `query-failed` and `cancelled`. */
export async function readPostgres(request: ReadRequest, spool: Spool): Promise<ServerColumns> {
  const { source, signal } = request;
  const settings = await settingsOf(request);
  let stage: Stage = 'connecting';
  const client = new Client(settings);
  // Said again, of a connection that nobody waits for just then, it would end the process.
  client.on('error', () => undefined);
  let backend: number | undefined;
  const stop = (): void => {
    void cancelAt(settings, backend).finally(() => client.connection.stream.destroy());
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    stage = 'connected';
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // What a value looks like as text does not depend on how the server is set up.
    await client.query(
      `SET LOCAL statement_timeout = ${source.timeoutMs}; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; ` +
        "SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; " +
        'SET LOCAL client_encoding = UTF8; SET LOCAL standard_conforming_strings = on',
    );
    backend = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
    const rows = rowsOf(request);
    const columns = await columnsOf(client, rows);
    const stream = client.query(copyTo(copyStatement(rows, columns, request)));
    for await (const chunk of stream) await spool.chunk(chunk as Buffer);
    await client.query('COMMIT');
    return columns;
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, troubleAt(stage));
  } finally {
    signal.removeEventListener('abort', stop);
    // A connection that hangs must not keep anybody waiting.
    if (stage === 'connected') void client.end().catch(() => undefined);
    else client.connection.stream.destroy();
  }
}

/** Logs in and asks nothing. Throws `database-unreachable`, `database-login` and `cancelled`. */
export async function askPostgres(source: DatabasePlace, credentials: Credentials, signal: AbortSignal): Promise<void> {
  const client = new Client(await settingsOf({ source, credentials }));
  client.on('error', () => undefined);
  const stop = () => client.connection.stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, troubleAt('connecting'));
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Which trouble it is, by the stage that it came at. */
function troubleAt(stage: Stage): (problem: Error) => Trouble {
  return (problem) => {
    const code = 'code' in problem ? String(problem.code) : '';
    if (/^(28|3D|42501)/.test(code)) return 'refused';
    if (code === '57014') return 'timeout';
    if (stage === 'connecting')
      return /password|SASL|authentication/i.test(problem.message) ? 'refused' : 'unreachable';
    return isAboutSockets(problem) || /^(57P|08)/.test(code) || /^Connection terminated/.test(problem.message)
      ? 'lost'
      : 'query';
  };
}

async function settingsOf({
  source,
  credentials,
}: {
  readonly source: DatabasePlace;
  readonly credentials: Credentials;
}) {
  const { host, port, user, password, database, parameters } = await connectionOf(source.uri, credentials);
  const mode = parameters.get('sslmode') ?? 'disable';
  return {
    host,
    ...(port !== undefined && { port }),
    user,
    password,
    database,
    ssl: mode === 'disable' ? false : { rejectUnauthorized: /^verify-/.test(mode) },
    application_name: 'mldata',
    connectionTimeoutMillis: CONNECT_MS,
  };
}

/** Asks the server to stop what this connection runs: a closed one it would notice at the next row only. */
async function cancelAt(settings: Awaited<ReturnType<typeof settingsOf>>, backend: number | undefined): Promise<void> {
  if (backend === undefined) return;
  const other = new Client(settings);
  other.on('error', () => undefined);
  try {
    await other.connect();
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

/** That the query is one statement and nothing else was seen when its columns were asked for. */
function copyStatement(rows: string, columns: readonly PostgresColumn[], { after, source }: ReadRequest): string {
  const names = columns.map((_, index) => `c${index}`);
  const values = columns.map(({ written }, index) => `${written(`c${index}`)} AS c${index}`);
  const only = after && restrict(columns, after.column, after.value);
  // Without columns there is still a row for each row.
  const select =
    names.length === 0
      ? `SELECT FROM ${rows} AS q`
      : `SELECT ${values.join(', ')} FROM ${rows} AS q(${names.join(', ')})${only ?? ''}`;
  return `COPY (${select}${limitOf(source)}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL ${escapeLiteral(NULL_MARK).trim()})`;
}

function restrict(columns: readonly PostgresColumn[], column: string, value: string | undefined): string {
  const index = watermarkIndex(
    columns.map(({ name }) => name),
    column,
  );
  const where = value === undefined ? '' : ` WHERE c${index} > ${escapeLiteral(value)}::${columns[index]?.sourceType}`;
  return `${where} ORDER BY q.c${index}`;
}
