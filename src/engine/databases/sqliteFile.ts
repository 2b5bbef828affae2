/** SQLite files whose latest rows are still in a log beside them. */
import { copyFile, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MldataError } from '../../protocol';

const WAL_VERSION = 2;

/**
 * A copy to read from, with its log, of a file in write-ahead mode: to read it in its place would change files beside
 * it. Undefined for another file, which is read where it is. Throws `database-missing` and `database-busy`.
 */
export async function settledCopy(path: string, scratch: string): Promise<string | undefined> {
  if ((await readVersion(path)) !== WAL_VERSION) return undefined;
  const copy = join(scratch, 'copy.db');
  const files = ['', '-wal'];
  const before = await Promise.all(files.map((suffix) => stateOf(path + suffix)));
  for (const [index, suffix] of files.entries()) {
    if (before[index] !== undefined) await copyFile(path + suffix, copy + suffix);
  }
  const after = await Promise.all(files.map((suffix) => stateOf(path + suffix)));
  if (before.some((state, index) => state !== after[index])) {
    throw new MldataError(
      'buildFailed',
      'database-busy',
      `${path} was written to while it was copied. Try again when no other program writes to it.`,
    );
  }
  return copy;
}

async function stateOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.size} ${found.mtimeNs}`;
}

/** How it is to be read, by its header. */
async function readVersion(path: string): Promise<number | undefined> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be opened (${code})`;
    throw new MldataError(
      'buildFailed',
      'database-missing',
      `${path} ${why}. Correct the path, which is relative to the config.`,
    );
  });
  try {
    const { buffer } = await handle.read({ buffer: Buffer.alloc(20), position: 0 });
    return buffer[19];
  } finally {
    await handle.close();
  }
}
