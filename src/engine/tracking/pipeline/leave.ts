/** A dataset is kept by a `.dvc` file or made by a stage, never both: leaving one for the other. */
import { dirname, join } from 'node:path';
import { MldataError, type TrackedChange } from '../../../protocol';
import { readDvcFile, type DvcRepository } from '../dvc';
import { textOf } from '../change';
import type { TrackRun, TrackSite } from '../site';
import { writeEdits, type FileEdit } from './edits';
import type { OwnedSite, StagePlace } from './owners';
import { isStageOf, noteOf, readPipeline } from './pipelineFile';
import { withoutStage } from './stageText';

export interface LeftStage {
  readonly files: TrackedChange[];
  /** As it was, where what was to take its place failed. */
  readonly putBack: () => Promise<void>;
}

/**
 * Takes the stage that makes the paths of a site, and what `dvc.lock` says of it, out of its files; nothing where none
 * does. A `.dvc` may be written then. Throws `stage-foreign` for a stage that mldata did not write, and what makes `dvc.yaml` impossible to change.
 */
export async function leaveStage(site: OwnedSite, dvc: DvcRepository, run: TrackRun): Promise<LeftStage> {
  const edits = new Map<string, FileEdit>();
  for (const stage of site.owners.stages) {
    await refuseForeign(stage, site);
    for (const file of [stage.file, join(dirname(stage.file), 'dvc.lock')]) {
      const known = edits.get(file);
      const before = known ? known.before : await textOf(file);
      const now = known ? known.after : before;
      const after = now === undefined ? undefined : withoutStage(now, stage.name, file);
      edits.set(file, { path: file, before, after });
    }
  }
  const done = [...edits.values()];
  const place = { git: site.git, dvc };
  return {
    files: await writeEdits(done, place, run.dryRun),
    putBack: async () => {
      const back = done.map(({ path, before, after }) => ({ path, before: after, after: before }));
      await writeEdits(back, place, run.dryRun);
    },
  };
}

/** What is to be done to the `.dvc` files that keep the paths, so that a stage may. None is imported. */
export async function withoutDvcFiles(files: readonly string[], paths: readonly string[]): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  for (const path of files) {
    const { text, document, outs } = await readDvcFile(path);
    const others = outs.filter(({ file }) => !paths.includes(file));
    const copy = document.clone();
    for (const [index, { file }] of [...outs.entries()].reverse())
      if (paths.includes(file)) copy.deleteIn(['outs', index]);
    const rest = others.length === 0 ? undefined : copy.toString({ lineWidth: 0, indentSeq: false });
    edits.push({ path, before: text, after: rest });
  }
  return edits;
}

/** Throws `stage-foreign`. */
export async function refuseForeign({ file, name }: StagePlace, { target, build }: TrackSite): Promise<void> {
  const stage = (await readPipeline(file))?.stages[name];
  if (stage && (build ? isStageOf(stage, build.dataset) : noteOf(stage) !== undefined)) return;
  throw new MldataError(
    'config',
    'stage-foreign',
    `${target} is what the stage ${name} of ${file} makes, which mldata did not write. Take it out of the \`outs\` of that stage, or remove the stage with \`dvc remove ${name}\` there, and try again.`,
  );
}
