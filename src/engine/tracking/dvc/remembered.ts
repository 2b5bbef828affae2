/**
 * Hashes of the files of a tracked path as they were last read, so that what nobody touched is not read again. They are a
 * saving and nothing else: whatever is wrong with them is as if they were not there.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONFIG_FILES } from '../../../config';
import { openWorkspace, ownFolder } from '../../workspace';
import type { OutHash } from './dvcFile';

/** Some 500,000 files. */
const MAX_BYTES = 96 * 2 ** 20;
const VERSION = 1;

/** A path of the folder, its stamp, its hash. */
type Entry = readonly [relpath: string, stamp: string, md5: string];

export class RememberedHashes {
  private readonly current: Entry[] = [];
  private changed = false;

  private constructor(
    private readonly state: string,
    private readonly folder: string,
    private readonly name: string,
    private readonly known: ReadonlyMap<string, Entry>,
  ) {}

  /**
   * @param state the folder `.mldata/`
   * @param path the file or folder that is tracked, absolute
   */
  static async open(state: string, path: string, hash: OutHash): Promise<RememberedHashes> {
    const folder = join(state, 'cache', 'tracking');
    const name = `${createHash('sha256').update(`${hash} ${path}`).digest('hex').slice(0, 32)}.json`;
    return new RememberedHashes(state, folder, name, await read(join(folder, name)));
  }

  /** The hash of a file that still has the stamp. */
  of(relpath: string, stamp: string): string | undefined {
    const entry = this.known.get(relpath);
    return entry?.[1] === stamp ? entry[2] : undefined;
  }

  /** Whether something of this size lay there before. */
  hadSize(relpath: string, size: number): boolean {
    return this.known.get(relpath)?.[1].split(' ')[0] === String(size);
  }

  note(relpath: string, stamp: string, md5: string): void {
    if (this.of(relpath, stamp) !== md5) this.changed = true;
    this.current.push([relpath, stamp, md5]);
  }

  /** Keeps what was noted, and forgets the rest. */
  async save(): Promise<void> {
    if (!this.changed && this.current.length === this.known.size) return;
    try {
      // Git ignores the folder from the beginning.
      await openWorkspace(join(dirname(this.state), CONFIG_FILES[0]));
      await ownFolder(this.folder);
      const draft = join(this.folder, `${process.pid}-${this.name}`);
      await writeFile(draft, JSON.stringify({ version: VERSION, files: this.current }));
      await rename(draft, join(this.folder, this.name));
    } catch {
      // The next run reads the files again.
    }
  }
}

async function read(file: string): Promise<ReadonlyMap<string, Entry>> {
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > MAX_BYTES) return new Map();
    const { version, files } = JSON.parse(await readFile(file, 'utf8')) as { version?: unknown; files?: unknown };
    if (version !== VERSION || !Array.isArray(files) || !files.every(isEntry)) return new Map();
    return new Map(files.map((entry) => [entry[0], entry]));
  } catch {
    return new Map();
  }
}

/** By hand: a schema takes longer over 50,000 entries than reading them does. */
function isEntry(value: unknown): value is Entry {
  return (
    Array.isArray(value) && value.every((part) => typeof part === 'string') && /^[0-9a-f]{32}$/.test(value[2] ?? '')
  );
}
