/** FLAC: its metadata, and frame after frame, each of which carries checksums. RFC 9639. */
import { walkingAudio, type Sound, type Stretch } from './audioWalk';
import { flacCrc16Table } from './crc';
import type { FileBytes } from './fileBytes';
import { flacFrameHeader, MOST_HEADER_BYTES, type FlacFrameHeader } from './flacFrame';
import { damaged, trailing, truncated, type Found } from './problems';
import type { MediaProblem } from './verdict';
import { beginsTag, endBeforeTags, endOfId3v2 } from './tags';

const STREAMINFO = 0;
const STREAMINFO_BYTES = 34;
const FORBIDDEN = 127;
/** Of frames or samples, by what a stream counts: after a larger gap a frame is not recognised. */
const MOST_LOST = 2 ** 32;
/** What follows after the sound is careless up to here. */
const MOST_TRAILING = 1 << 16;
const VIEW_BYTES = 1 << 16;

interface StreamInfo {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** Samples per channel; 0 where the encoder did not know. */
  readonly total: number;
  /** Bytes of the shortest frame; 0 where the encoder did not know. */
  readonly leastFrame: number;
  readonly md5: string;
}

export const walkFlac = walkingAudio('the end of its header', (file, found) => {
  const start = endOfId3v2(file, 0);
  const { info, firstFrame } = metadata(file, start, found);
  if (!info) return undefined;
  const { sampleRate, channels, bits, total, md5 } = info;
  found.header = { sampleRate, channels, ...(total > 0 && { seconds: total / sampleRate }) };
  const stretch = { start: firstFrame, end: endBeforeTags(file, firstFrame) };
  const { frames, samples } = walkFrames(file, stretch, info, found);
  if (total === 0) found.header.seconds = samples / sampleRate;
  const head = { start, end: start + 8 + STREAMINFO_BYTES };
  return { codec: 'flac', head, frames, bits, samples, ...(/[^0]/.test(md5) && { md5 }) };
});

function metadata(file: FileBytes, start: number, found: Found): { info?: StreamInfo; firstFrame: number } {
  let info: StreamInfo | undefined;
  let at = start + 4;
  for (let last = false; !last;) {
    const header = file.big(at, 4);
    const type = header.u8(0) & 0x7f;
    const length = header.u24(1);
    if (type === FORBIDDEN || (type === STREAMINFO) !== (at === start + 4)) {
      found.problems.push(damaged(at, 'A block of metadata of an impossible kind stands'));
      return { firstFrame: at };
    }
    if (type === STREAMINFO) {
      info = streamInfo(file, at + 4, length, found);
      if (!info) return { firstFrame: at };
    }
    last = header.u8(0) >= 0x80;
    at += 4 + length;
    // Throws where the block ends behind the end of the file.
    file.view(at, 0);
  }
  return { ...(info && { info }), firstFrame: at };
}

function streamInfo(file: FileBytes, at: number, length: number, found: Found): StreamInfo | undefined {
  if (length === STREAMINFO_BYTES) {
    const reader = file.big(at, STREAMINFO_BYTES);
    const packed = reader.u32(10);
    const info: StreamInfo = {
      sampleRate: packed >>> 12,
      channels: ((packed >>> 9) & 7) + 1,
      bits: ((packed >>> 4) & 31) + 1,
      total: (packed & 15) * 2 ** 32 + reader.u32(14),
      leastFrame: reader.u24(4),
      md5: Buffer.from(reader.view(18, 16)).toString('hex'),
    };
    if (info.sampleRate > 0 && info.bits >= 4) return info;
  }
  found.problems.push(damaged(at, 'The description of the stream is impossible'));
  return undefined;
}

/** A frame whose end is looked for. */
interface Open {
  readonly at: number;
  readonly header: FlacFrameHeader;
  /** Where its checksum came out: what stands before has its checksum in its last two bytes. */
  end?: number;
  /** Whether what follows there resembles another frame; a checksum may also come out by chance. */
  sure?: boolean;
}

type Walked = Pick<Extract<Sound, { codec: 'flac' }>, 'frames' | 'samples'>;

