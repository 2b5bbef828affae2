/** Snapshots of sources with an address, taken before anything is built from them. */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { isDataFile, referencesIn, shownAddress, writtenHeaders } from '../config';
import { resolvedHeaders, type Credentials } from './credentials';
import { eachOf } from './eachOf';
import { Downloader, lockWhenFree, shown } from './fetch';
import { noteHosts } from './hosts';
import type { PullContext } from './pullContext';
import { memberOf, storedFile } from './pullRecord';
import { pullRows } from './pullRows';
import { pullStore } from './pullStore';
import { takeSnapshot, unpackingOf, type SnapshotWatch } from './snapshot';
import {
  isRemote,
  readFetched,
  sourceKey,
  sourcesFolder,
  writeFetched,
  type FetchedRecord,
  type RemoteSpec,
} from './sources';
import { ownFolder } from './workspace';
import { MldataError, type ConfigPath, type DatasetSpec, type FetchSpec, type Finding } from '../protocol';

export interface Pulled {
  readonly record: FetchedRecord;
  readonly outcome: 'fetched' | 'unchanged';
}

/** What is known of the hosts is kept from one pull to the next. */
const downloaders = new Map<boolean, Downloader>();

/**
 * Sees to it that every source of datasets that has an address is there, in their order. Once one fails, the others are
 * stopped and keep what they have. Throws what fetching, unpacking and asking a database do, with the place in the config.
 */
export async function pullSources(
  specs: readonly Pick<DatasetSpec, 'name' | 'source'>[],
  context: PullContext,
): Promise<(Pulled & { readonly dataset: string })[]> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  const entries = specs.flatMap(({ name, source }) =>
    source.flatMap((entry, index) => (isRemote(entry) ? [{ dataset: name, entry, index }] : [])),
  );
  // One after the other: queries, since each takes a job process with all the memory there is; and what has one address.
  const lanes = new Map<string, Promise<unknown>>();
  const pulling = entries.map(({ dataset, entry, index }) => {
    const lane = entry.fetch.of === 'rows' ? '' : entry.path;
    const pulled = (lanes.get(lane) ?? Promise.resolve()).then(() => pullOne(entry, dataset, { ...context, signal }));
    lanes.set(
      lane,
      pulled.catch(() => undefined),
    );
    return pulled.then(
      (one) => ({ ...one, dataset }),
      (error: unknown) => {
        throw located(error, dataset, ['datasets', dataset, 'source', index]);
      },
    );
  });
  try {
    return await Promise.all(pulling);
  } catch (error) {
    stopping.abort();
    await Promise.allSettled(pulling);
    throw error;
  } finally {
    await noteHosts(context.state, downloaders.get(context.allowInner)?.hostStates ?? []);
  }
}

/**
 * Fetches one source. One process at a time is at it: whoever had to wait takes what the other brought, unless it is to ask
 * again. @param dataset of which it is, or the address itself
 */
export async function pullOne(entry: RemoteSpec, dataset: string, context: PullContext): Promise<Pulled> {
  const { folder, state, update, log, signal, credentials } = context;
  const place = await placeOf(entry, credentials, signal);
  const standing = async () => {
    const record = await readFetched(folder, entry);
    return place.isKnown && record?.place !== place.is ? undefined : record;
  };
  const known = await standing();
  if (known && !update) return { record: known, outcome: 'unchanged' };
  const sources = sourcesFolder(folder);
  for (const path of [state, sources]) await ownFolder(path);
  const release = await lockWhenFree(join(sources, sourceKey(entry)), shownAddress(entry.path), 'fetched', {
    log,
    signal,
  });
  try {
    const brought = update ? undefined : await standing();
    if (brought) return { record: brought, outcome: 'fetched' };
    const record = {
      ...(await fetched(entry, dataset, known, place.is, context)),
      ...(place.is && { place: place.is }),
    };
    await writeFetched(folder, entry, record);
    return { record, outcome: known?.sha256 === record.sha256 ? 'unchanged' : 'fetched' };
  } finally {
    await release();
  }
}

interface SourcePlace {
  /** A hash of where an address leads that only names its host, its user or its database; undefined for one that says them. */
  readonly is?: string;
  /** Whether it could be looked up. */
  readonly isKnown: boolean;
}

