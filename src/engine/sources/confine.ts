/** Paths of a config stay inside the git root, else inside the config's folder: also through symbolic links. */
import { existsSync } from 'node:fs';
import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MldataError, type ConfigPath, type Finding } from '../../protocol';

/** The folder that paths of the config in `folder` may not leave. */
export function confinementRoot(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current;
    if (dirname(current) === current) return folder;
  }
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The absolute path of `path` as written in a config in `folder`, `at` a place in it.
 * Throws `path-outside` when it, or what it links to, leaves `root`; `root` undefined allows every path.
 */
export async function confinedPath(
  folder: string,
  path: string,
  root: string | undefined,
  at?: ConfigPath,
): Promise<string> {
  const absolute = resolve(folder, path);
  if (root === undefined) return absolute;
  const real = await realExistingPart(absolute);
  if (!isInside(root, absolute) || !isInside(await realpath(root), real)) {
    const shown = isAbsolute(path) ? portablePath(folder, path) : path;
    const finding: Finding = {
      code: 'path-outside',
      severity: 'error',
      message: `The path ${shown} leaves ${root}.`,
      suggestion:
        'Move the data into the workspace, or allow paths outside it ' +
        '(setting mldata.allowOutsidePaths, or --allow-outside-paths on the command line).',
      ...(at && { configPath: [...at] }),
    };
    throw new MldataError('config', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
  }
  return absolute;
}

/** The real path of the deepest part that exists, with the rest appended; a link to nothing leads where it points. */
export async function realExistingPart(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) return path;
    const realParent = await realExistingPart(parent);
    const target = (error as NodeJS.ErrnoException).code === 'ENOENT' ? await linkTarget(path) : undefined;
    return target === undefined ? join(realParent, basename(path)) : realExistingPart(resolve(realParent, target));
  }
}

function linkTarget(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined);
}

/** `path` relative to `folder` with forward slashes, as configs and manifests write it. */
export function portablePath(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
