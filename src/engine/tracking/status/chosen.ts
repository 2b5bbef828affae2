/** Which of all that DVC tracks somebody wants to know of, and what of that DVC does not track. */
import { eachOf } from '../../eachOf';
import { findDvc } from '../dvc';
import type { GitRepository } from '../git';
import { trackedByDvc, type TrackedByDvc } from './trackedOuts';
import { isIn, type Wanted } from './wanted';

export interface Chosen extends TrackedByDvc {
  /** What DVC does not track. */
  readonly rest: readonly Wanted[];
  /** Every file of DVC that is broken, whoever asks: with one of them no command of DVC works. */
  readonly allBroken: TrackedByDvc['broken'];
}

export interface Place {
  readonly folder: string;
  readonly git: GitRepository | undefined;
}

/**
 * Throws the `target-unknown` of what is neither there nor tracked, and the cancelled error.
 * @param all of the repository here, besides what is wanted
 */
export async function chooseOuts(
  wanted: readonly Wanted[],
  all: boolean,
  here: Place,
  signal: AbortSignal,
): Promise<Chosen> {
  const roots = new Map<string, GitRepository | undefined>();
  if (all) roots.set(await rootOf(here), here.git);
  for (const { path, git } of wanted) roots.set(await rootOf({ folder: path, git }), git);
  const tracked = await eachOf([...roots], ([root, git]) => trackedByDvc(root, git, signal));
  const outs = tracked.flatMap((each) => each.outs);
  const broken = tracked.flatMap((each) => each.broken);
  const chosen = new Set(all ? [...outs, ...broken] : []);
  const rest = wanted.filter((each) => {
    const found = [
      ...outs.filter(({ out, by }) => isMeant(each, out.file, by)),
      ...broken.filter(({ path, by }) => isMeant(each, path, by)),
    ];
    for (const one of found) chosen.add(one);
    if (found.length === 0 && each.missing) throw each.missing;
    return found.length === 0;
  });
  return {
    outs: outs.filter((out) => chosen.has(out)),
    broken: broken.filter((file) => chosen.has(file)),
    rest,
    allBroken: broken,
  };
}

/** What is tracked is it, holds it, or lies in it; a `.dvc` file or a `dvc.yaml` stands for what it names. */
function isMeant({ path }: Wanted, file: string, by: string): boolean {
  return by === path || isIn(file, path) || isIn(path, file);
}

async function rootOf({ folder, git }: Place): Promise<string> {
  return git?.root ?? (await findDvc(folder).catch(() => undefined))?.root ?? folder;
}
