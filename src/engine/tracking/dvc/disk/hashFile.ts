/** Hashes of the files of a tracked path as they lie on the disk. Whatever is wrong with them is as if they were not there. */
import { lstatSync, readFileSync } from 'node:fs';
import type { OutFacts } from '../dvcFileEdit';

/** Some 500,000 files. */
const MAX_BYTES = 96 * 2 ** 20;
const VERSION = 2;

/** In the order in which they were found. Lists of words are read faster than a list of records. */
export interface HashFile {
  readonly whole: WholeFacts;
  /** Relative to the folder, with `/`; empty where the path itself is the file. */
  readonly paths: readonly string[];
  readonly stamps: readonly string[];
  readonly hashes: readonly string[];
}

/** Of all of them together. */
export interface WholeFacts extends OutFacts {
  /** The size of the object that lists a folder. */
  readonly listing?: number;
}

export function hashFileText(file: HashFile): string {
  return JSON.stringify({ version: VERSION, ...file });
}

export function readHashFile(path: string): HashFile | undefined {
  try {
    const found = lstatSync(path);
    if (!found.isFile() || found.size > MAX_BYTES) return undefined;
    const { version, ...file } = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
    return version === VERSION && isHashFile(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** By hand: a schema takes longer over 50,000 entries than reading them does. */
function isHashFile(file: object): file is HashFile {
  const { whole, paths, stamps, hashes } = file as Readonly<Record<string, unknown>>;
  if (!isTexts(paths) || !isTexts(stamps) || !isTexts(hashes) || typeof whole !== 'object') return false;
  const { length } = paths;
  return stamps.length === length && hashes.length === length && hashes.every((md5) => /^[0-9a-f]{32}$/.test(md5));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
