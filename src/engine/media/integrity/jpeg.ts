/**
 * JPEG: the segments from SOI to EOI, and what may rightly follow. https://www.w3.org/Graphics/JPEG/itu-t81.pdf
 * The picture itself has no checksum: between its markers only a decoder notices damage.
 */
import { BeyondEnd, ByteReader } from './bytes';
import { damaged, trailing, truncated, walking, type Found } from './problems';
import type { MediaProblem } from './verdict';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const APP2 = 0xe2;
const RST0 = 0xd0;
const RST7 = 0xd7;
/** Of a stuffed 0xff within the data of a scan. */
const STUFFED = 0x00;
const TEM = 0x01;
const FILL = 0xff;
/** The tag of a multi-picture index that lists the pictures. */
const MP_ENTRIES = 0xb002;

export const walkJpeg = walking('big', 'the marker that closes the image (EOI)', (file, found) => {
  const { header, problems } = found;
  /** Where pictures end that the index of a phone's or a stereo camera's file lists. */
  let lastPicture = { start: 0, end: 0 };
  let scans = 0;
  let at = 2;
  for (;;) {
    const marker = nextMarker(file, at);
    if (marker > at) problems.push(extraneous(at, marker));
    const code = file.u8(marker + 1);
    const start = marker + 2;
    if (code === EOI) {
      if (scans === 0) problems.push(damaged(marker, 'There is no picture before the end'));
      afterEnd(file, start, lastPicture, problems);
      return;
    }
    if (code === SOI) {
      problems.push(damaged(marker, 'A second image begins within the first'));
      return;
    }
    if (code === TEM || (code >= RST0 && code <= RST7)) {
      at = start;
      continue;
    }
    const length = file.u16(start);
    if (length < 2) {
      problems.push(damaged(start, `A segment says that it is ${length} bytes long`));
      return;
    }
    file.need(start, length);
    if (isFrame(code)) readFrame(file, start, length, found);
    if (code === DNL && length >= 4 && header.height === undefined) header.height = file.u16(start + 2);
    if (code === APP2 && length > 10 && file.text(start + 2, 4) === 'MPF\0') {
      lastPicture = indexedPictures(file.bytes, start + 6) ?? lastPicture;
    }
    at = start + length;
    if (code !== SOS) continue;
    if (header.width === undefined) {
      problems.push(damaged(marker, 'A scan begins before the frame that it belongs to'));
      return;
    }
    scans++;
    at = endOfScan(file, at, problems);
  }
});

/** SOF0 to SOF15, without the tables that lie between them. */
function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

function readFrame(file: ByteReader, start: number, length: number, { header, problems }: Found): void {
  const height = length < 8 ? 0 : file.u16(start + 3);
  const width = length < 8 ? 0 : file.u16(start + 5);
  if (width === 0 || length !== 8 + 3 * file.u8(start + 7)) {
    problems.push(damaged(start, 'The frame header has values that no JPEG can have'));
    return;
  }
  header.width = width;
  // A height of none follows the first scan, as some scanners write it.
  if (height > 0) header.height = height;
}

/** Where the next marker's 0xff stands; what lies between belongs to nothing. */
function nextMarker(file: ByteReader, from: number): number {
  for (let at = from; ; at++) {
    at = file.bytes.indexOf(FILL, at);
    if (at < 0) throw new BeyondEnd(file.length);
    const code = file.u8(at + 1);
    if (code !== STUFFED && code !== FILL) return at;
    // Any number of fill bytes may stand in front of a marker.
    if (code === FILL && at === from) return nextMarker(file, from + 1);
  }
}

function extraneous(at: number, marker: number): MediaProblem {
  const count = marker - at;
  const what = count === 1 ? '1 byte that belongs to nothing stands' : `${count} bytes that belong to nothing stand`;
  return { ...damaged(at, what), severity: 'warning' };
}

/** Where the next marker stands that is none of a scan; restart markers are numbered in turn. */
function endOfScan(file: ByteReader, start: number, problems: MediaProblem[]): number {
  let due = RST0;
  for (let at = start; ; at += 2) {
    at = file.bytes.indexOf(FILL, at);
    if (at < 0) throw new BeyondEnd(file.length);
    while (file.u8(at + 1) === FILL) at++;
    const code = file.u8(at + 1);
    if (code === STUFFED) continue;
    if (code < RST0 || code > RST7) return at;
    if (code !== due) {
      problems.push(damaged(at, `Restart marker ${code - RST0} stands where ${due - RST0} is due,`));
      return endOfRestarts(file, at);
    }
    due = due === RST7 ? RST0 : due + 1;
  }
}

/** Like {@link endOfScan} once its numbering is known to be wrong. */
function endOfRestarts(file: ByteReader, start: number): number {
  let at = start;
  for (;;) {
    at = nextMarker(file, at);
    const code = file.u8(at + 1);
    if (code < RST0 || code > RST7) return at;
    at += 2;
  }
}

/**
 * The last picture that a multi-picture index lists (CIPA DC-007): thumbnails, other views, gain maps. Undefined where
 * the index cannot be read, which is none of the picture's business.
 * @param start of the index, from where it counts
 */
function indexedPictures(content: Uint8Array, start: number): { start: number; end: number } | undefined {
  try {
    const order = new ByteReader(content, 'big').text(start, 2) === 'II' ? 'little' : 'big';
    const file = new ByteReader(content, order);
    const directory = start + file.u32(start + 4);
    for (let i = 0; i < file.u16(directory); i++) {
      const entry = directory + 2 + i * 12;
      if (file.u16(entry) !== MP_ENTRIES) continue;
      const [bytes, from] = [file.u32(entry + 4), start + file.u32(entry + 8)];
      file.need(from, bytes);
      const pictures = Array.from({ length: Math.floor(bytes / 16) }, (_, picture) => {
        const offset = file.u32(from + picture * 16 + 8);
        // The first picture's offset is none, whatever it counts from.
        const at = offset === 0 ? 0 : start + offset;
        return { start: at, end: at + file.u32(from + picture * 16 + 4) };
      });
      return pictures.reduce((last, picture) => (picture.end > last.end ? picture : last), { start: 0, end: 0 });
    }
  } catch (error) {
    if (!(error instanceof BeyondEnd)) throw error;
  }
  return undefined;
}

/** Pictures of the index, the film of a motion photo and what Samsung's phones add belong to the file; else nothing. */
function afterEnd(
  file: ByteReader,
  end: number,
  lastPicture: { readonly start: number; readonly end: number },
  problems: MediaProblem[],
): void {
  if (lastPicture.end > file.length && lastPicture.start > 0) {
    const lost = truncated(
      file.length,
      `the end of a further picture that its index names, at byte ${lastPicture.end}`,
    );
    problems.push({ ...lost, severity: 'warning' });
    return;
  }
  const rest = Math.max(end, lastPicture.end);
  if (rest >= file.length) return;
  const tail = Buffer.from(file.bytes.buffer, file.bytes.byteOffset + rest, file.length - rest);
  const film = tail.subarray(4, 8).toString('latin1') === 'ftyp';
  const phone = tail.subarray(-4).toString('latin1') === 'SEFT' || tail.includes('MotionPhoto_Data');
  if (!film && !phone) problems.push(trailing(rest, file.length));
}
