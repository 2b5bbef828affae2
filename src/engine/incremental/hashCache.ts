/**
 * SHA-256 of files as they were last read, so that a file nobody touched is not read again to see that it is the same.
 *
 * One file for each dataset, under the dataset's lock, with what its last build read and wrote: it cannot outgrow them.
 * It is a saving and nothing else: whatever is wrong with it is as if it were not there.
 */
import { lstat, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../folders';
import { portablePath } from '../sources';
import { hashFile } from '../text';
import { isSettled, stampOf, type Stamp } from './stamp';

/** Some 300,000 files; a manifest of as many is not read either. */
const MAX_BYTES = 64 * 2 ** 20;

const cacheSchema = z.strictObject({
  version: z.literal(1),
  /** By path relative to the config's folder: stamp and hash. */
  files: z.record(z.string(), z.tuple([z.string(), z.string().regex(/^[0-9a-f]{64}$/)])),
});
type Entry = z.infer<typeof cacheSchema>['files'][string];

export interface CachePlace {
  /** Absolute; absent: nothing is kept. */
  readonly file?: string;
  /** The config's folder. */
  readonly folder: string;
}

export class HashCache {
  private readonly current = new Map<string, Entry>();
  private changed = false;

  private constructor(
    private readonly place: CachePlace,
    private readonly known: ReadonlyMap<string, Entry>,
    private readonly now: () => number,
  ) {}

  static async open(place: CachePlace, now = Date.now): Promise<HashCache> {
    return new HashCache(place, await read(place.file), now);
  }

  /** One that knows nothing yet and replaces what is there. */
  static empty(place: CachePlace): HashCache {
    return new HashCache(place, new Map(), Date.now);
  }

  /** Whether the hash of a file with this stamp is known without reading it. */
  knows(path: string, stamp: Stamp): boolean {
    return this.known.get(this.keyOf(path))?.[0] === stamp.text;
  }

  /**
   * The hash of a file with this stamp; undefined when it changes meanwhile. Throws what reading it throws.
   * @param inAll how many bytes are being asked for
   */
  async hashOf(
    path: string,
    stamp: Stamp,
    signal: AbortSignal,
    { onRead, inAll }: { readonly onRead?: () => void; readonly inAll?: number } = {},
  ): Promise<string | undefined> {
    const key = this.keyOf(path);
    const entry = this.known.get(key);
    if (entry?.[0] === stamp.text) {
      this.current.set(key, entry);
      return entry[1];
    }
    onRead?.();
    const since = this.now();
    const { sha256 } = await hashFile(path, ['sha256'], signal, inAll);
    if (sha256 === undefined || (await stampOf(path))?.text !== stamp.text) return undefined;
    this.note(path, stamp, sha256, since);
    return sha256;
  }

  /** Keeps the hash of a file that had this stamp before it was read, from `sinceMs` on, and has it still. */
  note(path: string, stamp: Stamp, sha256: string, sinceMs: number): void {
    this.changed = true;
    if (isSettled(stamp, sinceMs)) this.current.set(this.keyOf(path), [stamp.text, sha256]);
  }

  /** Keeps what was asked for and noted. The new file is made in `scratch`, on the same disk, and takes the old one's place. */
  async save(scratch: string): Promise<void> {
    const { file } = this.place;
    if (file === undefined || !this.changed) return;
    try {
      await makeFolder(scratch);
      const draft = join(scratch, 'hashes.json');
      await writeFile(draft, JSON.stringify({ version: 1, files: Object.fromEntries(this.current) }));
      await rename(draft, file);
    } catch {
      // The next build reads the files again.
    }
  }

  private keyOf(path: string): string {
    return portablePath(this.place.folder, path);
  }
}

async function read(file: string | undefined): Promise<ReadonlyMap<string, Entry>> {
  if (file === undefined) return new Map();
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > MAX_BYTES) return new Map();
    return new Map(Object.entries(cacheSchema.parse(JSON.parse(await readFile(file, 'utf8'))).files));
  } catch {
    return new Map();
  }
}
