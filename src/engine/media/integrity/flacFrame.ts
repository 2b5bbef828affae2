/** The header of one FLAC frame. RFC 9639, section 9.1. */
import { crc8 } from './crc';

export interface FlacFrameHeader {
  readonly bytes: number;
  /** Samples per channel. */
  readonly blockSize: number;
  /** Whether `number` counts samples rather than frames. */
  readonly variable: boolean;
  readonly number: number;
  readonly channels: number;
  /** What the frames of a stream have in common: how the sample rate and the bits are written. */
  readonly kind: number;
}

/** With its checksum, the longest there is. */
export const MOST_HEADER_BYTES = 16;

/** Undefined where none begins there. */
export function flacFrameHeader(bytes: Uint8Array, at: number): FlacFrameHeader | undefined {
  const second = bytes[at + 1] ?? 0;
  if (bytes[at] !== 0xff || (second & 0xfe) !== 0xf8) return undefined;
  const sizes = bytes[at + 2] ?? 0;
  const layout = bytes[at + 3] ?? 1;
  if ((layout & 1) !== 0) return undefined;
  const [sizeCode, rateCode, channelCode, bitsCode] = [sizes >> 4, sizes & 15, layout >> 4, (layout >> 1) & 7];
  if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || bitsCode === 3) return undefined;
  const coded = codedNumber(bytes, at + 4);
  if (!coded) return undefined;
  let end = at + 4 + coded.bytes;
  let blockSize = blockSizes[sizeCode];
  if (blockSize === undefined) {
    blockSize = 1 + (sizeCode === 6 ? (bytes[end] ?? 0) : ((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0));
    end += sizeCode === 6 ? 1 : 2;
  }
  end += rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
  if (end >= bytes.length || crc8(bytes.subarray(at, end)) !== bytes[end]) return undefined;
  return {
    bytes: end + 1 - at,
    blockSize,
    variable: (second & 1) === 1,
    number: coded.number,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    kind: rateCode * 8 + bitsCode,
  };
}

/** By their codes; those of 6 and 7 stand behind the number. */
const blockSizes: readonly (number | undefined)[] = [
  undefined,
  192,
  ...[0, 1, 2, 3].map((power) => 576 * 2 ** power),
  undefined,
  undefined,
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((power) => 256 * 2 ** power),
];

/** As UTF-8 writes a character, up to seven bytes. */
function codedNumber(bytes: Uint8Array, at: number): { readonly number: number; readonly bytes: number } | undefined {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { number: first, bytes: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7) return undefined;
  let number = first & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    number = number * 2 ** 6 + (byte & 0x3f);
  }
  return { number, bytes: length };
}
