/** Having mldata track, as the command line and the editor ask for it. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { trackSchema, type TrackedTarget, type TrackRequest } from '../../src/protocol';

const engine = new LocalEngine(resolve('dist/job.js'));

type Options = Partial<Omit<TrackRequest, 'folder' | 'targets'>>;

/** What came of each target, good or bad. */
export async function askToTrack(
  folder: string,
  targets: readonly string[],
  options: Options = {},
): Promise<TrackedTarget[]> {
  const request: TrackRequest = { tool: 'dvc', dvc: { mode: 'native' }, ...options, folder, targets };
  const track = trackSchema.parse(await engine.track(request, () => undefined, new AbortController().signal));
  assert.equal(track.targets.length, targets.length);
  return track.targets;
}

/** None of which may fail. */
export async function track(
  folder: string,
  targets: readonly string[],
  options: Options = {},
): Promise<TrackedTarget[]> {
  const tracked = await askToTrack(folder, targets, options);
  for (const { target, error } of tracked) assert.equal(error?.message, undefined, target);
  return tracked;
}

/** `['a.csv: dvc-git-tracked']` */
export async function whyNot(folder: string, targets: readonly string[], options: Options = {}): Promise<string[]> {
  const failed = (await askToTrack(folder, targets, options)).filter(({ error }) => error);
  return failed.map(({ target, error }) => `${target}: ${error?.code}`);
}
