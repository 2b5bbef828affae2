/** The object of a folder: which files are in it, by path and hash. Its own hash names the folder. */
import { createHash } from 'node:crypto';

export interface DirEntry {
  /** Relative to the folder, with `/`. */
  readonly relpath: string;
  readonly md5: string;
}

export interface DirObject {
  /** With `.dir`. */
  readonly md5: string;
  readonly content: string;
}

/** To the byte what Python's `json.dumps(entries, sort_keys=True)` gives. */
export function dirObject(entries: readonly DirEntry[]): DirObject {
  const sorted = [...entries].sort((a, b) => byCodePoints(a.relpath, b.relpath));
  const content = `[${sorted.map(({ md5, relpath }) => `{"md5": ${json(md5)}, "relpath": ${json(relpath)}}`).join(', ')}]`;
  return { md5: `${createHash('md5').update(content).digest('hex')}.dir`, content };
}

/** JavaScript compares halves of letters beyond U+FFFF, which come before U+E000 that way. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x !== y) return inOrder(x) - inOrder(y);
  }
  return a.length - b.length;
}

/** Halves of letters go behind all whole ones. */
function inOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** ASCII only; U+007F too is written by its number. */
function json(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
