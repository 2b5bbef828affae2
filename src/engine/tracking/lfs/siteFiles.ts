/** The files that a site has, as git would take them in. */
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { MldataError } from '../../../protocol';
import { eachOf } from '../../eachOf';
import { filesOfGit, inRepository, type GitRepository } from '../git';
import type { TrackSite } from '../site';

export interface SiteFile {
  /** Relative to the git root, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

export interface Place {
  /** Relative to the git root, links resolved; empty for the root itself. */
  readonly path: string;
  readonly isFolder: boolean;
}

export interface SiteFiles {
  readonly places: readonly Place[];
  /** Links that leave git with nothing to keep, which no line can change. */
  readonly strays: readonly MldataError[];
  /** Below them, in order. Links are none: git keeps where they lead and no content. */
  readonly files: readonly SiteFile[];
  /** Files and folders below them that git ignores, relative to the root. */
  readonly ignored: readonly string[];
  /** What else lies in the folder of a build: its manifest, its reports. Relative to the root. */
  readonly beside: readonly string[];
}

export async function siteFiles({ paths, build }: TrackSite, git: GitRepository): Promise<SiteFiles> {
  const found = (await eachOf(paths, (path) => placeOf(git, path))).flat();
  const places = found.filter((place): place is Place => !(place instanceof MldataError));
  const names = places.map(({ path }) => path);
  const [below, ignored, all] = await Promise.all([
    filesOfGit(git, 'kept', names),
    filesOfGit(git, 'ignored', names),
    build === undefined ? [] : filesOfGit(git, 'kept', [inRepository(git, await realpath(build.output))]),
  ]);
  const known = new Set(below);
  const files = await eachOf(below, async (path) => {
    const found = await lstat(join(git.root, path)).catch(() => undefined);
    return found?.isFile() ? [{ path, bytes: found.size }] : [];
  });
  const strays = found.filter((place) => place instanceof MldataError);
  return { places, strays, files: files.flat(), ignored, beside: all.filter((path) => !known.has(path)) };
}

/** Whether a path is this one, or below it; both relative to the git root. */
export function isIn(place: string, path: string): boolean {
  return place === '' || path === place || path.startsWith(`${place}/`);
}

/** Nothing where there is nothing. */
async function placeOf(git: GitRepository, path: string): Promise<(Place | MldataError)[]> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) {
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    const text = `${path} is a link that leads nowhere. Mend or remove it.`;
    return isLink ? [new MldataError('config', 'broken-link', text)] : [];
  }
  const name = inRepository(git, real);
  if (name !== '..' && !name.startsWith('../')) {
    return [{ path: name, isFolder: (await lstat(real)).isDirectory() }];
  }
  const text = `${path} leads to ${real}, outside of the repository ${git.root}: git keeps the link only. Track what it leads to, or copy that here.`;
  return [new MldataError('config', 'path-outside-repository', text)];
}
