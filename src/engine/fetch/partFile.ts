/**
 * A file that is being fetched: its bytes so far, what they hash to, and the record beside it, from which another
 * process goes on. The record is written while the bytes come, and names points up to which they were there: the last
 * one holds when this process is killed, the one before when the power is cut. Whoever goes on hashes the bytes again,
 * so that nothing is built on what is not there or was changed.
 */
import { constants } from 'node:fs';
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cancelled } from '../../protocol';
import { flush } from '../output';
import type { Digests, Writer } from './hashedWriter';
import { partRecordSchema, readRecord, type PartRecord, type Point } from './record';
import type { Timing } from './timing';
import type { Version } from './validator';
import { writerFor, type WriterThreads } from './writerThread';

/** How much may wait to be written: a disk that is slower than the network holds the network back. */
export const RING_BYTES = 4 * 2 ** 20;
/** What is written at once. Larger pieces are slower: systems look for as much memory in a row to keep them. */
const PIECE_BYTES = 2 ** 19;
/** How much may be lost when the power is cut. */
const SYNC_BYTES = 64 * 2 ** 20;

export interface PartPlace {
  readonly part: string;
  readonly record: string;
}

/** What the record says beside the bytes. */
export type PartHead = Omit<PartRecord, 'version' | 'etag' | 'lastModified' | 'validator' | 'total' | 'points'>;

export interface PartMeans {
  readonly every: Timing['record'];
  readonly threads: WriterThreads;
}

export class PartFile {
  /** Bytes that are there, of which {@link version} is the version. */
  bytes = 0;
  version: Version = {};
  total: number | undefined;
  /** Whether they came over more than one connection, or over one that did not say where they end. */
  doubtful = false;

  /** Whether the server sends the same bytes again, of which a range can be asked for. */
  private steady = true;
  /** What waits to be written, each byte at its place in the file modulo the size. */
  private readonly shared = new SharedArrayBuffer(RING_BYTES);
  private readonly ring = Buffer.from(this.shared);
  private writer: Writer;
  /** What the writer was asked to write, and what it has written. */
  private asked = 0;
  private written = 0;
  /** Pieces that are being written, each done after the one before. */
  private readonly writing: Promise<void>[] = [];
  /** What the record says that stands. */
  private recorded = { bytes: 0, at: Date.now() };
  private recording: Promise<void> | undefined;
  /** What is on disk, and not only with the system. */
  private sure: Point | undefined;
  private syncing: Promise<void> | undefined;

  private constructor(
    private readonly place: PartPlace,
    private readonly head: PartHead,
    private readonly every: Timing['record'],
    private readonly threads: WriterThreads,
    private readonly handle: FileHandle,
  ) {
    this.writer = this.freshWriter(undefined);
  }

  /**
   * Goes on from what is there for sure. `lost` says why something that was there is of no use. Throws `cancelled`, and
   * what the disk does.
   */
  static async open(
    place: PartPlace,
    head: PartHead,
    { every, threads }: PartMeans,
    signal: AbortSignal,
  ): Promise<{ part: PartFile; lost?: string }> {
    const record = await readRecord(place.record, partRecordSchema);
    const handle = await openOwn(place.part);
    const part = new PartFile(place, head, every, threads, handle);
    try {
      const lost = await part.takeUp(record, signal);
      if (part.bytes === 0) await part.restart({}, undefined);
      return { part, ...(lost !== undefined && { lost }) };
    } catch (error) {
      await part.close();
      throw error;
    }
  }

  /**
   * Forgets what is there: what comes is of this version.
   * @param steady false: what the server sends is made on the way, and no range of it can be asked for
   */
  async restart(version: Version, total: number | undefined, steady = true): Promise<void> {
    await this.settle();
    await rm(this.place.record, { force: true });
    await this.handle.truncate(0);
    await this.writer.close();
    this.writer = this.freshWriter(total);
    this.begin(0);
    this.sure = undefined;
    this.version = version;
    this.total = total;
    this.doubtful = false;
    this.steady = steady;
  }

  /** Whether the rest can be asked for by itself, and a mixture of versions is found out. */
  get isResumable(): boolean {
    const { sha256, md5 } = this.head.expected;
    return this.steady && (this.version.validator !== undefined || sha256 !== undefined || md5 !== undefined);
  }

  /** Throws what the disk does. */
  async append(some: readonly Uint8Array[]): Promise<void> {
    for (const chunk of some) {
      for (let from = 0; from < chunk.length;) {
        const at = this.bytes % RING_BYTES;
        const room = Math.min(RING_BYTES - at, RING_BYTES - (this.bytes - this.written));
        if (room === 0) {
          await this.writing[0];
          continue;
        }
        const part = chunk.subarray(from, from + room);
        // Unlike `set`, which copies into shared memory word by word.
        this.ring.fill(part, at, at + part.length);
        this.bytes += part.length;
        from += part.length;
        if (this.bytes - this.asked < PIECE_BYTES) continue;
        this.write();
        await this.recordNowAndThen();
      }
    }
    await this.recordNowAndThen();
  }

  /** What is there can be gone on from later. Throws what the disk does. */
  async keep(): Promise<void> {
    await this.empty();
    await this.recording;
    if (this.isResumable && this.bytes > 0) await this.record();
  }

