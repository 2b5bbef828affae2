/**
 * Writes a file and hashes it on the way. Imports nothing of ours but types, so that a thread that does this starts in a
 * moment.
 */
import { createHash, type Hash } from 'node:crypto';
import { read, renameSync, rmSync, write, writeFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { PartRecord, Point } from './record';

/** Lower-case hex. */
export interface Digests {
  readonly sha256: string;
  readonly md5?: string;
}

export interface Writer {
  /**
   * Hashes on over what stands in the file, up to a place where the hash is known. Where it is another, nothing is
   * hashed, and the answer is false. Throws what the disk does.
   */
  confirm(from: number, to: number, sha256: string): Promise<boolean>;
  /**
   * Writes so many bytes of the ring, from one place in it to one in the file. Hashed is in the order of the calls.
   * Throws what the disk does.
   */
  write(at: number, length: number, position: number): Promise<void>;
  /**
   * Adds the point up to which all was to be written when this is called to a record, and writes that once it is: as a
   * whole or not at all. Throws what the disk does.
   */
  record(path: string, record: PartRecord, bytes: number): Promise<Point>;
  /** Of what was hashed when this is called. */
  digests(): Promise<Digests>;
  /** Ends what may be going on. */
  close(): Promise<void>;
}

export interface WriterOptions {
  /** Of the open file. */
  readonly fd: number;
  /** What waits to be written. */
  readonly ring: SharedArrayBuffer;
  readonly withMd5: boolean;
}

interface Hashes {
  readonly sha256: Hash;
  readonly md5?: Hash;
}

const READ_BYTES = 2 ** 20;

const readSome = promisify(read);
const writeSome = promisify(write);

export class HashedWriter implements Writer {
  private readonly fd: number;
  private readonly ring: Buffer;
  private hashes: Hashes;
  /** All that was to be written. */
  private writing: Promise<void> = Promise.resolve();
  private closed = false;

  /** @param alone whether nobody else waits for this thread while the disk writes */
  constructor(
    { fd, ring, withMd5 }: WriterOptions,
    private readonly alone = false,
  ) {
    this.fd = fd;
    this.ring = Buffer.from(ring);
    this.hashes = { sha256: createHash('sha256'), ...(withMd5 && { md5: createHash('md5') }) };
  }

  async confirm(from: number, to: number, sha256: string): Promise<boolean> {
    const before = copyOf(this.hashes);
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let at = from; at < to && !this.closed;) {
      const { bytesRead } = await readSome(this.fd, buffer, 0, Math.min(READ_BYTES, to - at), at);
      if (bytesRead === 0) break;
      this.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    const isIt = this.hexes().sha256 === sha256;
    if (!isIt) this.hashes = before;
    return isIt;
  }

  write(at: number, length: number, position: number): Promise<void> {
    this.update(this.ring.subarray(at, at + length));
    const writing = this.put(at, length, position);
    this.writing = after(this.writing, writing);
    // Whoever waits for them learns what went wrong, and a later one may fail first.
    for (const each of [writing, this.writing]) each.catch(() => undefined);
    return writing;
  }

  async record(path: string, record: PartRecord, bytes: number): Promise<Point> {
    const point = { bytes, sha256: this.hexes().sha256 };
    await this.writing;
    putInPlace(path, JSON.stringify({ ...record, points: [...record.points, point] }, undefined, 1));
    return point;
  }

  digests(): Promise<Digests> {
    return Promise.resolve(this.hexes());
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private async put(at: number, length: number, position: number): Promise<void> {
    for (let done = 0; done < length;) {
      const rest = [at + done, length - done, position + done] as const;
      done += this.alone
        ? writeSync(this.fd, this.ring, ...rest)
        : (await writeSome(this.fd, this.ring, ...rest)).bytesWritten;
    }
  }

  private update(bytes: Uint8Array): void {
    this.hashes.sha256.update(bytes);
    this.hashes.md5?.update(bytes);
  }

  private hexes(): Digests {
    const { sha256, md5 } = copyOf(this.hashes);
    return { sha256: sha256.digest('hex'), ...(md5 && { md5: md5.digest('hex') }) };
  }
}

function copyOf({ sha256, md5 }: Hashes): Hashes {
  return { sha256: sha256.copy(), ...(md5 && { md5: md5.copy() }) };
}

async function after(before: Promise<void>, writing: Promise<void>): Promise<void> {
  await before;
  await writing;
}

/**
 * A few hundred bytes, and not yet on disk when this returns. At one go: to take turns with a network that is fast, call
 * by call, takes a hundred times as long.
 */
function putInPlace(path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    // What stands there may be a link, which is not followed.
    rmSync(draft, { force: true });
    writeFileSync(draft, `${text}\n`, { flag: 'wx', mode: 0o644 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
