/**
 * A file's bytes through a window, so that a recording of any length is walked in little memory. Reads without a promise
 * for each: walks run in threads of their own, and ask for a few bytes a million times.
 */
import { readSync } from 'node:fs';
import { BeyondEnd, ByteReader } from './bytes';

const WINDOW_BYTES = 1 << 18;

export class FileBytes {
  private window = Buffer.alloc(0);
  private start = 0;

  /**
   * @param descriptor of the file, which whoever opened it closes
   * @param length of the file
   * @param headway is called whenever the next part of the file is read or decoded; may throw to stop it
   */
  constructor(
    private readonly descriptor: number,
    readonly length: number,
    readonly headway: () => void = () => undefined,
  ) {}

  /** Throws {@link BeyondEnd} where the file has fewer bytes than `at + length`, and the errors of the file system. */
  view(at: number, length: number): Buffer {
    if (at < 0 || at + length > this.length) throw new BeyondEnd(this.length);
    if (at < this.start || at + length > this.start + this.window.length) this.read(at, length);
    return this.window.subarray(at - this.start, at - this.start + length);
  }

  /** As many as there are, at most `length`. */
  upTo(at: number, length: number): Buffer {
    return this.view(at, Math.max(0, Math.min(length, this.length - at)));
  }

  /** A reader of big-endian numbers that counts from `at`. */
  big(at: number, length: number): ByteReader {
    return new ByteReader(this.view(at, length), 'big');
  }

  /** The same for little-endian ones. */
  little(at: number, length: number): ByteReader {
    return new ByteReader(this.view(at, length), 'little');
  }

  text(at: number, length: number): string {
    return this.view(at, length).toString('latin1');
  }

  /** From `start` to `end`, a window's worth at a time. */
  *blocks(start: number, end: number): Generator<Buffer> {
    for (let at = start; at < end; at += WINDOW_BYTES) yield this.view(at, Math.min(WINDOW_BYTES, end - at));
  }

  isZero(start: number, end: number): boolean {
    for (const block of this.blocks(start, end)) if (block.some((byte) => byte !== 0)) return false;
    return true;
  }

  /** A new window each time: what was handed out stays as it is. */
  private read(at: number, length: number): void {
    const window = Buffer.allocUnsafe(Math.min(Math.max(length, WINDOW_BYTES), this.length - at));
    let filled = 0;
    for (let read; (read = readSync(this.descriptor, window, filled, window.length - filled, at + filled)) > 0;) {
      filled += read;
      if (filled === window.length) break;
    }
    // It became shorter since it was opened.
    if (filled < length) throw new BeyondEnd(at + filled);
    this.window = window.subarray(0, filled);
    this.start = at;
    this.headway();
  }
}
