/** One build of one dataset: in its place, or aside where only its record is wanted. */
import { join } from 'node:path';
import { keyDatasetsOf } from '../config';
import { attempt } from './attempt';
import { recover } from './output';
import { redact } from './credentials';
import { compared } from './compareBuild';
import { findReferences, versionsOf } from './findReferences';
import { kept, keepStanding } from './keepVersion';
import { lock } from './locks';
import { beforeOf, readManifest, versionId } from './manifest';
import { refuseOwnIndices } from './plan';
import { rootOf, startBuild, type Run } from './run';
import { standingRows } from './schemaGuard';
import { confinedPath, isRemote, type DatasetFolders } from './sources';
import { measured } from './stageMetrics';
import { standingBuild } from './standing';
import { tracked } from './trackBuild';
import { endRun, isRunning, runId } from './runs';
import { hashesOf, stagedOf, type Workspace } from './workspace';
import {
  cancelled,
  type BuildRequest,
  type DatasetBuild,
  type DatasetSpec,
  type MldataError,
  type Origins,
  type Progress,
} from '../protocol';

/** What is to be built. */
export interface Order {
  readonly spec: DatasetSpec;
  readonly origins: Origins | undefined;
  /** The datasets it is made from; their builds stand. */
  readonly datasets: DatasetFolders | undefined;
}

/** Builds a dataset, or leaves alone what is up to date. */
export async function buildOne(
  run: Run,
  { spec, origins, datasets }: Order,
  workspace: Workspace,
  request: BuildRequest,
): Promise<DatasetBuild> {
  const { folder, state } = workspace;
  if (run.signal.aborted) throw cancelled();
  const root = rootOf(request);
  const hashes = request.cache === false ? undefined : hashesOf(state, spec.name);
  const output = await confinedPath(folder, spec.output.path, root, ['datasets', spec.name, 'output', 'path']);
  const id = runId();
  const scratch = join(state, 'tmp', id);
  const site = { id, dataset: spec.name, workspace, output, signal: run.signal };
  try {
    const unlock = await lock(join(state, 'locks', `${spec.name}.lock`), scratch, spec.name);
    try {
      await recover(output, isRunning);
      const manifest = await readManifest(output);
      const before = await beforeOf(output, manifest);
      await pulled(run, spec, workspace, request);
      await refuseOwnIndices(spec, folder, output, before);
      const keyed = keyDatasetsOf(spec);
      const references = await findReferences(keyed, request.configPath);
      // Its own build is another one with every build.
      const keyVersions = versionsOf(
        keyed.filter((name) => name !== spec.name),
        references,
      );
      if (manifest !== undefined && request.force !== true) {
        const place = { folder, ...(hashes !== undefined && { file: hashes }) };
        const { threads } = run.limits;
        const publishFailing = request.publishFailing === true;
        const from = { spec, origins, folder, root, datasets, output, manifest };
        const standing = { ...from, hashes: place, keyVersions, publishFailing, threads, scratch };
        const done = await standingBuild(standing, run.onProgress, run.signal);
        if (done !== undefined) {
          const noted = await kept(done, { ...site, manifest }, 'whole');
          const safe = await tracked(noted, { spec, output, manifest, request }, run);
          return await measured(await compared(safe, { ...site, spec, request, manifest }, run), {
            output,
            manifest,
            request,
          });
        }
      }
      const standing = manifest && (await standingRows(spec, output, manifest));
      if (manifest !== undefined) await keepStanding({ ...site, manifest }, 'unknown');
      const built = await attempt({ id, scratch, output }, (staging) => {
        const job = {
          spec,
          folder,
          ...(root !== undefined && { root }),
          ...run.limits,
          scratch,
          output,
          staging,
          ...(before && { before }),
          ...(manifest && { replaces: { id: versionId(manifest), parent: manifest.parent } }),
          ...(origins && { origins }),
          ...(datasets && { datasets }),
          ...(request.publishFailing && { publishFailing: true }),
          ...(standing && { standing }),
          references,
          ...(keyVersions && { keyVersions }),
          ...(hashes !== undefined && { hashes }),
          ...(request.cache !== false && {
            staged: {
              ...stagedOf(state, spec.name),
              read: request.force !== true,
              maxBytes: workspace.cacheBytes ?? Infinity,
            },
          }),
        };
        return startBuild(run, job);
      });
      const noted = await kept(built.build, { ...site, manifest: built.manifest, report: built.build }, 'new');
      const standsNow = { ...site, spec, request, manifest: built.manifest };
      return await measured(await compared(await tracked(noted, standsNow, run), standsNow, run), standsNow);
    } finally {
      await unlock();
    }
  } finally {
    endRun(id);
  }
}

/** What is not there is fetched; where that is not to be, the build says what is missing. */
async function pulled(run: Run, spec: DatasetSpec, workspace: Workspace, request: BuildRequest): Promise<void> {
  const { jobEntry, limits, allowInner = false, credentials, signal } = run;
  if (request.offline === true || request.trusted !== true || !credentials || !spec.source.some(isRemote)) return;
  const tell = (progress: Omit<Progress, 'dataset' | 'step' | 'fraction'>) => {
    run.onProgress({ dataset: spec.name, step: 'fetch', fraction: 0, ...progress });
  };
  const { pullSources } = await import('./pull');
  await pullSources([spec], {
    ...{
      ...workspace,
      root: rootOf(request),
      jobEntry,
      limits,
      update: request.update === true,
      allowInner,
      credentials,
      signal,
    },
    onProgress: ({ origin, bytes, rows, unpacking, bytesPerSecond, etaSeconds }) => {
      tell({
        ...{ detail: unpacking ? `${origin}, unpacking` : origin, bytes },
        ...(rows !== undefined && { rows }),
        ...(bytesPerSecond !== undefined && { bytesPerSecond }),
        ...(etaSeconds !== undefined && { etaSeconds }),
      });
    },
    log: (line) => {
      tell({ said: redact(line) });
    },
  });
}

/** Only the record of what was built remains. */
export async function buildAside(
  run: Run,
  { spec, datasets }: Pick<Order, 'spec' | 'datasets'>,
  { folder, state }: Workspace,
  root: string | undefined,
): Promise<DatasetBuild> {
  const id = runId();
  const scratch = join(state, 'tmp', id);
  const output = join(scratch, 'aside');
  try {
    const { build } = await attempt({ id, scratch, output }, (staging) => {
      const place = { folder, ...(root !== undefined && { root }), scratch, output, staging };
      return startBuild(run, { spec, ...place, ...run.limits, ...(datasets && { datasets }) });
    });
    return build;
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
