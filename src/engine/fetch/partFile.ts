/**
 * A file that is being fetched: its bytes so far, what they hash to, and the record beside it, from which another
 * process goes on. The record is written while the bytes come, and speaks only of bytes that are on disk; whoever goes
 * on hashes them again, so that nothing is built on what a power cut or a stranger changed.
 */
import { createHash, type Hash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flush } from '../output';
import { partRecordSchema, readRecord, writeRecord, type PartRecord } from './record';
import type { Timing } from './timing';
import type { Version } from './validator';

const BUFFER_BYTES = 2 ** 20;

export interface PartPlace {
  readonly part: string;
  readonly record: string;
}

/** What the record says beside the bytes. */
export type PartHead = Omit<
  PartRecord,
  'version' | 'etag' | 'lastModified' | 'validator' | 'total' | 'bytes' | 'sha256'
>;

export class PartFile {
  /** Bytes that are there, of which {@link version} is the version. */
  bytes = 0;
  version: Version = {};
  total: number | undefined;
  /** Whether they came over more than one connection, or over one that did not say where they end. */
  doubtful = false;

  /** Whether the server sends the same bytes again, of which a range can be asked for. */
  private steady = true;
  private hashes: { readonly sha256: Hash; readonly md5?: Hash };
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private spare = Buffer.allocUnsafe(BUFFER_BYTES);
  private filled = 0;
  private writing: Promise<void> = Promise.resolve();
  private written = 0;
  /** What the record says that stands. */
  private recorded = { bytes: 0, at: Date.now() };
  private recording: Promise<void> | undefined;

  private constructor(
    private readonly place: PartPlace,
    private readonly head: PartHead,
    private readonly every: Timing['record'],
    private readonly handle: FileHandle,
  ) {
    this.hashes = this.fresh();
  }

  /** Goes on from what is there for sure. `lost` says why something that was there is of no use. */
  static async open(
    place: PartPlace,
    head: PartHead,
    every: Timing['record'],
  ): Promise<{ part: PartFile; lost?: string }> {
    const record = await readRecord(place.record, partRecordSchema);
    const handle = await open(place.part, 'r+').catch(() => open(place.part, 'w+', 0o644));
    const part = new PartFile(place, head, every, handle);
    try {
      const lost = await part.takeUp(record);
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
    await this.recording;
    await this.writing.catch(() => undefined);
    this.writing = Promise.resolve();
    await rm(this.place.record, { force: true });
    await this.handle.truncate(0);
    this.hashes = this.fresh();
    this.filled = this.written = this.bytes = 0;
    this.recorded = { bytes: 0, at: Date.now() };
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
    this.bytes += chunk.length;
    for (let from = 0; from < chunk.length;) {
      const some = chunk.subarray(from, from + BUFFER_BYTES - this.filled);
      this.buffer.set(some, this.filled);
      this.filled += some.length;
      from += some.length;
      if (this.filled === BUFFER_BYTES) await this.turn();
    }
    if (this.isResumable) await this.keepNowAndThen();
  }

  /** What is there can be gone on from later. */
  async keep(): Promise<void> {
    await this.recording;
    await this.empty();
    if (this.isResumable && this.bytes > 0) await this.keepRecord(this.recordNow());
  }

  digests(): { sha256: string; md5?: string } {
    const { sha256, md5 } = this.hashes;
    return { sha256: sha256.copy().digest('hex'), ...(md5 && { md5: md5.copy().digest('hex') }) };
  }

  /** Puts the file in its place, on disk. */
  async publish(target: string): Promise<void> {
    await this.empty();
    await this.handle.sync();
    await this.close();
    await rename(this.place.part, target);
    await flush(dirname(target));
  }

  async close(): Promise<void> {
    await this.recording;
    await this.writing.catch(() => undefined);
    await this.handle.close();
  }

  async remove(): Promise<void> {
    await this.close();
    for (const path of [this.place.part, this.place.record]) await rm(path, { force: true });
  }

  private fresh(): { readonly sha256: Hash; readonly md5?: Hash } {
    return {
      sha256: createHash('sha256'),
      ...(this.head.expected.md5 !== undefined && { md5: createHash('md5') }),
    };
  }

  private async takeUp(record: PartRecord | undefined): Promise<string | undefined> {
    if (!record || record.address !== this.head.address || record.bytes === 0) return undefined;
    const { etag, lastModified, validator, total, bytes } = record;
    this.version = { etag, lastModified, validator };
    if (!this.isResumable) return undefined;
    for (let from = 0; from < bytes;) {
      const wanted = Math.min(BUFFER_BYTES, bytes - from);
      const { bytesRead } = await this.handle.read(this.buffer, 0, wanted, from);
      if (bytesRead === 0) break;
      const some = this.buffer.subarray(0, bytesRead);
      this.hashes.sha256.update(some);
      this.hashes.md5?.update(some);
      from += bytesRead;
    }
    if (this.digests().sha256 !== record.sha256) return 'what was fetched before is damaged';
    await this.handle.truncate(bytes);
    this.bytes = this.written = bytes;
    this.recorded = { bytes, at: Date.now() };
    this.total = total;
    this.doubtful = true;
    return undefined;
  }

  /** Begins to write what is in the buffer, and takes the other one meanwhile. */
  private async turn(): Promise<void> {
    await this.writing;
    const full = this.buffer.subarray(0, this.filled);
    [this.buffer, this.spare] = [this.spare, this.buffer];
    this.filled = 0;
    this.writing = this.write(full, this.written);
    this.written += full.length;
    // Whoever waits for it next is told; until then it is nobody's error.
    this.writing.catch(() => undefined);
  }

  /** Nothing is left in the buffers. */
  private async empty(): Promise<void> {
    await this.turn();
    await this.writing;
  }

  private async write(bytes: Buffer, at: number): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      from += (await this.handle.write(bytes, from, bytes.length - from, at + from)).bytesWritten;
    }
  }

  /** A disk that is slower than the network holds the network back: what a kill may cost stays what it is. */
  private async keepNowAndThen(): Promise<void> {
    const behind = this.bytes - this.recorded.bytes;
    if (behind >= 2 * this.every.bytes) await this.recording;
    const due = behind >= this.every.bytes || (behind > 0 && Date.now() - this.recorded.at >= this.every.ms);
    if (due && this.recording === undefined) await this.keepInBackground();
  }

  private async keepInBackground(): Promise<void> {
    await this.empty();
    // A record that cannot be written costs what is fetched again, nothing more.
    this.recording = this.keepRecord(this.recordNow())
      .catch(() => undefined)
      .finally(() => {
        this.recording = undefined;
      });
  }

  private recordNow(): PartRecord {
    const { sha256 } = this.digests();
    return {
      version: 1,
      ...this.head,
      ...this.version,
      ...(this.total !== undefined && { total: this.total }),
      bytes: this.bytes,
      sha256,
    };
  }

  private async keepRecord(record: PartRecord): Promise<void> {
    await this.handle.datasync();
    await writeRecord(this.place.record, record);
    this.recorded = { bytes: record.bytes, at: Date.now() };
  }
}
