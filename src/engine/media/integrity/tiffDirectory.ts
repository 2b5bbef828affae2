/**
 * The directories of TIFF and BigTIFF: numbered tags with values.
 * https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import type { ByteReader } from './bytes';

/** By their numbers in the format. */
export const TAG = {
  width: 256,
  height: 257,
  compression: 259,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planes: 284,
  freeOffsets: 288,
  freeBytes: 289,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  jpegStart: 513,
  jpegBytes: 514,
  exif: 34665,
  gps: 34853,
  interoperability: 40965,
} as const;

export interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where its values stand. */
  readonly at: number;
}

/** Of one value of each type; 0 where there is no such type. */
const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

export class Directory {
  /** Without those of a type that is not known, which readers skip. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** Where the next one begins; 0 where this is the last. */
  readonly next: number;
  /** Before which byte it ends, and each of the values that stand apart from it. */
  readonly ends: readonly number[];

  /** Throws `BeyondEnd` where the directory, or a value of it, is not all there. */
  constructor(
    private readonly file: ByteReader,
    at: number,
  ) {
    const big = isBig(file);
    const first = at + (big ? 8 : 2);
    const entryBytes = big ? 20 : 12;
    const end = first + entryBytes * (big ? file.u64(at) : file.u16(at));
    file.need(first, end - first);
    const entries = new Map<number, Entry>();
    for (let entry = first; entry < end; entry += entryBytes) {
      const read = entryAt(file, entry, big);
      if (read) entries.set(file.u16(entry), read);
    }
    this.entries = entries;
    this.next = big ? file.u64(end) : file.u32(end);
    this.ends = [end + (big ? 8 : 4), ...[...entries.values()].map(endOf)];
  }

  has(tag: number): boolean {
    return this.entries.has(tag);
  }

  /** Empty where the tag is not there. */
  numbers(tag: number): number[] {
    const { type, count, at } = this.entries.get(tag) ?? { type: 0, count: 0, at: 0 };
    const bytes = VALUE_BYTES[type] ?? 0;
    return Array.from({ length: count }, (_, i) => {
      const value = at + i * bytes;
      if (bytes === 1) return this.file.u8(value);
      if (bytes === 2) return this.file.u16(value);
      return bytes === 4 ? this.file.u32(value) : this.file.u64(value);
    });
  }
}

/** Where the first directory begins; 0 where there is none. */
export function firstDirectory(file: ByteReader): number {
  return isBig(file) ? file.u64(8) : file.u32(4);
}

/** Both orders of bytes are allowed, and the first two say which it is. */
export function orderOf(bytes: Uint8Array): 'little' | 'big' {
  return bytes[0] === 0x49 ? 'little' : 'big';
}

function isBig(file: ByteReader): boolean {
  return file.u16(2) === 43;
}

function entryAt(file: ByteReader, entry: number, big: boolean): Entry | undefined {
  const type = file.u16(entry + 2);
  const count = big ? file.u64(entry + 4) : file.u32(entry + 4);
  const field = entry + (big ? 12 : 8);
  const bytes = count * (VALUE_BYTES[type] ?? 0);
  if (bytes === 0) return undefined;
  const at = bytes <= (big ? 8 : 4) ? field : big ? file.u64(field) : file.u32(field);
  file.need(at, bytes);
  return { type, count, at };
}

function endOf({ type, count, at }: Entry): number {
  return at + count * (VALUE_BYTES[type] ?? 0);
}
