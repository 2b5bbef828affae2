/** Whether a path is what it was when it was hashed, and whether the cache has all of it: told in a word, however many files there are. */
import { readHashFile, type WholeFacts } from './hashFile';
import { isKept } from './objects';
import type { WalkedFile } from './walk';

/** What a path is said to be. */
export interface Standing {
  readonly md5: string;
  /** Where its hashes are remembered. */
  readonly hashFile: string;
}

export interface KeptQuestion extends Standing {
  readonly do: 'kept';
  readonly objects: string;
}

/** What is known of the whole; undefined where it was something else, or a file was touched, came or went since. */
export function standing(files: readonly WalkedFile[], { md5, hashFile }: Standing): WholeFacts | undefined {
  const { whole, paths, stamps } = readHashFile(hashFile) ?? {};
  if (whole?.md5 !== md5 || paths?.length !== files.length) return undefined;
  const isSame = files.every(({ relpath, stamp }, at) => paths[at] === relpath && stamps?.[at] === stamp.text);
  return isSame ? whole : undefined;
}

/** Whether there is an object for each of the files that were hashed, and of a folder for its listing. */
export function allKept({ md5, hashFile, objects }: KeptQuestion): boolean {
  const { whole, stamps = [], hashes = [] } = readHashFile(hashFile) ?? {};
  if (whole?.md5 !== md5 || (whole.listing !== undefined && !isKept(objects, md5, whole.listing))) return false;
  return hashes.every((hash, at) => isKept(objects, hash, parseInt(stamps[at] ?? '')));
}
