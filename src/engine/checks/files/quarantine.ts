/** Moves files aside that are not whole, with a list by which they can be put back. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MOVED_FILE } from '../../../protocol';
import type { CheckFinding } from '../check';
import { addMoved, mendMoved } from './movedList';
import { move } from './moveFile';

interface Broken {
  readonly path?: string;
  readonly problems: readonly { readonly code: string }[];
}

/**
 * Each file gets a folder of its own, so that equal names do not meet. The list is written before a file is moved:
 * whoever is interrupted knows of each where it is. Told is why not all could be moved.
 * @param folder absolute
 */
export async function quarantine(files: readonly Broken[], folder: string): Promise<CheckFinding | undefined> {
  const moved = new Set<string>();
  for (const { path, problems } of files) {
    if (path === undefined || moved.has(path)) continue;
    try {
      if (moved.size === 0) {
        await mkdir(folder, { recursive: true });
        await mendMoved(folder);
      }
      moved.add(path);
      const to = join(await mkdtemp(join(folder, 'file-')), basename(path));
      await addMoved(folder, { from: path, to, because: problems.map(({ code }) => code) });
      await move(path, to);
    } catch (error) {
      return {
        code: 'quarantine-failed',
        severity: 'error',
        message: `${path} could not be moved to ${folder}: ${error instanceof Error ? error.message : String(error)}.`,
        suggestion: `Check that you may write there. ${MOVED_FILE} in that folder lists what was moved.`,
      };
    }
  }
  return undefined;
}
