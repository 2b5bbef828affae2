/** Putting a kept version back in the folder of its build, as a build would put a new one there. */
import { lstat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CONFIG_FILES } from '../config';
import { attempt } from './attempt';
import { REPORT_FILE } from './build';
import { publish } from './output';
import { makeFolder } from './folders';
import { beforeOf, readManifest, readManifestText, versionId } from './manifest';
import { rootOf } from './run';
import { confinedPath, isInside, portablePath } from './sources';
import { sha256Of } from './text';
import { documentHead } from './version';
import { cachedFiles, earlierContents } from './tracking';
import { noted, underLock } from './versionChanges';
import {
  bytesMissing,
  idOf,
  noteVersion,
  placeOf,
  reportOf,
  share,
  someOf,
  splitReference,
  type StoredManifest,
  type VersionPlace,
} from './versions';
import { MANIFEST_FILE, MldataError, type Manifest, type RestoreRequest, type VersionRestore } from '../protocol';

/**
 * What stands in the folder is kept as a version first. Throws what `idOf` throws, and `version-bytes-missing` or
 * `version-bytes-damaged`,
 * `version-edited` and `build-moved` before anything in the folder was changed.
 */
export async function restoreVersion(request: RestoreRequest, signal: AbortSignal): Promise<VersionRestore> {
  const place = await placeOf(request);
  const { dataset, output, store } = place;
  const root = rootOf({ ...request, configPath: join(place.folder, CONFIG_FILES[0]) });
  await confinedPath(place.folder, output, root);
  return underLock(place, async (site) => {
    const known = await noted(place, site, signal);
    const id = idOf(known, splitReference(request.reference).name);
    const { standing } = known;
    const damaged = standing ? await damagedOf(standing.manifest, output, signal) : [];
    const answer = (status: VersionRestore['status']): VersionRestore => ({
      ...documentHead('mldata/version-restore'),
      dataset,
      restored: id,
      ...(standing && { replaced: standing.id }),
      status,
    });
    if (standing?.id === id && damaged.length === 0) return answer('unchanged');
    const record = (await store.recordOf(id)) ?? (await committedRecord(output, id));
    if (record === undefined) throw bytesMissing(dataset, id, [MANIFEST_FILE]);
    const { manifest, text } = record;
    checkPlace(place, id, manifest);
    const before = await beforeOf(output, await readManifest(output));
    // Of a build that cannot be read, or that `apply` wrote, nothing was kept.
    const lost = standing || before === undefined ? await thereOf(damaged, output) : [MANIFEST_FILE];
    if (lost.length > 0 && request.force !== true) throw wouldLose(dataset, lost);
    await attempt({ ...site, output }, async (staging) => {
      await stage(place, id, manifest, staging, signal);
      const report = (await store.reportOf(id)) ?? reportOf(manifest);
      await makeFolder(join(staging, dirname(REPORT_FILE)));
      await writeFile(join(staging, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
      await writeFile(join(staging, MANIFEST_FILE), text);
      await publish(output, staging, [...manifest.artifacts.map(({ path }) => path), REPORT_FILE], before);
      return { build: report, manifest };
    });
    await noteVersion(
      { ...site, manifest, output, folder: place.folder, store, files: 'new', signal: new AbortController().signal },
      'restore',
    );
    return answer('restored');
  });
}

/** A manifest that this machine lost, or that another one made. */
async function committedRecord(output: string, id: string): Promise<StoredManifest | undefined> {
  for await (const { text } of earlierContents(output, MANIFEST_FILE)) {
    const manifest = readManifestText(text);
    if (manifest && versionId(manifest) === id) return { manifest, text };
  }
  return undefined;
}

/** A manifest tells where its config is by where it stands. */
function checkPlace({ dataset, folder, output }: VersionPlace, id: string, { config }: Manifest): void {
  const { path } = config.output;
  if (resolve(folder, path) === output) return;
  throw new MldataError(
    'buildFailed',
    'build-moved',
    `${dataset}@${id} was built into ${path}, and the output folder is ${portablePath(folder, output)} now. ` +
      `Set \`output.path\` back to ${path} to restore it. Nothing was changed.`,
  );
}

function wouldLose(dataset: string, paths: readonly string[]): MldataError {
  return new MldataError(
    'config',
    'version-edited',
    `What stands in the folder of ${dataset} is not as its build left it, and would be lost: ${someOf(paths)}. ` +
      'Copy it to another place, or add --force to replace it. The folder was not changed.',
  );
}

/** Of these paths those at which something stands. */
async function thereOf(paths: readonly string[], folder: string): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => lstat(resolve(folder, path)).catch(() => undefined)));
  return paths.filter((_, index) => found[index] !== undefined);
}

/** Brings the bytes into the staging folder and reads them there, where nobody else writes. */
async function stage(
  { dataset, output, store }: VersionPlace,
  id: string,
  manifest: Manifest,
  staging: string,
  signal: AbortSignal,
): Promise<void> {
  const { artifacts } = manifest;
  const files = await store.filesOf(artifacts);
  const lacking = artifacts.filter(({ path }) => !files.has(path));
  const cached = await cachedFiles(output, lacking, signal);
  const missing = lacking.map(({ path }) => path).filter((path) => !cached.has(path));
  if (missing.length > 0) throw bytesMissing(dataset, id, missing);
  for (const { path } of artifacts) {
    const to = resolve(staging, path);
    if (!isInside(staging, to)) throw bytesMissing(dataset, id, [path], true);
    await makeFolder(dirname(to));
    const object = cached.get(path);
    // Nobody may write into an object of DVC by another name of it.
    if (object === undefined) await share(files.get(path) ?? '', to);
    else await share(object, to, { link: false, copy: true });
  }
  const damaged = await damagedOf(manifest, staging, signal);
  if (damaged.length === 0) return;
  // From now on the list says that they are not there.
  for (const artifact of artifacts) if (damaged.includes(artifact.path)) await store.remove(store.nameOf(artifact));
  throw bytesMissing(dataset, id, damaged, true);
}

/** The artifacts, by path, that are not in a folder as the manifest says. */
async function damagedOf({ artifacts }: Manifest, folder: string, signal: AbortSignal): Promise<string[]> {
  const damaged: string[] = [];
  for (const { path, sha256 } of artifacts) {
    const file = resolve(folder, path);
    const found = isInside(folder, file) ? await sha256Of(file, signal) : undefined;
    if (found !== sha256) damaged.push(path);
  }
  return damaged;
}
