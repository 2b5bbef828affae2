/** The folders that runs make on the way to what they write, and remove again where nothing came of it. */
import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { folderAbove, type Kind } from './output';
import { isInside } from './sources';

export interface Way {
  /** What the run writes first. */
  readonly path: string;
  /** The deepest folder above it that no run had to make. */
  readonly above: string;
}

/** Those of the runs of this process: a folder that one of them makes was not there before for the others either. */
const open = new Set<Way>();

/** Call it before anything of `path` is made, and `closeWay` in the end. Throws `output-blocked`. */
export async function openWay(path: string, kind: Kind): Promise<Way> {
  // One that ends while this looks may have removed what is found here.
  const earlier = [...open];
  const found = await folderAbove(path, kind);
  const maker = [...earlier, ...open].find(
    (way) => found !== way.above && isInside(way.above, found) && isInside(found, way.path),
  );
  const way = { path, above: maker?.above ?? found };
  open.add(way);
  return way;
}

export function closeWay(way: Way): void {
  open.delete(way);
}

/** A first build that failed leaves no empty folders behind; those that stood there before stay. */
export async function removeEmpty({ path, above }: Way): Promise<void> {
  for (let current = dirname(path); current !== above; current = dirname(current)) {
    const removed = await rmdir(current).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
