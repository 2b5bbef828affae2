/** The stage of a dataset in the `dvc.yaml` beside its config. */
import { dirname, join, resolve } from 'node:path';
import { MldataError, type Finding } from '../../../protocol';
import { isInside, portablePath } from '../../sources';
import type { TrackedBuild, TrackSite } from '../site';
import type { StagePlace } from './owners';
import { isStageOf, pathOf, readPipeline, type PipelineFile } from './pipelineFile';

/** Whatever its outputs are. Throws `dvc-yaml-broken`. */
export async function stageBeside({
  folder,
  dataset,
}: Pick<TrackedBuild, 'folder' | 'dataset'>): Promise<StagePlace | undefined> {
  const pipeline = await readPipeline(join(folder, 'dvc.yaml'));
  return pipeline && stageIn(pipeline, dataset);
}

function stageIn({ stages, path: file }: PipelineFile, dataset: string): StagePlace | undefined {
  const [name] = Object.entries(stages).find(([, stage]) => isStageOf(stage, dataset)) ?? [];
  return name === undefined ? undefined : { file, name };
}

/**
 * A warning where the build that stands has other folders of data than its stage names: DVC would not keep them. Undefined
 * where it names them, or none can be read. It asks no program, so that every build can.
 */
export async function stageBehind({ paths, build }: TrackSite): Promise<Finding | undefined> {
  if (build === undefined) return undefined;
  const pipeline = await readPipeline(join(build.folder, 'dvc.yaml')).catch((error: unknown) => {
    if (error instanceof MldataError) return undefined;
    throw error;
  });
  const place = pipeline && stageIn(pipeline, build.dataset);
  const stage = place && pipeline.stages[place.name];
  if (place === undefined || stage === undefined) return undefined;
  const outs = (stage.outs ?? []).map(pathOf);
  // What DVC fills in nobody else knows.
  if (outs.some((out) => /(?<!\\)\$\{/.test(out))) return undefined;
  const home = resolve(dirname(place.file), stage.wdir ?? '.');
  const named = outs.map((out) => resolve(home, out.replaceAll('\\${', '${')));
  const news = paths.filter((path) => !named.some((out) => isInside(out, path)));
  const gone = named.filter((out) => isInside(build.output, out) && !paths.some((path) => isInside(out, path)));
  if (news.length === 0 && gone.length === 0) return undefined;
  const shown = (list: readonly string[]) => list.map((path) => portablePath(build.folder, path)).join(', ');
  const lacks = news.length > 0 ? `does not name ${shown(news)}, which it wrote` : undefined;
  const keeps = gone.length > 0 ? `names ${shown(gone)}, which it does not write any more` : undefined;
  return {
    code: 'stage-behind',
    severity: 'warning',
    message: `The stage ${place.name} of dvc.yaml is behind the build of ${build.dataset}: it ${[lacks, keeps].filter(Boolean).join(', and ')}.`,
    dataset: build.dataset,
    suggestion: `Bring the stage up to date: \`mldata track ${build.dataset} --dvc-pipeline\`, then \`dvc repro\`.`,
    configPath: ['datasets', build.dataset],
  };
}
