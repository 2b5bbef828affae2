/**
 * The local copy of a source that lies on the network: fetched once, told by its hash, and read from then on without
 * the network. An archive is unpacked beside itself.
 */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { MldataError, type FetchingProgress } from '../protocol';
import { isArchive, unpack } from './archive';
import { eachOf } from './eachOf';
import {
  lockWhenFree,
  Meter,
  receiptOf,
  shown,
  takeOver,
  type Credentials,
  type Downloader,
  type Expected,
  type FetchProgress,
  type FetchRequest,
  type Receipt,
  type Watch,
} from './fetch';
import { confinedPath } from './sources';
import { ownFolder } from './workspace';

export interface SnapshotRequest {
  /** A `file:` address is copied, and has to have an expected hash. */
  readonly url: URL;
  readonly expected?: Expected;
  /** What the file is called, where its address does not say it. */
  readonly name?: string;
  /** How a store calls what it has by now: where that is something else than was fetched, the server is asked. */
  readonly etag?: string;
  /** What stands for its address where its hash is expected: the same bytes are not fetched again for another one. */
  readonly key?: string;
  /** Globs over the members of an archive; absent: all. */
  readonly members?: readonly string[];
  readonly credentials?: Credentials;
}

export interface Snapshot {
  /** Of what was fetched, which is an archive where there are members. */
  readonly receipt: Receipt;
  /** Where that is. */
  readonly target: string;
  /** What is to be read: absolute, in order. */
  readonly files: readonly string[];
}

export interface SnapshotWatch extends Watch {
  /** Of an archive, how much came out of it. */
  readonly onUnpack?: (progress: FetchProgress) => void;
}

/** As it is told of what is fetched. */
export function unpackingOf({ name, bytes, bytesPerSecond }: FetchProgress): FetchingProgress {
  return { origin: name, bytes, unpacking: true, ...(bytesPerSecond !== undefined && { bytesPerSecond }) };
}

/** `pinned`: what is there is taken; `recheck`: the server is asked whether it changed. */
export type SnapshotMode = 'pinned' | 'recheck';

/**
 * @param state the folder `.mldata/`
 * Throws what fetching and unpacking do.
 */
export async function takeSnapshot(
  state: string,
  request: SnapshotRequest,
  mode: SnapshotMode,
  downloader: Downloader,
  watch: SnapshotWatch,
): Promise<Snapshot> {
  const { url, expected, credentials } = request;
  const target = targetOf(state, request);
  const asked: FetchRequest = {
    ...{ url, target, recheck: mode === 'recheck' },
    ...(expected && { expected }),
    ...(credentials && { credentials }),
  };
  for (const folder of [state, join(state, 'sources'), dirname(target)]) await ownFolder(folder);
  const receipt = await receiptFor(asked, request, downloader, watch);
  if (!isArchive(target)) return { receipt, target, files: [target] };
  return { receipt, target, files: await unpacked(target, receipt, request, watch) };
}

async function receiptFor(
  asked: FetchRequest,
  { url, etag }: SnapshotRequest,
  downloader: Downloader,
  watch: Watch,
): Promise<Receipt> {
  if (url.protocol === 'file:') return takeOver(asked, watch);
  const changed = etag !== undefined && (await receiptOf(asked))?.etag !== etag;
  return (await downloader.fetch(changed ? { ...asked, recheck: true } : asked, watch)).receipt;
}

/**
 * One folder for each address, or key, which bears the file under its own name: by its ending it is told what it is.
 */
export function targetOf(
  state: string,
  { url, name: given, key = url.href }: Pick<SnapshotRequest, 'url' | 'name' | 'key'>,
): string {
  const folder = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const [written = ''] = url.pathname.split('/').slice(-1);
  const name = basename((given ?? decoded(written)).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')).replace(/^\.+|[. ]+$/g, '');
  return join(state, 'sources', folder, name === '' ? 'data' : name.slice(-100));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What was unpacked before is what would come out again; what came out of other bytes stays while somebody names it. */
async function unpacked(
  archive: string,
  receipt: Receipt,
  { url, members }: SnapshotRequest,
  watch: SnapshotWatch,
): Promise<string[]> {
  const above = dirname(archive);
  const which = createHash('sha256')
    .update(JSON.stringify(members ?? null))
    .digest('hex')
    .slice(0, 16);
  const folder = join(above, `members-${receipt.sha256.slice(0, 16)}-${which}`);
  const release = await lockWhenFree(folder, archive, 'unpacked', watch);
  try {
    const list = `${folder}.json`;
    const there = await wholeMembers(folder, list);
    if (there) return there.map((name) => join(folder, name));
    await rm(folder, { recursive: true, force: true });
    // What a kill left of an unpacking: nobody else is at it.
    for (const name of await readdir(above)) {
      if (name.startsWith(`.${basename(folder)}-`)) await rm(join(above, name), { recursive: true });
    }
    const meter = new Meter(shown(url), (progress) => watch.onUnpack?.(progress));
    meter.begin(0);
    let bytes = 0;
    const onBytes = (soFar: number): void => {
      bytes = soFar;
      meter.moved(bytes, undefined);
    };
    const request = { archive, folder, ...(members && { members }), onBytes, signal: watch.signal };
    const came = await unpack(request).catch(async (error: unknown) => {
      // Pinned, it would never be fetched again, whatever is said.
      if (isDamage(error)) await rm(`${archive}.json`, { force: true });
      throw error;
    });
    meter.moved(bytes, undefined, true);
    const unpackedMembers = await eachOf(came, async (name) => {
      const { size: bytes, mtimeMs } = await stat(join(folder, name));
      return { name, bytes, mtimeMs };
    });
    await writeFile(list, JSON.stringify(unpackedMembers), { flush: true });
    return came.map((name) => join(folder, name));
  } finally {
    await release();
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof MldataError && ['archive-damaged', 'source-truncated', 'source-corrupt'].includes(error.code);
}

const membersSchema = z.array(z.strictObject({ name: z.string(), bytes: z.int().nonnegative(), mtimeMs: z.number() }));

/** What was unpacked, in order; undefined where one of them is gone, was written to, or is no longer a file. */
async function wholeMembers(folder: string, list: string): Promise<string[] | undefined> {
  try {
    const members = membersSchema.parse(JSON.parse(await readFile(list, 'utf8')));
    const whole = await eachOf(members, async ({ name, bytes, mtimeMs }) => {
      const found = await lstat(await confinedPath(folder, name, folder));
      return found.isFile() && found.size === bytes && found.mtimeMs === mtimeMs;
    });
    return whole.every(Boolean) ? members.map(({ name }) => name) : undefined;
  } catch {
    return undefined;
  }
}
