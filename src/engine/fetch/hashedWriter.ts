/** Writes a file and hashes it on the way. Imports nothing of ours, so that a thread that does this starts in a moment. */
import { createHash, type Hash } from 'node:crypto';
import { read, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

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

  async write(at: number, length: number, position: number): Promise<void> {
    this.update(this.ring.subarray(at, at + length));
    for (let done = 0; done < length;) {
      const rest = [at + done, length - done, position + done] as const;
      done += this.alone
        ? writeSync(this.fd, this.ring, ...rest)
        : (await writeSome(this.fd, this.ring, ...rest)).bytesWritten;
    }
  }

  digests(): Promise<Digests> {
    return Promise.resolve(this.hexes());
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
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
