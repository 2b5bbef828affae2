/** Files of a store: which ones are meant is asked first, and each is then fetched as any other file is. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDataFile, shownAddress } from '../config';
import { isArchive } from './archive';
import { eachOf } from './eachOf';
import { Meter, type Credentials, type Downloader, type Expected, type Receipt } from './fetch';
import type { PullContext } from './pullContext';
import { memberOf, storedFile } from './pullRecord';
import { takeSnapshot, unpackingOf, type Snapshot, type SnapshotWatch } from './snapshot';
import type { FetchedRecord, RemoteSpec } from './sources';
import { listStore } from './storeListing';
import { nothingThere, type Listing, type StoreFile } from './stores';
import { endRun, runId } from './runs';
import { MldataError, type FetchSpec } from '../protocol';

type StoreSpec = Extract<FetchSpec, { of: 'store' }>;

interface Taken {
  readonly file: StoreFile;
  readonly snapshot: Snapshot;
}

/**
 * What was fetched before is fetched again only where the store calls it otherwise by now. Throws what {@link listStore}
 * and {@link takeSnapshot} do, and `checksum-unclear` where a hash is to be that of several files.
 */
export async function pullStore(
  entry: RemoteSpec & { readonly fetch: StoreSpec },
  downloader: Downloader,
  context: PullContext,
): Promise<FetchedRecord> {
  const { path: uri, fetch } = entry;
  const { folder, root, allowInner, credentials: secrets, log, signal } = context;
  const { endpoint, region, profile, anonymous } = fetch;
  const s3 = {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(anonymous !== undefined && { anonymous }),
  };
  const run = { downloader, credentials: secrets, watch: { log, signal } };
  const id = runId();
  const place = { folder, root, allowInner, scratch: join(context.state, 'tmp', id) };
  const { listing, credentials } = await listStore({ uri, s3, place }, run).finally(async () => {
    await rm(place.scratch, { recursive: true, force: true });
    endRun(id);
  });
  const files = meant(uri, listing);
  const expected = expectedOf(uri, fetch, files);
  const taken = await takeAll(files, { uri, expected, credentials, fetch }, downloader, context);
  return recordOf(uri, fetch, listing, taken, context);
}

