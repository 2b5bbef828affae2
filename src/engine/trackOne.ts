/** Having DVC or Git LFS track what somebody names. One that fails stops no other. */
import { sitesOf } from './tracking';
import { documentHead } from './version';
import { MldataError, type Track, type TrackedTarget, type TrackProgress, type TrackRequest } from '../protocol';

/** Throws what is wrong with the config, and the cancelled error. */
export async function trackAll(
  request: TrackRequest,
  onProgress: (progress: TrackProgress) => void,
  signal: AbortSignal,
): Promise<Track> {
  const targets: TrackedTarget[] = [];
  for (const { target, error } of await sitesOf(request)) {
    signal.throwIfAborted();
    onProgress({ target, step: 'look', fraction: 0 });
    const { kind, code, message } =
      error ?? new MldataError('config', 'not-supported-yet', 'Nothing tracks yet in this version.');
    const tool = request.tool ?? 'dvc';
    const nothing = { status: 'failed', paths: [], files: [], findings: [] } as const;
    targets.push({ target, tool, ...nothing, paths: [], files: [], findings: [], error: { kind, code, message } });
  }
  return { ...documentHead('mldata/track'), dryRun: request.dryRun === true, targets };
}
