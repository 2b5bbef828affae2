/** Rows of a database, fetched by a job process: what befalls it there befalls nobody else. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shownAddress } from '../config';
import type { DatabaseSource, FetchJob } from './databases';
import { lockWhenFree } from './fetch';
import { makeFolder } from './folders';
import { runFetch } from './jobMessages';
import { runJob } from './jobProcess';
import type { PullContext } from './pullContext';
import { readFetched, sourceKey, sourcesFolder, writeFetched, type FetchedRecord, type RemoteSpec } from './sources';
import { endRun, ownFolder, runId } from './workspace';
import type { Finding } from '../protocol';

/** One process at a time: whoever had to wait takes what the other brought, unless it is to ask again. */
export async function pullRows(
  entry: RemoteSpec,
  dataset: string,
  { folder, root, state, jobEntry, limits, update, allowInner, credentials, onProgress, log, signal }: PullContext,
): Promise<FetchedRecord> {
  const key = sourceKey(entry);
  const target = join(sourcesFolder(folder), key);
  const origin = shownAddress(entry.path);
  const id = runId();
  const scratch = join(state, 'tmp', id);
  for (const path of [state, sourcesFolder(folder), target]) await ownFolder(path);
  const release = await lockWhenFree(target, origin, 'fetched', { log, signal });
  try {
    const known = await readFetched(folder, entry);
    if (known && !update) return known;
    await makeFolder(scratch);
    const place = { folder, root, scratch, target, allowInner, ...limits };
    const job: FetchJob = {
      ...place,
      spec: { name: dataset },
      source: databaseSource(entry),
      handed: credentials.handedFor(entry.path),
    };
    const told = {
      onFetch: ({ rows, bytes }: { rows: number; bytes: number }) => {
        onProgress({ origin, rows, bytes });
      },
    };
    const { record, newRows, findings } = await runJob(jobEntry, runFetch, job, told, signal);
    const { file, sha256, bytes, rows, query, table, fetchedAt, watermark } = record;
    const earlier = newRows < rows ? (known?.findings ?? []) : [];
    const said = allOf(earlier, findings);
    const fetched: FetchedRecord = {
      ...{ kind: 'mldata/source', version: 1, origin, fetchedAt, bytes, sha256, rows },
      ...(query !== undefined && { query }),
      ...(table !== undefined && { table }),
      ...(watermark && { watermark }),
      files: [{ path: `${key}/${file}`, name: `${origin}#${table ?? `query-${key.slice(0, 8)}`}`, bytes }],
      ...(said.length > 0 && { findings: said }),
    };
    await writeFetched(folder, entry, fetched);
    return fetched;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    endRun(id);
    await release();
  }
}

function databaseSource({ path: uri, fetch }: RemoteSpec): DatabaseSource {
  if (fetch.of !== 'rows') throw new Error('A file is fetched as it is');
  const { query, table = '', incremental, timeoutSeconds } = fetch;
  return {
    uri,
    rows: query === undefined ? { table } : { query },
    ...(incremental && { incremental }),
    timeoutMs: timeoutSeconds * 1000,
  };
}

/** What was said of rows that came earlier holds for them still. */
function allOf(earlier: readonly Finding[], now: readonly Finding[]): Finding[] {
  const told = new Set(now.map(({ code, message }) => `${code} ${message}`));
  return [...earlier.filter(({ code, message }) => !told.has(`${code} ${message}`)), ...now];
}
