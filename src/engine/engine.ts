/** The façade: everything the command line and the editor can ask of the engine. */
import { join } from 'node:path';
import { applyOne } from './apply';
import { buildOne, failed } from './buildOne';
import { writeFirstConfig } from './init';
import { JOB_ENTRY } from './jobFork';
import { limitsOf } from './limits';
import { lineageOf } from './lineage';
import { manifestsOf } from './named';
import { describePlan } from './plan';
import { previewOne } from './previewOne';
import { readSpecs } from './readConfig';
import { rebuildOne } from './rebuild';
import { rootOf } from './run';
import { explain } from './trouble';
import { readUserConfig } from './userLayer';
import { TOOL } from './version';
import { openWorkspace } from './workspace';
import {
  cancelled,
  MANIFEST_FILE,
  MldataError,
  type ApplyRequest,
  type BuildPlan,
  type BuildReport,
  type BuildRequest,
  type DatasetBuild,
  type DatasetRebuild,
  type Engine,
  type InitRequest,
  type InitResult,
  type Lineage,
  type Preview,
  type PreviewRequest,
  type Progress,
  type RebuildReport,
  type RebuildRequest,
  type TargetsRequest,
} from '../protocol';

export class LocalEngine implements Engine {
  /** @param jobEntry the script of a job process */
  constructor(private readonly jobEntry = JOB_ENTRY) {}

  async build(
    request: BuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<BuildReport> {
    const user = await readUserConfig();
    const limits = limitsOf(request, user?.engine);
    const { specs, layers } = await readSpecs(request, user);
    const workspace = await openWorkspace(request.configPath);
    const run = { jobEntry: this.jobEntry, limits, onProgress, signal };
    const datasets: DatasetBuild[] = [];
    for (const spec of specs) {
      const started = performance.now();
      try {
        const origins = layers.originsOf(spec.name);
        const build = await buildOne(run, { spec, origins }, workspace, request);
        datasets.push(layers.told(build));
      } catch (error) {
        const trouble = explain(error, spec.name);
        if (trouble.kind === 'cancelled') throw stopped(datasets);
        datasets.push(failed(spec, trouble, performance.now() - started));
      }
    }
    return {
      kind: 'mldata/build',
      version: 1,
      generatedAt: new Date().toISOString(),
      tool: TOOL,
      config: request.configPath,
      datasets,
    };
  }

  async plan(request: BuildRequest, signal: AbortSignal): Promise<BuildPlan> {
    limitsOf(request);
    const { specs } = await readSpecs(request, await readUserConfig());
    return describePlan(specs, request.configPath, rootOf(request), signal);
  }

  async init(request: InitRequest, signal: AbortSignal): Promise<InitResult> {
    const user = await readUserConfig();
    return writeFirstConfig(request, limitsOf(request, user?.engine), signal);
  }

  async apply(
    request: ApplyRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<BuildReport> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    const [build] = await manifestsOf({ targets: [request.manifest], folder: request.manifest });
    if (!build) throw new Error('No manifest was found and nothing was said');
    const dataset = await applyOne({ jobEntry: this.jobEntry, limits, onProgress, signal }, build, request);
    return {
      kind: 'mldata/build',
      version: 1,
      generatedAt: new Date().toISOString(),
      tool: TOOL,
      config: join(build.folder, MANIFEST_FILE),
      datasets: [dataset],
    };
  }

  async preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    const { configPath, dataset } = request;
    const user = await readUserConfig();
    const limits = limitsOf(request, user?.engine);
    const { specs } = await readSpecs({ configPath, names: [dataset] }, user);
    const [spec] = specs;
    if (!spec) throw new Error(`The config has ${dataset} and does not say what it is`);
    const run = { jobEntry: this.jobEntry, limits, onProgress: () => undefined, signal };
    return previewOne(run, spec, request);
  }

  async lineage(request: TargetsRequest): Promise<Lineage> {
    const builds = await manifestsOf(request);
    const datasets = builds.map(({ manifest }) => lineageOf(manifest));
    return { kind: 'mldata/lineage', version: 1, generatedAt: new Date().toISOString(), tool: TOOL, datasets };
  }

  async rebuild(
    request: RebuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<RebuildReport> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    const run = { jobEntry: this.jobEntry, limits, onProgress, signal };
    const datasets: DatasetRebuild[] = [];
    for (const build of await manifestsOf(request)) {
      try {
        datasets.push(await rebuildOne(run, build, request));
      } catch (error) {
        const { dataset } = build.manifest;
        const { kind, code, message } = explain(error, dataset);
        if (kind === 'cancelled') throw error;
        datasets.push({ dataset, status: 'failed', differences: [], error: { kind, code, message } });
      }
    }
    return { kind: 'mldata/rebuild', version: 1, generatedAt: new Date().toISOString(), tool: TOOL, datasets };
  }
}

/** The error of builds that somebody stopped, once some of them may have come through. */
function stopped(before: readonly DatasetBuild[]): MldataError {
  const built = before.filter(({ status }) => status === 'built').map(({ dataset }) => dataset);
  if (built.length === 0) return cancelled();
  const were = `${built.join(', ')} ${built.length === 1 ? 'was' : 'were'}`;
  return new MldataError('cancelled', 'cancelled', `Cancelled. ${were} built before that; nothing else was changed.`);
}
