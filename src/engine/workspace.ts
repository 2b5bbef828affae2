/** The folder `.mldata/` beside a config: scratch space, locks and cache, ignored by git, safe to delete. */
import { lstat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from './folders';
import { clearLeftOvers } from './runs';
import { explain } from './trouble';
import { MldataError, type Retention } from '../protocol';

/** Where the hashes of files are kept, one file for each dataset. */
const HASHES = join('cache', 'hashes');
const STAGED = join('cache', 'staged');

/** @param state the folder `.mldata/` */
export function hashesOf(state: string, dataset: string): string {
  return join(state, HASHES, `${dataset}.json`);
}

/** Where rows of files are kept as they were staged: those of all datasets, and what tells of those of one. */
export function stagedOf(state: string, dataset: string): { folder: string; index: string } {
  const folder = join(state, STAGED);
  return { folder, index: join(folder, `${dataset}.json`) };
}

export function cacheFolders(state: string): { cache: string; hashes: string; staged: string } {
  return { cache: join(state, 'cache'), hashes: join(state, HASHES), staged: join(state, STAGED) };
}

export interface Workspace {
  /** The config's folder. */
  readonly folder: string;
  readonly state: string;
  /** Absent: what holds where a config says nothing. */
  readonly retention?: Retention;
  /** What the cache may hold; absent: as much as there is. */
  readonly cacheBytes?: number;
}

/**
 * Makes the folder and removes what builds that were killed left in it.
 * Throws `output-blocked` where something else stands in its place.
 */
export async function openWorkspace(configPath: string): Promise<Workspace> {
  const folder = dirname(configPath);
  const state = join(folder, '.mldata');
  const scratch = join(state, 'tmp');
  try {
    for (const path of [
      state,
      scratch,
      join(state, 'locks'),
      join(state, 'cache'),
      join(state, HASHES),
      join(state, STAGED),
    ])
      await ownFolder(path);
    await writeNew(join(state, '.gitignore'), '*\n');
    await clearLeftOvers(scratch);
  } catch (error) {
    throw explain(error, configPath);
  }
  return { folder, state };
}

/** A link, which a repository can bring along, would have us write and remove in somebody else's folder. */
export async function ownFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) await makeFolder(path);
  else if (!found.isDirectory()) {
    throw new MldataError(
      'buildFailed',
      'output-blocked',
      `${path} is a ${found.isSymbolicLink() ? 'link' : 'file'}, and mldata keeps a folder of its own there. Move it away.`,
    );
  }
}

/** Leaves alone what stands there, and follows no link. */
async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
