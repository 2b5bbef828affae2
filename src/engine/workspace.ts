/** The folder `.mldata/` beside a config: scratch space, locks and cache, ignored by git, safe to delete. */
import { lstat, readdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { makeFolder } from './folders';
import { isAlive } from './locks';
import { explain } from './trouble';
import { MldataError } from '../protocol';

/** Where the hashes of files are kept, one file for each dataset. */
const HASHES = join('cache', 'hashes');

/** @param state the folder `.mldata/` */
export function hashesOf(state: string, dataset: string): string {
  return join(state, HASHES, `${dataset}.json`);
}

export interface Workspace {
  /** The config's folder. */
  readonly folder: string;
  readonly state: string;
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
    for (const path of [state, scratch, join(state, 'locks'), join(state, 'cache'), join(state, HASHES)])
      await ownFolder(path);
    await writeNew(join(state, '.gitignore'), '*\n');
    for (const name of await readdir(scratch)) {
      // What cannot be removed, such as what another user left, is in nobody's way.
      if (isLeftOver(name)) await rm(join(scratch, name), { recursive: true, force: true }).catch(() => undefined);
    }
  } catch (error) {
    throw explain(error, configPath);
  }
  return { folder, state };
}

/** A link, which a repository can bring along, would have us write and remove in somebody else's folder. */
async function ownFolder(path: string): Promise<void> {
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

/** Ids of this process: in a container a dead one often had the same number. */
const own = new Set<string>();

/** A name for what a run leaves on disk; it says whose it is. */
export function runId(): string {
  const id = `${process.pid}-${randomBytes(4).toString('hex')}`;
  own.add(id);
  return id;
}

/** Says that a run is over, whatever it left. */
export function endRun(id: string): void {
  own.delete(id);
}

/** Whether this is the scratch folder of a run that is over. */
function isLeftOver(name: string): boolean {
  return /^\d+-[0-9a-f]{8}$/.test(name) && !isRunning(name);
}

/** Whether the run with this id, or the process that made it, still goes on. */
export function isRunning(id: string): boolean {
  const pid = Number(id.split('-')[0]);
  return pid === process.pid ? own.has(id) : isAlive(pid);
}
