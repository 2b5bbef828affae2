/** Sound in frames that each say how long they are, as in MP3 and AAC: one after the other without a gap. */
import type { Stretch } from './audioWalk';
import type { FileBytes } from './fileBytes';
import { damaged, trailing, truncated, type Found } from './problems';
import { beginsTag, endBeforeTags, endOfId3v2 } from './tags';
import type { MediaProblem } from './verdict';

export interface FrameHeader {
  /** Of the whole frame, in bytes. */
  readonly length: number;
  /** Per channel. */
  readonly samples: number;
  readonly sampleRate: number;
  readonly channels: number;
  /** What the frames of one stream have in common. */
  readonly kind: number;
}

/** How a format's frames begin. */
export interface Framing {
  readonly headerBytes: number;
  /** Undefined where none begins there. */
  header(bytes: Uint8Array): FrameHeader | undefined;
}

export interface Frames {
  readonly stretch: Stretch;
  readonly first: FrameHeader;
  readonly count: number;
  /** Per channel. */
  readonly samples: number;
  /** What stands between the last frame and the tags at the end. */
  readonly rest: Stretch & { readonly problem?: MediaProblem };
}

const MOST_HEADER_BYTES = 8;
/** So many frames in a row are no accident. */
const CONFIRMING = 3;
/** What stands behind the last frame is careless up to here. */
const MOST_TRAILING = 1 << 14;

/** Undefined where there is none; the problems then say so. */
export function walkFrames(file: FileBytes, framing: Framing, found: Found): Frames | undefined {
  const afterTags = endOfId3v2(file, 0);
  const end = endBeforeTags(file, afterTags);
  const frames = new FrameReader(file, framing, end);
  const start = beginning(frames, file, afterTags, found);
  const first = start === undefined ? undefined : frames.at(start);
  if (start === undefined || !first) return undefined;

  const gaps: Stretch[] = [];
  let { kind } = first;
  let count = 0;
  let samples = 0;
  let at = start;
  while (at < end) {
    const header = frames.at(at);
    if (header && (header.kind === kind || frames.confirmed(at))) {
      if (at + header.length > end) break;
      ({ kind } = header);
      count++;
      samples += header.samples;
      at += header.length;
    } else {
      const afterTag = endOfId3v2(file, at);
      const next = afterTag > at ? afterTag : frames.next(at + 1);
      if (next === undefined) break;
      if (next !== afterTag) gaps.push({ start: at, end: next });
      at = next;
    }
  }
  found.problems.push(...ofGaps(gaps));
  return { stretch: { start, end: at }, first, count, samples, rest: rest(file, frames, at, end) };
}

class FrameReader {
  constructor(
    private readonly file: FileBytes,
    private readonly framing: Framing,
    /** Where the tags begin, or the file ends. */
    readonly end: number,
  ) {}

  at(at: number): FrameHeader | undefined {
    return this.framing.header(this.file.upTo(at, Math.min(this.framing.headerBytes, this.end - at)));
  }

  /** Whether more frames of its kind follow after the one that begins there, or nothing does. */
  confirmed(at: number): boolean {
    const first = this.at(at);
    let next = at;
    for (let count = 0; count < CONFIRMING; count++) {
      const header = next < this.end ? this.at(next) : undefined;
      if (!header || header.kind !== first?.kind) return count > 0 && next === this.end;
      next += header.length;
    }
    return next <= this.end;
  }

  /** Where frames go on, from `from` on. */
  next(from: number): number | undefined {
    let at = from;
    for (const block of this.file.blocks(from, this.end)) {
      for (let index = block.indexOf(0xff); index !== -1; index = block.indexOf(0xff, index + 1)) {
        if (this.at(at + index) && this.confirmed(at + index)) return at + index;
      }
      at += block.length;
    }
    return undefined;
  }
}

/** Where the first frame begins. What stands before it is named, unless it is padding. */
function beginning(frames: FrameReader, file: FileBytes, from: number, found: Found): number | undefined {
  const header = frames.at(from);
  const goesOnAt = (at: number) => frames.at(at)?.kind === header?.kind;
  // Of a file that was cut soon, no more than that may be left.
  if (header && (from + header.length >= frames.end || goesOnAt(from + header.length))) return from;
  const start = frames.next(from + 1);
  if (header && start !== undefined && goesOnAt(start)) return from;
  if (start === undefined) {
    found.problems.push(
      file.length - from < MOST_HEADER_BYTES
        ? truncated(file.length, 'its first frame')
        : damaged(from, 'No frame begins'),
    );
  } else if (start > from && !file.isZero(from, start)) {
    const problem = damaged(from, `${start - from} bytes that are no sound stand before the first frame,`);
    found.problems.push(header ? problem : { ...problem, severity: 'warning' });
  }
  return start;
}

function ofGaps(gaps: readonly Stretch[]): MediaProblem[] {
  const [first] = gaps;
  if (!first) return [];
  const more = gaps.length === 1 ? '' : ` ${gaps.length - 1} more such gaps follow.`;
  const problem = damaged(first.start, `${first.end - first.start} bytes are no frame`);
  return [{ ...problem, message: `${problem.message}${more}` }];
}

function rest(file: FileBytes, frames: FrameReader, start: number, end: number): Frames['rest'] {
  const length = end - start;
  if (length === 0) return { start, end };
  const header = frames.at(start);
  if (header && start + header.length > end) {
    const missing = `the last ${start + header.length - end} bytes of its last frame`;
    return { start, end, problem: truncated(file.length, missing) };
  }
  if (beginsTag(file, start)) return { start, end, problem: truncated(file.length, 'the end of its tag') };
  if (length < MOST_HEADER_BYTES && file.view(start, 1)[0] === 0xff) {
    return { start, end, problem: truncated(file.length, 'the end of its last frame') };
  }
  if (length <= MOST_TRAILING) return { start, end, problem: trailing(start, end) };
  const what = file.isZero(start, end) ? `${length} bytes are zero` : `${length} bytes are no frame`;
  return { start, end, problem: damaged(start, what) };
}
