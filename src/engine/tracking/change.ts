/** Text files that tracking writes: whole or not at all, and the words for what became of them. */
import { isUtf8 } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { lstat, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MldataError, type TrackedChange } from '../../protocol';

/**
 * The text of a file that is to be changed; undefined where there is none. Throws `tracking-encoding` for one that would
 * not be the same once it is written again, `tracking-link` for a `.gitignore` that is a link, which git does not follow
 * and which may lead anywhere, `tracking-unwritable` for a pipe or a folder, and what the disk throws.
 */
export async function textOf(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink() && basename(file) === '.gitignore') {
    const text = `${file} is a symbolic link, which git does not follow there. Put a file in its place, and try again. It is as it was.`;
    throw new MldataError('config', 'tracking-link', text);
  }
  const behind = await stat(file);
  if (!behind.isFile())
    throw unwritable(file, behind.isDirectory() ? 'a folder stands there' : 'it is no regular file');
  const content = await readFile(file);
  if (isUtf8(content)) return content.toString();
  const text = `${file} is not UTF-8, and its text could not be kept. Save it as UTF-8, and try again. It is as it was.`;
  throw new MldataError('config', 'tracking-encoding', text);
}

/**
 * Puts the content in the place of a file, which keeps its permissions; behind a link the file that it leads to. Throws
 * `tracking-unwritable`, with the file as it was, also where it is read-only: whoever made it so meant it.
 */
export async function replaceText(file: string, content: string | Buffer): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file);
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => undefined,
    );
    if (mode !== undefined && (mode & 0o200) === 0) throw new Error('it is read-only');
    const draft = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`);
    try {
      const handle = await open(draft, 'wx');
      try {
        if (mode !== undefined) await handle.chmod(mode);
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, target);
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    throw unwritable(file, failureReason(error), error);
  }
}

function unwritable(file: string, why: string, cause?: unknown): MldataError {
  const text = `${file} cannot be written: ${why}. It is as it was. Set that right, and try again.`;
  return new MldataError('buildFailed', 'tracking-unwritable', text, [], { cause });
}

/** @param path relative to the git root; texts are told in a dry run only */
export function changeOf(
  path: string,
  before: string | Buffer | undefined,
  after: string | Buffer | undefined,
  dryRun: boolean,
): TrackedChange {
  const bytes = after === undefined ? undefined : Buffer.from(after);
  return {
    path,
    change: after === undefined ? 'removed' : before === undefined ? 'created' : 'changed',
    ...(bytes && { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }),
    ...(dryRun && { before: before?.toString() ?? null, after: after?.toString() ?? null }),
  };
}

/** Why the disk would not, in words. */
export function failureReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EISDIR: 'a folder stands there',
    ENOENT: 'its folder is not there',
  };
  return words[code ?? ''] ?? message;
}