/** Frames carry no length: one ends where its checksum comes out and the next begins. */
function walkFrames(file: FileBytes, stretch: Stretch, info: StreamInfo, found: Found): Walked {
  const table = flacCrc16Table;
  const damages: MediaProblem[] = [];
  const starts: number[] = [];
  let samples = 0;
  let frame: Open | undefined;
  let crc = 0;
  for (let block = stretch.start; block < stretch.end;) {
    const view = file.view(block, Math.min(VIEW_BYTES, stretch.end - block));
    // Each view reaches into the next, so that it cuts no header.
    const stop = block + view.length === stretch.end ? view.length : view.length - MOST_HEADER_BYTES;
    for (let index = 0; index < stop; index++) {
      const byte = view[index] ?? 0;
      const header = byte === 0xff ? flacFrameHeader(view, index) : undefined;
      if (header && begins(header, frame, crc === 0)) {
        const at = block + index;
        const damage = between(frame, header, at, crc === 0, stretch.start);
        if (damage) damages.push(damage);
        samples += frame?.header.blockSize ?? 0;
        frame = { at, header };
        starts.push(at);
        crc = 0;
      }
      const before = crc;
      crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);
      if (crc === 0 && before !== 0 && frame) {
        const sure = view[index + 1] === 0xff || view[index + 2] === 0xf8 || block + index + 1 === stretch.end;
        if (sure || !frame.sure) Object.assign(frame, { end: block + index + 1, sure });
      }
    }
    block += stop;
  }
  const [first] = damages;
  if (first) {
    const more = damages.length === 1 ? '' : ` ${damages.length - 1} more are.`;
    found.problems.push({ ...first, message: `${first.message}${more}` });
  }
  if (!frame) return withoutFrames(file, stretch, info.total, found);
  samples += frame.header.blockSize;
  return { samples, frames: [...starts, ending(file, stretch, { ...info, frame, samples }, found)] };
}

/** Within a frame anything may look like a header; it is one where the checksum came out, or the number goes on. */
function begins(header: FlacFrameHeader, frame: Open | undefined, came: boolean): boolean {
  if (!frame) return true;
  const last = frame.header;
  if (header.variable !== last.variable) return false;
  const step = header.number - last.number;
  const alike = header.channels === last.channels && header.kind === last.kind;
  return came || (alike && step > 0 && step < MOST_LOST);
}

/** What is wrong with a frame, or with what stands between it and the next one's header. */
function between(
  frame: Open | undefined,
  next: FlacFrameHeader,
  at: number,
  came: boolean,
  start: number,
): MediaProblem | undefined {
  if (!frame) return at === start ? undefined : damaged(start, 'No frame begins');
  const { number, blockSize, variable } = frame.header;
  const expected = number + (variable ? blockSize : 1);
  if (came) return next.number === expected ? undefined : damaged(at, 'Frames are missing before the one');
  return next.number === expected
    ? damaged(frame.at, 'The checksum is wrong of the frame')
    : damaged(frame.end ?? frame.at, 'Frames are damaged');
}

/** Where the sound ends, of which the last frame began; says so where it should not end there. */
function ending(
  file: FileBytes,
  { end }: Stretch,
  { frame, samples, total, leastFrame }: StreamInfo & { readonly frame: Open; readonly samples: number },
  found: Found,
): number {
  const lacks = total - samples;
  const cut = (missing: string) => {
    found.problems.push(truncated(file.length, missing));
    return end;
  };
  const allCounted = `the last ${lacks} of the ${total} samples that its header counts`;
  if (frame.end === undefined) {
    if (lacks > 0) return cut(allCounted);
    if (end - frame.at < leastFrame) return cut('the end of its last frame');
    found.problems.push(damaged(frame.at, 'The checksum is wrong of the last frame'));
    return end;
  }
  const rest = end - frame.end;
  // What lacks then is what was said to be damaged.
  if (rest === 0 && found.problems.length > 0) return end;
  if (lacks > 0) {
    const lost = rest > 0 && (frame.sure === true || file.isZero(frame.end, end));
    if (!lost) return cut(allCounted);
    found.problems.push(
      damaged(frame.end, `The last ${lacks} of the ${total} samples cannot be read: no frame begins`),
    );
  } else if (lacks < 0 && total > 0) {
    found.problems.push({
      code: 'file-damaged',
      severity: 'warning',
      message: `The header counts ${total} samples, but the frames have ${samples}.`,
      byte: 0,
    });
  }
  if (lacks <= 0 && rest > 0) {
    if (beginsTag(file, frame.end)) return cut('the end of its tag');
    const problem = trailing(frame.end, end);
    found.problems.push(rest > MOST_TRAILING ? { ...problem, severity: 'error' } : problem);
  }
  return frame.end;
}

function withoutFrames(file: FileBytes, { start, end }: Stretch, total: number, found: Found): Walked {
  if (end - start >= MOST_HEADER_BYTES) found.problems.push(damaged(start, 'No frame begins'));
  else if (end > start || total > 0) found.problems.push(truncated(file.length, 'its first frame'));
  return { samples: 0, frames: [] };
}
