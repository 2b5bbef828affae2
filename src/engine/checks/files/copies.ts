/** Files that hold the same as another one. */
import { eachOf } from '../../eachOf';
import { sha256Of } from '../../text';

interface Sized {
  readonly path: string;
  readonly bytes: number;
}

/** By path, the first path with the same content; files of a size that no other has are not read. */
export async function copiesOf(files: readonly Sized[], signal: AbortSignal): Promise<Map<string, string>> {
  const bySize = new Map<number, Sized[]>();
  // Several names may lead to one file.
  for (const file of new Map(files.map((each) => [each.path, each])).values()) {
    const same = bySize.get(file.bytes);
    if (same) same.push(file);
    else bySize.set(file.bytes, [file]);
  }
  const alike = [...bySize.values()].filter(({ length }) => length > 1).flat();
  const hashes = await eachOf(alike, async ({ path }) => sha256Of(path, signal));
  const first = new Map<string, string>();
  const copies = new Map<string, string>();
  for (const [index, { path }] of alike.entries()) {
    const hash = hashes[index];
    if (hash === undefined) continue;
    const original = first.get(hash);
    if (original === undefined) first.set(hash, path);
    else copies.set(path, original);
  }
  return copies;
}
