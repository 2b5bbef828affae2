/** What walks say alike, in the same words for every format. */
import { BeyondEnd, ByteReader } from './bytes';
import type { MediaHeader, MediaProblem, Walk } from './verdict';

/**
 * @param byte where the file ends
 * @param missing what should have come, as in `the rest of the picture`
 */
export function truncated(byte: number, missing: string): MediaProblem {
  return {
    code: 'file-truncated',
    severity: 'error',
    message: `The file ends at byte ${byte}, before ${missing}.`,
    byte,
  };
}

/** @param what a sentence without its full stop, which may go on with ` at byte 12` */
export function damaged(byte: number, what: string): MediaProblem {
  return { code: 'file-damaged', severity: 'error', message: `${what} at byte ${byte}.`, byte };
}

/**
 * @param byte of the first that does not belong
 * @param length of the file
 */
export function trailing(byte: number, length: number): MediaProblem {
  const count = length - byte;
  return {
    code: 'file-trailing-bytes',
    severity: 'warning',
    message: `${count} ${count === 1 ? 'byte follows' : 'bytes follow'} after the end of the content at byte ${byte}.`,
    byte,
  };
}

/** Collects what a walk finds: its header field by field, its problems in the order they are met. */
export interface Found {
  header: { -readonly [field in keyof MediaHeader]: MediaHeader[field] };
  readonly problems: MediaProblem[];
}

/**
 * A walk out of a function that reads without minding the end of the file: reading beyond it is what a cut file is.
 * @param order of the bytes within a number
 * @param missing what a file lacks that ends too early, as in `the rest of the picture`
 */
export function walking(
  order: 'little' | 'big',
  missing: string,
  read: (file: ByteReader, found: Found) => void,
): Walk {
  return (bytes) => {
    const found: Found = { header: {}, problems: [] };
    try {
      read(new ByteReader(bytes, order), found);
    } catch (error) {
      if (!(error instanceof BeyondEnd)) throw error;
      found.problems.push(truncated(error.at, missing));
    }
    return { ...found.header, problems: found.problems };
  };
}
