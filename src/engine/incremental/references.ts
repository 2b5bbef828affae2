/** Files that a dataset is made from without being its source. */
import { confinedPath, listBeside, type SourceContext } from '../sources';
import type { DatasetSpec } from '../../protocol';
import type { NamedFile } from './watchedFiles';

/** Every one, once, in the order of the config. Throws `path-outside`, `source-not-found` and `not-built`. */
export async function referencedFiles(spec: DatasetSpec, context: SourceContext): Promise<NamedFile[]> {
  const files = await indicesOf(spec, context);
  for (const [index, step] of (spec.transforms ?? []).entries())
    files.push(...(await listBeside({ step, index }, context, spec.name)).map(({ path, name }) => ({ path, name })));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** The file that a split follows. Throws `path-outside`. */
export async function indicesOf({ name, split }: DatasetSpec, { folder, root }: SourceContext): Promise<NamedFile[]> {
  if (split?.indices === undefined) return [];
  const path = await confinedPath(folder, split.indices, root, ['datasets', name, 'split', 'indices']);
  return [{ path, name: split.indices }];
}
