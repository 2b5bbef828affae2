/** What to watch so that no change of a source's files is missed; a pattern may take in more than the source does. */
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { isDynamicPattern } from 'tinyglobby';

export interface WatchPattern {
  /** Absolute. */
  readonly folder: string;
  /** In VS Code's own pattern language, which has neither escapes nor `(a|b)`. */
  readonly pattern: string;
}

/** `source` as written in a config of `folder`: a file, a folder or a pattern. */
export async function watchPatterns(folder: string, source: string): Promise<WatchPattern[]> {
  const parts = source.split('/');
  const first = parts.findIndex((part) => isDynamicPattern(part) || /[[\]{}()]/.test(part));
  if (first < 0) {
    const whole = path.resolve(folder, source);
    const itself = await watchFile(whole);
    return (await isFolder(whole)) ? [itself, { folder: whole, pattern: '**' }] : [itself];
  }
  const fixed = parts.slice(0, first).join('/');
  const base = path.resolve(folder, fixed === '' && path.isAbsolute(source) ? '/' : fixed);
  if (!(await isFolder(base))) return [await watchFile(base)];
  const pattern = parts.slice(first);
  return [{ folder: base, pattern: pattern.every(isWhole) ? pattern.map(anyName).join('/') : '**' }];
}

/** Of a file that need not be there: VS Code sees a folder that is missing come, but not what comes with it. */
export async function watchFile(file: string): Promise<WatchPattern> {
  const folder = path.dirname(file);
  if (folder !== file && !(await isFolder(folder))) return watchFile(folder);
  return { folder, pattern: path.basename(file) };
}

async function isFolder(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether brackets close where they open: else the path was divided inside of them, as in `{a/b,c}`. */
function isWhole(part: string): boolean {
  const count = (mark: string): number => part.split(mark).length;
  return count('[') === count(']') && count('{') === count('}') && count('(') === count(')');
}

/** Wildcards mean the same everywhere; of anything else, any name will do. */
function anyName(part: string): string {
  return /^[^[\]{}()!+@\\]*$/.test(part) ? part : '*';
}
