/** The façade: everything the command line and the editor can ask of the engine. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { overrideOutput, parseConfig } from '../config';
import { attempt } from './attempt';
import { recover } from './build';
import { writeFirstConfig } from './init';
import { JOB_ENTRY } from './jobFork';
import { runJob } from './jobProcess';
import { limitsOf, type Limits } from './limits';
import { lock } from './locks';
import { previousBuild } from './manifest';
import { describePlan, refuseOwnIndices } from './plan';
import { confinedPath, confinementRoot } from './sources';
import { explain } from './trouble';
import { TOOL } from './version';
import { endRun, isRunning, openWorkspace, runId, type Workspace } from './workspace';
import {
  cancelled,
  hasErrors,
  MldataError,
  type BuildPlan,
  type BuildReport,
  type BuildRequest,
  type DatasetBuild,
  type DatasetSpec,
  type Engine,
  type InitRequest,
  type InitResult,
  type Progress,
} from '../protocol';

export class LocalEngine implements Engine {
  /** @param jobEntry the script of a job process */
  constructor(private readonly jobEntry = JOB_ENTRY) {}

  async build(
    request: BuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<BuildReport> {
    const limits = limitsOf(request);
    const specs = await readSpecs(request);
    const workspace = await openWorkspace(request.configPath);
    const datasets: DatasetBuild[] = [];
    for (const spec of specs) {
      const started = performance.now();
      try {
        datasets.push(await buildOne(this.jobEntry, spec, workspace, rootOf(request), limits, onProgress, signal));
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
    const specs = await readSpecs(request);
    return describePlan(specs, request.configPath, rootOf(request), signal);
  }

  init(request: InitRequest, signal: AbortSignal): Promise<InitResult> {
    return writeFirstConfig(request, limitsOf(request), signal);
  }
}

/** The datasets a request names. Throws a config error with every finding that stands in the way. */
async function readSpecs(request: BuildRequest): Promise<DatasetSpec[]> {
  const { configPath, names } = request;
  const text = await readFile(configPath, 'utf8').catch((error: unknown) => {
    throw new MldataError(
      'config',
      'config-unreadable',
      `${configPath} cannot be read: ${(error as Error).message}. Create one with \`mldata init FILE\`.`,
    );
  });
  const { findings, datasets, datasetNames } = parseConfig(text, configPath);
  const unknown = names?.filter((name) => !datasetNames.includes(name)) ?? [];
  if (unknown.length > 0) {
    const known = datasetNames.length > 0 ? `It has ${datasetNames.join(', ')}.` : 'It has none.';
    throw new MldataError('usage', 'dataset-unknown', `${configPath} has no dataset ${unknown.join(', ')}. ${known}`);
  }
  const wanted = datasets.filter(({ name }) => names === undefined || names.includes(name));
  // A named dataset builds even while another one is being edited.
  if (names === undefined ? hasErrors(findings) : wanted.length < new Set(names).size) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    throw new MldataError(
      'config',
      'config-invalid',
      `${configPath} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}. Nothing was built.`,
      findings,
    );
  }
  return wanted.map((spec) => overrideOutput(spec, overrides(request)));
}

function overrides({ format, compression }: BuildRequest) {
  return { ...(format !== undefined && { format }), ...(compression !== undefined && { compression }) };
}

function rootOf({ configPath, allowOutsidePaths }: BuildRequest): string | undefined {
  return allowOutsidePaths ? undefined : confinementRoot(dirname(configPath));
}

async function buildOne(
  jobEntry: string,
  spec: DatasetSpec,
  { folder, state }: Workspace,
  root: string | undefined,
  limits: Limits,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<DatasetBuild> {
  if (signal.aborted) throw cancelled();
  const output = await confinedPath(folder, spec.output.path, root, ['datasets', spec.name, 'output', 'path']);
  const id = runId();
  const scratch = join(state, 'tmp', id);
  try {
    const unlock = await lock(join(state, 'locks', `${spec.name}.lock`), scratch, spec.name);
    try {
      await recover(output, isRunning);
      const before = await previousBuild(output);
      await refuseOwnIndices(spec, folder, output, before);
      return await attempt({ id, scratch, output }, (staging) => {
        const job = {
          spec,
          folder,
          ...(root !== undefined && { root }),
          ...limits,
          scratch,
          output,
          staging,
          ...(before && { before }),
        };
        return runJob(jobEntry, job, onProgress, signal);
      });
    } finally {
      await unlock();
    }
  } finally {
    endRun(id);
  }
}

/** The error of builds that somebody stopped, once some of them may have come through. */
function stopped(before: readonly DatasetBuild[]): MldataError {
  const built = before.filter(({ status }) => status === 'built').map(({ dataset }) => dataset);
  if (built.length === 0) return cancelled();
  const were = `${built.join(', ')} ${built.length === 1 ? 'was' : 'were'}`;
  return new MldataError('cancelled', 'cancelled', `Cancelled. ${were} built before that; nothing else was changed.`);
}

function failed(spec: DatasetSpec, { kind, code, message, findings }: MldataError, durationMs: number): DatasetBuild {
  return {
    dataset: spec.name,
    status: 'failed',
    output: spec.output.path,
    rows: 0,
    rejected: 0,
    inputs: [],
    splits: [],
    artifacts: [],
    findings: [...findings],
    durationMs: Math.round(durationMs),
    steps: [],
    error: { kind, code, message },
  };
}
