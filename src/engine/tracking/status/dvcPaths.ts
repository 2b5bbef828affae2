/** The states of what DVC tracks, each with the repository that it belongs to. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cancelled, MldataError } from '../../../protocol';
import { eachOf } from '../../eachOf';
import { isInside } from '../../sources';
import { findDvc, type DvcOut, type DvcRepository } from '../dvc';
import type { DvcProgram } from '../dvc/command';
import { factsOf } from '../dvc/hashes';
import { ObjectFolder } from './objectFolder';
import { stateOfOut, type OutPlaces, type PathState, type StateOf } from './outState';
import { RemoteLook } from './remoteLook';
import type { TrackedOut } from './trackedOuts';

export interface DvcLook extends Pick<OutPlaces, 'nameOf'> {
  /** The installed DVC, asked only of remotes elsewhere. */
  readonly program: () => Promise<DvcProgram | undefined>;
  readonly remote: boolean;
  /** The folder `.mldata/`, where hashes are remembered. */
  readonly state: string;
  readonly signal: AbortSignal;
}

/** In the order of the outputs. Throws the cancelled error. */
export async function dvcPaths(outs: readonly TrackedOut[], look: DvcLook): Promise<PathState[]> {
  const repositories = new Repositories(look);
  return eachOf(outs, async (tracked) => {
    if (look.signal.aborted) throw cancelled();
    return { ...headOf(tracked), ...(await stateOrWhy(tracked, repositories, look)) };
  });
}

interface Opened extends Pick<OutPlaces, 'cache' | 'remotes'> {
  readonly dvc: DvcRepository;
}

/** One cache and one remote are looked at once, however many folders are tracked. */
class Repositories {
  private readonly byFolder = new Map<string, Promise<Opened>>();
  private readonly byRoot = new Map<string, Opened>();

  constructor(private readonly look: DvcLook) {}

  /** Throws `dvc-repository-missing` and `dvc-config-unreadable`. */
  of(folder: string): Promise<Opened> {
    const known = this.byFolder.get(folder);
    if (known !== undefined) return known;
    const opened = this.open(folder);
    this.byFolder.set(folder, opened);
    return opened;
  }

  private async open(folder: string): Promise<Opened> {
    const dvc = await findDvc(folder);
    if (dvc === undefined) {
      const text = `${folder} lies in no DVC repository, so that no command of DVC reads it. Make one at the root: \`dvc init\`.`;
      throw new MldataError('config', 'dvc-repository-missing', text);
    }
    const known = this.byRoot.get(dvc.root);
    if (known !== undefined) return known;
    const { program, remote, signal } = this.look;
    const cache = new ObjectFolder(dvc.cache);
    const opened = { dvc, cache, remotes: new RemoteLook(dvc, cache, program, remote, signal) };
    this.byRoot.set(dvc.root, opened);
    return opened;
  }
}

async function stateOrWhy(
  tracked: TrackedOut,
  repositories: Repositories,
  { nameOf, state, signal }: DvcLook,
): Promise<StateOf> {
  try {
    const { dvc, cache, remotes } = await repositories.of(dirname(tracked.by));
    // Whoever wrote the file must not have us read all of this machine.
    if (!isInside(dvc.root, await placeOf(tracked.out.file))) throw outside(tracked, dvc);
    const run = { onProgress: () => undefined, signal };
    const hashOf = async ({ file, hash, md5 }: DvcOut) =>
      (await factsOf(file, { dvc, hash, state, ...(md5 !== undefined && { was: { md5 } }) }, run)).md5;
    return await stateOfOut(tracked, { cache, remotes, nameOf, hashOf });
  } catch (error) {
    if (!(error instanceof MldataError) || error.code === 'cancelled') throw error;
    return { state: 'broken', message: error.message };
  }
}

/** Where it lies in truth. A file that is a link lies where the link does: that may lead into the cache. */
async function placeOf(file: string): Promise<string> {
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? realpath(file) : join(await realpath(dirname(file)).catch(() => dirname(file)), basename(file));
}

function outside({ out, by }: TrackedOut, { root }: DvcRepository): MldataError {
  const text = `${by} names ${out.path}, which lies outside of the DVC repository at ${root}, and is not looked at. Correct the path.`;
  return new MldataError('config', 'path-outside-repository', text);
}

function headOf({ out, by, tool }: TrackedOut): Omit<PathState, 'state'> {
  const files = out.nfiles ?? (out.md5 === undefined || out.md5.endsWith('.dir') ? undefined : 1);
  return {
    file: out.file,
    tool,
    by,
    ...(out.size !== undefined && { bytes: out.size }),
    ...(files !== undefined && { files }),
  };
}
