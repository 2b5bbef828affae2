/** Bodies that a server compressed on the way, though it was asked not to. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { MldataError } from '../../protocol';
import type { Body } from './client';
import { Fault } from './faults';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Whether the encoding is that of the file itself: many servers say of a file `x.csv.gz` that it is a CSV encoded as
 * gzip, and nobody who fetches it means to have it unpacked.
 */
export function isOfTheFile(encoding: string, url: URL): boolean {
  return /gzip$/.test(encoding) && /\.(t?gz)$/i.test(url.pathname);
}

/** Throws `download-encoded` for an encoding that is not known here, and `Fault` where the bytes are cut off or damaged. */
export async function* decoded(body: Body, encoding: string, name: string): AsyncGenerator<readonly Uint8Array[]> {
  const decoder = DECODERS[encoding]?.();
  if (!decoder) {
    throw new MldataError(
      'network',
      'download-encoded',
      `${name} is sent in the encoding ${JSON.stringify(encoding)}, which is not read here.`,
    );
  }
  let failed: unknown;
  pipeline(Readable.from(chunksOf(body), { objectMode: false }), decoder, (error) => {
    failed = error;
  });
  try {
    for await (const chunk of decoder) yield [chunk as Uint8Array];
  } catch (error) {
    const cause = failed ?? error;
    throw cause instanceof Fault || cause instanceof MldataError
      ? cause
      : new Fault('what was sent is compressed and damaged', { ofHost: true, cause });
  }
}

async function* chunksOf(body: Body): AsyncGenerator<Uint8Array> {
  for await (const some of body) yield* some;
}
