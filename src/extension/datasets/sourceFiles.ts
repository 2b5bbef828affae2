/** Which files a source stands for by now: folders are listed, no file is opened. */
import { realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { isDataFile } from '../../config';

/**
 * Names relative to the config's folder, with forward slashes, as manifests write them.
 * `confined`: neither a path nor a link is followed out of the folder, whatever a stranger wrote into the config.
 */
export async function sourceFiles(folder: string, sources: readonly string[], confined: boolean): Promise<string[]> {
  const names = await Promise.all(
    sources.map(async (source) =>
      !confined || (await staysInside(folder, source)) ? expand(folder, source, confined) : [],
    ),
  );
  return [...new Set(names.flat())].sort();
}

async function expand(folder: string, source: string, confined: boolean): Promise<string[]> {
  const absolute = path.resolve(folder, source);
  const name = path.relative(folder, absolute).split(path.sep).join('/');
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isFile() === true) return [name];
  const options = { onlyFiles: true, expandDirectories: false, followSymbolicLinks: !confined };
  if (found?.isDirectory() === true) {
    const inside = await glob('**/*', { ...options, cwd: absolute });
    return inside.filter(isDataFile).map((each) => path.posix.join(name, each));
  }
  return isDynamicPattern(source) ? glob(source, { ...options, cwd: folder }) : [];
}

/** Looks at the part of the path that is no pattern; the patterns' own links are not followed. */
async function staysInside(folder: string, source: string): Promise<boolean> {
  const parts = source.split(/[\\/]/);
  if (path.isAbsolute(source) || parts.includes('..')) return false;
  const pattern = parts.findIndex((part) => isDynamicPattern(part));
  const fixed = pattern < 0 ? parts : parts.slice(0, pattern);
  const [root, real] = await Promise.all([realpath(folder), realpath(path.join(folder, ...fixed)).catch(() => '')]);
  return real === root || real.startsWith(root + path.sep);
}
