/** Gives drafts of objects their names. Nothing has the name or the mode of an object before its content is verified. */
import { chmodSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { OBJECT_MODE, objectPath } from './objects';

export interface PublishQuestion {
  readonly do: 'publish';
  readonly objects: string;
  readonly drafts: readonly { readonly draft: string; readonly md5: string }[];
  /** The cache is for a group of users, whose folders are all theirs. */
  readonly shared: boolean;
}

export function publish({ objects, drafts, shared }: PublishQuestion): void {
  const made = new Set<string>();
  for (const { draft, md5 } of drafts) {
    const object = objectPath(objects, md5);
    const folder = dirname(object);
    if (!made.has(folder)) {
      const first = mkdirSync(folder, { recursive: true });
      if (first !== undefined && shared) openToGroup(first, folder);
      made.add(folder);
    }
    chmodSync(draft, OBJECT_MODE);
    renameSync(draft, object);
  }
}

/** New files and folders belong to the group of the folder. */
function openToGroup(first: string, folder: string): void {
  for (let current = folder; current.length >= first.length; current = dirname(current)) chmodSync(current, 0o2775);
}
