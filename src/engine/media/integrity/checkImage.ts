/** The walk of each format of images, and after it the decoder, where there is one. */
import { walkBmp } from './bmp';
import { decodeImage } from './decodeImage';
import { walkGif } from './gif';
import { walkHeif } from './heif';
import { walkJpeg } from './jpeg';
import { walkPng } from './png';
import { walkSvg } from './svg';
import { walkTiff } from './tiff';
import { walkWebp } from './webp';
import type { FileBytes } from './fileBytes';
import type { ImageFormat } from './formats';
import type { MediaVerdict, Walk } from './verdict';

export const imageWalks: Readonly<Record<ImageFormat, Walk>> = {
  jpeg: walkJpeg,
  png: walkPng,
  gif: walkGif,
  webp: walkWebp,
  tiff: walkTiff,
  bmp: walkBmp,
  avif: walkHeif,
  heic: walkHeif,
  svg: walkSvg,
};

/**
 * Whether the file ends before its image does, which decoders do not mind where every pixel is there, or nearly so.
 * @param format by its content; false where it is none that is walked
 */
export function isCutShort(bytes: Uint8Array, format: string): boolean {
  const walk = Object.hasOwn(imageWalks, format) ? imageWalks[format as ImageFormat] : undefined;
  return walk?.(bytes).problems.some(({ code }) => code === 'file-truncated') ?? false;
}

/** Images are held in memory while they are checked. */
const MOST_BYTES = 2 ** 30;

/**
 * Throws what the file system does, once the signal is aborted, and `image-reader-missing`.
 * @param seconds that decoding may take
 */
export async function checkImage(
  file: FileBytes,
  format: ImageFormat,
  seconds: number,
  signal: AbortSignal,
): Promise<Omit<MediaVerdict, 'kind' | 'format'>> {
  if (file.length > MOST_BYTES) {
    const message = `The image has ${file.length} bytes, which are too many to be checked.`;
    return { decoded: false, problems: [{ code: 'file-unsupported', severity: 'warning', message }] };
  }
  const bytes = file.view(0, file.length);
  const walked = imageWalks[format](bytes);
  if (walked.problems.some(({ severity }) => severity === 'error')) return { ...walked, decoded: false };
  signal.throwIfAborted();
  const { decoded, problems } = await decodeImage(bytes, format, walked, seconds);
  // What the walk says of the same has its place in the file.
  const told = new Set(walked.problems.map(({ code }) => code));
  const news = problems.filter(({ code, severity }) => severity === 'error' || !told.has(code));
  return { ...walked, decoded, problems: [...walked.problems, ...news] };
}
