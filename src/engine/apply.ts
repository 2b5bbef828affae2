/** New data, changed by the steps of a build with the numbers that were learned then. */
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { besideOf, transformOf } from '../config';
import { attempt } from './attempt';
import type { Applied } from './build';
import { recover } from './output';
import { seedOf } from './plan';
import { failed } from './buildOne';
import { beforeOf, configFolderOf, readManifest } from './manifest';
import type { NamedBuild } from './named';
import { startBuild, type Run } from './run';
import { listBeside, portablePath } from './sources';
import { hashFile } from './text';
import { explain } from './trouble';
import { clearLeftOvers, endRun, isRunning, runId } from './runs';
import {
  MldataError,
  type ApplyRequest,
  type DatasetBuild,
  type DatasetSpec,
  type Manifest,
  type TransformSpec,
} from '../protocol';

/** Of scratch folders among the temporary files of others. */
const SCRATCH_PREFIX = 'mldata-';

/** New data is no part of a workspace: what is needed on the way stands with other temporary files. */
export async function applyOne(
  run: Run,
  { manifest, folder }: NamedBuild,
  request: ApplyRequest,
): Promise<DatasetBuild> {
  const started = performance.now();
  const { output } = request;
  const kept = keptSteps(manifest);
  // What steps take in is named from the config's folder.
  const takesIn = kept.some((step) => besideOf(step));
  const place = takesIn ? configFolderOf(manifest, folder) : folder;
  const { spec, applied } = applicationOf(manifest, kept, place, request);
  const { datasets } = manifest;
  const id = runId();
  const scratch = join(tmpdir(), SCRATCH_PREFIX + id);
  try {
    await clearLeftOvers(tmpdir(), SCRATCH_PREFIX);
    await recover(output, isRunning);
    const standing = await readManifest(output);
    const blocked = standsInTheWay(output, folder, standing);
    if (blocked) throw blocked;
    if (takesIn) await refuseOthers(manifest, place, run.signal);
    const before = await beforeOf(output, standing);
    await mkdir(scratch, { mode: 0o700 });
    const { build } = await attempt({ id, scratch, output }, (staging) => {
      const job = { spec, folder: place, ...run.limits, scratch, output, staging, applied };
      return startBuild(run, { ...job, ...(before && { before }), ...(takesIn && datasets && { datasets }) });
    });
    return build;
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

/** The steps that new data goes through. */
function keptSteps({ steps = [] }: Manifest): NonNullable<Manifest['steps']> {
  return steps.filter(({ transform }) => !transformOf(transform)?.leavesNewData);
}

/** Throws `reference-changed` where a step would look things up in other data than it did when it was learned from. */
async function refuseOthers(
  { config, dataset, references = [], datasets }: Manifest,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map(references.map(({ path, sha256 }) => [path, sha256]));
  for (const [index, step] of (config.transforms ?? []).entries()) {
    if (transformOf(step.transform)?.leavesNewData) continue;
    for (const { path, name } of await listBeside(
      { step, index },
      { folder, root: undefined, datasets, signal },
      dataset,
    )) {
      if ((await hashFile(path, ['sha256'], signal)).sha256 === known.get(name)) continue;
      throw new MldataError(
        'buildFailed',
        'reference-changed',
        `Step ${index + 1} of ${dataset}, ${step.transform}, takes in ${name}, which is not what it was when ${dataset} was built: ` +
          'new data would be changed otherwise than the training data was. Build the dataset again, or put the file back.',
      );
    }
  }
}

interface Application {
  readonly spec: DatasetSpec;
  readonly applied: Applied;
}

/** The columns that were read then, and no others; no split; and what is to be predicted may be missing. */
function applicationOf(
  manifest: Manifest,
  kept: NonNullable<Manifest['steps']>,
  folder: string,
  { files, output }: ApplyRequest,
): Application {
  const { config, steps = [], columns, columnsRead = columns, dataset, createdAt } = manifest;
  const { split: _, transforms: __, ...rest } = config;
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
