/** Puts files back that were moved aside, by the list that was written then. Nothing is overwritten. */
import { lstat, realpath, rm, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { makeFolder } from '../../folders';
import { confinedPath, realExistingPart } from '../../sources';
import { sha256Of } from '../../text';
import { MldataError, MOVED_FILE, type PutBack } from '../../../protocol';
import { damagedList, keepMoved, readMoved, type Moved } from './movedList';
import { codeOf, isThere, moveToFree } from './moveFile';

type Left = PutBack['left'][number];

interface Confined {
  /** What may be put there; absent: anywhere. */
  readonly root: string | undefined;
  /** Only those that came from these places; absent: all. */
  readonly files?: readonly string[] | undefined;
}

/**
 * What cannot be put back stays listed, but for what is in neither place. The list is somebody's file: before anything is
 * moved, all of it is held against what a quarantine writes.
 * Throws `quarantine-unknown`, `quarantine-list`, `path-outside`, `not-in-quarantine` and `cancelled`.
 * @param folder of quarantine, absolute
 */
export async function putBack(
  folder: string,
  { root, files }: Confined,
  signal: AbortSignal,
): Promise<Pick<PutBack, 'putBack' | 'left'>> {
  const all = await readMoved(folder);
  for (const moved of all) await refuseForeign(moved, folder, root);
  const wanted = files && new Set(files);
  for (const file of wanted ?? []) if (!all.some(({ from }) => from === file)) throw notThere(file, folder);
  const back: string[] = [];
  const left: Left[] = [];
  const undone = new Set<Moved>();
  // The last first: of two that came from one place it is the one that was there last.
  for (const moved of all.toReversed()) {
    if (wanted?.has(moved.from) === false) continue;
    if (signal.aborted) break;
    const why = await undo(moved, signal);
    if (why === 'back') back.unshift(moved.from);
    if (typeof why === 'object') left.unshift(why);
    if (typeof why !== 'object' || why.why === 'gone') undone.add(moved);
    await rmdir(dirname(moved.to)).catch(() => undefined);
  }
  await keepMoved(
    folder,
    all.filter((moved) => !undone.has(moved)),
  );
  await rmdir(folder).catch(() => undefined);
  if (signal.aborted) throw stopped(back.length);
  return { putBack: back, left: left.filter(({ why, from }) => why !== 'gone' || !back.includes(from)) };
}

/** Throws unless it lies in the folder as a quarantine puts files there, and came from where files may be put. */
async function refuseForeign({ from, to }: Moved, folder: string, root: string | undefined): Promise<void> {
  const isOurs =
    basename(from) === basename(to) && dirname(await realExistingPart(dirname(to))) === (await realpath(folder));
  // What stands in there is run.
  const isGit = from.split(/[/\\]/).some((part) => part.toLowerCase() === '.git');
  if (!isOurs || isGit) {
    throw damagedList(`${MOVED_FILE} in ${folder} says that ${to} came from ${from}, which cannot be.`);
  }
  await confinedPath(root ?? folder, dirname(from), root);
}

async function undo(moved: Moved, signal: AbortSignal): Promise<'back' | 'unmoved' | Left> {
  const { from, to } = moved;
  const leave = (why: Left['why'], message: string): Left => ({ from, to, why, message });
  try {
    if (!(await isThere(to))) {
      if (await isThere(from)) return 'unmoved';
      return leave('gone', `${basename(to)} is neither in quarantine nor at ${from}.`);
    }
    const found = await lstat(to);
    if (!found.isFile() && !found.isSymbolicLink()) return leave('failed', `${to} is no file.`);
    await makeFolder(dirname(from));
    await moveToFree(to, from);
    return 'back';
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      return leave(
        'failed',
        `${to} cannot be moved to ${from}: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
    if (!(await isSame(from, to, signal)))
      return leave('occupied', `Another file stands at ${from} now: move it away, and put back again.`);
    // Whoever moved it was interrupted before it was gone from here.
    await rm(to);
    return 'back';
  }
}

async function isSame(a: string, b: string, signal: AbortSignal): Promise<boolean> {
  const [one, other] = [await lstat(a), await lstat(b)];
  if (!one.isFile() || !other.isFile() || one.size !== other.size) return false;
  const hash = await sha256Of(a, signal);
  return hash !== undefined && hash === (await sha256Of(b, signal));
}

function notThere(file: string, folder: string): MldataError {
  const message = `${file} was not moved to ${folder}, says ${MOVED_FILE} there.`;
  return new MldataError('usage', 'not-in-quarantine', message);
}

function stopped(count: number): MldataError {
  const message = `Cancelled. ${count} ${count === 1 ? 'file was' : 'files were'} put back; ${MOVED_FILE} lists the others.`;
  return new MldataError('cancelled', 'cancelled', message);
}
