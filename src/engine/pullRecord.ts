/** What is written down of each file that was fetched. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { portablePath, type FetchedRecord } from './sources';

type StoredFile = FetchedRecord['files'][number];

/** @param sources the folder that all of them lie in */
export async function storedFile(
  sources: string,
  { path, ...rest }: Pick<StoredFile, 'path' | 'name' | 'sha256'>,
): Promise<StoredFile> {
  return { path: portablePath(sources, path), ...rest, bytes: (await stat(path)).size };
}

/** Members lie in a folder of their own beside the archive. */
export function memberOf(archive: string, path: string): string {
  return portablePath(dirname(archive), path).split('/').slice(1).join('/');
}
