/**
 * The library that decodes images, with its limits. Nothing but the formats below is tried, however a file is called, and
 * none of them may fetch anything.
 */
import { MldataError } from '../../protocol/errors';
import type { Sharp, SharpInput, SharpOptions } from 'sharp';

type MakeSharp = (input: SharpInput, options: SharpOptions) => Sharp;

export interface ReadOptions extends Pick<SharpOptions, 'page' | 'pages'> {
  /** What makes reading fail: anything the decoder says, or only what keeps it from going on. */
  readonly failOn: 'warning' | 'error';
  /** In whole seconds; reading that takes longer fails. */
  readonly seconds: number;
}

/** SVG from memory only: there it has no folder that the pictures it names could lie in. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif', 'SvgBuffer'].map((name) => `VipsForeignLoad${name}`);

/** A picture of more pixels is not decoded; a small file may promise any number. */
export const MOST_PIXELS = 268_402_689;

let loaded: Promise<MakeSharp> | undefined;

/** Throws `image-reader-missing` where there is no library for this platform. */
async function load(): Promise<MakeSharp> {
  const { default: sharp } = await import('sharp').catch((error: unknown) => {
    throw new MldataError(
      'buildFailed',
      'image-reader-missing',
      `Images cannot be read: the library for them (sharp) could not be loaded on ${process.platform}-${process.arch}. ` +
        'Reinstall mldata for this platform.',
      [],
      { cause: error },
    );
  });
  sharp.cache(false); // it knows files by their names only
  sharp.concurrency(1); // several images at a time keep the cores busy
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  return sharp;
}

/**
 * Nothing is read before something is asked of it. Throws `image-reader-missing`.
 * @param input a path, or the content
 */
export async function openImage(input: string | Uint8Array, { seconds, ...options }: ReadOptions): Promise<Sharp> {
  const sharp = await (loaded ??= load());
  return sharp(input, { limitInputPixels: MOST_PIXELS, sequentialRead: true, ...options }).timeout({ seconds });
}
