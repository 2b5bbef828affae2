/** Gives drafts of objects their names. Nothing has the name or the mode of an object before its content is verified. */
import { chmodSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OBJECT_MODE, objectPath } from './objects';
import { isSameContent, stampOf } from './stamp';

export interface PublishQuestion {
  readonly do: 'publish';
  readonly objects: string;
  readonly drafts: readonly {
    readonly draft: string;
    readonly md5: string;
    /** Of one that is a file of the workspace by another name, when it was read. */
    readonly stamp?: string;
  }[];
  /** The cache is for a group of users, whose folders are all theirs. */
  readonly shared: boolean;
}

/** The place in the list of the first into which somebody wrote since it was read: from there on none is published. */
export function publish({ objects, drafts, shared }: PublishQuestion): number | undefined {
  const made = new Set<string>();
  for (const [index, { draft, md5, stamp }] of drafts.entries()) {
    if (stamp !== undefined && !isSameContent(stamp, stampOf(statSync(draft, { bigint: true })).text)) return index;
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
  return undefined;
}

/** New files and folders belong to the group of the folder. */
function openToGroup(first: string, folder: string): void {
  for (let current = folder; current.length >= first.length; current = dirname(current)) chmodSync(current, 0o2775);
}
