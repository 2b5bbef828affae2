/** Moves files aside that are not as they should be, with a list by which they can be put back. */
import { appendFile, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MldataError } from '../../../protocol';

/** What stands in the folder of quarantine beside the files. */
export const MOVED_FILE = 'moved.jsonl';

interface Bad {
  readonly path?: string;
  readonly problems: readonly { readonly code: string }[];
}

/**
 * Each file gets a folder of its own, so that equal names do not meet. The list is written before a file is moved:
 * whoever is interrupted knows of each where it is. Throws `quarantine-failed`.
 * @param folder absolute; absent: nothing is moved
 */
export async function quarantine(files: readonly Bad[], folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  for (const { path, problems } of files) {
    if (path === undefined) continue;
    try {
      await mkdir(folder, { recursive: true });
      const to = join(await mkdtemp(join(folder, 'file-')), basename(path));
      const line = JSON.stringify({ from: path, to, because: problems.map(({ code }) => code) });
      await appendFile(join(folder, MOVED_FILE), `${line}\n`);
      await move(path, to);
    } catch (error) {
      throw new MldataError(
        'buildFailed',
        'quarantine-failed',
        `${path} could not be moved to ${folder}: ${error instanceof Error ? error.message : String(error)}. ` +
          `Files that were moved are listed in ${MOVED_FILE} there.`,
      );
    }
  }
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
