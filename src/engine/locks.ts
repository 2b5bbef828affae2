/**
 * One build of a dataset at a time, and one export to a folder.
 *
 * A lock is a folder that holds one empty file named after its process. The folder is filled first and then renamed into
 * place, so that a lock never stands without its holder's name; and a dead holder is removed by its own name, so that
 * nobody ever removes the lock of somebody else who took over in between.
 */
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from './folders';
import { MldataError } from '../protocol';

/** Tells a lock of this process from that of a dead one which had the same number, as in a container. */
const mine = new Set<string>();

/**
 * Throws `dataset-locked` while another build holds the lock; that of a dead process is taken over.
 * @param draft a path on the same disk where nothing stands
 * @param doing what is done to it under the lock
 */
export async function lock(
  path: string,
  draft: string,
  dataset: string,
  doing = 'built',
): Promise<() => Promise<void>> {
  if (mine.has(path)) throw held(path, dataset, doing, process.pid);
  mine.add(path);
  try {
    await take(path, draft, dataset, doing);
  } catch (error) {
    mine.delete(path);
    throw error;
  }
  return async () => {
    try {
      await rm(join(path, String(process.pid)), { force: true });
      await rmdir(path);
    } catch {
      // One that stays is taken over like that of a dead process.
    } finally {
      mine.delete(path);
    }
  };
}

async function take(path: string, draft: string, dataset: string, doing: string): Promise<void> {
  await makeFolder(dirname(path));
  await makeFolder(draft);
  try {
    await writeFile(join(draft, String(process.pid)), '');
    while (!(await renamed(draft, path))) {
      for (const holder of await readdir(path).catch(() => [])) {
        if (isAlive(Number(holder)) && Number(holder) !== process.pid) throw held(path, dataset, doing, Number(holder));
        await rm(join(path, holder), { force: true });
      }
      await rmdir(path).catch(() => undefined);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** False where a lock stands already: a folder with something in it is never replaced. */
async function renamed(draft: string, path: string): Promise<boolean> {
  try {
    await rename(draft, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    // Windows replaces no folder at all, and says so with the code of a missing permission.
    if (code === 'EPERM' && (await readdir(path).catch(() => undefined)) !== undefined) return false;
    throw error;
  }
}

function held(path: string, dataset: string, doing: string, holder: number): MldataError {
  return new MldataError(
    'buildFailed',
    'dataset-locked',
    `${dataset} is being ${doing} by process ${holder}. Wait until it is done, or stop it; if that is no process of mldata, remove ${path}.`,
  );
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
