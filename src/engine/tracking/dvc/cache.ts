/** Filling the cache of a repository: every byte is verified before it has the name and the mode of an object. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MldataError } from '../../../protocol';
import { makeFolder } from '../../folders';
import { clearLeftOvers, endRun, runId } from '../../runs';
import { failureReason } from '../change';
import type { TrackRun } from '../site';
import type { Content, ContentFile } from './content';
import { ask, AT_ONCE } from './disk/disk';
import { Drafts } from './drafts';
import type { OutHash } from './dvcFile';
import { bytesOf, hashedOf, remember, type Hashed } from './hashes';
import { Meter } from './meter';
import { readFiles, type HashedFile } from './reading';
import type { DvcRepository } from './repository';

/** Of names that DVC takes for nothing of its own. */
const PREFIX = '.mldata-';

export interface Filled extends Hashed {
  /** Whether there are objects that were not there before. */
  readonly added: boolean;
  /** Files that stay copies, although the repository wants them to be links. */
  readonly unlinked: number;
}

/**
 * Puts what a path holds into the cache, and links to it in its place where the repository wants that. Throws what
 * `readFiles` throws, `dvc-cache-unwritable`, and the cancelled error; what was verified by then stays.
 */
export async function fillCache(content: Content, dvc: DvcRepository, run: TrackRun): Promise<Filled> {
  const id = runId();
  const drafts = join(dvc.cache, PREFIX + id);
  try {
    await makeFolder(dvc.cache);
    await clearLeftOvers(dvc.cache, PREFIX);
    await makeFolder(drafts);
    const { added, hashed } = await fill(content, dvc, drafts, run);
    const linked = await relink(content, hashed.files, dvc, id, run.signal);
    await remember(content, hashed, linked);
    return {
      ...hashed,
      added,
      unlinked: linked === undefined ? 0 : hashed.files.filter(mayBeLink).length - linked.size,
    };
  } catch (error) {
    throw error instanceof MldataError ? error : unwritable(dvc.cache, error);
  } finally {
    await rm(drafts, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    endRun(id);
  }
}

async function fill(content: Content, dvc: DvcRepository, folder: string, run: TrackRun) {
  const objects = objectsOf(dvc, content.hash);
  const drafts = new Drafts({ objects, shared: dvc.shared }, folder, run.signal);
  const missing = await missingFrom(objects, content.files, run.signal);
  const meter = new Meter(run, 'cache', bytesOf(missing));
  try {
    const into = { objects, drafts: folder, by: dvc.links[0] === 'hardlink' ? 'link' : 'clone' } as const;
    const onRead = (files: readonly HashedFile[]) => {
      drafts.take(files);
    };
    const hashed = hashedOf(content, await readFiles(missing, content, { into, meter, onRead }, run.signal));
    await drafts.publishAll();
    await keepListing(hashed, objects, folder, drafts, run.signal);
    return { hashed, added: drafts.added > 0 };
  } finally {
    meter.stop();
  }
}

/** The folder of all objects of a kind. */
export function objectsOf({ cache }: Pick<DvcRepository, 'cache'>, hash: OutHash): string {
  return hash === 'md5' ? join(cache, 'files', 'md5') : cache;
}

/** Files whose hash is not known, or not in the cache. */
async function missingFrom(
  objects: string,
  files: readonly ContentFile[],
  signal: AbortSignal,
): Promise<readonly ContentFile[]> {
  const known = files.filter((file) => file.known !== undefined);
  const wanted = known.map(({ known: md5 = '', stamp }) => [md5, stamp.size] as const);
  const each = Math.ceil(wanted.length / AT_ONCE);
  const parts = Array.from({ length: AT_ONCE }, async (_, part) => {
    const start = part * each;
    const found = await ask({ do: 'missing', objects, wanted: wanted.slice(start, start + each) }, signal);
    return found.map((index) => known[start + index]);
  });
  const missing = new Set((await Promise.all(parts)).flat());
  return files.filter((file) => file.known === undefined || missing.has(file));
}

/** The listing of a folder goes last: it says that all that it lists is there. */
async function keepListing(
  { facts: { md5 }, listing }: Hashed,
  objects: string,
  folder: string,
  drafts: Drafts,
  signal: AbortSignal,
): Promise<void> {
  if (listing === undefined) return;
  const size = Buffer.byteLength(listing);
  const missing = await ask({ do: 'missing', objects, wanted: [[md5, size]] }, signal);
  if (missing.length === 0) return;
  const draft = join(folder, 'listing');
  await writeFile(draft, listing);
  drafts.take([{ draft, path: draft, md5, stamp: { size, text: '' } }]);
  await drafts.publishAll();
}

/** The new stamps of files that are links to their objects now, by path in the folder; undefined where none are wanted. */
async function relink(
  { hash }: Content,
  files: readonly HashedFile[],
  dvc: DvcRepository,
  id: string,
  signal: AbortSignal,
): Promise<Map<string, string> | undefined> {
  const [by] = dvc.links;
  if (by !== 'hardlink' && by !== 'symlink') return undefined;
  const wanted = files.filter(mayBeLink);
  // On the disk of the workspace, and ignored by git and DVC.
  const home = join(dvc.folder, 'tmp');
  const drafts = join(home, PREFIX + id);
  await makeFolder(home);
  await clearLeftOvers(home, PREFIX);
  await makeFolder(drafts);
  try {
    const asked = wanted.map(({ path, md5, stamp }) => ({ path, md5, stamp: stamp.text }));
    const stamps = await ask({ do: 'relink', objects: objectsOf(dvc, hash), drafts, by, files: asked }, signal);
    return new Map(
      wanted.flatMap(({ relpath }, index) => {
        const stamp = stamps[index];
        return stamp === undefined ? [] : [[relpath, stamp] as const];
      }),
    );
  } finally {
    await rm(drafts, { recursive: true, force: true });
  }
}

/** A link has the mode of the object, so that a program would be none; and a file may not have too many names. */
function mayBeLink({ exec, stamp }: HashedFile): boolean {
  return !exec && stamp.size > 0;
}

function unwritable(cache: string, error: unknown): MldataError {
  const text = `The cache ${cache} cannot be written: ${failureReason(error)}. No .dvc file was changed. Make room or change its permissions, and try again.`;
  return new MldataError('buildFailed', 'dvc-cache-unwritable', text, [], { cause: error });
}
