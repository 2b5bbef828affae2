/** Where the image or audio file lies that a value of the data names. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { confinedPath, confinementRoot, isInside } from '../sources';

export type MediaFile =
  | { readonly state: 'found'; readonly path: string; readonly bytes: number }
  | { readonly state: 'missing' }
  /** There but not to be opened: no file, forbidden, empty, or outside of what the data may reach. */
  | {
      readonly state: 'unreadable';
      readonly why: 'file-unreadable' | 'file-empty' | 'file-outside';
      /** Of an empty file. */
      readonly path?: string;
    };

const missing: MediaFile = { state: 'missing' };
const unreadable: MediaFile = { state: 'unreadable', why: 'file-unreadable' };
const outside: MediaFile = { state: 'unreadable', why: 'file-outside' };

/** There, but not to be read. */
const REFUSALS = new Set(['EACCES', 'EPERM', 'ELOOP', 'EIO']);

/**
 * Finds files by the paths that data holds. Relative ones start from the first of the folders that has such a file; none
 * may leave the git root of its folder, else the folder, also not through a link. What does is not even looked for, so
 * that data from elsewhere reaches neither the rest of the disk nor the network.
 * @param folders absolute, the likeliest first
 */
export function mediaFinder(folders: readonly string[]): (value: string) => Promise<MediaFile> {
  const places = folders.map((folder) => ({ folder, root: confinementRoot(folder) }));
  return async (value) => {
    const looks: (MediaFile | undefined)[] = [];
    for (const { folder, root } of value.trim() === '' ? [] : places) {
      const look = await lookAt(folder, value, root);
      if (look?.state === 'found') return look;
      looks.push(look);
    }
    const there = looks.find((look) => look?.state === 'unreadable');
    if (there) return there;
    return looks.length > 0 && looks.every((look) => look === undefined) ? outside : missing;
  };
}

/** Undefined where the path leads outside. */
async function lookAt(folder: string, value: string, root: string): Promise<MediaFile | undefined> {
  // By its text first: asking the system about a path of another machine would already reach for it.
  if (!isInside(root, resolve(folder, value))) return undefined;
  const path = await confinedPath(folder, value, root).catch(() => undefined);
  if (path === undefined) return undefined;
  try {
    const found = await stat(path);
    if (!found.isFile()) return unreadable;
    if (found.size === 0) return { state: 'unreadable', why: 'file-empty', path };
    return { state: 'found', path, bytes: found.size };
  } catch (error) {
    return REFUSALS.has((error as NodeJS.ErrnoException).code ?? '') ? unreadable : missing;
  }
}
