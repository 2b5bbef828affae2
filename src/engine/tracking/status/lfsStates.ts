/** What Git LFS keeps of that which DVC does not track. */
import { join } from 'node:path';
import { MldataError, type Finding, type TrackingStatus } from '../../../protocol';
import type { GitRepository } from '../git';
import { lfsStatus } from '../lfs';
import type { TrackSite } from '../site';
import type { PathState } from './outState';
import { isIn, type Wanted } from './wanted';

type Storage = NonNullable<TrackingStatus['lfsStorage']>;

export interface LfsStates {
  readonly states: readonly PathState[];
  /** What neither keeps. */
  readonly rest: readonly Wanted[];
  readonly storage?: Storage;
  readonly findings: readonly Finding[];
}

/**
 * Throws the cancelled error; another trouble is a finding.
 * @param whole looked at besides what is wanted, all of it
 */
export async function lfsStates(
  wanted: readonly Wanted[],
  whole: GitRepository | undefined,
  signal: AbortSignal,
): Promise<LfsStates> {
  const sites = new Map<string, TrackSite[]>(whole ? [[whole.root, [siteOf(whole)]]] : []);
  for (const { site, path, git } of wanted) {
    if (!git || !site) continue;
    sites.set(git.root, [...(sites.get(git.root) ?? []), { ...site, paths: [path] }]);
  }
  const states: PathState[] = [];
  const findings: Finding[] = [];
  const storages: Storage[] = [];
  for (const [root, asked] of sites) {
    try {
      const found = await lfsStatus({ root }, asked, signal);
      for (const { path, by, dataset: _, ...state } of found.paths) {
        states.push({ ...state, file: join(root, path), ...(by !== undefined && { by: join(root, by) }) });
      }
      if (found.storage) storages.push(found.storage);
      findings.push(...found.findings);
    } catch (error) {
      if (!(error instanceof MldataError) || error.code === 'cancelled') throw error;
      findings.push({ code: error.code, severity: 'warning', message: error.message });
    }
  }
  const sum = (of: keyof Storage) => storages.reduce((all, each) => all + each[of], 0);
  return {
    states,
    rest: wanted.filter(({ path }) => !states.some(({ file }) => isIn(file, path))),
    ...(storages.length > 0 && { storage: { bytes: sum('bytes'), perVersion: sum('perVersion') } }),
    findings,
  };
}

function siteOf(git: GitRepository): TrackSite {
  return { target: git.root, paths: [git.root], git, state: join(git.root, '.mldata') };
}
