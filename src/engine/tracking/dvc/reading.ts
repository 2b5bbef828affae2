/** Reading files in all threads: for their hashes, and for drafts of objects. */
import { MldataError } from '../../../protocol';
import type { Content, ContentFile } from './content';
import { ask, AT_ONCE } from './disk/disk';
import type { DraftPlace, FileToKeep, Kept, NotKept } from './disk/keep';
import { isSettled, type Stamp } from './disk/stamp';
import type { Meter } from './meter';

export interface HashedFile extends ContentFile {
  readonly md5: string;
  /** Of the file when it was read. */
  readonly stamp: Stamp;
  /** It will hold this for as long as it has the stamp. */
  readonly settled: boolean;
  /** Where its bytes wait to become an object; absent where they are one. */
  readonly draft?: string;
  /** That is the file itself by another name. */
  readonly linked?: true;
}

export interface Reading {
  /** Absent: only hashes are wanted. */
  readonly into?: Omit<DraftPlace, 'first'>;
  readonly meter: Meter;
  /** Hears of files as they are done. */
  readonly onRead?: (files: readonly HashedFile[]) => void;
}

/** So many files, or bytes, go to a thread at once. */
const BATCH = { files: 64, bytes: 32 * 2 ** 20 };

/**
 * The largest first. Throws `dvc-changed`, `source-unreadable`, what the disk of the cache throws, and the cancelled
 * error, once nothing is being read any more.
 */
export async function readFiles(
  files: readonly ContentFile[],
  { hash, remembered }: Pick<Content, 'hash' | 'remembered'>,
  { into, meter, onRead }: Reading,
  signal: AbortSignal,
): Promise<HashedFile[]> {
  const left = batchesOf(files.toSorted((a, b) => b.stamp.size - a.stamp.size)).values();
  const sinceMs = Date.now();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const all: HashedFile[] = [];
  let first = 0;
  const work = async (): Promise<void> => {
    for (const batch of left) {
      const place = into && { ...into, first };
      first += batch.length;
      const asked = batch.map((file) => toKeep(file, remembered));
      const answers = await ask(
        { do: 'keep', files: asked, hash, read: meter.read, ...(place && { into: place }) },
        either,
      );
      const read = answers.map((answer, index) => hashed(batch[index], answer, sinceMs));
      all.push(...read);
      meter.done(read.length);
      onRead?.(read);
    }
  };
  const workers = Array.from({ length: AT_ONCE }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(workers);
    throw error;
  }
  return all;
}

function batchesOf(files: readonly ContentFile[]): ContentFile[][] {
  const batches: ContentFile[][] = [];
  let room = { files: 0, bytes: 0 };
  for (const file of files) {
    if (room.files < 1 || room.bytes < file.stamp.size) {
      batches.push([]);
      room = { ...BATCH };
    }
    batches.at(-1)?.push(file);
    room = { files: room.files - 1, bytes: room.bytes - file.stamp.size };
  }
  return batches;
}

function toKeep({ path, relpath, stamp, known }: ContentFile, remembered: Content['remembered']): FileToKeep {
  return {
    path,
    ...(known !== undefined && { known: { md5: known, stamp: stamp.text } }),
    ...(known === undefined && remembered.hadSize(relpath, stamp.size) && { expected: true }),
  };
}

/** Throws `dvc-changed` and `source-unreadable`. */
function hashed(file: ContentFile | undefined, answer: Kept | NotKept, sinceMs: number): HashedFile {
  if (file === undefined) throw new Error('More was answered than asked');
  if (!('problem' in answer)) return { ...file, ...answer, settled: isSettled(answer.stamp, sinceMs) };
  if (answer.problem === 'changed') throw changed(file.path);
  const text = `${file.path} cannot be read (${answer.why}). Check that it is there and that you may read it.`;
  throw new MldataError('buildFailed', 'source-unreadable', text);
}

export function changed(path: string): MldataError {
  const text = `${path} was written while it was being tracked. Try again once nothing writes to it. What was tracked before is as it was.`;
  return new MldataError('buildFailed', 'dvc-changed', text);
}
