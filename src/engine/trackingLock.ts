/**
 * One change of what is tracked at a time in a repository: datasets that are built side by side, also by other processes,
 * write the same `.gitignore`, `.gitattributes` and `dvc.yaml`, and DVC runs one command at a time.
 */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder } from './folders';
import { lock } from './locks';
import { clearLeftOvers, endRun, runId } from './runs';
import { cancelled, MldataError } from '../protocol';

const POLL_MS = 50;

/**
 * Does the work once nobody else does. Throws what it throws, and the cancelled error while it waits.
 * @param home a folder that belongs to the repository and that nobody commits, such as `.git`
 */
export async function alone<T>(home: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const folder = join(home, 'mldata');
  await makeFolder(folder);
  await clearLeftOvers(folder);
  const id = runId();
  try {
    const unlock = await waitFor(join(folder, 'tracking.lock'), join(folder, id), signal);
    try {
      return await work();
    } finally {
      await unlock();
    }
  } finally {
    endRun(id);
  }
}

async function waitFor(path: string, draft: string, signal: AbortSignal): Promise<() => Promise<void>> {
  for (;;) {
    if (signal.aborted) throw cancelled();
    try {
      return await lock(path, draft, 'The tracking');
    } catch (error) {
      if (!(error instanceof MldataError) || error.code !== 'dataset-locked') throw error;
    }
    await setTimeout(POLL_MS);
  }
}
