/** What an image is like, and a small picture of it. Everything is decoded once: a file cut short has a whole header. */
import { readFile } from 'node:fs/promises';
import { MldataError } from '../../protocol';
import { openImage } from './imageReader';
import { isCutShort } from './integrity';
import type { Sharp } from 'sharp';

export interface ImageProperties {
  /** By its content: `jpeg`, `png`, `webp`, `gif`, `tiff`, `avif`, `svg`. */
  readonly format: string;
  /** In pixels, as it is shown: turned as its EXIF orientation says. Of an animation, one frame. */
  readonly width: number;
  readonly height: number;
  /** `srgb`, `b-w`, `cmyk`, `rgb16`, `grey16`, …, with `+alpha` where there is one. */
  readonly mode: string;
}

/** Files up to here are read as a whole, larger ones by the decoder as it goes. */
const IN_MEMORY_BYTES = 16 << 20;
const TIME_LIMIT_SECONDS = 20;

/** The content of the file, or the path of one that is too large. */
async function contentOf({ path, bytes }: { readonly path: string; readonly bytes: number }): Promise<Buffer | string> {
  return bytes <= IN_MEMORY_BYTES ? readFile(path) : path;
}

function open(input: Buffer | string): Promise<Sharp> {
  return openImage(input, { failOn: 'error', seconds: TIME_LIMIT_SECONDS });
}

/**
 * Undefined where the file is no image, or not a whole one. Throws `image-reader-missing`.
 * @param file as `mediaFinder` found it
 */
export async function imageProperties(file: {
  readonly path: string;
  readonly bytes: number;
}): Promise<ImageProperties | undefined> {
  try {
    const content = await contentOf(file);
    const image = await open(content);
    const { format: read, compression, space, hasAlpha, autoOrient } = await image.metadata();
    const format = compression === 'av1' ? 'avif' : read;
    if (typeof content !== 'string' && isCutShort(content, format)) return undefined;
    // Decoders skip what a small picture doesn't need, but read to the end of the file.
    await image.clone().resize(8, 8, { fit: 'fill', kernel: 'nearest' }).raw().toBuffer();
    return {
      format,
      ...autoOrient,
      mode: hasAlpha ? `${space}+alpha` : space,
    };
  } catch (error) {
    if (error instanceof MldataError) throw error;
    return undefined;
  }
}

/**
 * The image as a PNG that fits into a square of `size` pixels, never larger than it is. Undefined where there is no
 * image to be seen. Throws `image-reader-missing`.
 * @param file as `mediaFinder` found it
 */
export async function thumbnailOf(
  file: { readonly path: string; readonly bytes: number },
  size: number,
): Promise<Buffer | undefined> {
  try {
    const image = await open(await contentOf(file));
    return await image
      .autoOrient()
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png()
      .toBuffer();
  } catch (error) {
    if (error instanceof MldataError) throw error;
    return undefined;
  }
}
