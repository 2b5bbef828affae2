/**
 * What the first frame of an MP3 may say about all of them, in place of sound: Xing's and LAME's, or Fraunhofer's.
 * http://gabriel.mp3-tech.org/mp3infotag.html
 */
import { ByteReader } from './bytes';
import { arcCrc16 } from './crc';
import type { Mp3Header } from './mp3Header';

export interface Mp3Counts {
  /** Without this one, as most encoders count. */
  readonly frames?: number;
  /** From this frame on. */
  readonly bytes?: number;
  readonly lame?: {
    /** Samples that the encoder added at both ends. */
    readonly added: number;
    readonly bytes: number;
    /** Of all that follows after this frame. */
    readonly checksum: number;
  };
}

/** Undefined where it is a frame like the others. */
export function mp3Counts(frame: Uint8Array, { mpeg1, channels, layer }: Mp3Header): Mp3Counts | undefined {
  if (layer !== 3) return undefined;
  const reader = new ByteReader(frame, 'big');
  const sideInfo = mpeg1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  // A checksum of the header is in front of it, though hardly anybody writes one.
  for (const at of [4 + sideInfo, 6 + sideInfo]) {
    if (at + 8 <= frame.length && /^(Xing|Info)$/.test(reader.text(at, 4))) return ofXing(reader, at);
  }
  return 36 + 18 <= frame.length && reader.text(36, 4) === 'VBRI'
    ? { bytes: reader.u32(36 + 10), frames: reader.u32(36 + 14) }
    : undefined;
}

function ofXing(reader: ByteReader, start: number): Mp3Counts {
  const flags = reader.u32(start + 4);
  const has = (flag: number) => (flags & flag) !== 0;
  let at = start + 8;
  const next = (flag: number, length: number) => {
    const place = at;
    if (has(flag)) at += length;
    return has(flag) && at <= reader.length ? place : undefined;
  };
  const frames = next(1, 4);
  const bytes = next(2, 4);
  next(4, 100);
  next(8, 4);
  // Nothing is what stands there where the encoder was broken off, or cannot go back.
  const [frameCount, byteCount] = [frames, bytes].map((place) => (place === undefined ? 0 : reader.u32(place)));
  return {
    ...(frameCount && { frames: frameCount }),
    ...(byteCount && { bytes: byteCount }),
    ...lameOf(reader, at),
  };
}

/** What LAME and others append; whether it is meant so is told by its own checksum. */
function lameOf(reader: ByteReader, at: number): Pick<Mp3Counts, 'lame'> {
  if (at + 36 > reader.length || reader.u16(at + 34) !== arcCrc16(reader.bytes.subarray(0, at + 34))) return {};
  const delays = reader.u24(at + 21);
  return {
    lame: {
      added: (delays >> 12) + (delays & 0xfff),
      bytes: reader.u32(at + 28),
      checksum: reader.u16(at + 32),
    },
  };
}
