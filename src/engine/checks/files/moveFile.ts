/** Moving a file, also onto another disk: it stands at one of the two places as a whole, whenever this is interrupted. */
import { randomBytes } from 'node:crypto';
import { copyFile, link, lstat, open, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Whatever stands at `to` is gone. */
export async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    const draft = join(dirname(to), `.${basename(to)}.${randomBytes(4).toString('hex')}`);
    try {
      await copyFile(from, draft);
      await onDisk(draft);
      await rename(draft, to);
    } finally {
      await rm(draft, { force: true });
    }
    await rm(from);
  }
}

/** The same where nothing stands; else throws EEXIST. A link is moved itself, not what it leads to. */
export async function moveToFree(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) {
    await symlink(await readlink(from), to);
    await rm(from);
    return;
  }
  try {
    // Unlike renaming, this never replaces what somebody puts there just now.
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    // Another disk, or one without such links.
    if (await isThere(to)) throw Object.assign(new Error(`${to} is there already`), { code: 'EEXIST' });
    await move(from, to);
    return;
  }
  await rm(from);
}

export function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
      throw error;
    },
  );
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

async function onDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
