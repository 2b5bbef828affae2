/**
 * Hashes of the files of a tracked path as they were last read, so that what nobody touched is not read again. They are a
 * saving and nothing else.
 */
import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CONFIG_FILES } from '../../../config';
import { openWorkspace, ownFolder } from '../../workspace';
import { hashFileText, readHashFile, type HashFile, type WholeFacts } from './disk/hashFile';
import type { OutHash } from './dvcFile';

/**
 * @param state the folder `.mldata/`
 * @param path the file or folder that is tracked, absolute
 */
export function hashFileOf(state: string, path: string, hash: OutHash): string {
  const name = createHash('sha256').update(`${hash} ${path}`).digest('hex').slice(0, 32);
  return join(state, 'cache', 'tracking', `${name}.json`);
}

export class RememberedHashes {
  private readonly known: ReadonlyMap<string, { readonly stamp: string; readonly md5: string }>;
  private readonly before: HashFile | undefined;
  private readonly paths: string[] = [];
  private readonly stamps: string[] = [];
  private readonly hashes: string[] = [];

  /** @param file where they lie */
  constructor(private readonly file: string) {
    this.before = readHashFile(file);
    const { paths = [], stamps = [], hashes = [] } = this.before ?? {};
    this.known = new Map(paths.map((path, at) => [path, { stamp: stamps[at] ?? '', md5: hashes[at] ?? '' }]));
  }

  /** The hash of a file that still has the stamp. */
  of(relpath: string, stamp: string): string | undefined {
    const known = this.known.get(relpath);
    return known?.stamp === stamp ? known.md5 : undefined;
  }

  /** Whether something of this size lay there before. */
  hadSize(relpath: string, size: number): boolean {
    return this.known.get(relpath)?.stamp.split(' ')[0] === String(size);
  }

  note(relpath: string, stamp: string, md5: string): void {
    this.paths.push(relpath);
    this.stamps.push(stamp);
    this.hashes.push(md5);
  }

  /** Keeps what was noted, and forgets the rest. */
  async save(whole: WholeFacts): Promise<void> {
    const { paths, stamps, hashes } = this;
    const now: HashFile = { whole, paths, stamps, hashes };
    if (isDeepStrictEqual(now, this.before)) return;
    const folder = dirname(this.file);
    try {
      // Git ignores the folder from the beginning.
      await openWorkspace(join(dirname(dirname(dirname(folder))), CONFIG_FILES[0]));
      await ownFolder(folder);
      const draft = join(folder, `${process.pid}-${basename(this.file)}`);
      await writeFile(draft, hashFileText(now));
      await rename(draft, this.file);
    } catch {
      // The next run reads the files again.
    }
  }
}