/** Passwords change without it being another place. */
async function placeOf({ path }: RemoteSpec, credentials: Credentials, signal: AbortSignal): Promise<SourcePlace> {
  const place = shownAddress(path);
  if (referencesIn(place).length === 0) return { isKnown: true };
  const led = await credentials.resolveAddress(place, signal).catch(() => undefined);
  if (led === undefined) return { isKnown: false };
  return { isKnown: true, is: createHash('sha256').update(led).digest('hex').slice(0, 16) };
}

function fetched(
  entry: RemoteSpec,
  dataset: string,
  known: FetchedRecord | undefined,
  place: string | undefined,
  context: PullContext,
): Promise<FetchedRecord> {
  const { fetch } = entry;
  switch (fetch.of) {
    case 'file':
      return pullFile({ ...entry, fetch }, context);
    case 'store':
      return pullStore({ ...entry, fetch }, downloaderFor(context), context);
    case 'rows':
      return pullRows(entry, dataset, { known, place }, context);
  }
}

function downloaderFor({ allowInner }: PullContext): Downloader {
  const downloader = downloaders.get(allowInner) ?? new Downloader({ allowInner });
  downloaders.set(allowInner, downloader);
  return downloader;
}

async function pullFile(
  entry: RemoteSpec & { readonly fetch: Extract<FetchSpec, { of: 'file' }> },
  context: PullContext,
): Promise<FetchedRecord> {
  const { state, update, log, onProgress, signal } = context;
  const { sha256, md5, members, headers } = entry.fetch;
  const url = new URL(entry.path);
  const expected = { ...(sha256 !== undefined && { sha256 }), ...(md5 !== undefined && { md5 }) };
  const watch: SnapshotWatch = {
    log,
    signal,
    onUnpack: (progress) => {
      onProgress(unpackingOf(progress));
    },
    onProgress: ({ name, total, bytes, bytesPerSecond, etaSeconds }) => {
      onProgress({
        ...{ origin: name, bytes },
        ...(total !== undefined && total > 0 && { fraction: bytes / total }),
        ...(bytesPerSecond !== undefined && { bytesPerSecond }),
        ...(etaSeconds !== undefined && { etaSeconds }),
      });
    },
  };
  const secret = headers && (await resolvedHeaders(headers, context.credentials));
  const request = {
    ...{ url, expected },
    ...(members && { members }),
    ...(headers && { key: `${url.href} ${writtenHeaders(headers)}` }),
    ...(secret && { credentials: secret }),
  };
  const mode = update ? 'recheck' : 'pinned';
  const { receipt, target, files } = await takeSnapshot(state, request, mode, downloaderFor(context), watch);
  const isArchive = files.length !== 1 || files[0] !== target;
  const read = isArchive && members === undefined ? files.filter(isDataFile) : files;
  const validator = receipt.etag ?? receipt.lastModified;
  return {
    ...{ kind: 'mldata/source', version: 1, origin: receipt.from },
    ...(validator !== undefined && { validator }),
    ...{ fetchedAt: receipt.fetchedAt, bytes: receipt.bytes, sha256: receipt.sha256 },
    ...(receipt.md5 !== undefined && { md5: receipt.md5 }),
    files: await eachOf(read, (path) =>
      storedFile(
        join(state, 'sources'),
        isArchive
          ? { path, name: `${nameOf(url, target)}/${memberOf(target, path)}` }
          : { path, name: nameOf(url, target), sha256: receipt.sha256 },
      ),
    ),
  };
}

/** Two addresses have two names, parameters, which may be secret, are in none, and it ends as the file does. */
function nameOf(url: URL, target: string): string {
  if (url.search === '') return shown(url);
  const which = createHash('sha256').update(url.search).digest('hex').slice(0, 8);
  return `${url.origin}${url.pathname}?${which}/${basename(target)}`;
}

/** The same error, with the place in the config that it belongs to. */
function located(error: unknown, dataset: string, configPath: ConfigPath): unknown {
  if (!(error instanceof MldataError) || error.kind === 'cancelled' || error.findings.length > 0) return error;
  const { kind, code, message } = error;
  const finding: Finding = { code, severity: 'error', message, dataset, configPath };
  return new MldataError(kind, code, message, [finding], { cause: error });
}
