/** The stage of a dataset in the `dvc.yaml` beside its config. */
import { MldataError } from '../../../protocol';
import type { DvcRepository } from '../dvc';
import type { Tracked, TrackRun, TrackSite } from '../site';

/** Throws what keeps a dataset from being a stage, and `dvc-yaml-broken`. */
export function writeStage(site: TrackSite, _dvc: DvcRepository, _run: TrackRun): Promise<Tracked> {
  return Promise.reject(new MldataError('usage', 'stage-unknown', `${site.target} cannot be a stage yet.`));
}
