/** What the file system says of a file, by which one sees without reading it that it is as it was when it was hashed. */
import type { BigIntStats } from 'node:fs';

export interface Stamp {
  readonly size: number;
  /** Another one once the file was written, replaced, or given another name or mode. */
  readonly text: string;
  /** When it last changed, as `Date.now()` tells it. */
  readonly touchedMs: number;
  /** Whether the file system tells times so exactly that an edit moves them. */
  readonly fine: boolean;
}

export function stampOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): Stamp {
  const touched = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return {
    size: Number(size),
    text: `${size} ${mtimeNs} ${ctimeNs} ${ino}`,
    touchedMs: Number(touched / 1_000_000n),
    fine: touched % 1_000_000n !== 0n,
  };
}

/** Clocks of file systems tick every few milliseconds, the coarsest in use every two seconds. */
const TICK_MS = { fine: 50, coarse: 2000 };

/** Whether a file with this stamp, read from `sinceMs` on, holds what was read for as long as it keeps the stamp. */
export function isSettled({ touchedMs, fine }: Stamp, sinceMs: number): boolean {
  return touchedMs + (fine ? TICK_MS.fine : TICK_MS.coarse) < sinceMs;
}

/** Whether nobody wrote into a file between two stamps: names and modes, which move `ctime`, may have changed. */
export function isSameContent(before: string, after: string): boolean {
  const [a, b] = [before.split(' '), after.split(' ')];
  return [0, 1, 3].every((at) => a[at] === b[at]);
}
