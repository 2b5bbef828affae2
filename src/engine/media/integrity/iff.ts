/** The chunks that WAV and AIFF files consist of: four letters, a length, so many bytes, padded to an even number. */
import type { FileBytes } from './fileBytes';

export interface Chunk {
  readonly id: string;
  /** Where its header stands. */
  readonly at: number;
  /** Where its content begins. */
  readonly start: number;
  /** As its header says; beyond the end of the file where that is cut. */
  readonly length: number;
}

export function isId(text: string): boolean {
  return /^[\x20-\x7e]{4}$/.test(text);
}

/**
 * Up to the first that has no name, or less than a header is left; the last one may go beyond the end.
 * @param lengthOf corrects what a header says
 */
export function* chunks(
  file: FileBytes,
  order: 'little' | 'big',
  from: number,
  end: number,
  lengthOf: (id: string, length: number, start: number) => number,
): Generator<Chunk> {
  for (let at = from; at + 8 <= end;) {
    const header = file[order](at, 8);
    const id = header.text(0, 4);
    if (!isId(id)) return;
    const start = at + 8;
    const length = lengthOf(id, header.u32(4), start);
    yield { id, at, start, length };
    at = start + length + (length % 2 === 1 ? padding(file, start + length) : 0);
  }
}

/** Some programs forget the byte that makes the length even. */
function padding(file: FileBytes, end: number): number {
  if (end >= file.length) return 0;
  const following = file.upTo(end, 5).toString('latin1');
  return isId(following.slice(0, 4)) && !isId(following.slice(1)) ? 0 : 1;
}
