/** SQLite files that other programs may write to, whose locks the engine that reads them here does not know. */
import { copyFile, open, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MldataError } from '../../protocol';

const MAGIC = Buffer.from('SQLite format 3\0');
/** The byte of a file that says how it is to be read, and what it says where a log lies beside it. */
const READ_VERSION_AT = 19;
const WAL_VERSION = 2;
/** How a journal begins that is not over. */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
/** What changes when a log begins anew. */
const WAL_HEADER_BYTES = 32;
const TRIES = 5;
const BETWEEN_MS = 100;

export interface StillFile {
  /** Where to read it: its engine puts a lock beside it, which must not lie beside the user's file. */
  readonly path: string;
  /** A copy may be written to. */
  readonly copied: boolean;
  /** To be asked when all is read. Throws `database-busy` where the file changed meanwhile. */
  readonly check: () => Promise<void>;
}

/**
 * A file in write-ahead mode is copied with its log: to read it in its place would change files beside it.
 * @param scratch where links and copies may lie
 * Throws `database-missing`, `database-unreadable` and `database-busy`.
 */
export async function stillFile(path: string, scratch: string): Promise<StillFile> {
  const header = await startOf(path, READ_VERSION_AT + 1);
  if (header === undefined) {
    throw new MldataError(
      'buildFailed',
      'database-missing',
      `${path} is no file that can be opened. Correct the path, which is relative to the config.`,
    );
  }
  if (header.length > 0 && !header.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new MldataError(
      'buildFailed',
      'database-unreadable',
      `${path} is no SQLite file, or an encrypted one. Correct the path.`,
    );
  }
  const target = join(scratch, 'read.db');
  if (header[READ_VERSION_AT] === WAL_VERSION) {
    await copyWithLog(path, target);
    return { path: target, copied: true, check: () => Promise.resolve() };
  }
  const journal = await startOf(`${path}-journal`, JOURNAL_MAGIC.length);
  if (journal?.equals(JOURNAL_MAGIC)) throw busy(path);
  const before = await stateOf(path);
  // Not everybody may make links.
  await symlink(path, target).catch(() => copyFile(path, target));
  const check = async (): Promise<void> => {
    if ((await stateOf(path)) !== before) throw busy(path);
  };
  return { path: target, copied: false, check };
}

/** What is added to the log while it is copied does no harm. Throws `database-busy` where the file itself changes, again and again. */
async function copyWithLog(path: string, target: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const [state, log] = [await stateOf(path), await startOf(`${path}-wal`, WAL_HEADER_BYTES)];
    await copyFile(path, target);
    if (log) await copyFile(`${path}-wal`, `${target}-wal`);
    const logNow = await startOf(`${path}-wal`, WAL_HEADER_BYTES);
    if (state === (await stateOf(path)) && (log?.toString('hex') ?? '') === (logNow?.toString('hex') ?? '')) return;
    await sleep(BETWEEN_MS);
  }
  throw busy(path);
}

async function stateOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}

/** Its first bytes; undefined: no file that can be opened. */
async function startOf(path: string, bytes: number): Promise<Buffer | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    const read = await handle?.read({ buffer: Buffer.alloc(bytes), position: 0 });
    return read?.buffer.subarray(0, read.bytesRead);
  } catch {
    return undefined; // a folder, for one
  } finally {
    await handle?.close();
  }
}

function busy(path: string): MldataError {
  return new MldataError(
    'buildFailed',
    'database-busy',
    `Another program writes to ${path}, or broke off while it did. Try again when it is done; if none runs, open the file with ` +
      'sqlite3 once, which puts it in order.',
  );
}
