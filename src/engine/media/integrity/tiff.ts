/** TIFF and BigTIFF: the chain of directories, one for each page, and the strips or tiles that they name. */
import { inflateSync } from 'node:zlib';
import { ByteReader } from './bytes';
import { damaged, trailing, truncated, walking, type Found } from './problems';
import { Directory, firstDirectory, orderOf, TAG } from './tiffDirectory';
import type { MediaProblem, Walk } from './verdict';

/** Types that may say where something lies that only their writer knows of: LONG, UNDEFINED, IFD, LONG8, IFD8. */
const PLACE_TYPES = new Set([4, 7, 13, 16, 18]);
const FIRST_PRIVATE = 32768;
/** Private tags that hold their content themselves: IPTC, Photoshop, ICC, GeoTIFF, GDAL, ImageJ and those above. */
const PLAIN_PRIVATE = new Set<number>([
  ...[33723, 34377, 34675, 33550, 33922, 34264, 34735, 34736, 34737, 37724, 42112, 42113, 50838, 50839],
  ...[TAG.exif, TAG.gps, TAG.interoperability],
]);
/** A file of more directories than this goes in a circle that its offsets hide. */
const MOST_DIRECTORIES = 100_000;
/** What some writers fill the last stretch up to. */
const MOST_PADDING = 16;
/** Both numbers that DEFLATE has. */
const DEFLATED = new Set([8, 32946]);
/** A strip or tile that becomes larger is left to the decoder. */
const MOST_INFLATED_BYTES = 1 << 28;

export const walkTiff: Walk = (bytes) =>
  walking(orderOf(bytes), 'the end of a directory or of what it names', (file, found) => {
    const first = firstDirectory(file);
    if (first === 0) found.problems.push(damaged(4, 'There is no first page, as is said'));
    const tiff = new Tiff(file, found);
    tiff.walkPages(first);
    if (found.problems.length > 0 || tiff.secrets || tiff.end >= file.length) return;
    const rest = file.view(tiff.end, file.length - tiff.end);
    const padding = rest.length < MOST_PADDING && rest.every((byte) => byte === 0);
    if (!padding) found.problems.push(trailing(tiff.end, file.length));
  })(bytes);

/**
 * The first strip or tile that its own checksum shows to be damaged: decoders stop in front of it, once they have as many
 * pixels as they need.
 * @param bytes of a file whose walk found no error
 */
export function damagedPiece(bytes: Uint8Array): MediaProblem | undefined {
  const file = new ByteReader(bytes, orderOf(bytes));
  for (let at = firstDirectory(file); at !== 0;) {
    const directory = new Directory(file, at);
    const [compression = 1] = directory.numbers(TAG.compression);
    for (const { start, end } of DEFLATED.has(compression) ? piecesOf(directory).stretches : []) {
      const failure = end > start ? inflateFailure(file.view(start, end - start)) : undefined;
      if (failure !== undefined) return damaged(start, `The pixels cannot be unpacked (${failure}) that begin`);
    }
    at = directory.next;
  }
  return undefined;
}

function inflateFailure(piece: Uint8Array): string | undefined {
  try {
    inflateSync(piece, { maxOutputLength: MOST_INFLATED_BYTES });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? undefined : message;
  }
}

interface Pieces {
  readonly name: 'strip' | 'tile';
  /** As long as nothing where the writer left one out, as in sparse rasters. */
  readonly stretches: readonly { readonly start: number; readonly end: number }[];
}

function piecesOf(directory: Directory): Pieces {
  const tiled = directory.has(TAG.tileOffsets);
  const sizes = directory.numbers(tiled ? TAG.tileBytes : TAG.stripBytes);
  const starts = directory.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets);
  const stretches = starts.map((start, i) => ({ start, end: start + (sizes[i] ?? 0) }));
  return { name: tiled ? 'tile' : 'strip', stretches };
}

/** How many there must be. */
function piecesDue(directory: Directory, width: number, height: number): number {
  const [separate = 1] = directory.numbers(TAG.planes);
  const [samples = 1] = directory.numbers(TAG.samples);
  const planes = separate === 2 ? samples : 1;
  if (directory.has(TAG.tileOffsets)) {
    const [across = width] = directory.numbers(TAG.tileWidth);
    const [down = height] = directory.numbers(TAG.tileHeight);
    return Math.ceil(width / across) * Math.ceil(height / down) * planes;
  }
  const [rows = height] = directory.numbers(TAG.rowsPerStrip);
  return Math.ceil(height / Math.max(1, rows)) * planes;
}

