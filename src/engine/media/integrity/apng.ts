/** The pictures of an animated PNG behind its first: image libraries show, and decode, that one alone. */
import { inflateSync } from 'node:zlib';
import { ByteReader } from './bytes';
import { damaged } from './problems';
import type { MediaProblem } from './verdict';

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Of an interlaced picture: where each pass begins, and how far apart its pixels are, across and down. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Frame {
  /** Where its description stands. */
  readonly at: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array[];
}

/**
 * The first picture that is damaged; none where nothing is animated.
 * @param bytes of a file whose walk found no error
 */
export function damagedFrame(bytes: Uint8Array): MediaProblem | undefined {
  const file = new ByteReader(bytes, 'big');
  const header = 16;
  const pixelBits = file.u8(header + 8) * (SAMPLES[file.u8(header + 9)] ?? 0);
  const interlaced = file.u8(header + 12) === 1;
  for (const { at, width, height, data } of framesOf(file)) {
    const expected = interlaced
      ? PASSES.reduce((sum, [left, top, across, down]) => {
          return sum + rowBytes(Math.ceil((width - left) / across), Math.ceil((height - top) / down), pixelBits);
        }, 0)
      : rowBytes(width, height, pixelBits);
    const failure = inflateFailure(data, expected);
    if (failure !== undefined) return damaged(at, `A picture of the animation ${failure}; it stands`);
  }
  return undefined;
}

/** Those that have data of their own, which the first often has not. */
function framesOf(file: ByteReader): Frame[] {
  const frames: Frame[] = [];
  for (let at = 8; at < file.length; at += 12 + file.u32(at)) {
    const type = file.text(at + 4, 4);
    if (type === 'IEND') break;
    if (type === 'fcTL') frames.push({ at, width: file.u32(at + 12), height: file.u32(at + 16), data: [] });
    if (type === 'fdAT') frames.at(-1)?.data.push(file.view(at + 12, file.u32(at) - 4));
  }
  return frames.filter(({ data }) => data.length > 0);
}

/** Each row has a byte for its filter; a pass without columns has no rows. */
function rowBytes(width: number, height: number, pixelBits: number): number {
  return width <= 0 || height <= 0 ? 0 : height * (1 + Math.ceil((width * pixelBits) / 8));
}

/** What is wrong with the data of a picture. */
function inflateFailure(data: readonly Uint8Array[], expected: number): string | undefined {
  try {
    const { length } = inflateSync(Buffer.concat(data), { maxOutputLength: Math.max(1, expected) });
    return length < expected ? `lacks ${expected - length} of its ${expected} bytes` : undefined;
  } catch (error) {
    return `cannot be unpacked (${error instanceof Error ? error.message : String(error)})`;
  }
}
