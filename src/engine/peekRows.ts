/** The first rows of a database, or its tables where none is named, asked for by a job process as all rows are. */
import { join } from 'node:path';
import type { Credentials } from './credentials';
import { databaseKind, tableName, tablesQuery, type DatabaseSource, type FetchJob } from './databases';
import { pathLiteral, type Database } from './duckdb';
import { runFetch } from './jobMessages';
import { runJob } from './jobProcess';
import type { Limits } from './limits';
import type { SourceFile } from './sources';
import { MldataError, type Finding, type NewSource } from '../protocol';

export interface PeekRowsPlace {
  /** The config's folder, and what paths do not leave. */
  readonly folder: string;
  readonly root: string | undefined;
  readonly scratch: string;
  /** Where the rows go; a folder of their own. */
  readonly target: string;
  readonly database: Database;
  readonly jobEntry: string;
  readonly limits: Limits;
  readonly credentials: Credentials;
  /** Whether servers of this machine and its network may be asked. */
  readonly allowInner: boolean;
  readonly signal: AbortSignal;
}

export type PeekedRows =
  { readonly tables: readonly string[] } | { readonly file: SourceFile; readonly findings: readonly Finding[] };

/** Somebody waits. */
const TIMEOUT_MS = 20_000;
/** Tables to choose from. */
const MOST_TABLES = 10_000;

/** Throws what fetching rows does. */
export async function peekRows(source: NewSource, most: number, place: PeekRowsPlace): Promise<PeekedRows> {
  const { place: uri, table, query } = source;
  const kind = databaseKind(uri);
  if (kind === undefined) throw new Error('Only databases have rows to ask for');
  if (table !== undefined && query !== undefined)
    throw new MldataError('usage', 'address-unclear', 'Name a table or write a query, not both.');
  const rows = query !== undefined ? { query } : table !== undefined ? { table } : undefined;
  if (rows !== undefined) {
    const { file, bytes, findings } = await fetched({ uri, rows, timeoutMs: TIMEOUT_MS, limit: most }, place);
    return { file: { path: file, name: uri, bytes, format: 'parquet', options: {} }, findings };
  }
  const asked = { uri, rows: { query: tablesQuery(kind) }, timeoutMs: TIMEOUT_MS, limit: MOST_TABLES };
  const { file } = await fetched(asked, place);
  const found = await place.database.rows(`SELECT s, t FROM read_parquet(${pathLiteral(file)})`);
  return { tables: found.map(({ s, t }) => tableName(s === null ? null : String(s), String(t))) };
}

async function fetched(source: DatabaseSource, { jobEntry, signal, limits, credentials, ...place }: PeekRowsPlace) {
  const { folder, root, scratch, target, allowInner } = place;
  const job: FetchJob = {
    ...{ folder, root, scratch, target, allowInner, ...limits, source },
    spec: { name: 'the look' },
    handed: credentials.handedFor(source.uri),
  };
  const told = { onFetch: () => undefined };
  const { record, findings } = await runJob(jobEntry, runFetch, job, told, signal);
  return { file: join(target, record.file), bytes: record.bytes, findings };
}
