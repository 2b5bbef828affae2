/**
 * A file that is being fetched: its bytes so far, what they hash to, and the record beside it, from which another
 * process goes on. The record is written while the bytes come, and names points up to which they were there: the last
 * one holds when this process is killed, the one before when the power is cut. Whoever goes on hashes the bytes again,
 * so that nothing is built on what is not there or was changed.
 */
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cancelled } from '../../protocol';
import { flush } from '../output';
import { partRecordSchema, readRecord, writeRecord, type PartRecord, type Point } from './record';
import type { Timing } from './timing';
import type { Version } from './validator';

/** How much may wait to be written: a disk that is slower than the network holds the network back. */
export const RING_BYTES = 4 * 2 ** 20;
/** What is written at once. Larger pieces are slower: systems look for as much memory in a row to keep them. */
const PIECE_BYTES = 2 ** 19;
/** How much may be lost when the power is cut. */
const SYNC_BYTES = 64 * 2 ** 20;
const READ_BYTES = 2 ** 20;

interface Hashes {
  readonly sha256: Hash;
  readonly md5?: Hash;
}

export interface PartPlace {
  readonly part: string;
  readonly record: string;
}

/** What the record says beside the bytes. */
export type PartHead = Omit<PartRecord, 'version' | 'etag' | 'lastModified' | 'validator' | 'total' | 'points'>;

export class PartFile {
  /** Bytes that are there, of which {@link version} is the version. */
  bytes = 0;
  version: Version = {};
  total: number | undefined;
  /** Whether they came over more than one connection, or over one that did not say where they end. */
  doubtful = false;

