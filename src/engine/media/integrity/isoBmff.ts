/** The boxes that AVIF, HEIC, MP4 and M4A files consist of (ISO/IEC 14496-12): a length, four letters, so many bytes. */
import { ByteReader, type Viewable } from './bytes';
import { damaged, trailing, truncated } from './problems';
import type { MediaProblem } from './verdict';

export interface Box {
  readonly type: string;
  /** Where its header stands, where its content begins, and before which byte it ends, be that beyond the file. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** What may stand at the top. What is none of these and too long is no box, but something that was appended. */
const TOP_LEVEL = new Set(
  (
    'ftyp styp meta meco moov moof mfra mdat imda idat free skip wide junk pnot PICT udta uuid pdin sidx ssix prft emsg ' +
    'mpvd sefd'
  ).split(' '),
);

/** The boxes of the file itself; where one is cut, no box, or where something follows, that is a problem. */
export function topLevelBoxes(file: Viewable, problems: MediaProblem[]): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < file.length;) {
    const box = boxAt(file, at, file.length);
    if (!box || (box.end > file.length && !TOP_LEVEL.has(box.type))) {
      problems.push(
        boxes.length > 0 ? trailing(at, file.length) : damaged(at, 'There is no box where one should begin,'),
      );
      break;
    }
    boxes.push(box);
    if (box.end > file.length) {
      problems.push(truncated(file.length, `the end of its ${box.type} box at byte ${box.end}`));
    }
    at = box.end;
  }
  return boxes;
}

/**
 * The boxes within another.
 * @param skipped bytes of content in front of them, such as the 4 of a version and flags
 */
export function boxesIn(file: Viewable, parent: Box, problems: MediaProblem[], skipped = 0): Box[] {
  const boxes: Box[] = [];
  const end = Math.min(parent.end, file.length);
  for (let at = parent.start + skipped; end - at >= 8;) {
    const box = boxAt(file, at, end);
    if (!box || box.end > parent.end) {
      // QuickTime ends some lists of boxes with a zero.
      const closed = new ByteReader(file.view(at, 4), 'big').u32(0) === 0;
      if (!closed) problems.push(damaged(at, `There is no box, or one too long, within its ${parent.type} box`));
      break;
    }
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The content, as far as it is there. */
export function contentOf(file: Viewable, { start, end }: Box): ByteReader {
  return new ByteReader(file.view(start, Math.max(0, Math.min(end, file.length) - start)), 'big');
}

/** Undefined where none begins. A length of 0 means up to the end. */
function boxAt(file: Viewable, at: number, end: number): Box | undefined {
  if (end - at < 8) return undefined;
  const header = new ByteReader(file.view(at, Math.min(16, end - at)), 'big');
  const type = header.text(4, 4);
  // Apple's lists of tags have letters outside of ASCII, and numbers, as types.
  if (/^\0{4}$/.test(type)) return undefined;
  const short = header.u32(0);
  if (short === 0) return { type, at, start: at + 8, end };
  if (short !== 1) return short < 8 ? undefined : { type, at, start: at + 8, end: at + short };
  if (header.length < 16) return undefined;
  const long = header.u64(8);
  return long < 16 ? undefined : { type, at, start: at + 16, end: at + long };
}
