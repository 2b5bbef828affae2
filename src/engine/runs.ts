/** Runs, as the names of what they leave on disk tell of them, so that what dead ones left is told from what others use. */
import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { holderOf, isElsewhere, isHolding, OWN_NAME, type Holder } from './holders';

/** Ids of this process: in a container a dead one often had the same number. */
const own = new Set<string>();

/** So long after it was last touched, what another machine or container left is nobody's: it cannot be asked. */
const GIVEN_UP_MS = 24 * 60 * 60_000;

/** A name for what a run leaves on disk; it says whose it is. */
export function runId(): string {
  const id = `${OWN_NAME}-${randomBytes(4).toString('hex')}`;
  own.add(id);
  return id;
}

/** Says that a run is over, whatever it left. */
export function endRun(id: string): void {
  own.delete(id);
}

/** Removes the scratch folders of runs that are over. `prefix`: how their names begin, before the id. */
export async function clearLeftOvers(folder: string, prefix = ''): Promise<void> {
  for (const name of await readdir(folder)) {
    const id = name.slice(prefix.length);
    const path = join(folder, name);
    const owner = name.startsWith(prefix) ? ownerOf(id) : undefined;
    if (!owner || (isElsewhere(owner) ? await isFresh(path) : isRunning(id))) continue;
    // What cannot be removed, such as what another user left, is in nobody's way.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isFresh(path: string): Promise<boolean> {
  const left = await lstat(path).catch(() => undefined);
  return left !== undefined && Date.now() - left.mtimeMs < GIVEN_UP_MS;
}

/**
 * Whether the run with this id, or the process that made it, still goes on, of those of this machine: whoever asks has the
 * lock that one elsewhere would have.
 */
export function isRunning(id: string): boolean {
  const owner = ownerOf(id);
  return owner !== undefined && !isElsewhere(owner) && (own.has(id) || isHolding(owner, 0));
}

/** Undefined for a name that no run gave. */
function ownerOf(id: string): Holder | undefined {
  const [, name] = /^(.+)-[0-9a-f]{8}$/.exec(id) ?? [];
  return name === undefined ? undefined : holderOf(name);
}
