/** Rows of a database, fetched by a job process: what befalls it there befalls nobody else. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shownAddress } from '../config';
import type { DatabaseSource, FetchJob } from './databases';
import { makeFolder } from './folders';
import { runFetch } from './jobMessages';
import { runJob } from './jobProcess';
import type { PullContext } from './pullContext';
import { sourceKey, sourcesFolder, type FetchedRecord, type RemoteSpec } from './sources';
import { endRun, runId } from './runs';
import { ownFolder } from './workspace';
import type { Finding } from '../protocol';

/**
 * @param known what there is of it, and `place`, where references in the address lead: rows of one place are never gone on
 * with by those of another
 */
export async function pullRows(
  entry: RemoteSpec,
  dataset: string,
  { known, place }: { readonly known: FetchedRecord | undefined; readonly place: string | undefined },
  { folder, root, state, jobEntry, limits, allowInner, credentials, onProgress, signal }: PullContext,
): Promise<FetchedRecord> {
  const key = sourceKey(entry);
  const name = place === undefined ? key : `${key}-${place}`;
  const target = join(sourcesFolder(folder), name);
  const origin = shownAddress(entry.path);
  const id = runId();
  const scratch = join(state, 'tmp', id);
  await ownFolder(target);
  try {
    await makeFolder(scratch);
    const job: FetchJob = {
      ...{ folder, root, scratch, target, allowInner, ...limits },
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
    return {
      ...{ kind: 'mldata/source', version: 1, origin, fetchedAt, bytes, sha256, rows },
      ...(query !== undefined && { query }),
      ...(table !== undefined && { table }),
      ...(watermark && { watermark }),
      files: [{ path: `${name}/${file}`, name: `${origin}#${table ?? `query-${key.slice(0, 8)}`}`, bytes }],
      ...(said.length > 0 && { findings: said }),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    endRun(id);
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