/** Follows the directories, and notes how far what they name reaches. */
class Tiff {
  private readonly visited = new Set<number>();
  /** Before which byte everything ends that is known of. */
  end = 8;
  /** Whether there are tags of which nobody but their writer knows what they name. */
  secrets = false;

  constructor(
    private readonly file: ByteReader,
    private readonly found: Found,
  ) {}

  /** Each page from the first on, with the smaller pictures within it. */
  walkPages(first: number): void {
    const { header, problems } = this.found;
    for (let at = first; at !== 0;) {
      const directory = this.directoryAt(at);
      if (!directory) return;
      this.checkPicture(directory, at);
      if (problems.length > 0) return;
      header.pages = (header.pages ?? 0) + 1;
      at = directory.next;
    }
  }

  private directoryAt(at: number): Directory | undefined {
    const { problems } = this.found;
    if (this.visited.has(at) || this.visited.size > MOST_DIRECTORIES) {
      problems.push(damaged(at, 'The pages go round in a circle, back to the directory'));
      return undefined;
    }
    this.visited.add(at);
    if (at >= this.file.length) {
      problems.push(truncated(this.file.length, `its directory at byte ${at}`));
      return undefined;
    }
    const directory = new Directory(this.file, at);
    for (const [tag, { type }] of directory.entries) {
      this.secrets ||= tag >= FIRST_PRIVATE && !PLAIN_PRIVATE.has(tag) && PLACE_TYPES.has(type);
    }
    for (const end of directory.ends) this.reach(end);
    return directory;
  }

  private reach(end: number): void {
    this.end = Math.max(this.end, end);
  }

  private checkPicture(directory: Directory, at: number): void {
    const { header, problems } = this.found;
    const [jpegStart] = directory.numbers(TAG.jpegStart);
    const [jpegBytes = 0] = directory.numbers(TAG.jpegBytes);
    if (jpegStart !== undefined) this.checkRange(jpegStart + jpegBytes, 'embedded JPEG');
    // A thumbnail may be nothing but a JPEG, which has its size within.
    if (jpegStart !== undefined && !directory.has(TAG.stripOffsets)) return;
    const [width = 0] = directory.numbers(TAG.width);
    const [height = 0] = directory.numbers(TAG.height);
    if (width === 0 || height === 0) {
      problems.push(damaged(at, 'A page has no width or no height; its directory stands'));
      return;
    }
    if (header.width === undefined) Object.assign(header, { width, height });
    this.checkPieces(directory, at, piecesDue(directory, width, height));
    const freeBytes = directory.numbers(TAG.freeBytes);
    for (const [i, start] of directory.numbers(TAG.freeOffsets).entries()) this.reach(start + (freeBytes[i] ?? 0));
    for (const tag of [TAG.exif, TAG.gps]) for (const aside of directory.numbers(tag)) this.readAside(aside);
    for (const within of directory.numbers(TAG.subDirectories)) {
      const smaller = problems.length > 0 ? undefined : this.directoryAt(within);
      if (smaller) this.checkPicture(smaller, within);
    }
  }

  /** What cameras note is no part of the picture: only how far it reaches is of interest. */
  private readAside(at: number): void {
    if (this.found.problems.length > 0 || this.visited.has(at)) return;
    const directory = this.directoryAt(at);
    for (const deeper of directory?.numbers(TAG.interoperability) ?? []) this.readAside(deeper);
  }

  private checkPieces(directory: Directory, at: number, due: number): void {
    const { name, stretches } = piecesOf(directory);
    // A page may hold nothing but smaller pictures.
    if (stretches.length === 0 && directory.has(TAG.subDirectories)) return;
    if (stretches.length < due) {
      const what = `A page names ${stretches.length} of its ${due} ${name}s; its directory stands`;
      this.found.problems.push(damaged(at, what));
      return;
    }
    for (const [i, { start, end }] of stretches.entries()) {
      if (end > start && !this.checkRange(end, `${name} ${i + 1}`)) return;
    }
  }

  private checkRange(end: number, what: string): boolean {
    this.reach(end);
    if (end <= this.file.length) return true;
    this.found.problems.push(truncated(this.file.length, `the end of its ${what} at byte ${end}`));
    return false;
  }
}
