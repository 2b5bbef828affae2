/** What the file system says of a file, by which one sees without reading it that it is as it was. */
import { stat } from 'node:fs/promises';

export interface Stamp {
  readonly bytes: number;
  /** Size, times and number of the file; a file with another content has another one, unless it was edited just now. */
  readonly text: string;
  /** When the file or what the system knows of it last changed, as `Date.now()` tells it. */
  readonly touchedMs: number;
}

/** Undefined where there is no file: folders, pipes and devices have no content to compare. */
export async function stampOf(path: string): Promise<Stamp | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  // An edit that puts the size and the date back still moves `ctime`, which nobody can set.
  const { size, mtimeNs, ctimeNs, ino } = found;
  const touched = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return {
    bytes: Number(size),
    text: [size, mtimeNs, ctimeNs, ino].join(' '),
    touchedMs: Number(touched / 1_000_000n),
  };
}

/** The coarsest clock of a file system in use ticks every two seconds. */
const DANGER_MS = 2000;

/**
 * Whether a file whose content was looked at from `sinceMs` on and that still has this stamp holds what was seen then.
 * Of one touched shortly before, a later edit may carry the same times.
 */
export function isSettled({ touchedMs }: Stamp, sinceMs: number): boolean {
  return touchedMs + DANGER_MS < sinceMs;
}
