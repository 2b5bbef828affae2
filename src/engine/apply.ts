/** New data, changed by the steps of a build with the numbers that were learned then. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt } from './attempt';
import { recover, type Applied } from './build';
import { seedOf } from './plan';
import { failed } from './buildOne';
import { previousBuild } from './manifest';
import type { NamedBuild } from './named';
import { startBuild, type Run } from './run';
import { explain } from './trouble';
import { endRun, isRunning, runId } from './workspace';
import type { ApplyRequest, DatasetBuild, DatasetSpec, Manifest } from '../protocol';

/** Steps that choose which rows to train on mean nothing for other rows. */
const forTraining = new Set(['sample']);

/** New data is no part of a workspace: what is needed on the way stands with other temporary files. */
export async function applyOne(
  run: Run,
  { manifest, folder }: NamedBuild,
  request: ApplyRequest,
): Promise<DatasetBuild> {
  const started = performance.now();
  const { output } = request;
  const { spec, applied } = applicationOf(manifest, request);
  const id = runId();
  const scratch = join(tmpdir(), `mldata-${id}`);
  try {
    await recover(output, isRunning);
    const before = await previousBuild(output);
    return await attempt({ id, scratch, output }, (staging) => {
      const job = { spec, folder, ...run.limits, scratch, output, staging, applied, ...(before && { before }) };
      return startBuild(run, job);
    });
  } catch (error) {
    const trouble = explain(error, spec.name);
    if (trouble.kind === 'cancelled') throw trouble;
    return failed(spec, trouble, performance.now() - started);
  } finally {
    endRun(id);
  }
}

interface Application {
  readonly spec: DatasetSpec;
  readonly applied: Applied;
}

/** No split; and the target may be missing, for it is what is to be predicted. */
function applicationOf({ config, steps = [] }: Manifest, { files }: ApplyRequest): Application {
  const { split: _, transforms: __, ...rest } = config;
  const kept = steps.filter(({ transform }) => !forTraining.has(transform));
  const columns = Object.entries(config.schema.columns).map(([name, column]) => [
    name,
    column.role === 'target' ? { ...column, required: false } : column,
  ]);
  return {
    spec: {
      ...rest,
      source: files.map((path) => ({ path, options: sharedOptions(config) })),
      schema: { ...config.schema, columns: Object.fromEntries(columns) as DatasetSpec['schema']['columns'] },
      ...(kept.length > 0 && { transforms: kept.map(({ transform, parameters }) => ({ transform, parameters })) }),
    },
    applied: { seed: seedOf(config), learned: kept.map(({ fitted }) => fitted ?? null) },
  };
}

/** New data is taken to be written as the old was, where that was said. */
function sharedOptions({ source }: DatasetSpec): DatasetSpec['source'][number]['options'] {
  return source[0]?.options ?? {};
}
