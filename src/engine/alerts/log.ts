/** A file of JSON lines that alerts are added to. It only grows, whoever else writes into it. */
import { constants, lstat, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder } from '../folders';
import { MldataError, type DriftAlert } from '../../protocol';

/** No link is followed and no pipe waited for; what is added goes to the end, also of what others add meanwhile. */
const APPEND =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  // Windows has neither.
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** The size of a file that another process writes to grows page by page; after so long what stands there is all. */
const SETTLED_MS = 100;

/**
 * Adds a line in one step. Throws `alert-log` for what is no file of JSON lines, and what the disk throws.
 * @param path absolute; the caller has confined it
 */
export async function appendAlert(path: string, alert: DriftAlert): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found && !found.isFile()) throw refused(path, found.isSymbolicLink() ? 'is a link' : 'is no regular file');
  await makeFolder(dirname(path));
  const handle = await open(path, APPEND, 0o644).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ELOOP' ? refused(path, 'is a link') : error;
  });
  try {
    const { size } = await handle.stat();
    if (size > 0 && (await characterAt(handle, 0)) !== '{') throw refused(path, 'holds something else than JSON lines');
    // A line that somebody could not finish, on a full disk, must not take this one along.
    const torn = await isTorn(handle);
    const line = Buffer.from(`${torn ? '\n' : ''}${JSON.stringify(alert)}\n`);
    const { bytesWritten } = await handle.write(line);
    if (bytesWritten < line.length) throw new MldataError('buildFailed', 'alert-log', `${path}: the disk is full`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether the last line is without its end, and nobody is about to write that. */
async function isTorn(handle: FileHandle): Promise<boolean> {
  for (let before = -1; ;) {
    const { size } = await handle.stat();
    if (size === 0 || (await characterAt(handle, size - 1)) === '\n') return false;
    if (size === before) return true;
    before = size;
    await setTimeout(SETTLED_MS);
  }
}

async function characterAt(handle: FileHandle, position: number): Promise<string> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, position);
  return buffer.toString('latin1', 0, bytesRead);
}

function refused(path: string, why: string): MldataError {
  return new MldataError('config', 'alert-log', `${path} ${why}`);
}
