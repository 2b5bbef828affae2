/** The builds that somebody names: datasets of the config, build folders, or manifests. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { transformOf } from '../config';
import { readManifest } from './manifest';
import { readConfig } from './readConfig';
import { readUserConfig } from './userLayer';
import { MANIFEST_FILE, MldataError, type Manifest, type TargetsRequest } from '../protocol';

export interface NamedBuild {
  readonly manifest: Manifest;
  /** Its folder, absolute. */
  readonly folder: string;
  /** Whether it is a version that does not stand in its folder. */
  readonly earlier?: boolean;
}

/**
 * The folders of builds, absolute, by what was asked for; without targets every dataset of the config by its name.
 * Whether something was built there is not asked. Throws what is wrong with the config, and `target-unknown`.
 */
export async function buildFolders({ configPath, targets, folder }: TargetsRequest): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const target of targets) {
    const found = await buildFolder(resolve(folder, target));
    if (found !== undefined) folders.set(target, found);
  }
  const names = targets.filter((target) => !folders.has(target));
  if (names.length > 0 || targets.length === 0) {
    if (configPath === undefined) {
      throw new MldataError(
        'usage',
        'target-unknown',
        `There is no build at ${names.join(', ') || 'this folder'}, and no config that names datasets. Give the path of a build folder or of its manifest.`,
      );
    }
    const user = await readUserConfig();
    const parsed = await readConfig({ configPath, ...(names.length > 0 && { names }) }, user);
    for (const { name, output } of parsed.datasets) {
      if (names.length === 0 || names.includes(name)) folders.set(name, resolve(dirname(configPath), output.path));
    }
  }
  return folders;
}

/** Throws `not-built` for a dataset without a manifest that can be read, and what is wrong with the config. */
export async function manifestsOf(request: TargetsRequest): Promise<NamedBuild[]> {
  const { targets } = request;
  const folders = await buildFolders(request);
  const builds: NamedBuild[] = [];
  for (const target of targets.length > 0 ? targets : folders.keys()) {
    const at = folders.get(target) ?? '';
    const manifest = await readManifest(at);
    if (manifest === undefined) {
      throw new MldataError(
        'buildFailed',
        'not-built',
        `${target} has no manifest that can be read. Build it first: \`mldata build ${target}\`.`,
      );
    }
    builds.push({ manifest: checkedManifest(manifest), folder: at });
  }
  return builds;
}

/** A manifest comes with a repository from anywhere: its steps are held against what the transforms take. */
export function checkedManifest(manifest: Manifest): Manifest {
  for (const { transform, parameters } of [...(manifest.config.transforms ?? []), ...(manifest.steps ?? [])]) {
    if (transformOf(transform)?.parameters.safeParse(parameters).success === true) continue;
    throw new MldataError(
      'buildFailed',
      'manifest-invalid',
      `The manifest of ${manifest.dataset} has a step \`${transform}\` that this version of mldata does not know, or with other parameters. Build the dataset again.`,
    );
  }
  return manifest;
}

/** The folder of a build, where a path is one or its manifest. */
export async function buildFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() && basename(path) === MANIFEST_FILE) return dirname(path);
  if (!found?.isDirectory()) return undefined;
  const manifest = await stat(join(path, MANIFEST_FILE)).catch(() => undefined);
  return manifest?.isFile() ? path : undefined;
}
