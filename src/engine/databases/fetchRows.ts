/** Rows of a database become a snapshot: a Parquet file with a record of where it came from. */
import { isDeepStrictEqual } from 'node:util';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { shownAddress } from '../../config';
import { MldataError, type Finding } from '../../protocol';
import { Database, identifier, targetLiteral } from '../duckdb';
import { makeFolder } from '../folders';
import { confinedPath } from '../sources';
import type { Access } from './access';
import { databaseKind, filePath, type DatabaseKind } from './address';
import { openDuckdb } from './duckdbFile';
import { chooseForms, type ReadColumn } from './forms';
import { inTime } from './inTime';
import { keepSnapshot, readSnapshot, type SnapshotRecord } from './record';
import type { After, DatabaseSource, ReadRequest, ServerColumns } from './request';
import { Spool } from './spool';
import { below, keepOrder, newWatermark, refuseTwins, rowsIn, watermarkColumn } from './watermark';

export interface FetchContext extends Access {
  /** The config's folder, which paths of files are relative to. */
  readonly folder: string;
  /** No path leaves this folder; undefined: anywhere. */
  readonly root: string | undefined;
  /** For what is fetched meanwhile; whoever made it removes it. */
  readonly scratch: string;
  readonly threads: number;
  /** As the engine takes it, e.g. `512MB`. */
  readonly memoryLimit: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number, bytes: number) => void;
}

/** A fetch that a process of its own carries out: all of it that can be told to one. */
export interface FetchJob extends Pick<
  FetchContext,
  'folder' | 'root' | 'scratch' | 'threads' | 'memoryLimit' | 'allowInner'
> {
  /** Of whom it is said where the process dies. */
  readonly spec: { readonly name: string };
  readonly source: DatabaseSource;
  /** Where the rows are kept, absolute. */
  readonly target: string;
  /** Secrets of the address that only the editor has, by name. */
  readonly handed: Readonly<Record<string, string>>;
}

export interface Fetched {
  readonly record: SnapshotRecord;
  /** Rows that this fetch brought. */
  readonly newRows: number;
  readonly findings: readonly Finding[];
}

