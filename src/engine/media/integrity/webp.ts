/** WebP: the RIFF container and its chunks. https://developers.google.com/speed/webp/docs/riff_container */
import { damaged, trailing, walking, type Found } from './problems';
import type { ByteReader } from './bytes';

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FRAME_HEADER_BYTES = 16;
const ANIMATED = 0x02;

export const walkWebp = walking('little', 'the end that its header promises', (file, found) => {
  const { problems } = found;
  const end = 8 + file.u32(4);
  file.need(0, end);
  const chunks = [...chunksOf(file, RIFF_HEADER_BYTES, end, found)];
  const [first] = chunks;
  const animated = first?.type === 'VP8X' && (file.u8(first.start) & ANIMATED) !== 0;
  if (first?.type === 'VP8X') {
    Object.assign(found.header, { width: file.u24(first.start + 4) + 1, height: file.u24(first.start + 7) + 1 });
  }
  const pictures = chunks.flatMap((chunk) =>
    chunk.type === 'ANMF' ? [...chunksOf(file, chunk.start + FRAME_HEADER_BYTES, chunk.end, found)] : [chunk],
  );
  for (const picture of pictures) readPicture(file, picture, found);
  if (animated) found.header.pages = chunks.filter(({ type }) => type === 'ANMF').length;
  const there = chunks.some(({ type }) => (animated ? type === 'ANMF' : type === 'VP8 ' || type === 'VP8L'));
  if (!there && problems.length === 0) problems.push(damaged(RIFF_HEADER_BYTES, 'There is no picture in what begins'));
  // A chunk of an odd length is followed by a zero, which some writers do not count at the end.
  const after = end % 2 === 1 && file.bytes[end] === 0 ? end + 1 : end;
  if (after < file.length) problems.push(trailing(after, file.length));
});

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function* chunksOf(file: ByteReader, from: number, end: number, { problems }: Found): Generator<Chunk> {
  for (let at = from; at + CHUNK_HEADER_BYTES <= end;) {
    const type = file.text(at, 4);
    const start = at + CHUNK_HEADER_BYTES;
    const length = file.u32(at + 4);
    if (!/^[\x20-\x7e]{4}$/.test(type) || start + length > end) {
      problems.push(damaged(at, 'There is no chunk, or one too long, where one should begin,'));
      return;
    }
    yield { type, start, end: start + length };
    at = start + length + (length % 2);
  }
}

/** Of both kinds of bitstream the beginning can be checked, and says how large the picture is. */
function readPicture(file: ByteReader, { type, start, end }: Chunk, { header, problems }: Found): void {
  if (type === 'VP8 ') {
    const tag = end - start < 10 ? undefined : file.u24(start);
    const partition = tag === undefined ? 0 : tag >> 5;
    if (tag === undefined || tag & 1 || file.text(start + 3, 3) !== '\x9d\x01\x2a' || start + 10 + partition > end) {
      problems.push(damaged(start, 'The picture has a header that no WebP can have'));
      return;
    }
    header.width ??= file.u16(start + 6) & 0x3fff;
    header.height ??= file.u16(start + 8) & 0x3fff;
  }
  if (type === 'VP8L') {
    if (end - start < 5 || file.u8(start) !== 0x2f) {
      problems.push(damaged(start, 'The picture has a header that no WebP can have'));
      return;
    }
    const sizes = file.u32(start + 1);
    header.width ??= (sizes & 0x3fff) + 1;
    header.height ??= ((sizes >>> 14) & 0x3fff) + 1;
  }
}
