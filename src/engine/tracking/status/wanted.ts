/** What somebody wants to know of, and where it lies. */
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Finding, MldataError, TargetsRequest } from '../../../protocol';
import type { GitRepository } from '../git';
import type { TrackSite } from '../site';
import { sitesOf, type FindGit } from '../sites';

export interface Wanted {
  /** As it was asked for. */
  readonly target: string;
  /** Absolute, links above it resolved. */
  readonly path: string;
  readonly git?: GitRepository;
  /** Whose path it is; absent where nothing lies there. */
  readonly site?: TrackSite;
  readonly dataset?: string;
  /** Nothing lies there; it may be tracked all the same. */
  readonly missing?: MldataError;
}

/**
 * Without targets the datasets of the config, if there is one. A dataset that cannot be looked at is told as a finding.
 * Throws what is wrong with the config, and what `gitOf` throws.
 */
export async function wantedOf(
  request: TargetsRequest,
  gitOf: FindGit,
): Promise<{ wanted: Wanted[]; findings: Finding[] }> {
  const { targets, configPath, folder } = request;
  const sites = targets.length > 0 || configPath !== undefined ? await sitesOf(request, gitOf) : [];
  const wanted: Wanted[] = [];
  const findings: Finding[] = [];
  for (const { target, site, error } of sites) {
    if (site) {
      const { paths, git, build } = site;
      const dataset = build && { dataset: build.dataset };
      for (const path of paths) wanted.push({ target, path, site, ...(git && { git }), ...dataset });
    } else if (error?.code === 'target-unknown') {
      const path = await placeOf(folder, target);
      const git = await gitOf(await nearest(dirname(path)));
      wanted.push({ target, path, missing: error, ...(git && { git }) });
    } else if (error) {
      findings.push({ code: error.code, severity: 'warning', message: error.message, dataset: target });
    }
  }
  return { wanted, findings };
}

/** Whether a path is this one, or below it; both absolute. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

async function placeOf(folder: string, target: string): Promise<string> {
  const path = resolve(folder, target);
  const above = await nearest(dirname(path));
  return join(await realpath(above), path.slice(above.length));
}

/** The folder itself, or the first one above it that is there. */
async function nearest(folder: string): Promise<string> {
  const isThere = await realpath(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