/** Rows that were read, as SQL. */
interface Readable {
  readonly relation: string;
  readonly columns: readonly ReadColumn[];
  /** How many were counted on their way; undefined: nobody counted. */
  readonly rows: number | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Fetches the rows that `source` names into `target`, a folder of its own: all of them, or those from the watermark
 * of the snapshot there on, in place of what it has from there on. Unless this succeeds, the snapshot stays as it was.
 *
 * Throws `secret-missing`, `address-invalid`, `address-not-allowed`, `path-outside`, `database-unreachable`, `database-login`, `database-lost`,
 * `database-missing`, `database-busy`, `query-failed`, `query-timeout`, `unknown-column`, `watermark-unusable`,
 * `duplicate-column` and `cancelled`.
 */
export async function fetchRows(source: DatabaseSource, target: string, context: FetchContext): Promise<Fetched> {
  const before = await continued(source, target);
  const fetched = await fetchOnce(source, target, before, context);
  // What came after no longer has the columns of what came before.
  return fetched ?? fetchAll(source, target, context);
}

async function fetchAll(source: DatabaseSource, target: string, context: FetchContext): Promise<Fetched> {
  const fetched = await fetchOnce(source, target, undefined, context);
  if (fetched === undefined) throw new Error('Rows without a snapshot before them have no columns to differ from');
  return fetched;
}

/** The snapshot that new rows go behind: one of the same rows by the same watermark. */
async function continued(
  { uri, rows, incremental }: DatabaseSource,
  target: string,
): Promise<SnapshotRecord | undefined> {
  const record = incremental && (await readSnapshot(target));
  if (record?.watermark?.value === undefined) return undefined;
  const { origin, query, table, watermark } = record;
  const same =
    origin === shownAddress(uri) &&
    watermark.column === incremental?.column &&
    ('query' in rows ? query === rows.query : table === rows.table);
  return same ? record : undefined;
}

/** Undefined when the columns are not those of the snapshot `before`. */
async function fetchOnce(
  source: DatabaseSource,
  target: string,
  before: SnapshotRecord | undefined,
  context: FetchContext,
): Promise<Fetched | undefined> {
  const { scratch, threads, memoryLimit, signal, now } = context;
  const id = randomBytes(6).toString('hex');
  const draft = join(target, `.rows-${id}.parquet`);
  const work = join(scratch, `fetch-${id}`);
  await makeFolder(target);
  await makeFolder(work);
  const time = inTime(source, signal);
  const limited = { threads, memoryLimit, spillFolder: join(work, 'spill'), signal: time.signal };
  const database = await Database.open(limited);
  try {
    const after: After | undefined = source.incremental && {
      column: source.incremental.column,
      value: before?.watermark?.value,
    };
    const { credentials, allowInner } = context;
    const request: ReadRequest = { source, after, credentials, allowInner, signal };
    const { relation, columns, rows, findings } = await read(request, before, database, work, target, context);
    refuseTwins(columns, source);
    const mark = after && watermarkColumn(columns, after.column, findings);
    if (before && !isDeepStrictEqual(before.columns, columns.map(kept))) return undefined;
    const values = columns.map(({ name, value }) => `${value} AS ${identifier(name)}`).join(', ');
    const stays = before && below(target, before);
    // By one thread: where a row group ends does not depend on the machine.
    const total = await database.inOrder(() =>
      database.run(
        `COPY (${stays === undefined ? '' : `${stays} UNION ALL `}SELECT ${values} FROM ${relation}) TO ${targetLiteral(draft)} (FORMAT parquet, COMPRESSION zstd)`,
      ),
    );
    time.done();
    const came = total - (stays === undefined ? 0 : await rowsIn(database, stays));
    if (rows !== undefined && rows !== came) throw new Error(`${rows} rows were fetched and ${came} written`);
    if (before?.rows === total) await keepOrder(database, target, before, draft);
    const newRows = Math.max(0, total - (before?.rows ?? 0));
    const watermark = mark && (await newWatermark(database, draft, mark));
    const record = await keepSnapshot(
      target,
      draft,
      {
        origin: shownAddress(source.uri),
        ...source.rows,
        rows: total,
        columns: columns.map(kept),
        fetchedAt: now.toISOString(),
        ...(watermark && { watermark }),
      },
      signal,
    );
    return { record, newRows, findings };
  } catch (error) {
    throw time.told(error);
  } finally {
    time.done();
    database.close();
    await rm(draft, { force: true });
    await rm(work, { recursive: true, force: true });
  }
}

function kept({ name, sourceType, type }: ReadColumn): SnapshotRecord['columns'][number] {
  return { name, sourceType, type };
}

async function read(
  request: ReadRequest,
  before: SnapshotRecord | undefined,
  database: Database,
  work: string,
  target: string,
  { folder, root, onProgress }: FetchContext,
): Promise<Readable> {
  const { uri } = request.source;
  const kind = databaseKind(uri);
  if (kind === undefined) {
    throw new MldataError(
      'config',
      'address-invalid',
      `${shownAddress(uri)} is the address of no database that mldata can read.`,
    );
  }
  const path = async (): Promise<string> => resolve(folder, await confinedPath(folder, filePath(uri), root));
  if (kind === 'duckdb') {
    const { relation, columns } = await openDuckdb(request, await path(), database, [work, target]);
    return { relation, rows: undefined, ...(await chooseForms(database, relation, columns, new Map())) };
  }
  const spool = await Spool.open(join(work, 'rows.csv'), onProgress);
  try {
    const columns = await reader[kind](request, spool, path, work);
    await spool.finish();
    const relation = spool.relation(columns.length);
    const types = new Map(before?.columns.map(({ name, type }) => [name, type]));
    return { relation, rows: spool.rows, ...(await chooseForms(database, relation, columns, types)) };
  } finally {
    await spool.close();
  }
}

type Reader = (request: ReadRequest, spool: Spool, path: () => Promise<string>, work: string) => Promise<ServerColumns>;

/** Each client is loaded by those who ask for it. */
const reader: Record<Exclude<DatabaseKind, 'duckdb'>, Reader> = {
  postgres: async (request, spool) => (await import('./postgres')).readPostgres(request, spool),
  mariadb: async (request, spool) => (await import('./mariadb')).readMariadb(request, spool),
  sqlite: async (request, spool, path, work) =>
    (await import('./sqlite')).readSqlite(request, await path(), work, spool),
};
