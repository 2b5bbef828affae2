/** Snapshots of sources with an address, taken before anything is built from them. */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { isDataFile } from '../config';
import { resolvedHeaders } from './credentials';
import { eachOf } from './eachOf';
import { Downloader, shown, type Watch } from './fetch';
import { noteHosts } from './hosts';
import type { PullContext } from './pullContext';
import { memberOf, storedFile } from './pullRecord';
import { pullRows } from './pullRows';
import { pullStore } from './pullStore';
import { takeSnapshot } from './snapshot';
import { isRemote, readFetched, writeFetched, type FetchedRecord, type RemoteSpec } from './sources';
import { MldataError, type ConfigPath, type DatasetSpec, type FetchSpec, type Finding } from '../protocol';

export interface Pulled {
  readonly record: FetchedRecord;
  readonly outcome: 'fetched' | 'unchanged';
}

/** What is known of the hosts is kept from one pull to the next. */
const downloaders = new Map<boolean, Downloader>();

/**
 * Sees to it that every source of a dataset that has an address is there, in their order. Once one fails, the others are
 * stopped and keep what they have. Throws what fetching, unpacking and asking a database do, with the place in the config.
 */
export async function pullSources(
  { name, source }: Pick<DatasetSpec, 'name' | 'source'>,
  context: PullContext,
): Promise<Pulled[]> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  const entries = source.flatMap((entry, index) => (isRemote(entry) ? [{ entry, index }] : []));
  // A query takes a job process with all the memory there is: one after the other.
  let before: Promise<unknown> = Promise.resolve();
  const pulling = entries.map(({ entry, index }) => {
    const pull = () => pullOne(entry, name, { ...context, signal });
    const pulled = entry.fetch.of === 'rows' ? before.then(pull) : pull();
    if (entry.fetch.of === 'rows') before = pulled.catch(() => undefined);
    return pulled.catch((error: unknown) => {
      throw located(error, name, ['datasets', name, 'source', index]);
    });
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

/** Fetches one source. @param dataset of which it is, or the address itself */
export async function pullOne(entry: RemoteSpec, dataset: string, context: PullContext): Promise<Pulled> {
  const { folder, update } = context;
  const known = await readFetched(folder, entry);
  if (known && !update) return { record: known, outcome: 'unchanged' };
  const record = await fetched(entry, dataset, context);
  return { record, outcome: known?.sha256 === record.sha256 ? 'unchanged' : 'fetched' };
}

function fetched(entry: RemoteSpec, dataset: string, context: PullContext): Promise<FetchedRecord> {
  const { fetch } = entry;
  switch (fetch.of) {
    case 'file':
      return pullFile({ ...entry, fetch }, context);
    case 'store':
      return pullStore({ ...entry, fetch }, downloaderFor(context), context);
    case 'rows':
      return pullRows(entry, dataset, context);
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
  const watch: Watch = {
    log,
    signal,
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
  const request = { url, expected, ...(members && { members }), ...(secret && { credentials: secret }) };
  const mode = update ? 'recheck' : 'pinned';
  const { receipt, target, files } = await takeSnapshot(state, request, mode, downloaderFor(context), watch);
  const isArchive = files.length !== 1 || files[0] !== target;
  const read = isArchive && members === undefined ? files.filter(isDataFile) : files;
  const validator = receipt.etag ?? receipt.lastModified;
  const record: FetchedRecord = {
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
  await writeFetched(context.folder, entry, record);
  return record;
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
