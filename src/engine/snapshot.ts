/**
 * The local copy of a source that lies on the network: fetched once, told by its hash, and read from then on without
 * the network. An archive is unpacked beside itself.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { MldataError } from '../protocol';
import { isArchive, unpack } from './archive';
import {
  lockWhenFree,
  receiptOf,
  shown,
  type Credentials,
  type Downloader,
  type Expected,
  type FetchRequest,
  type Receipt,
  type Watch,
} from './fetch';
import { ownFolder } from './workspace';

export interface SnapshotRequest {
  readonly url: URL;
  readonly expected?: Expected;
  /** Globs over the members of an archive; absent: all. */
  readonly members?: readonly string[];
  readonly credentials?: Credentials;
}

export interface Snapshot {
  /** Of what was fetched, which is an archive where there are members. */
  readonly receipt: Receipt;
  /** What is to be read: absolute, in order. */
  readonly files: readonly string[];
}

/** `pinned`: what is there is taken; `recheck`: the server is asked whether it changed; `offline`: nobody is asked. */
export type SnapshotMode = 'pinned' | 'recheck' | 'offline';

/** Before the names of folders with members. */
const MEMBERS = 'members-';

/**
 * @param state the folder `.mldata/`
 * Throws what fetching and unpacking do, and `not-fetched` where nothing is there and nobody may be asked.
 */
export async function takeSnapshot(
  state: string,
  request: SnapshotRequest,
  mode: SnapshotMode,
  downloader: Downloader,
  watch: Watch,
): Promise<Snapshot> {
  const target = targetOf(state, request.url);
  const { url, expected, credentials } = request;
  const asked: FetchRequest = {
    ...{ url, target, recheck: mode === 'recheck' },
    ...(expected && { expected }),
    ...(credentials && { credentials }),
  };
  for (const folder of [state, join(state, 'sources'), dirname(target)]) await ownFolder(folder);
  const receipt = mode === 'offline' ? await receiptOf(asked) : (await downloader.fetch(asked, watch)).receipt;
  if (!receipt) throw notFetched(url);
  if (!isArchive(target)) return { receipt, files: [target] };
  return { receipt, files: await unpacked(target, receipt, request, watch) };
}

/** One folder for each address, which bears the file under its own name: by its ending it is told what it is. */
export function targetOf(state: string, url: URL): string {
  const key = createHash('sha256').update(url.href).digest('hex').slice(0, 16);
  const [written = ''] = url.pathname.split('/').slice(-1);
  const name = basename(decoded(written).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')).replace(/^\.+|[. ]+$/g, '');
  return join(state, 'sources', key, name === '' ? 'data' : name.slice(-100));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What was unpacked before is what would come out again; what came out of other bytes goes. */
async function unpacked(
  archive: string,
  receipt: Receipt,
  { members }: SnapshotRequest,
  watch: Watch,
): Promise<string[]> {
  const above = dirname(archive);
  const prefix = `${MEMBERS}${receipt.sha256.slice(0, 16)}-`;
  const which = createHash('sha256')
    .update(JSON.stringify(members ?? null))
    .digest('hex')
    .slice(0, 16);
  const folder = join(above, prefix + which);
  const release = await lockWhenFree(folder, archive, 'unpacked', watch);
  try {
    const names = await glob('**/*', { cwd: folder, dot: true, onlyFiles: true });
    if (names.length > 0) return names.sort().map((name) => join(folder, name));
    const came = await unpack({ archive, folder, ...(members && { members }), signal: watch.signal });
    for (const name of await readdir(above)) {
      if (name.startsWith(MEMBERS) && !name.startsWith(prefix)) await rm(join(above, name), { recursive: true });
    }
    return came.map((name) => join(folder, name));
  } finally {
    await release();
  }
}

function notFetched(url: URL): MldataError {
  return new MldataError(
    'network',
    'not-fetched',
    `${shown(url)} was not fetched yet, or is not what the config expects, and the network is not to be used. Fetch it while there is a network.`,
  );
}
