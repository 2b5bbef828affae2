/** Sources that lie elsewhere, and what has been fetched of them: as the records beside the config say. */
import type { Uri } from 'vscode';
import { fetchedRecordPath, isExpected, isRemote, shownAddress } from '../../config';
import { fetchedSchema } from '../../protocol';
import type { DatasetSpec, FetchedSource } from '../../protocol';
import { readReport } from './manifestFile';
import { folderOf } from './paths';

export interface RemoteSource {
  /** The address as it may be shown. */
  readonly origin: string;
  /** Of a database, unless a query says what is read of it. */
  readonly table?: string;
  /** Absent where nothing has come yet, or not what the config expects. */
  readonly fetched?: FetchedSource;
}

/** A record also says which files came, which only the engine reads. */
const recordSchema = fetchedSchema.loose();

export function remoteSourcesOf(config: Uri, { source }: DatasetSpec): Promise<RemoteSource[]> {
  return Promise.all(
    source.filter(isRemote).map(async (entry) => {
      const record = await readReport(folderOf(config), fetchedRecordPath(entry), recordSchema);
      return {
        origin: shownAddress(entry.path),
        ...(entry.fetch.of === 'rows' && entry.fetch.table !== undefined && { table: entry.fetch.table }),
        ...(record && isExpected(record, entry.fetch) && { fetched: record }),
      };
    }),
  );
}
