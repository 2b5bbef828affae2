/** A look at a source before it stands in a config: its first rows, without fetching all of it. */
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  datasetSource,
  isDataFile,
  kindOfAddress,
  memoryBytes,
  schemeOf,
  shownAddress,
  type UserConfig,
} from '../config';
import type { Credentials } from './credentials';
import { databaseKind } from './databases';
import { Database } from './duckdb';
import { Downloader, shown } from './fetch';
import type { Limits } from './limits';
import { firstRows, RemoteBytes, sampleOf, type RemoteFile } from './peek';
import { peekRows } from './peekRows';
import { rootOf } from './run';
import { openScratch } from './scratch';
import { listFiles } from './sources';
import { listStore } from './storeListing';
import { allowsInner } from './userLayer';
import { documentHead } from './version';
import { MldataError, type Peek, type PeekRequest } from '../protocol';

export interface PeekRun {
  readonly jobEntry: string;
  readonly limits: Limits;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
}

/** What a look at one place needs. */
interface Place extends PeekRun {
  readonly request: PeekRequest;
  readonly user: UserConfig | undefined;
  readonly database: Database;
  readonly scratch: string;
}

type Seen = Omit<Peek, 'kind' | 'version' | 'generatedAt' | 'tool' | 'source'>;

/** As many as are shown. */
const ROWS = 100;
/** Somebody waits. */
const MOST_THREADS = 4;
const MOST_MEMORY = 1e9;

/** Throws as `Engine.peek` says. */
export async function peekOne(run: PeekRun, request: PeekRequest, user: UserConfig | undefined): Promise<Peek> {
  const { place } = request.source;
  if (schemeOf(place) !== undefined && request.trusted !== true) throw untrusted();
  // Nothing is put beside a config that may never be written.
  const { folder: scratch, release } = await openScratch(undefined);
  try {
    const { limits, signal } = run;
    const database = await Database.open({
      threads: Math.min(MOST_THREADS, limits.threads),
      memoryLimit: `${Math.floor(Math.min(MOST_MEMORY, memoryBytes(limits.memoryLimit)) / 1e6)}MB`,
      spillFolder: join(scratch, 'spill'),
      signal,
    });
    try {
      const credentials = run.credentials.with(request.secrets ?? {});
      const seen = await look({ ...run, credentials, request, user, database, scratch });
      return { ...documentHead('mldata/peek'), source: shownAddress(place), ...seen };
    } finally {
      database.close();
    }
  } finally {
    await release();
  }
}

function look(place: Place): Promise<Seen> {
  const { place: address } = place.request.source;
  if (datasetSource(address)) throw unclear(address, 'it is made from another dataset, which `mldata preview` shows');
  if (databaseKind(address) !== undefined) return ofDatabase(place);
  if (kindOfAddress(address) === 'store') return ofStore(address, place);
  if (/^https?:/i.test(address)) return ofUrl(address, place);
  if (schemeOf(address) !== undefined) throw unclear(address, 'nothing is fetched from such an address');
  return ofFiles(address, place);
}

async function ofFiles(path: string, { request, database, scratch, signal }: Place): Promise<Seen> {
  const context = { folder: dirname(request.configPath), root: rootOf(request), signal };
  const files = await listFiles([{ path, options: {} }], context, path);
  const seen = await firstRows(files, { database, scratch, signal }, ROWS);
  return { ...seen, ...(files.length > 1 && { files: files.length }) };
}

async function ofUrl(address: string, place: Place): Promise<Seen> {
  const resolved = await place.credentials.resolveAddress(address);
  if (!URL.canParse(resolved)) throw unclear(address, 'it is no whole address');
  const url = new URL(resolved);
  return ofRemote({ name: shown(url), url }, place);
}

async function ofStore(uri: string, run: Place): Promise<Seen> {
  const { request, user, credentials, signal } = run;
  const allowInner = allowsInner(request, user);
  const place = { folder: dirname(request.configPath), root: rootOf(request), allowInner, scratch: run.scratch };
  const { listing, credentials: keys } = await listStore(
    { uri, place },
    { downloader: downloaderOf(run), credentials, watch: { log: () => undefined, signal } },
  );
  const { files } = listing;
  const file = files.find(({ name }) => isDataFile(name)) ?? files[0];
  if (file === undefined) throw unclear(uri, 'nothing is there');
  const several = files.length > 1 ? { file: file.name, files: files.length } : undefined;
  const url = new URL(file.url);
  if (url.protocol === 'file:') {
    const local = { path: fileURLToPath(url), name: file.name, bytes: file.bytes ?? 0, options: {} };
    return ofOne(await firstRows([local], run, ROWS), several);
  }
  const { bytes: total } = file;
  const remote = { name: file.name, url, credentials: keys, ...(total !== undefined && { total }) };
  return ofOne(await ofRemote(remote, run), several);
}

/** Of one file among several, nothing is told of how much there is in all. */
function ofOne({ total, ...seen }: Seen, several: Pick<Seen, 'file' | 'files'> | undefined): Seen {
  return { ...several, ...seen, ...(total !== undefined && several === undefined && { total }) };
}

async function ofRemote(remote: RemoteFile, place: Place): Promise<Seen> {
  const { signal } = place;
  const bytes = new RemoteBytes(remote, downloaderOf(place), { log: () => undefined, signal });
  const { file, member, isCut, total, unread = [] } = await sampleOf(bytes, { ...place, most: ROWS });
  const { total: rows, columns, ...seen } = await firstRows([file], place, ROWS);
  const all = total ?? (isCut ? undefined : rows);
  return {
    ...seen,
    columns: columns.map((column) => (unread.includes(column.name) ? { ...column, unread: true } : column)),
    ...(member !== undefined && { file: member }),
    ...(all !== undefined && { total: all }),
    bytes: bytes.taken,
    ...(bytes.total !== undefined && { ofBytes: bytes.total }),
  };
}

async function ofDatabase(place: Place): Promise<Seen> {
  const { request, scratch, jobEntry, limits, credentials, signal } = place;
  const found = await peekRows(request.source, ROWS, {
    ...{ folder: dirname(request.configPath), root: rootOf(request), jobEntry, limits, credentials, signal },
    allowInner: allowsInner(request, place.user),
    ...{ scratch, target: join(scratch, `rows-${randomBytes(4).toString('hex')}`), database: place.database },
  });
  if ('tables' in found) return { columns: [], rows: [], tables: [...found.tables], findings: [] };
  const { columns, rows, findings } = await firstRows([found.file], place, ROWS);
  return {
    ...{ columns, rows, findings: [...found.findings, ...findings] },
    ...(rows.length < ROWS && { total: rows.length }),
  };
}

function downloaderOf({ request, user }: Place): Downloader {
  return new Downloader({ allowInner: allowsInner(request, user) });
}

function unclear(address: string, why: string): MldataError {
  return new MldataError('usage', 'address-unclear', `${shownAddress(address)} cannot be looked at: ${why}.`);
}

function untrusted(): MldataError {
  return new MldataError(
    'usage',
    'untrusted-workspace',
    'This workspace is in Restricted Mode, so nothing is fetched. Trust the workspace first.',
  );
}
