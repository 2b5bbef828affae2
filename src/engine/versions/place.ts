/** Where the versions of a dataset are: the folder of its build, and the store of their bytes. */
import { dirname, join, resolve } from 'node:path';
import { configFolderOf, readManifest, versionId } from '../manifest';
import { buildFolders } from '../named';
import { VersionStore } from './store';
import { VersionsFile } from './file';
import {
  datasetNamePattern,
  MldataError,
  type Manifest,
  type TargetsRequest,
  type VersionRequest,
} from '../../protocol';

export interface VersionPlace {
  readonly dataset: string;
  /** The folder of the build, absolute. */
  readonly output: string;
  /** The config's folder. */
  readonly folder: string;
  readonly store: VersionStore;
}

/** @param state the folder `.mldata/` */
export function storeOf(state: string, dataset: string): VersionStore {
  // It becomes the name of a folder, in which files are removed.
  if (!datasetNamePattern.test(dataset)) throw new Error(`${dataset} is no name of a dataset`);
  return new VersionStore(join(state, 'versions', dataset));
}

/** Of builds as people name them. Throws what `buildFolders` throws, and `not-built` for a path without a build. */
export async function placesOf(request: TargetsRequest): Promise<VersionPlace[]> {
  const { configPath, folder } = request;
  const places: VersionPlace[] = [];
  for (const [target, output] of await buildFolders(request)) {
    const path = resolve(folder, target);
    const isPath = path === output || dirname(path) === output;
    if (!isPath && configPath !== undefined) {
      const home = dirname(configPath);
      places.push({ dataset: target, output, folder: home, store: storeOf(join(home, '.mldata'), target) });
      continue;
    }
    const manifest = await readManifest(output);
    if (manifest === undefined) {
      throw new MldataError('buildFailed', 'not-built', `${target} has no manifest that can be read. Build it first.`);
    }
    const home = configFolderOf(manifest, output);
    const { dataset } = manifest;
    places.push({ dataset, output, folder: home, store: storeOf(join(home, '.mldata'), dataset) });
  }
  return places;
}

/** `passengers@production` is a build and the name of a version; without a version it is the current one. */
export function splitReference(reference: string): { readonly target: string; readonly name: string } {
  const at = reference.lastIndexOf('@');
  // Behind the `@` of a folder's name more of the path may follow.
  if (at < 0 || /[/\\]/.test(reference.slice(at))) return { target: reference, name: 'current' };
  return { target: reference.slice(0, at), name: reference.slice(at + 1) || 'current' };
}

/** What is known of a dataset's versions, with the build that stands in the folder even where nobody noted it yet. */
export interface Known {
  readonly place: VersionPlace;
  readonly file: VersionsFile;
  /** Of the build that stands in the folder; absent where none does. */
  readonly standing?: { readonly id: string; readonly manifest: Manifest };
}

/** Where no `versions.yaml` stands it says what the store knows. Throws what reading it throws. */
export async function versionsOf({
  dataset,
  output,
  folder,
  store,
}: Pick<VersionPlace, 'dataset' | 'output' | 'folder' | 'store'>): Promise<VersionsFile> {
  const file = await VersionsFile.read(output, dataset);
  if (!file.isNew) return file;
  const { stored } = await store.versions();
  for (const { id } of stored.toReversed()) {
    const manifest = (await store.recordOf(id))?.manifest;
    // Another config may write a dataset of this name elsewhere.
    if (manifest && resolve(folder, manifest.config.output.path) === output) file.note(manifest, 'build');
  }
  return file;
}

/** Throws what reading `versions.yaml` throws. */
export async function knownOf(place: VersionPlace): Promise<Known> {
  const file = await versionsOf(place);
  const manifest = await readManifest(place.output);
  if (manifest === undefined || manifest.appliedFrom) return { place, file };
  file.note(manifest, 'build');
  return { place, file, standing: { id: versionId(manifest), manifest } };
}

/** Of the one dataset that a reference names. */
export async function placeOf({ reference, ...request }: VersionRequest): Promise<VersionPlace> {
  const { target } = splitReference(reference);
  const [place] = await placesOf({ ...request, targets: [target] });
  if (!place) throw new Error(`${target} was found and nothing was said of it`);
  return place;
}
