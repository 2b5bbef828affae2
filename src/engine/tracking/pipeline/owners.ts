/** Who makes or keeps the folders of a build already: stages of pipelines and `.dvc` files. */
import { basename } from 'node:path';
import { MldataError, type Finding } from '../../../protocol';
import { isInside } from '../../sources';
import type { DvcRepository } from '../dvc';
import type { TrackSite } from '../site';
import { trackedByDvc } from '../status/trackedOuts';

export interface StagePlace {
  /** The `dvc.yaml`, absolute. */
  readonly file: string;
  readonly name: string;
}

export interface Owners {
  /** The stages that make at least one of the paths. */
  readonly stages: readonly StagePlace[];
  /** The `.dvc` files that keep at least one of them, absolute. */
  readonly dvcFiles: readonly string[];
}

/** A site of which is known who makes or keeps it already. */
export interface OwnedSite extends TrackSite {
  readonly owners: Owners;
}

/**
 * Throws `dvc-overlap` where something else tracks a part of a path or a folder around it, and `dvc-file-broken` where a
 * file of DVC cannot be read: then DVC itself does nothing.
 */
export async function ownersOf({ paths, git }: TrackSite, dvc: DvcRepository, signal: AbortSignal): Promise<Owners> {
  const { outs, broken } = await trackedByDvc(dvc.root, git, signal);
  const [first] = broken.filter(({ by }) => isInside(dvc.root, by));
  if (first !== undefined) {
    const { by: file, line, column, message } = first;
    const location = { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
    const code = basename(file).endsWith('.dvc') ? 'dvc-file-broken' : 'dvc-yaml-broken';
    const finding: Finding = { code, severity: 'error', message, locations: [location] };
    throw new MldataError('config', code, message, [finding]);
  }
  const stages = new Map<string, StagePlace>();
  const dvcFiles = new Set<string>();
  for (const { by, stage, out } of outs) {
    if (!isInside(dvc.root, by)) continue;
    if (paths.includes(out.file)) {
      if (stage === undefined) dvcFiles.add(by);
      else stages.set(`${by}:${stage}`, { file: by, name: stage });
    } else {
      const path = paths.find((each) => isInside(each, out.file) || isInside(out.file, each));
      if (path !== undefined) throw overlap(path, out.file, by, stage);
    }
  }
  return { stages: [...stages.values()], dvcFiles: [...dvcFiles] };
}

function overlap(path: string, other: string, by: string, stage: string | undefined): MldataError {
  const owner = stage === undefined ? by : `the stage ${stage} of ${by}`;
  const way = stage === undefined ? `run \`dvc remove ${basename(by)}\` there` : 'take it out of that stage';
  const text = `${path} cannot be tracked: ${owner} tracks ${other} already, and DVC keeps nothing twice. If it need not, ${way}, and try again.`;
  return new MldataError('config', 'dvc-overlap', text);
}
