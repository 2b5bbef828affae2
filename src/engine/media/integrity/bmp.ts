/** BMP: the sizes that the headers promise against those there are. */
import { damaged, trailing, truncated, walking } from './problems';
import type { ByteReader } from './bytes';

const FILE_HEADER_BYTES = 14;
/** The oldest header, with numbers of 16 bits. */
const CORE_HEADER_BYTES = 12;
const V5_HEADER_BYTES = 124;
/** Ways to hold pixels as they are. The others are compressed and say how long they are. */
const UNCOMPRESSED = new Set([0, 3, 6]);
const DEPTHS = new Set([0, 1, 2, 4, 8, 16, 24, 32]);

interface Header {
  readonly width: number;
  /** Negative where the rows go from top to bottom. */
  readonly height: number;
  readonly depth: number;
  readonly compression: number;
  readonly dataBytes: number;
}

export const walkBmp = walking('little', 'the end of its pixels', (file, { header, problems }) => {
  const promised = file.u32(2);
  const start = file.u32(10);
  const headerBytes = file.u32(FILE_HEADER_BYTES);
  const { width, height, depth, compression, dataBytes } = headerOf(file, headerBytes);
  if (width <= 0 || height === 0 || !DEPTHS.has(depth)) {
    problems.push(damaged(18, 'The header has values that no BMP can have'));
    return;
  }
  Object.assign(header, { width, height: Math.abs(height) });
  if (start < FILE_HEADER_BYTES + headerBytes) {
    problems.push(damaged(10, `The pixels would begin at byte ${start}, within the header, as is said`));
    return;
  }
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  file.need(start, UNCOMPRESSED.has(compression) ? rowBytes * Math.abs(height) : dataBytes);
  const profileEnd = headerBytes === V5_HEADER_BYTES ? file.u32(126) + file.u32(130) : 0;
  const pixelsEnd = start + (UNCOMPRESSED.has(compression) ? rowBytes * Math.abs(height) : dataBytes);
  const end = Math.max(promised, pixelsEnd, profileEnd === 0 ? 0 : FILE_HEADER_BYTES + profileEnd);
  // Some writers count wrongly; the pixels are there, and readers don't mind.
  if (end > file.length)
    problems.push({ ...truncated(file.length, `byte ${end}, where it should`), severity: 'warning' });
  if (end < file.length) problems.push(trailing(end, file.length));
});

function headerOf(file: ByteReader, headerBytes: number): Header {
  if (headerBytes === CORE_HEADER_BYTES) {
    return { width: file.u16(18), height: file.u16(20), depth: file.u16(24), compression: 0, dataBytes: 0 };
  }
  return {
    width: file.i32(18),
    height: file.i32(22),
    depth: file.u16(28),
    compression: file.u32(30),
    dataBytes: file.u32(34),
  };
}
