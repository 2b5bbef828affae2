/** Files that a dataset is made from without being its source. */
import { confinedPath } from '../sources';
import type { DatasetSpec } from '../../protocol';
import type { NamedFile } from './watchedFiles';

/** Every one, in the order of the config. Throws `path-outside`. */
export async function referencedFiles(
  { name, split }: DatasetSpec,
  folder: string,
  root: string | undefined,
): Promise<NamedFile[]> {
  if (split?.indices === undefined) return [];
  const path = await confinedPath(folder, split.indices, root, ['datasets', name, 'split', 'indices']);
  return [{ path, name: split.indices }];
}