/** Of a folder the files of data, as of a folder of this disk; what a pattern or a name says is meant as it is said. */
function meant(uri: string, { files }: Listing): readonly StoreFile[] {
  const isNamed = /[*?[{\\]/.test(uri) || files.every(({ address }) => address === uri);
  const data = isNamed ? files : files.filter(({ name }) => isDataFile(name) || isArchive(name));
  if (data.length > 0) return data;
  throw nothingThere(
    shownAddress(uri),
    `None of its ${files.length} files is one of data by its name: name them by a pattern, and say their \`format\`.`,
  );
}

function expectedOf(uri: string, { sha256, md5 }: StoreSpec, files: readonly StoreFile[]): Expected {
  if (files.length > 1 && (sha256 !== undefined || md5 !== undefined)) {
    throw new MldataError(
      'config',
      'checksum-unclear',
      `${shownAddress(uri)} means ${files.length} files, and \`${sha256 === undefined ? 'md5' : 'sha256'}\` is that of one. Name one file, or remove it.`,
    );
  }
  return { ...(sha256 !== undefined && { sha256 }), ...(md5 !== undefined && { md5 }) };
}

/** Once one fails, the others are stopped and keep what they have. */
async function takeAll(
  files: readonly StoreFile[],
  {
    uri,
    expected,
    credentials,
    fetch: { members },
  }: { uri: string; expected: Expected; credentials: Credentials; fetch: StoreSpec },
  downloader: Downloader,
  { state, log, onProgress, signal }: PullContext,
): Promise<Taken[]> {
  const stopping = new AbortController();
  const origin = shownAddress(uri);
  const total = files.every(({ bytes }) => bytes !== undefined)
    ? files.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
    : undefined;
  const meter = new Meter(origin, ({ bytes, bytesPerSecond, etaSeconds }) => {
    onProgress({
      ...{ origin, bytes },
      ...(total !== undefined && total > 0 && { fraction: Math.min(1, bytes / total) }),
      ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  });
  meter.begin(0);
  let sum = 0;
  const watchOf = (): SnapshotWatch => {
    let own = 0;
    return {
      log,
      onUnpack: (progress) => {
        onProgress(unpackingOf(progress));
      },
      signal: AbortSignal.any([signal, stopping.signal]),
      onProgress: ({ bytes }) => {
        sum += bytes - own;
        own = bytes;
        meter.moved(sum, total);
      },
    };
  };
  const taken = await eachOf(files, async (file) => {
    const { sha256 = expected.sha256, md5 = expected.md5, etag, name } = file;
    // Two files of the same content are two all the same.
    const content = file.sha256 ?? file.md5;
    refuseOther(file, expected);
    const request = {
      ...{ url: new URL(file.url), name: name.split('/').at(-1) ?? name, credentials },
      expected: { ...(sha256 !== undefined && { sha256 }), ...(md5 !== undefined && { md5 }) },
      ...(content !== undefined && { key: `${content} ${file.address}` }),
      ...(etag !== undefined && { etag }),
      ...(members && { members }),
    };
    try {
      return { file, snapshot: await takeSnapshot(state, request, 'pinned', downloader, watchOf()) };
    } catch (error) {
      stopping.abort();
      throw error;
    }
  });
  meter.moved(sum, total, true);
  return taken;
}

/** What the store itself tells of a file needs no bytes to be seen to differ. */
function refuseOther({ address, sha256, md5 }: StoreFile, expected: Expected): void {
  for (const [algorithm, told, wanted] of [
    ['sha256', sha256, expected.sha256],
    ['md5', md5, expected.md5],
  ] as const) {
    if (told === undefined || wanted === undefined || told === wanted) continue;
    throw new MldataError(
      'checkFailed',
      'checksum-mismatch',
      `${address} is not the file that was expected: its ${algorithm} is ${told}, not ${wanted}. Nothing of it was fetched. Correct the checksum in the config if the file is meant to have changed.`,
    );
  }
}

async function recordOf(
  uri: string,
  { members }: StoreSpec,
  { revision }: Listing,
  taken: readonly Taken[],
  { state }: PullContext,
): Promise<FetchedRecord> {
  const files = taken.flatMap(({ file: { address }, snapshot: { receipt, target, files: paths } }) => {
    if (paths.length === 1 && paths[0] === target) return [{ path: target, name: address, sha256: receipt.sha256 }];
    const read = members === undefined ? paths.filter(isDataFile) : paths;
    return read.map((path) => ({ path, name: `${address}/${memberOf(target, path)}` }));
  });
  const [first] = taken;
  const one = taken.length === 1 ? first?.snapshot.receipt : undefined;
  const receipts = taken.map(({ snapshot: { receipt } }) => receipt);
  const validator = one?.etag ?? one?.lastModified;
  return {
    ...{ kind: 'mldata/source', version: 1, origin: shownAddress(uri) },
    ...(validator !== undefined && { validator }),
    ...(revision !== undefined && { revision }),
    ...(one === undefined && { fileCount: taken.length }),
    fetchedAt:
      receipts
        .map(({ fetchedAt }) => fetchedAt)
        .sort()
        .at(-1) ?? '',
    bytes: receipts.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: one?.sha256 ?? sumOf(taken),
    ...(one?.md5 !== undefined && { md5: one.md5 }),
    files: await eachOf(files, (file) => storedFile(join(state, 'sources'), file)),
  };
}

/** Of the lines that `sha256sum` writes of the files, by the names that the store has for them. */
function sumOf(taken: readonly { file: StoreFile; snapshot: { receipt: Receipt } }[]): string {
  const lines = taken.map(({ file: { name }, snapshot: { receipt } }) => `${receipt.sha256}  ${name}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
