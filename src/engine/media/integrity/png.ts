/**
 * PNG and APNG: the chain of chunks, each with its checksum, from IHDR to IEND.
 * https://www.w3.org/TR/png-3/
 */
import { crc32 } from 'node:zlib';
import { damaged, trailing, walking, type Found } from './problems';
import type { ByteReader } from './bytes';

interface Chunk {
  readonly type: string;
  /** Of its length field, and of its data. */
  readonly at: number;
  readonly start: number;
  readonly length: number;
}

const SIGNATURE = '\x89PNG\r\n\x1a\n';
/** Bit depths by colour type. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export const walkPng = walking('big', 'its closing IEND chunk', (file, found) => {
  const { problems } = found;
  if (file.text(0, SIGNATURE.length) !== SIGNATURE) {
    problems.push(damaged(4, 'Line ends of the signature were changed, as by a copy in text mode,'));
    return;
  }
  const seen = new Set<string>();
  /** Of the frames of an animation, which are numbered together with their data. */
  let sequence = 0;
  for (let at = SIGNATURE.length; ;) {
    const chunk = chunkAt(file, at, problems.length > 0);
    if (typeof chunk === 'string') {
      if (problems.length === 0) problems.push(damaged(at, chunk));
      return;
    }
    const { type, start, length } = chunk;
    if (seen.size === 0) {
      if (type !== 'IHDR' || length !== 13) {
        problems.push(damaged(at, 'The first chunk is not the header, IHDR,'));
        return;
      }
      readHeader(file, start, found);
    } else if (type === 'IHDR') {
      problems.push(damaged(at, 'A second header, IHDR, stands'));
    }
    if (crc32(file.view(at + 4, 4 + length)) !== file.u32(start + length)) {
      problems.push(damaged(at, `The checksum of the ${type} chunk is wrong`));
    } else if (type === 'acTL' && length === 8) {
      found.header.pages = file.u32(start);
    } else if (type === 'fcTL' || type === 'fdAT') {
      if (length < 4 || file.u32(start) !== sequence) {
        problems.push(damaged(at, `The part of the animation numbered ${sequence} is not where it is due,`));
        sequence = length < 4 ? sequence : file.u32(start);
      }
      sequence++;
    }
    seen.add(type);
    at = start + length + 4;
    if (type !== 'IEND') continue;
    if (!seen.has('IDAT')) problems.push(damaged(chunk.at, 'There is no picture, no IDAT chunk, before the end'));
    if (at < file.length) problems.push(trailing(at, file.length));
    return;
  }
});

/**
 * What is wrong where there is no chunk.
 * @param doubted whether something before was damaged, so that its length may have been
 */
function chunkAt(file: ByteReader, at: number, doubted: boolean): Chunk | string {
  const length = file.u32(at);
  const type = file.text(at + 4, 4);
  if (!/^[A-Za-z]{4}$/.test(type) || length > 0x7fff_ffff) return 'There is no chunk where one should begin,';
  const whole = at + 12 + length <= file.length;
  if (!whole && doubted) return 'There is no chunk where one should begin,';
  file.need(at, 12 + length);
  return { type, at, start: at + 8, length };
}

function readHeader(file: ByteReader, start: number, { header, problems }: Found): void {
  const width = file.u32(start);
  const height = file.u32(start + 4);
  const depth = file.u8(start + 8);
  const colour = file.u8(start + 9);
  const sound = width > 0 && height > 0 && DEPTHS[colour]?.includes(depth) && file.u8(start + 12) <= 1;
  if (sound) Object.assign(header, { width, height });
  else problems.push(damaged(start, 'The header, IHDR, has values that no PNG can have'));
}
