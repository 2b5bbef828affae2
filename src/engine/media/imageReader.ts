/**
 * The library that decodes images, with its limits. Nothing but the formats below is tried, however a file is called, and
 * none of them may fetch anything.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
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

/** What is shared with the threads that this one starts. */
const LIMITED = 'mldata.imageReader.limited';
/** The library has not been told what it may read, a thread is at it, it has. */
const [NOT_YET, IN_WORK, DONE] = [0, 1, 2];
/** Far longer than it takes; a thread that is stopped at it never comes to its end. */
const PATIENCE_MS = 1000;
const limited = limitedInAllThreads();

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
  // These it sets for all threads whenever one loads it.
  sharp.cache(false); // it knows files by their names only
  sharp.concurrency(1); // several images at a time keep the cores busy
  onceInAllThreads(() => {
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: LOADERS });
  });
  return sharp;
}

/**
 * What the library may read holds for all threads: until it is told the last of it, that is nothing at all, and a whole image
 * that another thread opens just then would be refused.
 */
function onceInAllThreads(tell: () => void): void {
  const before = Atomics.compareExchange(limited, 0, NOT_YET, IN_WORK);
  if (before === DONE) return;
  if (before === IN_WORK && Atomics.wait(limited, 0, IN_WORK, PATIENCE_MS) !== 'timed-out') return;
  tell();
  Atomics.store(limited, 0, DONE);
  Atomics.notify(limited, 0);
}

function limitedInAllThreads(): Int32Array {
  const known: unknown = getEnvironmentData(LIMITED);
  const shared = known instanceof SharedArrayBuffer ? known : new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  setEnvironmentData(LIMITED, shared);
  return new Int32Array(shared);
}

/**
 * Nothing is read before something is asked of it. Throws `image-reader-missing`.
 * @param input a path, or the content
 */
export async function openImage(input: string | Uint8Array, { seconds, ...options }: ReadOptions): Promise<Sharp> {
  const sharp = await (loaded ??= load());
  return sharp(input, { limitInputPixels: MOST_PIXELS, sequentialRead: true, ...options }).timeout({ seconds });
}
