/** One build of one dataset: in its place, or aside where only its record is wanted. */
import { join } from 'node:path';
import { attempt } from './attempt';
import { recover } from './build';
import { lock } from './locks';
import { beforeOf, readManifest } from './manifest';
import { refuseOwnIndices } from './plan';
import { rootOf, startBuild, type Run } from './run';
import { confinedPath } from './sources';
import { standingBuild } from './standing';
import { endRun, hashesOf, isRunning, runId, type Workspace } from './workspace';
import {
  cancelled,
  type BuildRequest,
  type DatasetBuild,
  type DatasetSpec,
  type MldataError,
  type Origins,
} from '../protocol';

/** Builds a dataset, or leaves alone what is up to date. */
export async function buildOne(
  run: Run,
  { spec, origins }: { readonly spec: DatasetSpec; readonly origins: Origins | undefined },
  { folder, state }: Workspace,
  request: BuildRequest,
): Promise<DatasetBuild> {
  if (run.signal.aborted) throw cancelled();
  const root = rootOf(request);
  const hashes = request.cache === false ? undefined : hashesOf(state, spec.name);
  const output = await confinedPath(folder, spec.output.path, root, ['datasets', spec.name, 'output', 'path']);
  const id = runId();
  const scratch = join(state, 'tmp', id);
  try {
    const unlock = await lock(join(state, 'locks', `${spec.name}.lock`), scratch, spec.name);
    try {
      await recover(output, isRunning);
      const manifest = await readManifest(output);
      const before = await beforeOf(output, manifest);
      await refuseOwnIndices(spec, folder, output, before);
      if (manifest !== undefined && request.force !== true) {
        const place = { folder, ...(hashes !== undefined && { file: hashes }) };
        const standing = { spec, origins, folder, root, output, manifest, hashes: place, scratch };
        const done = await standingBuild(standing, run.onProgress, run.signal);
        if (done !== undefined) return done;
      }
      return await attempt({ id, scratch, output }, (staging) => {
        const job = {
          spec,
          folder,
          ...(root !== undefined && { root }),
          ...run.limits,
          scratch,
          output,
          staging,
          ...(before && { before }),
          ...(origins && { origins }),
          ...(hashes !== undefined && { hashes }),
        };
        return startBuild(run, job);
      });
    } finally {
      await unlock();
    }
  } finally {
    endRun(id);
  }
}

/** Only the record of what was built remains. */
export async function buildAside(
  run: Run,
  spec: DatasetSpec,
  { folder, state }: Workspace,
  root: string | undefined,
): Promise<DatasetBuild> {
  const id = runId();
  const scratch = join(state, 'tmp', id);
  const output = join(scratch, 'aside');
  try {
    return await attempt({ id, scratch, output }, (staging) => {
      const job = { spec, folder, ...(root !== undefined && { root }), ...run.limits, scratch, output, staging };
      return startBuild(run, job);
    });
  } finally {
    endRun(id);
  }
}

/** A dataset that could not be built, in a report. */
export function failed(
  spec: DatasetSpec,
  { kind, code, message, findings }: MldataError,
  durationMs: number,
): DatasetBuild {
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
