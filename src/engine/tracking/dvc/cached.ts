/** Files whose content the cache of DVC has, whatever names it. */
import { join } from 'node:path';
import type { Artifact } from '../../../protocol';
import { sha256Of } from '../../text';
import { isKept, objectPath } from './disk/objects';
import { findDvc } from './repository';

/**
 * Where the content of each lies, by path; what the cache lacks, or has with another hash, is left out. Throws
 * `dvc-config-unreadable`, and the cancelled error.
 * @param folder a folder of the repository
 */
export async function cachedFiles(
  folder: string,
  files: readonly Pick<Artifact, 'path' | 'bytes' | 'md5' | 'sha256'>[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const dvc = files.length > 0 ? await findDvc(folder) : undefined;
  if (dvc === undefined) return found;
  const objects = join(dvc.cache, 'files', 'md5');
  for (const { path, bytes, md5, sha256 } of files) {
    // It becomes part of a path.
    if (!/^[0-9a-f]{32}$/.test(md5) || !isKept(objects, md5, bytes)) continue;
    const object = objectPath(objects, md5);
    if ((await sha256Of(object, signal)) === sha256) found.set(path, object);
  }
  return found;
}
