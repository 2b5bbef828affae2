/** Decodes every pixel of an image, which is how damage shows that no structure and no checksum tells. */
import { MldataError } from '../../../protocol/errors';
import { MOST_PIXELS, openImage, type ReadOptions } from '../imageReader';
import type { Sharp } from 'sharp';
import { damagedFrame } from './apng';
import { damagedPicture } from './gifPixels';
import { damagedPiece } from './tiff';
import type { ImageFormat } from './formats';
import type { MediaHeader, MediaProblem } from './verdict';

/** Those that the decoder reads; of the others only the structure is known. */
const DECODED: ReadonlySet<ImageFormat> = new Set(['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif']);
/** What a file is asked that its decoder does not notice. */
const own: Partial<Record<ImageFormat, (bytes: Uint8Array) => MediaProblem | undefined>> = {
  png: damagedFrame,
  gif: damagedPicture,
  tiff: damagedPiece,
};
/** Pictures of more pixels than this, together, are not held in memory as a whole. */
const MOST_KEPT_PIXELS = 1 << 26;
/** Nor are all channels of one of more pixels than this. */
const MOST_WHOLE_PIXELS = 1 << 21;
/** A file that has a byte for so many of its pixels, or fewer, is no bomb, however large it is. */
const HONEST_PIXELS = 100;

/** Of kinds that others can read. A header of a TIFF has been walked: what the decoder refuses there is such a kind. */
const UNSUPPORTED = /pixel limit|not supported|unsupported|not configured|not implemented/i;
const REFUSED_HEADER = /corrupt header/i;
const TIMED_OUT = /^timeout/i;
/** Nobody's picture is the worse for these. */
const HARMLESS = /extraneous bytes before marker/i;

export interface DecodedImage {
  /** Whether every pixel was. */
  readonly decoded: boolean;
  readonly problems: readonly MediaProblem[];
}

/**
 * Throws `image-reader-missing`.
 * @param header as the walk found it, without an error
 * @param seconds that it may take
 */
export async function decodeImage(
  bytes: Uint8Array,
  format: ImageFormat,
  header: MediaHeader,
  seconds: number,
): Promise<DecodedImage> {
  if (!DECODED.has(format)) return { decoded: false, problems: [] };
  const { width = 0, height = 0 } = header;
  if (width * height > MOST_PIXELS) return { decoded: false, problems: [tooManyPixels(bytes.length, width, height)] };
  // What libtiff warns of are tags, which no pixel depends on.
  const failOn = format === 'tiff' ? 'error' : 'warning';
  const decoding = failureOf(bytes, format, header, { failOn, seconds });
  // Meanwhile, in this thread: what the decoder passes over.
  const overlooked = own[format]?.(bytes);
  const failure = await decoding;
  if (overlooked) return { decoded: false, problems: [overlooked] };
  if (failure === undefined) return { decoded: true, problems: [] };
  if (!HARMLESS.test(failure)) return { decoded: false, problems: [problemOf(failure, format, seconds)] };
  const worse = await failureOf(bytes, format, header, { failOn: 'error', seconds });
  return worse === undefined
    ? { decoded: true, problems: [warned(failure)] }
    : { decoded: false, problems: [problemOf(worse, format, seconds)] };
}

/** What the decoder says, in one line; undefined where it read everything. */
async function failureOf(
  bytes: Uint8Array,
  format: ImageFormat,
  header: MediaHeader,
  options: ReadOptions,
): Promise<string | undefined> {
  try {
    await decode(bytes, format, header, options);
    return undefined;
  } catch (error) {
    if (error instanceof MldataError) throw error;
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return line.replace(/^(VipsJpeg|\w+2vips|\w+load\w*): /, '').trim();
  }
}

async function decode(
  bytes: Uint8Array,
  format: ImageFormat,
  { width = 1, height = 1, pages = 1 }: MediaHeader,
  options: ReadOptions,
): Promise<void> {
  const end = performance.now() + options.seconds * 1000;
  // Of an animation all pictures are of one size, and are read as one that is as high as all of them.
  const animated = format === 'gif' || format === 'webp';
  const paged = animated || format === 'tiff';
  const atOnce = animated ? Math.max(1, Math.min(pages, Math.floor(MOST_KEPT_PIXELS / (width * height)))) : 1;
  for (let page = 0; page < (paged ? pages : 1); page += atOnce) {
    const left = (end - performance.now()) / 1000;
    if (left <= 0) throw new Error('timeout');
    const range = paged ? { page, pages: Math.min(atOnce, pages - page) } : {};
    const image = await openImage(bytes, { ...options, ...range, seconds: Math.ceil(left) });
    await everyPixel(image, width * height * (range.pages ?? 1))
      .raw()
      .toBuffer();
  }
}

/** Asks for every pixel and keeps as little of it as is quick: all, one channel, or next to nothing. */
function everyPixel(image: Sharp, pixels: number): Sharp {
  if (pixels <= MOST_WHOLE_PIXELS) return image;
  if (pixels <= MOST_KEPT_PIXELS) return image.extractChannel(0);
  return image.resize({ width: 8, height: 8, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
}

function problemOf(failure: string, format: ImageFormat, seconds: number): MediaProblem {
  if (TIMED_OUT.test(failure)) {
    return {
      code: 'file-timeout',
      severity: 'error',
      message: `Decoding took longer than ${seconds} s and was stopped.`,
    };
  }
  if (UNSUPPORTED.test(failure) || (format === 'tiff' && REFUSED_HEADER.test(failure))) {
    const message = `The structure is whole, but the image is of a kind that is not decoded: ${failure}.`;
    return { code: 'file-unsupported', severity: 'warning', message };
  }
  return undecodable(failure);
}

function undecodable(failure: string): MediaProblem {
  return { code: 'file-damaged', severity: 'error', message: `The image cannot be decoded: ${failure}.` };
}

function warned(warning: string): MediaProblem {
  return { code: 'file-damaged', severity: 'warning', message: `The image is decoded, with a warning: ${warning}.` };
}

function tooManyPixels(bytes: number, width: number, height: number): MediaProblem {
  const promise = `The header promises ${width} × ${height} pixels`;
  if (width * height > bytes * HONEST_PIXELS) {
    const message = `${promise} in ${bytes} bytes: decoding it would only use up memory.`;
    return { code: 'file-bomb', severity: 'error', message, byte: 0 };
  }
  const message = `${promise}, which are too many to decode; only the structure was checked.`;
  return { code: 'file-unsupported', severity: 'warning', message, byte: 0 };
}
