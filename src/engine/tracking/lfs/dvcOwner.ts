/** One tool keeps a path: what DVC has, Git LFS does not take. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MldataError } from '../../../protocol';
import { eachOf } from '../../eachOf';
import { inRepository, type GitRepository } from '../git';
import { trackedByDvc, type TrackedOut } from '../status/trackedOuts';
import { isIn, type Place } from './siteFiles';

/**
 * The files below the places that DVC keeps, relative to the git root. Throws `tracked-by-dvc` for a place that it keeps
 * itself or as a part of something.
 */
export async function filesOfDvc(
  git: GitRepository,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const { outs } = await trackedByDvc(git.root, git, signal);
  // What is not in its cache is in git.
  const kept = outs.filter(({ out }) => out.cache).map((each) => ({ each, name: inRepository(git, each.out.file) }));
  for (const { path } of places) {
    const owner = kept.find(({ name }) => isIn(name, path));
    if (owner) throw trackedBy(path, owner.each, git);
  }
  const below = kept.filter(({ name }) => places.some(({ path }) => isIn(path, name)));
  const files = await eachOf(below, async ({ each: { out }, name }) => {
    const isFolder = (await lstat(out.file).catch(() => undefined))?.isDirectory() === true;
    if (!isFolder) return [name];
    const entries = await readdir(out.file, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [inRepository(git, join(entry.parentPath, entry.name))] : []));
  });
  return new Set(files.flat());
}

function trackedBy(path: string, { by, stage }: TrackedOut, git: GitRepository): MldataError {
  const file = inRepository(git, by);
  const owner = stage === undefined ? file : `the stage ${stage} of ${file}`;
  const way = stage === undefined ? `run \`dvc remove ${file}\`` : 'take it out of the stage';
  const text = `${path} is tracked by DVC (${owner}), and one tool keeps a path. Track it with DVC, or ${way} first. Nothing was changed.`;
  return new MldataError('config', 'tracked-by-dvc', text);
}
