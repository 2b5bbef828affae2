/** One file, from one address to one place: locked, resumed, checked, and put there as a whole. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cancelled, MldataError } from '../../protocol';
import { makeFolder } from '../folders';
import { explain } from '../trouble';
import { checkAddress, shown } from './address';
import type { Credentials, Means } from './asking';
import { lockWhenFree } from './lockWhenFree';
import { PartFile, type PartPlace } from './partFile';
import { Meter, type FetchProgress } from './progress';
import { addressOf, readRecord, receiptSchema, writeReceipt, type Receipt } from './record';
import { transfer, type Transfer } from './transfer';
import type { WriterThreads } from './writerThread';

/** Lower-case hex. */
export interface Expected {
  readonly sha256?: string;
  readonly md5?: string;
}

export interface FetchRequest {
  readonly url: URL;
  /** Where the file goes. Beside it stands its receipt, and, while it is fetched, its part with a record and a lock. */
  readonly target: string;
  readonly expected?: Expected;
  readonly credentials?: Credentials;
  /** Asks the server whether what stands there is still what it has; else what stands there is taken. */
  readonly recheck?: boolean;
}

export interface Watch {
  readonly onProgress: (progress: FetchProgress) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Fetched {
  /** `there`: it stood there, and nobody was asked; `unchanged`: the server was. */
  readonly outcome: 'fetched' | 'there' | 'unchanged';
  readonly receipt: Receipt;
}

export interface DownloadMeans extends Means {
  readonly random: () => number;
  readonly threads: WriterThreads;
}

/**
 * Throws `checksum-mismatch`, after which nothing is kept, `address-not-allowed`, `disk-full`, `disk-space`,
 * `not-writable`, `cancelled`, and of kind `network` or `authentication` what the server is to blame for; then what is
 * there is kept and gone on from the next time.
 */
export async function download(request: FetchRequest, means: DownloadMeans, watch: Watch): Promise<Fetched> {
  const name = shown(request.url);
  // Also of a scheme that no client would take; what it may reach is the client's affair.
  checkAddress(request.url, true);
  if (watch.signal.aborted) throw cancelled();
  try {
    await makeFolder(dirname(request.target));
    const release = await lockWhenFree(request.target, name, 'fetched', watch);
    try {
      const known = (await receiptOf(request)) ?? (await recognized(request, watch.signal));
      if (known && !request.recheck) return { outcome: 'there', receipt: known };
      return await fetchLocked(request, known, means, watch);
    } finally {
      await release();
    }
  } catch (error) {
    throw explain(error, name);
  }
}

/** Undefined where the file is not there, or not what is expected; where no hash is, of another address. */
export async function receiptOf({
  url,
  target,
  expected,
}: Pick<FetchRequest, 'url' | 'target' | 'expected'>): Promise<Receipt | undefined> {
  const receipt = await readRecord(`${target}.json`, receiptSchema);
  const found = await lstat(target).catch(() => undefined);
  const isIt =
    receipt !== undefined &&
    (receipt.address === addressOf(url) || expected?.sha256 !== undefined || expected?.md5 !== undefined) &&
    found?.isFile() === true &&
    found.size === receipt.bytes &&
    (expected?.sha256 ?? receipt.sha256) === receipt.sha256 &&
    (expected?.md5 ?? receipt.md5) === receipt.md5;
  return isIt ? receipt : undefined;
}

/** What was fetched before anybody expected an MD5 of it is told by its bytes. */
async function recognized(
  { url, target, expected: { sha256, md5 } = {} }: FetchRequest,
  signal: AbortSignal,
): Promise<Receipt | undefined> {
  if (md5 === undefined) return undefined;
  const receipt = await receiptOf({ url, target, expected: sha256 === undefined ? {} : { sha256 } });
  if (!receipt || receipt.md5 !== undefined) return undefined;
  const hashes = [createHash('sha256'), createHash('md5')] as const;
  await Promise.all(hashes.map((hash) => pipeline(createReadStream(target), hash, { signal }))).catch(
    (error: unknown) => {
      throw signal.aborted ? cancelled() : error;
    },
  );
  const [itsSha256, itsMd5] = hashes.map((hash) => hash.digest('hex'));
  if (itsSha256 !== receipt.sha256 || itsMd5 !== md5) return undefined;
  const known = { ...receipt, md5 };
  await writeReceipt(`${target}.json`, known);
  return known;
}

async function fetchLocked(
  request: FetchRequest,
  known: Receipt | undefined,
  means: DownloadMeans,
  { log, onProgress, signal }: Watch,
): Promise<Fetched> {
  const { url, target, expected = {}, credentials = {} } = request;
  const name = shown(url);
  const place: PartPlace = { part: `${target}.part`, record: `${target}.part.json` };
  const head = { address: addressOf(url), from: name, startedAt: new Date().toISOString(), expected };
  const { part, lost } = await PartFile.open(
    place,
    head,
    { every: means.timing.record, threads: means.threads },
    signal,
  );
  if (lost !== undefined) log(`${name}: ${lost}: starting over`);
  const hashed = expected.sha256 !== undefined || expected.md5 !== undefined;
  const course: Transfer = {
    ...means,
    ...{ url, name, target, credentials, hashed, known, part, log, signal },
    meter: new Meter(name, onProgress),
  };
  try {
    if ((await transferChecked(course, expected)) === 'unchanged' && known) {
      log(`${name}: unchanged on the server`);
      await part.remove();
      return { outcome: 'unchanged', receipt: known };
    }
    const receipt = await receiptFor(part, head);
    await rm(`${target}.json`, { force: true });
    await part.publish(target);
    await writeReceipt(`${target}.json`, receipt);
    await rm(place.record, { force: true });
    return { outcome: 'fetched', receipt };
  } catch (error) {
    await leave(part, error);
    throw error;
  }
}

/** Keeps what is there, except what is known to be wrong and what nobody can go on from. */
async function leave(part: PartFile, error: unknown): Promise<void> {
  if (part.bytes === 0 || !part.isResumable || (error instanceof MldataError && error.code === 'checksum-mismatch')) {
    await part.remove().catch(() => undefined);
    return;
  }
  await part.keep().catch(() => undefined);
  await part.close().catch(() => undefined);
}

/** What may be cut off, or of more than one version, and is not what was expected is fetched once more from its start. */
async function transferChecked(course: Transfer, expected: Expected): Promise<'complete' | 'unchanged'> {
  const { part, name, log } = course;
  const ending = await transfer(course);
  if (ending === 'unchanged' || (await mismatch(part, expected)) === undefined) return ending;
  if (part.doubtful) {
    log(`${name}: what came is not what was expected: starting over`);
    await part.restart({}, undefined);
    await transfer(course);
  }
  const wrong = await mismatch(part, expected);
  if (wrong === undefined) return ending;
  throw new MldataError(
    'checkFailed',
    'checksum-mismatch',
    `${name} is not the file that was expected: its ${wrong.algorithm} is ${wrong.actual}, not ${wrong.expected}. Nothing of it was kept. Correct the checksum in the config if the file is meant to have changed.`,
  );
}

async function mismatch(
  part: PartFile,
  expected: Expected,
): Promise<{ algorithm: string; expected: string; actual: string } | undefined> {
  const actual = await part.digests();
  for (const algorithm of ['sha256', 'md5'] as const) {
    const [wanted, found] = [expected[algorithm], actual[algorithm]];
    if (wanted !== undefined && found !== undefined && wanted !== found) {
      return { algorithm, expected: wanted, actual: found };
    }
  }
  return undefined;
}

async function receiptFor(
  part: PartFile,
  { address, from, startedAt }: { address: string; from: string; startedAt: string },
): Promise<Receipt> {
  const { etag, lastModified } = part.version;
  return {
    version: 1,
    address,
    from,
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    startedAt,
    fetchedAt: new Date().toISOString(),
    bytes: part.bytes,
    ...(await part.digests()),
  };
}
