/** Which config belongs to a folder. */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CONFIG_FILES } from '../config';

/** The absolute path of the config in `folder` or the nearest folder above, up to the git root or the file-system root. */
export async function findConfig(folder: string): Promise<string | undefined> {
  for (let here = resolve(folder); ; here = dirname(here)) {
    for (const name of CONFIG_FILES) {
      const path = join(here, name);
      if ((await kind(path)) === 'file') return path;
    }
    // In a worktree and a submodule `.git` is a file.
    if ((await kind(join(here, '.git'))) !== undefined || dirname(here) === here) return undefined;
  }
}

async function kind(path: string): Promise<'file' | 'other' | undefined> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch {
    // Missing and unreadable are the same here: there is no config that could be read.
    return undefined;
  }
}

/** The config that is named, or the nearest one; undefined where there is none. */
export function configIfAny(named: string | undefined): Promise<string | undefined> {
  return named === undefined ? findConfig(process.cwd()) : Promise.resolve(resolve(named));
}
