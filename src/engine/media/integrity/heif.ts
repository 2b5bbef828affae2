/**
 * AVIF and HEIC: boxes, and the stretches of the file in which the pictures lie (ISO/IEC 23008-12).
 * https://aomediacodec.github.io/av1-avif/
 */
import { boxesIn, contentOf, topLevelBoxes, type Box } from './isoBmff';
import { damaged, truncated, walking, type Found } from './problems';
import type { ByteReader } from './bytes';

export const walkHeif = walking('big', 'the end of its pictures', (file, found) => {
  const { problems } = found;
  const boxes = topLevelBoxes(file, problems);
  const meta = boxes.find(({ type }) => type === 'meta');
  // A sequence of pictures stands in a film instead.
  const film = boxes.find(({ type }) => type === 'moov');
  if (!meta) {
    if (!film && !problems.some(({ code }) => code === 'file-truncated')) {
      const end = boxes.at(-1)?.end ?? 0;
      problems.push(truncated(Math.min(end, file.length), 'the list of its pictures, its meta box'));
    }
    return;
  }
  if (meta.end > file.length) return;
  const parts = boxesIn(file, meta, problems, 4);
  readSize(file, parts, found);
  const places = parts.find(({ type }) => type === 'iloc');
  if (!places) {
    if (problems.length === 0 && !film)
      problems.push(damaged(meta.at, 'Its meta box does not say where the pictures are,'));
    return;
  }
  const data = parts.find(({ type }) => type === 'idat');
  for (const { item, within, start, end } of extentsOf(contentOf(file, places))) {
    const most = within === 'file' ? file.length : data ? data.end - data.start : 0;
    if (end <= most || problems.some(({ code }) => code === 'file-truncated')) continue;
    problems.push(
      within === 'file'
        ? truncated(file.length, `the end of its item ${item} at byte ${end}`)
        : damaged(
            places.at,
            `Its item ${item} would lie at ${start} to ${end} of the ${most} bytes within its meta box, as is said`,
          ),
    );
  }
});

/** The largest picture there is: thumbnails are smaller, as are the tiles that a larger one is put together from. */
function readSize(file: ByteReader, parts: readonly Box[], { header, problems }: Found): void {
  const properties = parts.find(({ type }) => type === 'iprp');
  const containers = properties ? boxesIn(file, properties, problems).filter(({ type }) => type === 'ipco') : [];
  let pixels = 0;
  for (const size of containers.flatMap((container) => boxesIn(file, container, problems))) {
    if (size.type !== 'ispe') continue;
    const content = contentOf(file, size);
    const width = content.u32(4);
    const height = content.u32(8);
    if (width * height > pixels) Object.assign(header, { width, height });
    pixels = Math.max(pixels, width * height);
  }
}

interface Extent {
  readonly item: number;
  /** From where its bytes are counted. */
  readonly within: 'file' | 'idat';
  readonly start: number;
  readonly end: number;
}

/** What lies in other files, or is made out of other items, is left out. */
function* extentsOf(list: ByteReader): Generator<Extent> {
  const version = list.u8(0);
  const [offsetBytes, lengthBytes] = [list.u8(4) >> 4, list.u8(4) & 15];
  const [baseBytes, indexBytes] = [list.u8(5) >> 4, version === 0 ? 0 : list.u8(5) & 15];
  const idBytes = version < 2 ? 2 : 4;
  let at = 6;
  const next = (bytes: number): number => {
    const value = bytes === 0 ? 0 : bytes === 2 ? list.u16(at) : bytes === 4 ? list.u32(at) : list.u64(at);
    at += bytes;
    return value;
  };
  for (let left = next(idBytes); left > 0; left--) {
    const item = next(idBytes);
    const method = version === 0 ? 0 : next(2) & 15;
    const elsewhere = next(2) !== 0;
    const base = next(baseBytes);
    for (let extents = next(2); extents > 0; extents--) {
      at += indexBytes;
      const start = base + next(offsetBytes);
      const end = start + next(lengthBytes);
      if (!elsewhere && method < 2) yield { item, within: method === 0 ? 'file' : 'idat', start, end };
    }
  }
}
