/** Reads files once: for their hash, and where the cache does not have them for a draft of the object. */
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import type { OutHash } from '../dvcFile';
import { contentHash, PIECE_BYTES } from './contentHash';
import { isKept } from './objects';
import { isSameContent, stampOf, type Stamp } from './stamp';

export interface KeepQuestion {
  readonly do: 'keep';
  readonly files: readonly FileToKeep[];
  readonly hash: OutHash;
  /** Absent: only the hashes are asked for. */
  readonly into?: DraftPlace;
  /** Counts the bytes that were read. */
  readonly read: BigInt64Array;
}

export interface FileToKeep {
  readonly path: string;
  /** What it is known to hold while it is as this stamp says: where nothing is written anyway, it is not read again. */
  readonly known?: { readonly md5: string; readonly stamp: string };
  /** It held something of the same size before: what the cache may well have is not written first. */
  readonly expected?: true;
}

export interface DraftPlace {
  /** The folder of all objects. */
  readonly objects: string;
  /** A folder on the same disk for what is not verified yet. */
  readonly drafts: string;
  /** Drafts are numbered from here on. */
  readonly first: number;
  /** What is tried before the bytes are written a second time. */
  readonly by: 'clone' | 'link';
}

export interface Kept {
  readonly md5: string;
  /** Before it was read, and the same afterwards. */
  readonly stamp: Stamp;
  /** Holds what the hash says; absent where the cache has it. */
  readonly draft?: string;
  /** The draft is the file by another name, into which somebody may still write. */
  readonly linked?: true;
}

/** What is wrong with a file: somebody wrote into it meanwhile, or it cannot be read. */
export interface NotKept {
  readonly problem: 'changed' | 'unreadable';
  readonly why: string;
}

/** Up to the first that has a problem. */
export function keep({ files, hash, into, read }: KeepQuestion): (Kept | NotKept)[] {
  const answers: (Kept | NotKept)[] = [];
  for (const [index, file] of files.entries()) {
    const draft = into && join(into.drafts, String(into.first + index));
    try {
      const hashed =
        into && draft !== undefined ? keepOne(file, { ...into, draft }, hash, read) : hashOne(file.path, hash, read);
      answers.push(hashed);
    } catch (error) {
      if (!(error instanceof Unkept)) throw error;
      if (draft !== undefined) rmSync(draft, { force: true });
      return [...answers, { problem: error.problem, why: error.message }];
    }
  }
  return answers;
}

class Unkept extends Error {
  constructor(
    readonly problem: NotKept['problem'],
    error: unknown,
  ) {
    super((error as NodeJS.ErrnoException).code ?? String(error));
  }
}

type Place = DraftPlace & { readonly draft: string };

function keepOne({ path, known, expected }: FileToKeep, place: Place, hash: OutHash, read: BigInt64Array): Kept {
  if (expected) {
    const hashed = hashOne(path, hash, read);
    if (isKept(place.objects, hashed.md5, hashed.stamp.size)) return hashed;
  }
  const { draft, objects } = place;
  const shared = shareOne(path, place);
  if (shared === undefined) return copyOne(path, place, hash, read);
  const now = known && stampOf(statSync(path, { bigint: true }));
  const kept =
    known && now && isSameContent(known.stamp, now.text)
      ? { md5: known.md5, stamp: now }
      : hashOne(path, hash, read, shared === 'cloned' ? draft : path);
  if (!isKept(objects, kept.md5, kept.stamp.size))
    return { ...kept, draft, ...(shared === 'linked' && { linked: true }) };
  rmSync(draft);
  return kept;
}

/** @param from what is read: the file, or its clone */
function hashOne(path: string, kind: OutHash, read: BigInt64Array, from = path): Kept {
  return unchanged(path, (source) => {
    const hash = contentHash(kind);
    const file = from === path ? source : opened(from);
    try {
      for (const piece of pieces(file, read)) hash.update(piece);
    } finally {
      if (file !== source) closeSync(file);
    }
    return { md5: hash.digest() };
  });
}

/** What fits into one piece is only written where it is missing. */
function copyOne(path: string, { draft, objects }: Place, kind: OutHash, read: BigInt64Array): Kept {
  return unchanged(path, (source, { size }) => {
    const hash = contentHash(kind);
    let target: number | undefined;
    try {
      for (const piece of pieces(source, read)) {
        hash.update(piece);
        if (target === undefined && piece.length === size && isKept(objects, hash.digest(), size)) break;
        target ??= openSync(draft, 'wx');
        for (let at = 0; at < piece.length;) at += writeSync(target, piece, at);
      }
      // An empty file has no pieces.
      if (size === 0 && !isKept(objects, hash.digest(), 0)) target = openSync(draft, 'wx');
    } finally {
      if (target !== undefined) closeSync(target);
    }
    if (target === undefined) return { md5: hash.digest() };
    if (!isKept(objects, hash.digest(), size)) return { md5: hash.digest(), draft };
    rmSync(draft);
    return { md5: hash.digest() };
  });
}

function unchanged<T>(path: string, work: (source: number, stamp: Stamp) => T): T & { readonly stamp: Stamp } {
  const source = opened(path);
  try {
    const stamp = stampOf(fstatSync(source, { bigint: true }));
    const result = work(source, stamp);
    if (stampOf(fstatSync(source, { bigint: true })).text !== stamp.text) throw new Unkept('changed', 'it was written');
    return { ...result, stamp };
  } finally {
    closeSync(source);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new Unkept('unreadable', error);
  }
}

const buffer = Buffer.allocUnsafe(PIECE_BYTES);

/** All but the last are full. One is valid until the next is asked for. */
function* pieces(source: number, read: BigInt64Array): Generator<Buffer, void, undefined> {
  for (let length = PIECE_BYTES; length === PIECE_BYTES;) {
    length = 0;
    try {
      for (let more = 1; more > 0 && length < PIECE_BYTES; length += more)
        more = readSync(source, buffer, length, PIECE_BYTES - length, null);
    } catch (error) {
      throw new Unkept('unreadable', error);
    }
    Atomics.add(read, 0, BigInt(length));
    if (length > 0) yield buffer.subarray(0, length);
  }
}

/** Folders on disks that cannot clone: each attempt takes as long as writing a small file. */
const noClones = new Set<string>();

/** Undefined where the disk cannot share the bytes of this file, or may not. */
function shareOne(path: string, { draft, drafts, by }: Place): 'cloned' | 'linked' | undefined {
  try {
    if (by === 'clone' && !noClones.has(drafts)) {
      copyFileSync(path, draft, constants.COPYFILE_FICLONE_FORCE);
      return 'cloned';
    }
    const found = by === 'link' ? lstatSync(path) : undefined;
    if (found === undefined || !mayBeObject(found)) return undefined;
    linkSync(path, draft);
    return 'linked';
  } catch {
    if (by === 'clone') noClones.add(drafts);
    rmSync(draft, { force: true });
    return undefined;
  }
}

/**
 * What a link leads to is somebody else's, a program would no longer be one, and of empty files there may be more than a
 * file may have names.
 */
export function mayBeObject(found: Stats): boolean {
  return found.isFile() && found.size > 0 && (found.mode & 0o111) === 0;
}
