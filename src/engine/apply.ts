/** New data, changed by the steps of a build with the numbers that were learned then. */
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformOf } from '../config';
import { attempt } from './attempt';
import { recover, type Applied } from './build';
import { seedOf } from './plan';
import { failed } from './buildOne';
import { beforeOf, readManifest } from './manifest';
import type { NamedBuild } from './named';
import { startBuild, type Run } from './run';
import { portablePath } from './sources';
import { explain } from './trouble';
import { endRun, isRunning, runId } from './workspace';
import {
  MldataError,
  type ApplyRequest,
  type DatasetBuild,
  type DatasetSpec,
  type Manifest,
  type TransformSpec,
} from '../protocol';

/** New data is no part of a workspace: what is needed on the way stands with other temporary files. */
export async function applyOne(
  run: Run,
  { manifest, folder }: NamedBuild,
  request: ApplyRequest,
): Promise<DatasetBuild> {
  const started = performance.now();
  const { output } = request;
  const { spec, applied } = applicationOf(manifest, folder, request);
  const id = runId();
  const scratch = join(tmpdir(), `mldata-${id}`);
  try {
    await recover(output, isRunning);
    const standing = await readManifest(output);
    const blocked = standsInTheWay(output, folder, standing);
    if (blocked) throw blocked;
    const before = await beforeOf(output, standing);
    await mkdir(scratch, { mode: 0o700 });
    return await attempt({ id, scratch, output }, (staging) => {
      const job = { spec, folder, ...run.limits, scratch, output, staging, applied, ...(before && { before }) };
      return startBuild(run, job);
    });
  } catch (error) {
    const trouble = explain(error, spec.name);
    if (trouble.kind === 'cancelled') throw trouble;
    return failed(spec, trouble, performance.now() - started);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    endRun(id);
  }
}

/** Undefined where nothing stands that would be lost. */
function standsInTheWay(output: string, folder: string, standing: Manifest | undefined): MldataError | undefined {
  if (resolve(output) !== resolve(folder) && (standing === undefined || standing.appliedFrom)) return undefined;
  return new MldataError(
    'usage',
    'output-blocked',
    `${output} holds the build of ${standing?.dataset ?? 'the manifest'}, which would be replaced. Choose another folder with --output.`,
  );
}

interface Application {
  readonly spec: DatasetSpec;
  readonly applied: Applied;
}

/** The columns that were read then, and no others; no split; and what is to be predicted may be missing. */
function applicationOf(manifest: Manifest, folder: string, { files, output }: ApplyRequest): Application {
  const { config, steps = [], columns, columnsRead = columns, dataset, createdAt } = manifest;
  const { split: _, transforms: __, ...rest } = config;
  const kept = steps.filter(({ transform }) => !transformOf(transform)?.chooses);
  const targets = new Set(steps.map(({ parameters }) => parameters['target']));
  const declared = columnsRead.map(({ name, type }) => {
    const own = Object.hasOwn(config.schema.columns, name) ? config.schema.columns[name] : undefined;
    const predicted = own?.role === 'target' || targets.has(name);
    return [name, { ...own, type, ...(predicted && { required: false }) }] as const;
  });
  const choose: TransformSpec = { transform: 'select', parameters: { columns: declared.map(([name]) => name) } };
  const [first] = config.source;
  return {
    spec: {
      ...rest,
      // New data is taken to be written as the old was, where that was said.
      source: files.map((path) => ({
        path,
        options: first?.options ?? {},
        ...(first?.format !== undefined && { format: first.format }),
      })),
      schema: { ...config.schema, columns: Object.fromEntries(declared) },
      transforms: [choose, ...kept.map(({ transform, parameters }) => ({ transform, parameters }))],
      output: { ...config.output, path: portablePath(folder, output) },
    },
    applied: {
      seed: seedOf(config),
      from: { dataset, builtAt: createdAt },
      learned: [null, ...kept.map(({ fitted }) => fitted ?? null)],
    },
  };
}
