/** Which objects a cache or a remote on this machine has. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { DvcOut } from '../dvc';

const listing = z.array(z.looseObject({ md5: z.string(), relpath: z.string() }));

export class ObjectFolder {
  /** Names of objects by the folder that they lie in: many are asked for, and one look tells of all. */
  private readonly names = new Map<string, Promise<ReadonlySet<string>>>();

  /** @param root of a cache or a remote: objects lie in `files/md5`, those of DVC 2 in itself */
  constructor(private readonly root: string) {}

  /** The hashes of all objects that an output needs, itself the first; of a folder whose listing is not here only that. */
  async objectsOf({ md5, hash }: DvcOut): Promise<string[]> {
    if (md5 === undefined) return [];
    // Of anything else no object has the name, and a path could be made of it.
    if (!/^[0-9a-f]{32}\.dir$/.test(md5)) return [md5];
    const text = await readFile(join(this.folderOf(hash), ...placeOf(md5)), 'utf8').catch(() => '[]');
    return [md5, ...new Set(readListing(text))];
  }

  /** Those that are not here. */
  async lacks(objects: readonly string[], hash: DvcOut['hash']): Promise<string[]> {
    const missing: string[] = [];
    for (const object of objects) {
      const [folder, name] = placeOf(object);
      if (!(await this.namesIn(join(this.folderOf(hash), folder))).has(name)) missing.push(object);
    }
    return missing;
  }

  private namesIn(folder: string): Promise<ReadonlySet<string>> {
    const known = this.names.get(folder);
    if (known !== undefined) return known;
    const names = readdir(folder).then(
      (found) => new Set(found),
      () => new Set<string>(),
    );
    this.names.set(folder, names);
    return names;
  }

  private folderOf(hash: DvcOut['hash']): string {
    return hash === 'md5' ? join(this.root, 'files', 'md5') : this.root;
  }
}

function placeOf(object: string): [folder: string, name: string] {
  return [object.slice(0, 2), object.slice(2)];
}

/** Of one that cannot be read nothing is known. */
function readListing(text: string): string[] {
  try {
    return listing.parse(JSON.parse(text)).map(({ md5 }) => md5);
  } catch {
    return [];
  }
}
