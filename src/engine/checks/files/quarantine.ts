/** Moves files aside that are not whole, with a list by which they can be put back. */
import { appendFile, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CheckFinding } from '../check';

/** What stands in the folder of quarantine beside the files. */
const MOVED_FILE = 'moved.jsonl';

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
    moved.add(path);
    try {
      await mkdir(folder, { recursive: true });
      const to = join(await mkdtemp(join(folder, 'file-')), basename(path));
      const line = JSON.stringify({ from: path, to, because: problems.map(({ code }) => code) });
      await appendFile(join(folder, MOVED_FILE), `${line}\n`);
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

/** Also onto another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
