/** Puts links to objects in the place of workspace files, where the repository wants the bytes on disk once. */
import { linkSync, lstatSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { objectPath } from './objects';
import { isSameContent, stampOf } from './stamp';

export interface RelinkQuestion {
  readonly do: 'relink';
  readonly objects: string;
  /** A folder on the disk of the workspace. */
  readonly drafts: string;
  readonly by: 'hardlink' | 'symlink';
  readonly files: readonly { readonly path: string; readonly md5: string; readonly stamp: string }[];
}

/** The new stamp of each file that is the object now; undefined for one that stays the copy that it is. */
export function relink({ objects, drafts, by, files }: RelinkQuestion): (string | undefined)[] {
  return files.map(({ path, md5, stamp }, index) => {
    const object = objectPath(objects, md5);
    const draft = join(drafts, String(index));
    try {
      if (!isLinked(path, object, by)) {
        if (by === 'hardlink') linkSync(object, draft);
        else symlinkSync(object, draft);
        // Somebody wrote into it since it was read: that stays, and is told as a change.
        if (!isSameContent(stamp, stampOf(statSync(path, { bigint: true })).text)) return undefined;
        renameSync(draft, path);
      }
      return stampOf(statSync(path, { bigint: true })).text;
    } catch {
      return undefined;
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

function isLinked(path: string, object: string, by: RelinkQuestion['by']): boolean {
  const found = lstatSync(path, { bigint: true });
  if (by === 'symlink') return found.isSymbolicLink() && readlinkSync(path) === object;
  const kept = lstatSync(object, { bigint: true });
  return found.ino === kept.ino && found.dev === kept.dev;
}
