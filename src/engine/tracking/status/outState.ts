/** How one output of DVC stands: in the workspace first, then in the cache, then at its remote. */
import { stat } from 'node:fs/promises';
import type { TrackingPath } from '../../../protocol';
import type { DvcOut } from '../dvc';
import type { ObjectFolder } from './objectFolder';
import type { RemoteLook } from './remoteLook';
import type { TrackedOut } from './trackedOuts';
import { dvcWords, inCommand } from './words';

export interface OutPlaces {
  readonly cache: ObjectFolder;
  readonly remotes: RemoteLook;
  /** The hash of what is in the workspace now, as the `.dvc` has it. */
  readonly hashOf: (out: DvcOut) => Promise<string>;
  /** How commands name a file, absolute: relative to the git root. */
  readonly nameOf: (file: string) => string;
}

export type StateOf = Pick<TrackingPath, 'state' | 'message'>;

/** What is known of a path, by where it lies. */
export interface PathState extends Omit<TrackingPath, 'path' | 'dataset' | 'by'> {
  /** Absolute, as `by` is. */
  readonly file: string;
  readonly by?: string;
}

/** Throws what cannot be read, and the cancelled error. */
export async function stateOfOut(tracked: TrackedOut, { cache, remotes, hashOf, nameOf }: OutPlaces): Promise<StateOf> {
  const { out, by, stage } = tracked;
  const named = inCommand(stage === undefined ? nameOf(by) : `${nameOf(by)}:${stage}`);
  // What git keeps itself has no object anywhere.
  const uncached = out.cache && (await cache.lacks(await cache.objectsOf(out), out.hash)).length > 0;
  const remote = out.cache ? await remotes.of(tracked) : ({ is: 'there' } as const);
  if (!(await isThere(out.file))) {
    if (out.md5 === undefined) return { state: 'missing', message: dvcWords.neverMade(named) };
    if (!uncached) return { state: 'missing', message: dvcWords.missing(named) };
    const words = remote.is === 'none' || remote.is === 'lacking' ? dvcWords.lost : dvcWords.elsewhere;
    return { state: 'missing', message: words(named) };
  }
  if (out.md5 === undefined) return { state: 'modified', message: dvcWords.unknown(named) };
  if ((await hashOf(out)) !== out.md5) return { state: 'modified', message: dvcWords.modified(named) };
  if (uncached) return { state: 'not-in-cache', message: dvcWords.uncached(named) };
  switch (remote.is) {
    case 'none':
      return { state: 'missing-remote', message: dvcWords.noRemote() };
    case 'unknown':
      return { state: 'missing-remote', message: dvcWords.unknownRemote(remote.remote) };
    case 'lacking':
      return { state: 'missing-remote', message: dvcWords.lacking(remote.remote, named) };
    case 'there':
      return { state: 'up-to-date' };
    case 'unasked':
      return { state: 'up-to-date', ...(remote.why !== undefined && { message: dvcWords.unasked(remote.why) }) };
  }
}

/** A link that leads nowhere is none: what it led to was in the cache. */
function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
