/** The folder `.mldata/` beside a config: scratch space and locks, ignored by git, safe to delete. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isAlive } from './locks';

export interface Workspace {
  /** The config's folder. */
  readonly folder: string;
  readonly state: string;
}

/** Makes the folder and removes what builds that were killed left in it. */
export async function openWorkspace(configPath: string): Promise<Workspace> {
  const folder = dirname(configPath);
  const state = join(folder, '.mldata');
  await mkdir(join(state, 'tmp'), { recursive: true });
  await writeFile(join(state, '.gitignore'), '*\n');
  for (const name of await readdir(join(state, 'tmp'))) {
    if (!isRunning(name)) await rm(join(state, 'tmp', name), { recursive: true, force: true });
  }
  return { folder, state };
}

/** Ids of this process: in a container a dead one often had the same number. */
const own = new Set<string>();

/** A name for what a run leaves on disk; it says whose it is. */
export function runId(): string {
  const id = `${process.pid}-${randomBytes(4).toString('hex')}`;
  own.add(id);
  return id;
}

/** Whether the process that made this id still runs. */
export function isRunning(id: string): boolean {
  const pid = Number(id.split('-')[0]);
  return pid === process.pid ? own.has(id) : isAlive(pid);
}
