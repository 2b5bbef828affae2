/**
 * What stands where a build or an export writes. It replaces what its own manifest of before lists, and nothing else:
 * whatever somebody else put there stays.
 */
import { lstat, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MldataError } from '../../protocol';
import type { PreviousBuild } from '../manifest';
import { REPORT_FILES } from '../plan';
import { confinedPath, isInside } from '../sources';
import { BUILD, type Kind } from './place';

/**
 * Throws `output-blocked` when one of these files, or the manifest, cannot be moved to its place or would replace
 * something that no build wrote. Changes nothing.
 * @param files relative to `output`
 */
export async function checkTarget(
  output: string,
  files: readonly string[],
  before: PreviousBuild | undefined,
  kind: Kind = BUILD,
): Promise<void> {
  const own = new Set(before && [kind.head, REPORT_FILES[0], ...before.artifacts]);
  const replaceable = (file: string) => before?.unreadable === true || own.has(file);
  for (const file of [kind.head, ...files]) {
    const path = join(output, file);
    if (!(await isBelow(output, file))) throw blocked(dirname(path), 'is a link to another place', kind);
    await folderAbove(path, kind);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory()) throw blocked(path, 'is a folder', kind);
    if (found && !replaceable(file)) throw blocked(path, 'is in no manifest of mldata', kind);
  }
}

/** The deepest folder above a path that is there. Throws `output-blocked` where something else stands there. */
export async function folderAbove(path: string, kind: Kind = BUILD): Promise<string> {
  let current = dirname(path);
  while ((await lstat(current).catch(() => undefined)) === undefined && dirname(current) !== current) {
    current = dirname(current);
  }
  if (!(await stat(current).catch(() => undefined))?.isDirectory()) throw blocked(current, 'is no folder', kind);
  return current;
}

export function blocked(path: string, why: string, { inTheWay }: Kind = BUILD): MldataError {
  return new MldataError('buildFailed', 'output-blocked', `${path} ${why}, ${inTheWay}`);
}

/**
 * Whether a file lies inside a folder, also through links: a manifest or journal that somebody edited must not make us
 * touch files elsewhere.
 */
export async function isBelow(folder: string, file: string): Promise<boolean> {
  const path = resolve(folder, file);
  if (path === folder || !isInside(folder, path)) return false;
  return confinedPath(folder, dirname(path), folder).then(
    () => true,
    () => false,
  );
}
