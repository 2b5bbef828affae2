/** Giving a file a second name without a second copy of its bytes, where the disk can do that. */
import { chmod, constants, copyFile, link, rm } from 'node:fs/promises';

/**
 * Puts the bytes of a file at `to`, where nothing stands: as a clone that shares blocks until one of the two is written;
 * else as a second name of the same file, which nobody may write from then on; else as a copy, also on Windows, where a
 * file that is read-only cannot be replaced, and of a file that is another user's, whom nobody can keep from writing.
 * @param may what else may be done; without `copy` nothing is done where it would be one
 */
export async function share(
  from: string,
  to: string,
  may: { readonly link: boolean; readonly copy: boolean } = { link: true, copy: true },
): Promise<'shared' | 'copied' | 'not'> {
  if (await done(copyFile(from, to, constants.COPYFILE_FICLONE_FORCE))) {
    await chmod(to, 0o644);
    return 'shared';
  }
  await rm(to, { force: true });
  if (may.link && process.platform !== 'win32' && (await done(link(from, to)))) {
    if (await done(chmod(to, 0o444))) return 'shared';
    await rm(to);
  }
  if (!may.copy) return 'not';
  await copyFile(from, to);
  await chmod(to, 0o644);
  return 'copied';
}

function done(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