  /** Whether the server sends the same bytes again, of which a range can be asked for. */
  private steady = true;
  private hashes: Hashes;
  /** What waits to be written, each byte at its place in the file modulo the size. */
  private readonly ring = Buffer.allocUnsafe(RING_BYTES);
  private writing: Promise<void> | undefined;
  private written = 0;
  /** What the record is to name as soon as it is written. */
  private due: Point | undefined;
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
    private readonly handle: FileHandle,
  ) {
    this.hashes = this.fresh();
  }

  /**
   * Goes on from what is there for sure. `lost` says why something that was there is of no use. Throws `cancelled`, and
   * what the disk does.
   */
  static async open(
    place: PartPlace,
    head: PartHead,
    every: Timing['record'],
    signal: AbortSignal,
  ): Promise<{ part: PartFile; lost?: string }> {
    const record = await readRecord(place.record, partRecordSchema);
    const handle = await openOwn(place.part);
    const part = new PartFile(place, head, every, handle);
    try {
      const lost = await part.takeUp(record, signal);
      if (part.bytes === 0) await part.restart({}, undefined);
      return { part, ...(lost !== undefined && { lost }) };
    } catch (error) {
      await handle.close();
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
    this.begin(0, this.fresh());
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
  async append(chunk: Uint8Array): Promise<void> {
    this.hashes.sha256.update(chunk);
    this.hashes.md5?.update(chunk);
    for (let from = 0; from < chunk.length;) {
      const at = this.bytes % RING_BYTES;
      const room = Math.min(RING_BYTES - at, RING_BYTES - (this.bytes - this.written));
      if (room === 0) await this.write();
      const some = chunk.subarray(from, from + room);
      this.ring.set(some, at);
      this.bytes += some.length;
      from += some.length;
    }
    if (this.isResumable) await this.recordNowAndThen();
    if (this.due || this.bytes - this.written >= PIECE_BYTES) void this.write().catch(() => undefined);
  }

  /** What is there can be gone on from later. */
  async keep(): Promise<void> {
    await this.empty();
    await this.recording;
    if (this.isResumable && this.bytes > 0) await this.record(this.pointNow());
  }

  digests(): { sha256: string; md5?: string } {
    const { sha256, md5 } = this.hashes;
    return { sha256: sha256.copy().digest('hex'), ...(md5 && { md5: md5.copy().digest('hex') }) };
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
    await this.handle.close();
  }

  async remove(): Promise<void> {
    await this.close();
    for (const path of [this.place.part, this.place.record]) await rm(path, { force: true });
  }

  private fresh(): Hashes {
    return {
      sha256: createHash('sha256'),
      ...(this.head.expected.md5 !== undefined && { md5: createHash('md5') }),
    };
  }

  private begin(bytes: number, hashes: Hashes): void {
    this.hashes = hashes;
    this.due = undefined;
    this.bytes = this.written = bytes;
    this.recorded = { bytes, at: Date.now() };
  }

  /** To the last point that holds. */
  private async takeUp(record: PartRecord | undefined, signal: AbortSignal): Promise<string | undefined> {
    if (record?.address !== this.head.address) return undefined;
    const { etag, lastModified, validator, total, points } = record;
    this.version = { etag, lastModified, validator };
    if (!this.isResumable) return undefined;
    const hashes = this.fresh();
    let held: { readonly bytes: number; readonly hashes: Hashes } | undefined;
    let from = 0;
    for (const point of points) {
      await this.hash(from, point.bytes, hashes, signal);
      from = point.bytes;
      if (hashes.sha256.copy().digest('hex') !== point.sha256) break;
      held = {
        bytes: point.bytes,
        hashes: { sha256: hashes.sha256.copy(), ...(hashes.md5 && { md5: hashes.md5.copy() }) },
      };
      this.sure ??= point;
    }
    if (!held) return 'what was fetched before is damaged';
    await this.handle.truncate(held.bytes);
    this.begin(held.bytes, held.hashes);
    this.total = total;
    this.doubtful = true;
    return undefined;
  }

  private async hash(from: number, to: number, { sha256, md5 }: Hashes, signal: AbortSignal): Promise<void> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let at = from; at < to;) {
      if (signal.aborted) throw cancelled();
      const { bytesRead } = await this.handle.read(buffer, 0, Math.min(READ_BYTES, to - at), at);
      if (bytesRead === 0) return;
      sha256.update(buffer.subarray(0, bytesRead));
      md5?.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  }

  /** Throws what the disk does. */
  private async empty(): Promise<void> {
    while (this.written < this.bytes) await this.write();
  }

  /** One piece after the other. Throws what the disk does. */
  private write(): Promise<void> {
    this.writing ??= this.writePiece().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async writePiece(): Promise<void> {
    const at = this.written % RING_BYTES;
    const length = Math.min(this.bytes - this.written, RING_BYTES - at, PIECE_BYTES);
    this.written += (await this.handle.write(this.ring, at, length, this.written)).bytesWritten;
    if (this.due && this.due.bytes <= this.written) this.recordInBackground(this.due);
  }

  /** What goes on in the background is over. */
  private async settle(): Promise<void> {
    await this.writing?.catch(() => undefined);
    await this.recording;
    await this.syncing;
  }

  /** Records that are slower than the network hold the network back: what a kill may cost stays what it is. */
  private async recordNowAndThen(): Promise<void> {
    const behind = this.bytes - this.recorded.bytes;
    if (behind >= 2 * this.every.bytes) await this.recording;
    const isDue = behind >= this.every.bytes || (behind > 0 && Date.now() - this.recorded.at >= this.every.ms);
    if (isDue && !this.recording) this.due ??= this.pointNow();
  }

  private pointNow(): Point {
    return { bytes: this.bytes, sha256: this.digests().sha256 };
  }

  /** A record that cannot be written costs what is fetched again, nothing more. */
  private recordInBackground(point: Point): void {
    this.due = undefined;
    this.recording = this.record(point)
      .catch(() => undefined)
      .finally(() => {
        this.recording = undefined;
      });
    if (point.bytes - (this.sure?.bytes ?? 0) < SYNC_BYTES || this.syncing) return;
    this.syncing = this.handle
      .datasync()
      .then(() => {
        this.sure = point;
      })
      .catch(() => undefined)
      .finally(() => {
        this.syncing = undefined;
      });
  }

  private async record(point: Point): Promise<void> {
    const record: PartRecord = {
      version: 1,
      ...this.head,
      ...this.version,
      ...(this.total !== undefined && { total: this.total }),
      points: [...(this.sure ? [this.sure] : []), point],
    };
    await writeRecord(this.place.record, record, false);
    this.recorded = { bytes: point.bytes, at: Date.now() };
  }
}

/** A link that stands there, as a repository may bring one, is not followed: it is removed. */
async function openOwn(path: string): Promise<FileHandle> {
  const found = await lstat(path).catch(() => undefined);
  if (found && !found.isFile()) await rm(path, { force: true });
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  return open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
}
