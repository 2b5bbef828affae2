/** Finding the first byte that is not UTF-8, in text that comes in pieces. */
import { isUtf8 } from 'node:buffer';

/** Length of the character that a byte opens; 0 for a byte that opens none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

/** Where a character begins that the end of `bytes` cuts off; `bytes.length` when none is cut. */
export function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Offset of the first byte of the first sequence that is not UTF-8; -1 when all is. */
export function firstInvalid(bytes: Buffer): number {
  if (isUtf8(bytes)) return -1;
  // Native checks halve the range until it is small enough to be looked at character by character.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 64) {
    const middle = good + completeLength(bytes.subarray(good, (good + bad) >> 1));
    if (middle === good) break;
    if (isUtf8(bytes.subarray(good, middle))) good = middle;
    else bad = middle;
  }
  for (let at = good; at < bytes.length;) {
    const length = sequenceLength(bytes[at] as number);
    if (length === 0 || at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return -1;
}

/** Remembers a character cut by the end of a piece and goes on with it in the next. */
export class Utf8Check {
  private cut = Buffer.alloc(0);

  /** Offset of the first bad byte relative to this piece (negative: in the piece before); undefined when it is good. */
  push(piece: Buffer): number | undefined {
    const carried = this.cut.length;
    let start = 0;
    if (carried > 0) {
      const missing = sequenceLength(this.cut[0] as number) - carried;
      const whole = Buffer.concat([this.cut, piece.subarray(0, missing)]);
      if (piece.length < missing && completeLength(whole) === 0) {
        this.cut = whole;
        return undefined;
      }
      if (!isUtf8(whole)) return -carried;
      start = missing;
    }
    const body = piece.subarray(start);
    const end = completeLength(body);
    this.cut = Buffer.from(body.subarray(end));
    const invalid = firstInvalid(body.subarray(0, end));
    return invalid === -1 ? undefined : start + invalid;
  }

  /** Bytes of a character that the end of the file cuts off. */
  get pending(): number {
    return this.cut.length;
  }
}
