/**
 * Whether each picture of a GIF has as many pixels as its size says. Image libraries fill up what is missing, and leave
 * out what is too much. Only the lengths of what codes stand for are followed, not the colours.
 * https://www.w3.org/Graphics/GIF/spec-gif89a.txt, appendix F
 */
import { ByteReader } from './bytes';
import { colourBytes, endOfBlocks, EXTENSION, IMAGE, TRAILER } from './gif';
import { damaged } from './problems';
import type { MediaProblem } from './verdict';

/** Codes have no more bits. */
const MOST_BITS = 12;

/** The first picture that does not. @param bytes of a file whose walk found no error */
export function damagedPicture(bytes: Uint8Array): MediaProblem | undefined {
  const file = new ByteReader(bytes, 'little');
  let pictures = 0;
  for (let at = 13 + colourBytes(file.u8(10)); file.u8(at) !== TRAILER;) {
    const block = file.u8(at);
    if (block === EXTENSION) {
      at = endOfBlocks(file, at + 2);
    } else if (block === IMAGE) {
      pictures++;
      const due = file.u16(at + 5) * file.u16(at + 7);
      const codes = at + 10 + colourBytes(file.u8(at + 9));
      const there = pixelsOf(file, codes, due);
      if (there < due) return damaged(at, `Picture ${pictures} has ${there} of its ${due} pixels; it stands`);
      at = endOfBlocks(file, codes + 1);
    } else {
      at++;
    }
  }
  return undefined;
}

/** How many the codes stand for, up to as many as are due; those before a code that means nothing. */
function pixelsOf(file: ByteReader, start: number, due: number): number {
  const codeSize = file.u8(start);
  const clear = 1 << codeSize;
  const data = blocksOf(file, start + 1);
  /** Of what each code stands for; those of single colours are 1. */
  const lengths = new Uint16Array(1 << MOST_BITS).fill(1);
  let next = clear + 2;
  let bits = codeSize + 1;
  let last = 0;
  let pixels = 0;
  /** Where the next code begins: a byte, and a bit within it. */
  let at = 0;
  let bit = 0;
  for (; at * 8 + bit + bits <= data.length * 8; at += bit >> 3, bit &= 7) {
    const three = (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16);
    const code = (three >> bit) & ((1 << bits) - 1);
    bit += bits;
    if (code === clear) {
      next = clear + 2;
      bits = codeSize + 1;
      last = 0;
      continue;
    }
    // The end, or a code that nothing stands behind yet.
    if (code === clear + 1 || code > next || (code === next && last === 0)) return pixels;
    const length = code === next ? last + 1 : (lengths[code] ?? 0);
    if (last > 0 && next < 1 << MOST_BITS) {
      lengths[next++] = last + 1;
      if (next === 1 << bits && bits < MOST_BITS) bits++;
    }
    pixels += length;
    last = length;
    if (pixels >= due) return pixels;
  }
  return pixels;
}

/** What the blocks hold, one behind the other. */
function blocksOf(file: ByteReader, start: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = start, size = file.u8(at); size > 0; at += 1 + size, size = file.u8(at)) {
    blocks.push(file.view(at + 1, size));
  }
  return Buffer.concat(blocks);
}
