/** The stage of a dataset in the `dvc.yaml` beside its config, or in one above it, where projects have one for all. */
import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MldataError, type Finding } from '../../../protocol';
import { isInside, portablePath } from '../../sources';
import type { TrackedBuild, TrackSite } from '../site';
import type { StagePlace } from './owners';
import { isStageOf, pathOf, readPipeline, type PipelineFile, type WrittenStage } from './pipelineFile';

type ConfiguredBuild = Pick<TrackedBuild, 'folder' | 'dataset'>;

interface WrittenPlace extends StagePlace {
  readonly stage: WrittenStage;
}

/** Whatever its outputs are; up to the root of the DVC repository. Throws `dvc-yaml-broken`. */
export async function stageBeside(build: ConfiguredBuild): Promise<WrittenPlace | undefined> {
  for (let folder = build.folder; ; folder = dirname(folder)) {
    const pipeline = await readPipeline(join(folder, 'dvc.yaml'));
    const found = pipeline && stageIn(pipeline, build);
    if (found !== undefined || dirname(folder) === folder) return found;
    const isRoot = await lstat(join(folder, '.dvc')).then(
      (dvc) => dvc.isDirectory(),
      () => false,
    );
    if (isRoot) return undefined;
  }
}

function stageIn({ stages, path: file }: PipelineFile, build: ConfiguredBuild): WrittenPlace | undefined {
  const [name, stage] =
    Object.entries(stages).find(([, each]) => isStageOf(each, build.dataset) && isBeside(each, file, build)) ?? [];
  return name === undefined || stage === undefined ? undefined : { file, name, stage };
}

/** Above the config other configs may have a dataset of that name: the stage runs beside it, or depends on it. */
function isBeside({ wdir, params }: WrittenStage, file: string, { folder }: ConfiguredBuild): boolean {
  const home = resolve(dirname(file), wdir ?? '.');
  const files = (params ?? []).map((entry) => dirname(resolve(home, pathOf(entry))));
  return dirname(file) === folder || home === folder || files.includes(folder);
}

/**
 * A warning where the build that stands has other folders of data than its stage names: DVC would not keep them. Undefined
 * where it names them, or none can be read. It asks no program, so that every build can.
 */
export async function stageBehind({ paths, build }: TrackSite): Promise<Finding | undefined> {
  if (build === undefined) return undefined;
  const place = await stageBeside(build).catch((error: unknown) => {
    if (error instanceof MldataError) return undefined;
    throw error;
  });
  if (place === undefined) return undefined;
  const { stage } = place;
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
    message: `The stage ${place.name} of ${portablePath(build.folder, place.file)} is behind the build of ${build.dataset}: it ${[lacks, keeps].filter(Boolean).join(', and ')}.`,
    dataset: build.dataset,
    suggestion: `Bring the stage up to date: \`mldata track ${build.dataset} --dvc-pipeline\`, then \`dvc repro\`.`,
    configPath: ['datasets', build.dataset],
  };
}
