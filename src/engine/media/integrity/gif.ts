/** GIF: the blocks from the header to the trailer. https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
import { damaged, trailing, walking } from './problems';
import type { ByteReader } from './bytes';

export const EXTENSION = 0x21;
export const IMAGE = 0x2c;
export const TRAILER = 0x3b;

export const walkGif = walking('little', 'its trailer', (file, { header, problems }) => {
  const width = file.u16(6);
  const height = file.u16(8);
  // Some writers leave the canvas to the first picture.
  if (width > 0 && height > 0) Object.assign(header, { width, height });
  let at = 13 + colourBytes(file.u8(10));
  let pictures = 0;
  for (;;) {
    switch (file.u8(at)) {
      case EXTENSION: {
        at = endOfBlocks(file, at + 2);
        break;
      }
      case IMAGE: {
        if (header.width === undefined) Object.assign(header, { width: file.u16(at + 5), height: file.u16(at + 7) });
        const codes = at + 10 + colourBytes(file.u8(at + 9));
        const codeSize = file.u8(codes);
        if (codeSize < 1 || codeSize > 11) {
          problems.push(damaged(codes, `The code size of a picture is ${codeSize}, which no GIF can have,`));
          return;
        }
        at = endOfBlocks(file, codes + 1);
        pictures++;
        break;
      }
      case TRAILER: {
        header.pages = pictures;
        if (pictures === 0) problems.push(damaged(at, 'There is no picture before the trailer'));
        if (at + 1 < file.length) problems.push(trailing(at + 1, file.length));
        return;
      }
      case 0: {
        // An empty block too many, which every reader skips.
        at++;
        break;
      }
      default: {
        problems.push(damaged(at, 'There is no block where one should begin,'));
        return;
      }
    }
  }
});

/** Of the colours that the flags promise. */
export function colourBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Data stands in blocks that begin with their length, up to one of none. */
export function endOfBlocks(file: ByteReader, start: number): number {
  let at = start;
  for (let length = file.u8(at); length > 0; length = file.u8(at)) at += 1 + length;
  return at + 1;
}
