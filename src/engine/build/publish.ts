/**
 * Puts the staged files of a build in place so that no visible manifest ever describes files it does not match.
 *
 * Everything is staged in a hidden folder inside the output folder (the same file system, so renames are atomic) and
 * flushed to disk. Then a journal says what is to be done; from there on the work is only finished, never undone: the
 * old manifest goes first, the files follow, the new manifest comes last. Whoever finds a journal finishes it.
 */
import { access, constants, lstat, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { z } from 'zod';
import { MANIFEST_FILE, MldataError } from '../../protocol';
import { readManifest } from '../manifest';
import { flush } from './flush';
import { confinedPath, isInside } from '../sources';

const JOURNAL = '.mldata-journal.json';
const STAGING_PREFIX = '.mldata-staging-';

const journalSchema = z.strictObject({
  /** The name of the staging folder. */
  staging: z.string().regex(/^\.mldata-staging-[^/\\]+$/),
  /** New files, relative to both folders. */
  files: z.array(z.string()),
  /** Files of the build before that have no successor. */
  obsolete: z.array(z.string()),
});
type Journal = z.infer<typeof journalSchema>;

/** The staging folder of a build with this id. */
export function stagingFolder(output: string, id: string): string {
  return join(output, STAGING_PREFIX + id);
}

/**
 * @param files paths relative to `staging`, the manifest not among them
 * Throws `output-blocked` when something else stands where they go; then nothing was changed.
 */
export async function publish(output: string, staging: string, files: readonly string[]): Promise<void> {
  await Promise.all([...files, MANIFEST_FILE].map((file) => flush(join(staging, file))));
  for (const file of files) await makeWay(output, file);
  const before = await readManifest(output);
  const obsolete = (before?.artifacts ?? [])
    .map(({ path }) => posix.normalize(path))
    .filter((path) => !files.includes(path) && path !== MANIFEST_FILE);
  const journal: Journal = { staging: staging.slice(output.length + 1), files: [...files], obsolete };
  await writeJournal(output, journal);
  await finish(output, journal);
}

/** Finishes what a killed process began, and removes what it left behind. `alive` tells builds that still run. */
export async function recover(output: string, alive: (id: string) => boolean): Promise<void> {
  const names: string[] = await readdir(output).catch(() => []);
  if (names.includes(JOURNAL)) {
    const journal = readJournal(await readFile(join(output, JOURNAL), 'utf8'));
    if (journal) await finish(output, journal);
    else await rm(join(output, JOURNAL), { force: true });
  }
  for (const name of names) {
    if (name.startsWith(STAGING_PREFIX) && !alive(name.slice(STAGING_PREFIX.length))) {
      await rm(join(output, name), { recursive: true, force: true });
    }
  }
}

/** Undefined for one that we did not write: our own is whole before it gets its name. */
function readJournal(text: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Every step may have been done before. */
async function finish(output: string, { staging, files, obsolete }: Journal): Promise<void> {
  const from = join(output, staging);
  if ((await isBelow(output, join(staging, MANIFEST_FILE))) && (await exists(join(from, MANIFEST_FILE)))) {
    await rm(join(output, MANIFEST_FILE), { force: true });
    for (const file of obsolete) await removeFile(output, file);
    for (const file of files) {
      if (!(await isBelow(output, file)) || !(await isBelow(from, file)) || !(await exists(join(from, file)))) continue;
      await mkdir(dirname(join(output, file)), { recursive: true });
      await rename(join(from, file), join(output, file));
    }
    for (const folder of new Set(files.map((file) => dirname(join(output, file))))) await flush(folder);
    await rename(join(from, MANIFEST_FILE), join(output, MANIFEST_FILE));
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

/** Finds out while everything can still be undone whether a file can be moved to its place. */
async function makeWay(output: string, file: string): Promise<void> {
  const path = join(output, file);
  const folder = dirname(path);
  if (!(await isBelow(output, file))) throw blocked(folder, 'is a link to another place');
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'EEXIST' || code === 'ENOTDIR' ? blocked(folder, 'is no folder') : error;
  });
  await access(folder, constants.W_OK);
  if ((await lstat(path).catch(() => undefined))?.isDirectory()) throw blocked(path, 'is a folder');
}

function blocked(path: string, why: string): MldataError {
  return new MldataError(
    'buildFailed',
    'output-blocked',
    `${path} ${why}, and the build writes there. Move it away, or choose another \`output.path\`.`,
  );
}

/** Removes a file of the build before, and its folder once that is empty. */
async function removeFile(output: string, file: string): Promise<void> {
  const path = join(output, file);
  if (!(await isBelow(output, file)) || (await lstat(path).catch(() => undefined))?.isDirectory() !== false) return;
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

/**
 * Whether a file lies inside a folder, also through links: a manifest or journal that somebody edited must not make us
 * touch files elsewhere.
 */
async function isBelow(folder: string, file: string): Promise<boolean> {
  const path = resolve(folder, file);
  if (path === folder || !isInside(folder, path)) return false;
  return confinedPath(folder, dirname(path), folder).then(
    () => true,
    () => false,
  );
}
