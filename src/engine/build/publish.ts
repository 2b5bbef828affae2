/**
 * Puts the staged files of a build in place so that no visible manifest ever describes files it does not match.
 *
 * Everything is staged in a hidden folder inside the output folder (the same file system, so renames are atomic) and
 * flushed to disk. Then a journal says what is to be done; from there on the work is only finished, never undone: the
 * old manifest goes first, the files follow, the new manifest comes last. Whoever finds a journal finishes it.
 */
import { open, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MANIFEST_FILE } from '../../protocol';
import { readManifest } from '../manifest';

const JOURNAL = '.mldata-journal.json';
const STAGING_PREFIX = '.mldata-staging-';

const journalSchema = z.strictObject({
  staging: z.string(),
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

/** @param files paths relative to `staging`, the manifest not among them */
export async function publish(output: string, staging: string, files: readonly string[]): Promise<void> {
  for (const file of [...files, MANIFEST_FILE]) await flush(join(staging, file));
  const before = await readManifest(output);
  const obsolete = (before?.artifacts ?? [])
    .map(({ path }) => path)
    .filter((path) => !files.includes(path) && isBelow(path));
  const journal: Journal = { staging: staging.slice(output.length + 1), files: [...files], obsolete };
  await writeJournal(output, journal);
  await finish(output, journal);
}

/** Finishes what a killed process began, and removes what it left behind. `alive` tells builds that still run. */
export async function recover(output: string, alive: (id: string) => boolean): Promise<void> {
  const names: string[] = await readdir(output).catch(() => []);
  if (names.includes(JOURNAL)) {
    const journal = journalSchema.safeParse(JSON.parse(await readFile(join(output, JOURNAL), 'utf8')));
    if (journal.success) await finish(output, journal.data);
  }
  for (const name of names) {
    if (name.startsWith(STAGING_PREFIX) && !alive(name.slice(STAGING_PREFIX.length))) {
      await rm(join(output, name), { recursive: true, force: true });
    }
  }
}

/** Every step may have been done before. */
async function finish(output: string, { staging, files, obsolete }: Journal): Promise<void> {
  const from = join(output, staging);
  if (await exists(join(from, MANIFEST_FILE))) {
    await rm(join(output, MANIFEST_FILE), { force: true });
    for (const file of obsolete) {
      await rm(join(output, file), { force: true });
      await rmdir(dirname(join(output, file))).catch(() => undefined);
    }
    for (const file of files) {
      if (!(await exists(join(from, file)))) continue;
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

/** Forces a file or folder to disk; Windows cannot open folders for that and does not need it. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle?.close();
  }
}

async function exists(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.close();
  return handle !== undefined;
}

/** A manifest that somebody edited must not make us delete files elsewhere. */
function isBelow(path: string): boolean {
  return !path.startsWith('/') && !/^[a-z]:/i.test(path) && !path.split(/[\\/]/).includes('..');
}