  digests(): Promise<Digests> {
    this.write();
    return this.writer.digests();
  }

  /** Puts the file in its place, on disk. */
  async publish(target: string): Promise<void> {
    await this.empty();
    await this.settle();
    await this.handle.sync();
    await this.close();
    await rename(this.place.part, target);
    await flush(dirname(target));
  }

  async close(): Promise<void> {
    await this.settle();
    await this.writer.close();
    await this.handle.close();
  }

  async remove(): Promise<void> {
    await this.close();
    for (const path of [this.place.part, this.place.record]) await rm(path, { force: true });
  }

  private freshWriter(total: number | undefined): Writer {
    const withMd5 = this.head.expected.md5 !== undefined;
    return writerFor(total, this.threads, { fd: this.handle.fd, ring: this.shared, withMd5 });
  }

  private begin(bytes: number): void {
    this.bytes = this.asked = this.written = bytes;
    this.writing.length = 0;
    this.recorded = { bytes, at: Date.now() };
  }

  /** To the last point that holds. */
  private async takeUp(record: PartRecord | undefined, signal: AbortSignal): Promise<string | undefined> {
    if (record?.address !== this.head.address) return undefined;
    const { etag, lastModified, validator, total, points } = record;
    this.version = { etag, lastModified, validator };
    if (!this.isResumable) return undefined;
    this.writer = this.freshWriter(total ?? points.at(-1)?.bytes);
    const held = await this.confirmed(points, signal);
    if (held === 0) return 'what was fetched before is damaged';
    await this.handle.truncate(held);
    this.begin(held);
    this.total = total;
    this.doubtful = true;
    return undefined;
  }

  /** How many bytes are what a point says. */
  private async confirmed(points: readonly Point[], signal: AbortSignal): Promise<number> {
    const stop = () => void this.writer.close();
    signal.addEventListener('abort', stop, { once: true });
    let held = 0;
    try {
      for (const point of points) {
        if (!(await this.writer.confirm(held, point.bytes, point.sha256))) break;
        held = point.bytes;
        this.sure ??= point;
      }
    } catch (error) {
      throw signal.aborted ? cancelled() : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) throw cancelled();
    return held;
  }

  /** All is written that came. Throws what the disk does. */
  private async empty(): Promise<void> {
    this.write();
    await this.writing.at(-1);
  }

  /** Has the writer write what came. What goes wrong, whoever waits for it learns. */
  private write(): void {
    while (this.asked < this.bytes) {
      const from = this.asked;
      const at = from % RING_BYTES;
      const length = Math.min(this.bytes - from, RING_BYTES - at);
      this.asked += length;
      const piece = this.done(this.writing.at(-1), this.writer.write(at, length, from), this.asked);
      piece.catch(() => undefined);
      this.writing.push(piece);
    }
  }

  /** What failed stays the first, and so does everything fail that comes after it. */
  private async done(before: Promise<void> | undefined, writing: Promise<void>, bytes: number): Promise<void> {
    try {
      await before;
    } finally {
      await writing;
    }
    this.written = bytes;
    void this.writing.shift();
  }

  /** What goes on in the background is over. */
  private async settle(): Promise<void> {
    await this.writing.at(-1)?.catch(() => undefined);
    await this.recording;
    await this.syncing;
  }

  /** Records that are slower than the network hold the network back: what a kill may cost stays what it is. */
  private async recordNowAndThen(): Promise<void> {
    if (!this.isResumable) return;
    const behind = this.bytes - this.recorded.bytes;
    if (behind >= 2 * this.every.bytes) await this.recording;
    const isDue = behind >= this.every.bytes || (behind > 0 && Date.now() - this.recorded.at >= this.every.ms);
    if (!isDue || this.recording) return;
    this.recording = this.recordInBackground().finally(() => {
      this.recording = undefined;
    });
  }

  /** A record that cannot be written costs what is fetched again, nothing more. */
  private async recordInBackground(): Promise<void> {
    try {
      const point = await this.record();
      if (point.bytes - (this.sure?.bytes ?? 0) >= SYNC_BYTES && !this.syncing) this.syncing = this.sync(point);
    } catch {
      // What keeps bytes from being written, whoever waits for them learns.
    }
  }

  private async sync(point: Point): Promise<void> {
    try {
      await this.handle.datasync();
      this.sure = point;
    } catch {
      // Then the point before is what is sure.
    } finally {
      this.syncing = undefined;
    }
  }

  /** What is there as soon as it is written. */
  private async record(): Promise<Point> {
    this.write();
    const record: PartRecord = {
      version: 1,
      ...this.head,
      ...this.version,
      ...(this.total !== undefined && { total: this.total }),
      points: this.sure ? [this.sure] : [],
    };
    const point = await this.writer.record(this.place.record, record, this.bytes);
    this.recorded = { bytes: point.bytes, at: Date.now() };
    return point;
  }
}

/** A link that stands there, as a repository may bring one, is not followed: it is removed. */
async function openOwn(path: string): Promise<FileHandle> {
  const found = await lstat(path).catch(() => undefined);
  if (found && !found.isFile()) await rm(path, { force: true });
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  return open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
}
