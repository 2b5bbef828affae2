/** What `dvc add` does, done here. */
import type { TrackRun, TrackSite, Tracked } from '../site';
import type { DvcRepository } from './repository';

/**
 * Takes the paths of a site into the cache and writes a `.dvc` file for each, or brings the one that names it up to date.
 * Throws what `refusals.ts` refuses, `dvc-file-broken`, what the disk throws, and the cancelled error.
 */
export function addToDvc(site: TrackSite, dvc: DvcRepository, run: TrackRun): Promise<Tracked> {
  return Promise.reject(new Error(`${site.target} ${dvc.root} ${String(run.dryRun)}`));
}
