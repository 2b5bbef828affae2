/** A member of an archive on a server: of a zip file its directory is read, of a tar file what comes first. */
import { Readable } from 'node:stream';
import { isDataFile } from '../../config';
import { MldataError } from '../../protocol';
import { firstOfTar, firstOfZip, type FirstMember } from '../archive';
import type { RemoteBytes } from './remoteBytes';

/** Of an archive whose members are found one after another, all that is gone through. */
const MOST_BYTES = 8 << 20;
/** Read at once. */
const STEP_BYTES = 1 << 20;

/**
 * The beginning of the first member that holds data; its first `most` bytes. Throws `archive-empty` where none does as far as was read, and what
 * reading and unpacking throw.
 * @param content of a tar file, unpacked, as far as it is read
 */
export async function firstMember(
  bytes: RemoteBytes,
  name: string,
  most: number,
  content: () => AsyncIterable<Buffer>,
): Promise<FirstMember> {
  const found = /\.zip$/i.test(name)
    ? await firstOfZip(bytes.name, bytes.total ?? 0, streamOf(bytes), isDataFile, most)
    : await firstOfTar(bytes.name, content(), isDataFile, most);
  if (found) return found;
  throw new MldataError(
    'buildFailed',
    'archive-empty',
    `${bytes.name} holds no data file as far as it was looked at. Add it without a look, or fetch it.`,
  );
}

function streamOf(bytes: RemoteBytes): (start: number, end: number) => Readable {
  return (start, end) =>
    Readable.from(
      (async function* () {
        for (let at = start; at < end; at += STEP_BYTES) yield await bytes.read(at, Math.min(STEP_BYTES, end - at));
      })(),
      { objectMode: false },
    );
}

/** The bytes from the beginning on, a piece at a time, as far as a look goes. */
export async function* piecesOf(bytes: RemoteBytes, head: Buffer): AsyncGenerator<Buffer> {
  yield head;
  for (let at = head.length; at < Math.min(bytes.total ?? 0, MOST_BYTES); at += STEP_BYTES) {
    yield await bytes.read(at, Math.min(STEP_BYTES, (bytes.total ?? 0) - at));
  }
}
