/** Noting a build as a version, and keeping its bytes. Done twice, it does nothing the second time. */
import { lstat, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { versionId } from '../manifest';
import { REPORT_FILES } from '../plan';
import { isInside } from '../sources';
import { hashFile } from '../text';
import { datasetBuildSchema, MANIFEST_FILE, type DatasetBuild, type Manifest } from '../../protocol';
import { VersionsFile } from './file';
import { reportOf } from './report';
import type { VersionStore } from './store';

/** A build that stands in its folder, under the dataset's lock. */
export interface StandingVersion {
  readonly manifest: Manifest;
  /** Its folder, absolute. */
  readonly output: string;
  readonly store: VersionStore;
  /** On the disk of the store; removed by the caller. */
  readonly scratch: string;
  /** Inside the output folder; nothing stands there. */
  readonly staging: string;
  /**
   * What is known of its files: `new`: they were written just now; `whole`: they are as the manifest says;
   * `unknown`: nothing, so that each is read before it is kept.
   */
  readonly files: 'new' | 'whole' | 'unknown';
  readonly signal: AbortSignal;
}

/**
 * Notes the build that stands in a folder and keeps its bytes. Tells how many files had to be copied, because the disk
 * cannot share them. What is in the store already is not looked at again, and what is not as the manifest says not kept.
 * Throws what `VersionsFile.read` and the disk throw, and the cancelled error.
 */
export async function noteVersion(standing: StandingVersion, by: 'build' | 'restore' = 'build'): Promise<number> {
  const { manifest, output, store, scratch, staging, files } = standing;
  const id = versionId(manifest);
  const file = await VersionsFile.read(output, manifest.dataset);
  await store.open();
  let copied = 0;
  for (const artifact of manifest.artifacts) {
    const path = resolve(output, artifact.path);
    if (!isInside(output, path) || !(await lstat(path).catch(() => undefined))?.isFile()) continue;
    // The one that is there may be a second name of a file that somebody wrote into, and that was just written anew.
    if (files !== 'new' && (await store.has(artifact))) continue;
    if (files === 'unknown' && !(await isAs(artifact, path, standing.signal))) continue;
    if (await store.keep(artifact, path, scratch)) copied++;
  }
  if (files === 'new' || !(await store.hasRecord(id))) {
    const text = await readFile(join(output, MANIFEST_FILE), 'utf8');
    await store.keepRecord(id, text, (await standingReport(manifest, output)) ?? reportOf(manifest), scratch);
  }
  file.note(manifest, by, by === 'restore' ? new Date().toISOString() : manifest.createdAt);
  await file.save(staging);
  return copied;
}

async function isAs({ sha256 }: { readonly sha256: string }, path: string, signal: AbortSignal): Promise<boolean> {
  return (await hashFile(path, ['sha256'], signal)).sha256 === sha256;
}

/** Undefined where there is none, or that of another build. */
async function standingReport({ artifacts }: Manifest, output: string): Promise<DatasetBuild | undefined> {
  try {
    const report = datasetBuildSchema.parse(JSON.parse(await readFile(join(output, REPORT_FILES[0]), 'utf8')));
    const same = artifacts.every(({ sha256 }, index) => report.artifacts[index]?.sha256 === sha256);
    return same && report.artifacts.length === artifacts.length ? report : undefined;
  } catch {
    return undefined;
  }
}
