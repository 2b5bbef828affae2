/**
 * Puts the staged files of a build or an export in place so that no visible manifest ever describes files it does not match.
 *
 * Everything is staged in a hidden folder inside the output folder (the same file system, so renames are atomic) and
 * flushed to disk. Then a journal says what is to be done; from there on the work is only finished, never undone: the
 * old manifest goes first, the files follow, the new manifest comes last. Whoever finds a journal finishes it.
 */
import { access, constants, lstat, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { EXPORT_FILE, MANIFEST_FILE } from '../../protocol';
import { makeFolder } from '../folders';
import type { PreviousBuild } from '../manifest';
import { flush } from './flush';
import { BUILD, type Kind } from './place';
import { blocked, checkTarget, isBelow } from './target';

const JOURNAL = '.mldata-journal.json';
const STAGING_PREFIX = '.mldata-staging-';

const journalSchema = z.strictObject({
  /** The name of the staging folder. */
  staging: z.string().regex(/^\.mldata-staging-[^/\\]+$/),
  /** New files, relative to both folders. */
  files: z.array(z.string()),
  /** Files of the build before that have no successor. */
  obsolete: z.array(z.string()),
  /** The file that goes first and comes last. */
  head: z.enum([MANIFEST_FILE, EXPORT_FILE]).default(MANIFEST_FILE),
});
type Journal = z.infer<typeof journalSchema>;

/** The staging folder of a build with this id. */
export function stagingFolder(output: string, id: string): string {
  return join(output, STAGING_PREFIX + id);
}

/**
 * @param files paths relative to `staging`, the head not among them
 * Throws `output-blocked` when something else stands where they go; then nothing was changed.
 */
export async function publish(
  output: string,
  staging: string,
  files: readonly string[],
  before: PreviousBuild | undefined,
  kind: Kind = BUILD,
): Promise<void> {
  await Promise.all([...files, kind.head].map((file) => flush(join(staging, file))));
  await checkTarget(output, files, before, kind);
  const obsolete = (before?.artifacts ?? []).filter((path) => !files.includes(path) && path !== kind.head);
  const journal: Journal = { staging: staging.slice(output.length + 1), files: [...files], obsolete, head: kind.head };
  const made: string[] = [];
  try {
    for (const folder of foldersOf(output, files)) {
      if (await makeFolder(folder)) made.push(folder);
      await access(folder, constants.W_OK);
    }
    await writeJournal(output, journal);
  } catch (error) {
    for (const folder of made) await rmdir(folder).catch(() => undefined);
    throw error;
  }
  await finish(output, journal);
}

/**
 * Finishes what a killed process began, and removes what it left behind. `alive` tells builds and exports that still
 * run: what one of another kind publishes is its own to finish, for the lock of this kind does not keep it out.
 */
export async function recover(output: string, alive: (id: string) => boolean, kind: Kind = BUILD): Promise<void> {
  const names: string[] = await readdir(output).catch(() => []);
  if (names.includes(JOURNAL)) {
    const journal = await readJournal(join(output, JOURNAL));
    if (!journal) await rm(join(output, JOURNAL), { force: true });
    else if (journal.head === kind.head || !alive(journal.staging.slice(STAGING_PREFIX.length)))
      await finish(output, journal);
  }
  for (const name of names) {
    if (name.startsWith(STAGING_PREFIX) && !alive(name.slice(STAGING_PREFIX.length))) {
      await rm(join(output, name), { recursive: true, force: true });
    }
  }
}

/** Undefined for one that we did not write: our own is whole before it gets its name. */
async function readJournal(path: string): Promise<Journal | undefined> {
  const found = await lstat(path);
  if (found.isDirectory()) throw blocked(path, 'is a folder');
  if (!found.isFile()) return undefined;
  try {
    return journalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Every step may have been done before. */
async function finish(output: string, { staging, files, obsolete, head }: Journal): Promise<void> {
  const from = join(output, staging);
  if ((await isBelow(output, join(staging, head))) && (await exists(join(from, head)))) {
    await rm(join(output, head), { force: true });
    for (const file of obsolete) await removeFile(output, file);
    for (const file of files) {
      if (!(await isBelow(output, file)) || !(await isBelow(from, file)) || !(await exists(join(from, file)))) continue;
      await makeFolder(dirname(join(output, file)));
      await rename(join(from, file), join(output, file));
    }
    await Promise.all([...foldersOf(output, files)].map(flush));
    await rename(join(from, head), join(output, head));
    await flush(output);
  }
  await rm(join(output, JOURNAL), { force: true });
  await rm(from, { recursive: true, force: true });
}

async function writeJournal(output: string, journal: Journal): Promise<void> {
  const draft = join(output, journal.staging, JOURNAL);
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(JSON.stringify(journal));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(output, JOURNAL));
  await flush(output);
}

async function exists(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.close();
  return handle !== undefined;
}

function foldersOf(output: string, files: readonly string[]): Set<string> {
  return new Set(files.map((file) => dirname(join(output, file))));
}

/** Removes a file of the build before, and its folder once that is empty. */
async function removeFile(output: string, file: string): Promise<void> {
  const path = join(output, file);
  if (!(await isBelow(output, file)) || (await lstat(path).catch(() => undefined))?.isDirectory() !== false) return;
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}
