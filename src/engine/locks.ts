/**
 * One build of a dataset at a time, and one export to a folder.
 *
 * A lock is a folder that holds one file named after its process. The folder is filled first and then renamed into
 * place, so that a lock never stands without its holder's name; and a dead holder is removed by its own name, so that
 * nobody ever removes the lock of somebody else who took over in between.
 */
import { readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from './folders';
import { BEAT_MS, holderOf, isElsewhere, isHolding, OWN_NAME, type Holder } from './holders';
import { MldataError } from '../protocol';

/** Tells a lock of this process from one that it left over. */
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
  if (mine.has(path)) throw held(path, dataset, doing, { pid: process.pid });
  mine.add(path);
  try {
    await take(path, draft, dataset, doing);
  } catch (error) {
    mine.delete(path);
    throw error;
  }
  const beat = setInterval(() => void say(path), BEAT_MS).unref();
  return async () => {
    clearInterval(beat);
    try {
      await rm(join(path, OWN_NAME), { force: true });
      await rmdir(path);
    } catch {
      // One that stays is taken over like that of a dead process.
    } finally {
      mine.delete(path);
    }
  };
}

/** Whether somebody holds the lock at a path; one that cannot be seen is judged by the clock of this machine. */
export async function isLocked(path: string): Promise<boolean> {
  if (mine.has(path)) return true;
  for (const name of await readdir(path).catch(() => [])) {
    const holder = holderOf(name);
    const said = await stat(join(path, name)).catch(() => undefined);
    if (holder && said && isHolding(holder, Date.now() - said.mtimeMs)) return true;
  }
  return false;
}

async function take(path: string, draft: string, dataset: string, doing: string): Promise<void> {
  await makeFolder(dirname(path));
  await makeFolder(draft);
  try {
    await writeFile(join(draft, OWN_NAME), '');
    while (!(await renamed(draft, path))) {
      for (const name of await readdir(path).catch(() => [])) {
        const holder = holderOf(name);
        if (holder && isHolding(holder, await silence(join(path, name), join(draft, OWN_NAME))))
          throw held(path, dataset, doing, holder);
        await rm(join(path, name), { force: true });
      }
      await rmdir(path).catch(() => undefined);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Writes into its file, unless somebody took it for dead: by the clock of the disk, and never of this machine. */
async function say(path: string): Promise<void> {
  await writeFile(join(path, OWN_NAME), '.', { flag: 'r+' }).catch(() => undefined);
}

/** How much older the first file is than the second, which was written just now, ms. */
async function silence(holder: string, now: string): Promise<number> {
  try {
    const [said, written] = await Promise.all([stat(holder), stat(now)]);
    return written.mtimeMs - said.mtimeMs;
  } catch {
    return 0;
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

function held(path: string, dataset: string, doing: string, holder: Holder): MldataError {
  const where = isElsewhere(holder) ? ' of another machine or container' : '';
  return new MldataError(
    'buildFailed',
    'dataset-locked',
    `${dataset} is being ${doing} by process ${holder.pid}${where}. Wait until it is done, or stop it; if that is no process of mldata, remove ${path}.`,
  );
}
