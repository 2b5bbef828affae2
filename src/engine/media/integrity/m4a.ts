/** M4A and other MP4: its boxes, and whether the sound that they point to is there (ISO/IEC 14496-12 and -14). */
import { walkingAudio } from './audioWalk';
import type { ByteReader } from './bytes';
import type { FileBytes } from './fileBytes';
import { boxesIn, contentOf, topLevelBoxes, type Box } from './isoBmff';
import { damaged, truncated, type Found } from './problems';
import type { MediaHeader, MediaProblem } from './verdict';

/** A table of places that is longer is not read as a whole. */
const MOST_TABLE_BYTES = 64 << 20;
const UNKNOWN_DURATION = 0xffff_ffff;
const aacRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const aacChannels = [undefined, 1, 2, 3, 4, 5, 6, 8];

export const walkM4a = walkingAudio('the end of its header', (file, found) => {
  const boxes = topLevelBoxes(file, found.problems);
  const movie = boxes.find(({ type }) => type === 'moov');
  if (movie) {
    if (movie.end <= file.length) ofMovie(file, movie, boxes, found);
  } else if (!found.problems.some(({ severity }) => severity === 'error')) {
    // It often stands at the end, and is what a recording that was broken off lacks.
    found.problems.push(truncated(file.length, 'its moov box, without which nothing can be played'));
  }
  return undefined;
});

function ofMovie(file: FileBytes, movie: Box, boxes: readonly Box[], { header, problems }: Found): void {
  const media = childrenOf(file, movie, ['trak', 'mdia'], problems);
  const sound = media.find((box) => handlerOf(file, box, problems) === 'soun');
  if (!sound) {
    const message = 'The content is an MP4 file without a track of sound.';
    problems.push({ code: 'file-wrong-kind', severity: 'error', message, byte: movie.at });
    return;
  }
  const [times] = childrenOf(file, sound, ['mdhd'], problems);
  const tables = childrenOf(file, sound, ['minf', 'stbl'], problems).flatMap((box) => boxesIn(file, box, problems));
  const description = tables.find(({ type }) => type === 'stsd');
  Object.assign(header, times && durationOf(contentOf(file, times)), description && formatOf(file, description));
  if (problems.some(({ code }) => code === 'file-truncated')) return;
  const last = lastPlace(file, tables);
  if (last >= file.length) {
    problems.push(truncated(file.length, `the sound that its moov box places at byte ${last}`));
  } else if (last > 0 && !boxes.some(({ type }) => type === 'mdat')) {
    problems.push(damaged(movie.at, 'Nothing holds the sound of the tracks that are described'));
  }
}

/** All boxes at the end of the path, which begins within `parent`. */
function childrenOf(file: FileBytes, parent: Box, path: readonly string[], problems: MediaProblem[]): Box[] {
  return path.reduce<Box[]>(
    (parents, name) => parents.flatMap((box) => boxesIn(file, box, problems).filter(({ type }) => type === name)),
    [parent],
  );
}

function handlerOf(file: FileBytes, media: Box, problems: MediaProblem[]): string | undefined {
  const [handler] = childrenOf(file, media, ['hdlr'], problems);
  return handler && contentOf(file, handler).text(8, 4);
}

function durationOf(content: ByteReader): MediaHeader {
  const long = content.u8(0) === 1;
  const scale = content.u32(long ? 20 : 12);
  const duration = long ? content.u64(24) : content.u32(16);
  // Of a fragmented file it stands nowhere, or in each fragment.
  return scale === 0 || duration === 0 || duration >= UNKNOWN_DURATION ? {} : { seconds: duration / scale };
}

function formatOf(file: FileBytes, description: Box): MediaHeader {
  const entry = contentOf(file, { ...description, start: description.start + 8 });
  const sounds = { sampleRate: entry.u32(32) / 2 ** 16, channels: entry.u16(24) };
  return { ...sounds, ...aacFormat(entry) };
}

/** What the decoder is told; the fields outside say "stereo" of anything. */
function aacFormat(entry: ByteReader): MediaHeader {
  const at = Buffer.from(entry.bytes).indexOf('esds', 36, 'latin1');
  if (at < 0) return {};
  let place = at + 8;
  for (const tag of [3, 4, 5]) {
    if (entry.u8(place++) !== tag) return {};
    while (entry.u8(place++) >= 0x80);
    if (tag === 5) break;
    place += tag === 3 ? 3 : 13;
  }
  const bits = entry.u16(place);
  const sampleRate = aacRates[(bits >> 7) & 15];
  const channels = aacChannels[(bits >> 3) & 15];
  // Of other codecs, the numbers are longer.
  return bits >> 11 === 31 || sampleRate === undefined || channels === undefined ? {} : { sampleRate, channels };
}

/** Where the last stretch of sound begins; 0 where none is placed. */
function lastPlace(file: FileBytes, tables: readonly Box[]): number {
  const table = tables.find(({ type }) => type === 'stco' || type === 'co64');
  if (!table || table.end - table.start > MOST_TABLE_BYTES) return 0;
  const content = contentOf(file, table);
  const [bytes, read] =
    table.type === 'stco' ? [4, (at: number) => content.u32(at)] : [8, (at: number) => content.u64(at)];
  let last = 0;
  for (let count = content.u32(4), at = 8; count > 0; count--, at += bytes) last = Math.max(last, read(at));
  return last;
}
