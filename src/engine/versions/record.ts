/** Noting a build as a version, and keeping its bytes. Done twice, it does nothing the second time. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eachOf } from '../eachOf';
import { readReport, versionId } from '../manifest';
import { REPORT_FILES } from '../plan';
import { artifactFile } from '../sources';
import { hashFile } from '../text';
import { MANIFEST_FILE, VERSIONS_FILE, type Artifact, type DatasetBuild, type Manifest } from '../../protocol';
import type { VersionsFile } from './file';
import { versionsOf } from './place';
import { reportOf } from './report';
import type { VersionStore } from './store';

/** A build that stands in its folder, under the dataset's lock. */
export interface StandingVersion {
  readonly manifest: Manifest;
  /** Its folder, absolute. */
  readonly output: string;
  /** The config's folder. */
  readonly folder: string;
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
  /** Its report; absent: it is read. */
  readonly report?: DatasetBuild;
  readonly signal: AbortSignal;
}

export interface Noted {
  readonly file: VersionsFile;
  /** How many files had to be copied, because the disk cannot share them. */
  readonly copied: number;
  /** Artifacts that were not kept because they are links which leave the git root. */
  readonly outside: readonly string[];
}

/**
 * Notes the build that stands in a folder and keeps its bytes. What is in the store already is not looked at again, and
 * what is not as the manifest says not kept.
 * Throws what `VersionsFile.read` and the disk throw, and the cancelled error.
 */
export async function noteVersion(standing: StandingVersion, by: 'build' | 'restore' = 'build'): Promise<Noted> {
  const { manifest, output, store, scratch, staging, files } = standing;
  const id = versionId(manifest);
  const file = await versionsOf({ ...standing, dataset: manifest.dataset });
  await store.open();
  // Artifacts of one content are one object, which is put there by one at a time.
  const objects = new Map<string, Artifact[]>();
  for (const artifact of manifest.artifacts) {
    const name = store.nameOf(artifact);
    objects.set(name, [...(objects.get(name) ?? []), artifact]);
  }
  const fates = new Map<Artifact, Fate>();
  await eachOf([...objects.values()], async (same) => {
    for (const artifact of same) fates.set(artifact, await keepArtifact(artifact, standing));
  });
  const those = (fate: Fate) => manifest.artifacts.filter((artifact) => fates.get(artifact) === fate);
  const outside = those('outside').map(({ path }) => path);
  if (files === 'new' || !(await store.hasRecord(id))) {
    const text = await readFile(join(output, MANIFEST_FILE), 'utf8');
    await store.keepRecord(
      id,
      text,
      standing.report ?? (await standingReport(manifest, output)) ?? reportOf(manifest),
      scratch,
    );
  }
  file.note(manifest, by, by === 'restore' ? new Date().toISOString() : manifest.createdAt);
  await file.save(staging);
  if (outside.length + those('missing').length === 0) await store.keepNoted(id, join(output, VERSIONS_FILE), scratch);
  return { file, copied: those('copied').length, outside };
}

/** What became of an artifact: `missing`: it is not there as the manifest says; `outside`: it is a link that leaves the git root. */
type Fate = 'kept' | 'copied' | 'missing' | 'outside';

async function keepArtifact(
  artifact: Artifact,
  { output, store, scratch, files, signal }: StandingVersion,
): Promise<Fate> {
  const found = await artifactFile(output, artifact.path);
  const isOwn = found?.kind === 'own';
  // The one that is there may be a second name of a file that somebody wrote into, and that was just written anew.
  if (!(files === 'new' && isOwn) && (await store.has(artifact))) return 'kept';
  if (found === undefined) return 'missing';
  if (found.kind === 'outside') return 'outside';
  if ((files === 'unknown' || !isOwn) && !(await isAs(artifact, found.real, signal))) return 'missing';
  return (await store.keep(artifact, found.real, scratch, !isOwn)) ? 'copied' : 'kept';
}

async function isAs({ sha256 }: { readonly sha256: string }, path: string, signal: AbortSignal): Promise<boolean> {
  return (await hashFile(path, ['sha256'], signal)).sha256 === sha256;
}

/** Undefined where there is none, or that of another build. */
async function standingReport({ artifacts }: Manifest, output: string): Promise<DatasetBuild | undefined> {
  const report = await readReport(join(output, REPORT_FILES[0]));
  const same = artifacts.every(({ sha256 }, index) => report?.artifacts[index]?.sha256 === sha256);
  return same && report?.artifacts.length === artifacts.length ? report : undefined;
}
