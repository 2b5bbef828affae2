/** One tool keeps a path: what DVC has, Git LFS does not take. */
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { MldataError } from '../../../protocol';
import { readDvcFile } from '../dvc';
import { inRepository, type GitRepository } from '../git';
import { isIn, type Place } from './siteFiles';

/**
 * Throws `tracked-by-dvc` for a place that a `.dvc` in its folder or one above names, itself or by a folder that it is in.
 * One that cannot be read says nothing.
 */
export async function refuseDvc(git: GitRepository, places: readonly Place[]): Promise<void> {
  const folders = new Set<string>();
  for (const { path } of places) {
    for (let folder = path; folder !== '.'; folder = posix.dirname(folder)) folders.add(posix.dirname(folder));
  }
  for (const folder of [...folders].sort()) {
    const names = await readdir(join(git.root, folder)).catch(() => []);
    for (const name of names.filter((file) => file.endsWith('.dvc') && file !== '.dvc').sort()) {
      const outs = await outsOf(git, join(git.root, folder, name));
      const taken = places.find(({ path }) => outs.some((out) => isIn(out, path)));
      if (taken !== undefined) throw keptByDvc(taken.path, posix.join(folder, name));
    }
  }
}

/** Relative to the git root. */
async function outsOf(git: GitRepository, path: string): Promise<string[]> {
  const file = await readDvcFile(path).catch(() => undefined);
  return (file?.outs ?? []).map((out) => inRepository(git, out.file));
}

function keptByDvc(path: string, by: string): MldataError {
  const text = `${path} is tracked by DVC (${by}), and only one tool can keep a path. Track it with DVC, or run \`dvc remove ${by}\` first. Nothing was changed.`;
  return new MldataError('config', 'tracked-by-dvc', text);
}
