/** Reads numbers out of a file's bytes. Whoever reads beyond the end gets an error that says where. */

/** Something was read that the file no longer has. */
export class BeyondEnd extends Error {
  /** @param at where the file ends */
  constructor(readonly at: number) {
    super(`The file ends at byte ${at}`);
  }
}

/** A whole file in memory, or a window on one. */
export interface Viewable {
  readonly length: number;
  /** So many bytes, no copy of them. Throws {@link BeyondEnd}. */
  view(at: number, length: number): Uint8Array;
}

export class ByteReader implements Viewable {
  readonly length: number;
  private readonly numbers: DataView;
  private readonly littleEndian: boolean;

  constructor(
    readonly bytes: Uint8Array,
    order: 'little' | 'big',
  ) {
    this.length = bytes.length;
    this.numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = order === 'little';
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.numbers.getUint8(at);
  }

  u16(at: number): number {
    this.need(at, 2);
    return this.numbers.getUint16(at, this.littleEndian);
  }

  u24(at: number): number {
    return this.littleEndian ? this.u8(at) + this.u16(at + 1) * 2 ** 8 : this.u16(at) * 2 ** 8 + this.u8(at + 2);
  }

  u32(at: number): number {
    this.need(at, 4);
    return this.numbers.getUint32(at, this.littleEndian);
  }

  i32(at: number): number {
    this.need(at, 4);
    return this.numbers.getInt32(at, this.littleEndian);
  }

  /** Exact up to 2^53, which no file's size exceeds. */
  u64(at: number): number {
    this.need(at, 8);
    return Number(this.numbers.getBigUint64(at, this.littleEndian));
  }

  /** So many bytes, each as one character. */
  text(at: number, length: number): string {
    this.need(at, length);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, length).toString('latin1');
  }

  view(at: number, length: number): Uint8Array {
    this.need(at, length);
    return this.bytes.subarray(at, at + length);
  }

  /** Throws {@link BeyondEnd} where the file has fewer bytes than `at + length`. */
  need(at: number, length: number): void {
    if (at < 0 || at + length > this.length) throw new BeyondEnd(this.length);
  }
}
