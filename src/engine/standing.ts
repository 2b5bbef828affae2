/** A build that has nothing to do: what stands there is what it would come to. No engine is started to see that. */
import { rm } from 'node:fs/promises';
import { publishedReport } from './attempt';
import { HashCache, isUpToDate, type CachePlace } from './incremental';
import { REPORT_FILES } from './plan';
import {
  MANIFEST_FILE,
  type DatasetBuild,
  type DatasetSpec,
  type Manifest,
  type Origins,
  type Progress,
} from '../protocol';

export interface Standing {
  readonly spec: DatasetSpec;
  readonly origins: Origins | undefined;
  readonly folder: string;
  readonly root: string | undefined;
  /** The output folder, absolute, and the manifest that stands there. */
  readonly output: string;
  readonly manifest: Manifest;
  readonly hashes: CachePlace;
  /** On the disk of the cache; nothing stands there. */
  readonly scratch: string;
}

/** Undefined where there is something to do. Throws the cancelled error. */
export async function standingBuild(
  { spec, origins, folder, root, output, manifest, hashes, scratch }: Standing,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<DatasetBuild | undefined> {
  const started = performance.now();
  const look = (detail?: string) => {
    onProgress({ dataset: spec.name, step: 'resolve', fraction: 0, ...(detail !== undefined && { detail }) });
  };
  look();
  if ((await publishedReport(output)) === undefined) return undefined;
  const cache = await HashCache.open(hashes);
  if (!(await isUpToDate(manifest, { spec, origins, folder, root, output, cache, signal, onRead: look })))
    return undefined;
  await cache.save(scratch);
  await rm(scratch, { recursive: true, force: true });
  onProgress({ dataset: spec.name, step: 'resolve', fraction: 1 });
  const { rows, inputs, splits, artifacts, findings } = manifest;
  return {
    dataset: spec.name,
    status: 'upToDate',
    output: spec.output.path,
    manifest: `${spec.output.path}/${MANIFEST_FILE}`,
    rows,
    rejected: artifacts.find(({ path }) => path === REPORT_FILES[1])?.rows ?? 0,
    inputs,
    splits,
    artifacts,
    findings,
    durationMs: Math.round(performance.now() - started),
    steps: [],
  };
}
