/** The beginning of one member of an archive, of which not all is there or is to be read. */
import type { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import { safeName, type Member } from './member';
import { readTar } from './tar';
import { eachOfZip } from './zip';

export interface FirstMember {
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

type Wanted = (name: string) => boolean;

class Enough extends Error {}

class Ranges extends RandomAccessReader {
  constructor(private readonly stream: (start: number, end: number) => Readable) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.stream(start, end);
  }
}

/**
 * Undefined where no member is wanted. Throws `archive-damaged`, `archive-unsafe`, and what reading throws.
 * @param stream the bytes from `start` up to `end`, that one not included
 */
export async function firstOfZip(
  archive: string,
  total: number,
  stream: (start: number, end: number) => Readable,
  wanted: Wanted,
  most: number,
): Promise<FirstMember | undefined> {
  const open = () => fromRandomAccessReaderPromise(new Ranges(stream), total, { autoClose: false });
  return first(archive, wanted, most, (take) => eachOfZip(archive, open, take));
}

/**
 * Undefined where no member is wanted as far as `bytes` goes, which may end before the archive does. Throws
 * `archive-unsafe`, and what reading throws.
 */
export async function firstOfTar(
  archive: string,
  bytes: AsyncIterable<Uint8Array>,
  wanted: Wanted,
  most: number,
): Promise<FirstMember | undefined> {
  return first(archive, wanted, most, (take) => readTar(archive, bytes, take));
}

async function first(
  archive: string,
  wanted: Wanted,
  most: number,
  read: (take: (member: Member) => Promise<void>) => Promise<void>,
): Promise<FirstMember | undefined> {
  let found: FirstMember | undefined;
  const take = async (member: Member): Promise<void> => {
    const name = safeName(member.name, archive);
    if (name === undefined || member.other !== undefined || !wanted(name)) return;
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of member.content()) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
    found = { name, bytes: Buffer.concat(chunks).subarray(0, most), isWhole: length <= most };
    throw new Enough();
  };
  try {
    await read(take);
  } catch (error) {
    if (found === undefined) throw error;
    // It is cut off where the bytes are.
    const isEnough = error instanceof Enough || (error as Error).cause instanceof Enough;
    if (!isEnough) return { ...found, isWhole: false };
  }
  return found;
}
