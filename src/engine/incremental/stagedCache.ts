/**
 * Rows of files as an earlier build of the dataset staged them, and what it found out about the files, so that one changed
 * file among many is the only one that is parsed. It is a saving and nothing else: an entry that is gone, damaged or of
 * other content is as if it were not there.
 */
import { lstat, readdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../text';
import type { DelimitedFacts, SourceFile } from '../sources';
import type { Finding } from '../../protocol';
import { evict } from './eviction';
import { HashCache } from './hashCache';
import { digest, readIndex, writeIndex, type StagedEntry, type StagedIndex } from './stagedIndex';
import { isSettled, stampOf } from './stamp';

export interface StagedPlace {
  /** Where the rows lie, absolute, and the file that tells of them. */
  readonly folder: string;
  readonly index: string;
  /** False: what is there is not looked at, and replaced. */
  readonly read: boolean;
  /** What the folder may hold, bytes. */
  readonly maxBytes: number;
}

export interface StagedContext extends StagedPlace {
  /** The hashes of files as they were last read; absent: none. */
  readonly hashes: string | undefined;
  /** The config's folder. */
  readonly workspace: string;
  readonly dataset: string;
  /** On the same disk. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** A file that an earlier build read. */
export type Remembered = StagedEntry & { readonly key: string };

/** A file whose rows are staged. */
export interface Fresh {
  readonly file: SourceFile;
  readonly sha256: string;
  readonly facts: DelimitedFacts & { readonly findings: readonly Finding[] };
  readonly evidence: {
    readonly fits: ReadonlyMap<string, readonly number[] | null>;
    readonly zones: ReadonlyMap<string, number>;
  };
  readonly rows: Omit<StagedEntry['rows'], 'sha256'>;
}

/** An entry that was used within this time is not marked as used again. */
const FRESH_MS = 3_600_000;

export class StagedCache {
  /** What is known of the content of files before they are read. */
  private readonly seen = new Map<string, { readonly settled: boolean; readonly sha256: string | undefined }>();
  private readonly kept = new Map<string, StagedEntry>();
  private readonly names: ReadonlySet<string>;
  private writing: Promise<void> = Promise.resolve();
  private room: number;
  private drafts = 0;

  private constructor(
    private readonly context: StagedContext,
    private readonly index: StagedIndex,
    private readonly hashes: HashCache,
  ) {
    this.names = new Set(Object.values(index.entries).map(({ name }) => name));
    this.room = context.maxBytes;
  }

  static async open(context: StagedContext): Promise<StagedCache> {
    const { workspace: folder, hashes } = context;
    const known = context.read && hashes !== undefined ? { folder, file: hashes } : { folder };
    return new StagedCache(
      context,
      context.read ? await readIndex(context.index) : { entries: {} },
      await HashCache.open(known),
    );
  }

  /** How the last build read the files in the end. */
  get reading(): StagedIndex['reading'] {
    return this.index.reading;
  }

  /** What is known of a file with its name and content. */
  async find(file: SourceFile): Promise<Remembered | undefined> {
    const since = Date.now();
    const stamp = await stampOf(file.path);
    if (stamp === undefined) return undefined;
    const settled = isSettled(stamp, since);
    // One that was edited just now may be edited again without a trace: its content is compared before and after.
    const sha256 =
      settled && !this.names.has(file.name)
        ? undefined
        : await this.hashes.hashOf(file.path, stamp, this.context.signal).catch(() => undefined);
    this.seen.set(file.path, { settled, sha256 });
    if (sha256 === undefined) return undefined;
    const key = this.keyOf(file, sha256);
    const entry = this.index.entries[key];
    return entry && { ...entry, key };
  }

  /** The content of a file that {@link find} found. */
  hashOf({ path }: SourceFile): string {
    return this.seen.get(path)?.sha256 ?? '';
  }

  /** The file that holds the rows of one that is known, if they were cast like this and are as they were written. */
  async rowsOf({ key, rows }: Remembered, cast: string): Promise<string | undefined> {
    if (rows.cast !== cast) return undefined;
    const path = this.pathOf(key);
    try {
      const { mtimeMs } = await lstat(path);
      if ((await hashFile(path, ['sha256'], this.context.signal)).sha256 !== rows.sha256) return undefined;
      const now = new Date();
      if (now.getTime() - mtimeMs > FRESH_MS) await utimes(path, now, now);
      return path;
    } catch {
      return undefined;
    }
  }

  /** Keeps the rows of a file in the background; `write` makes a file of them. */
  keep(fresh: Fresh, write: (path: string) => Promise<void>): void {
    this.writing = this.writing
      .then(() => this.store(fresh, write))
      .catch(() => {
        // A full disk, or a build that was stopped.
        this.room = 0;
      });
  }

  /** Waits for what is being kept: the staged rows may change after that. */
  async written(): Promise<void> {
    await this.writing;
  }

  /** Once it is sure that no file changed meanwhile. */
  async save(reading: NonNullable<StagedIndex['reading']>): Promise<void> {
    await this.writing;
    const { folder, index, scratch, maxBytes } = this.context;
    const { maxRecordBytes, parseValues } = reading;
    const same = this.reading?.maxRecordBytes === maxRecordBytes && this.reading.parseValues === parseValues;
    try {
      if (this.kept.size === 0 && same) {
        // It may be less than it was.
        await evict(folder, maxBytes);
        return;
      }
      const there = new Set(await readdir(folder));
      const old = Object.entries(this.index.entries).filter(([key]) => there.has(nameOf(key)));
      const entries = Object.fromEntries([...old, ...this.kept]);
      await writeIndex(index, { reading: { maxRecordBytes, parseValues }, entries }, scratch);
      await evict(folder, maxBytes);
    } catch {
      // The next build reads the files again.
    }
  }

  private async store(
    { file, sha256, facts, evidence, rows }: Fresh,
    write: (path: string) => Promise<void>,
  ): Promise<void> {
    const { scratch, signal } = this.context;
    const seen = this.seen.get(file.path);
    if (this.room <= 0 || seen === undefined || (!seen.settled && seen.sha256 !== sha256)) return;
    const draft = join(scratch, `staged-${this.drafts++}`);
    await write(draft);
    if (!seen.settled && (await hashFile(file.path, ['sha256'], signal)).sha256 !== sha256) return;
    const written = await hashFile(draft, ['sha256'], signal);
    this.room -= written.bytes;
    if (this.room <= 0) return;
    const key = this.keyOf(file, sha256);
    await rename(draft, this.pathOf(key));
    this.kept.set(key, {
      name: file.name,
      facts: {
        ...facts,
        dialect: { ...facts.dialect, columns: [...facts.dialect.columns] },
        findings: [...facts.findings],
      },
      fits: [...evidence.fits].map(([column, fits]) => [column, fits && [...fits]]),
      zones: [...evidence.zones],
      rows: { ...rows, sha256: written.sha256 ?? '' },
    });
  }

  private keyOf({ name, path, format, options, quotedIsText, findings }: SourceFile, sha256: string): string {
    const { dataset } = this.context;
    const reading = [format ?? null, options, quotedIsText ?? false];
    return digest(JSON.stringify([dataset, name, path, ...reading, findings ?? [], sha256]));
  }

  private pathOf(key: string): string {
    return join(this.context.folder, nameOf(key));
  }
}

function nameOf(key: string): string {
  return `${key}.parquet`;
}
