/** A build that has nothing to do: what stands there is what it would come to. No engine is started to see that. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FILE } from './build';
import { HashCache, isUpToDate, type CachePlace } from './incremental';
import { readReport } from './manifest';
import type { DatasetFolders } from './sources';
import { reportOf } from './versions';
import {
  type DatasetBuild,
  type DatasetSpec,
  type KeyVersions,
  type Manifest,
  type Origins,
  type Progress,
} from '../protocol';

export interface Standing {
  readonly spec: DatasetSpec;
  readonly origins: Origins | undefined;
  readonly folder: string;
  readonly root: string | undefined;
  readonly datasets: DatasetFolders | undefined;
  /** The output folder, absolute, and the manifest that stands there. */
  readonly output: string;
  readonly manifest: Manifest;
  readonly hashes: CachePlace;
  /** The versions that foreign keys are held against now. */
  readonly keyVersions: KeyVersions | undefined;
  readonly publishFailing: boolean;
  /** So many files are read at once. */
  readonly threads: number;
  /** On the disk of the cache; nothing stands there. */
  readonly scratch: string;
}

/** Undefined where there is something to do. Throws the cancelled error. */
export async function standingBuild(
  {
    spec,
    origins,
    folder,
    root,
    datasets,
    output,
    manifest,
    hashes,
    keyVersions,
    publishFailing,
    threads,
    scratch,
  }: Standing,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<DatasetBuild | undefined> {
  const started = performance.now();
  const look = (detail?: string) => {
    onProgress({ dataset: spec.name, step: 'resolve', fraction: 0, ...(detail !== undefined && { detail }) });
  };
  look();
  if ((await readReport(join(output, REPORT_FILE))) === undefined) return undefined;
  const cache = await HashCache.open(hashes);
  if (
    !(await isUpToDate(manifest, {
      spec,
      origins,
      folder,
      root,
      datasets,
      output,
      cache,
      keyVersions,
      publishFailing,
      threads,
      signal,
      onRead: look,
    }))
  )
    return undefined;
  await cache.save(scratch);
  await rm(scratch, { recursive: true, force: true });
  onProgress({ dataset: spec.name, step: 'resolve', fraction: 1 });
  return {
    ...reportOf(manifest),
    status: 'upToDate',
    durationMs: Math.round(performance.now() - started),
  };
}
