/** What people name to have it tracked: datasets of a config, builds, and plain files and folders. */
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readManifest } from '../manifest';
import { buildFolder } from '../named';
import { readConfig } from '../readConfig';
import { isInside } from '../sources';
import { readUserConfig } from '../userLayer';
import { findGit, type GitRepository } from './git';
import type { TrackedBuild, TrackSite } from './site';
import { MldataError, type DatasetSpec, type Manifest, type TargetsRequest } from '../../protocol';

/** A site that was found, or why what was named is none. */
export interface NamedSite {
  readonly target: string;
  readonly site?: TrackSite;
  readonly error?: MldataError;
}

/** The repository of a folder; undefined where it lies in none. */
export type FindGit = (folder: string) => Promise<GitRepository | undefined>;

/**
 * In the order in which they were named; without targets every dataset of the config. One that is not built yet has the
 * error `not-built`, one that is neither dataset nor path `target-unknown`. Throws what is wrong with the config, and
 * `git-missing`.
 */
export async function sitesOf(request: TargetsRequest, gitOf: FindGit = findGit): Promise<NamedSite[]> {
  const specs = await specsOf(request);
  const targets = request.targets.length > 0 ? request.targets : [...specs.keys()];
  const sites: NamedSite[] = [];
  for (const target of targets) {
    try {
      sites.push({ target, site: await siteOf(target, request, specs, gitOf) });
    } catch (error) {
      if (!(error instanceof MldataError) || error.code === 'git-missing') throw error;
      sites.push({ target, error });
    }
  }
  return sites;
}

/** The datasets of the config, where there is one. Of named ones the others may have errors. */
async function specsOf({ configPath, targets, folder }: TargetsRequest): Promise<Map<string, DatasetSpec>> {
  if (configPath === undefined) {
    if (targets.length > 0) return new Map();
    const text = 'No config names datasets here. Give the path of a file, a folder or a build.';
    throw new MldataError('usage', 'target-unknown', text);
  }
  const arePaths = await Promise.all(targets.map(async (target) => isThere(resolve(folder, target))));
  try {
    const { datasets } = await readConfig({ configPath }, await readUserConfig());
    return new Map(datasets.map((spec) => [spec.name, spec]));
  } catch (error) {
    if (!(error instanceof MldataError) || targets.length === 0) throw error;
    // A path is tracked whatever is wrong with a config beside it.
    const names = targets.filter((_, index) => arePaths[index] !== true);
    if (names.length === 0) return new Map();
    const { datasets } = await readConfig({ configPath, names }, await readUserConfig());
    return new Map(datasets.map((spec) => [spec.name, spec]));
  }
}

/** A dataset comes before a path of its name, unless a build lies there. */
async function siteOf(
  target: string,
  { configPath, folder }: TargetsRequest,
  specs: ReadonlyMap<string, DatasetSpec>,
  gitOf: FindGit,
): Promise<TrackSite> {
  const path = resolve(folder, target);
  const built = await buildFolder(path);
  if (built !== undefined) return atBuild(target, built, configPath, specs, gitOf);
  const spec = specs.get(target);
  if (spec && configPath !== undefined) {
    return atBuild(target, resolve(dirname(configPath), spec.output.path), configPath, specs, gitOf);
  }
  if (!(await isThere(path))) throw unknown(target, configPath);
  const real = join(await realpath(dirname(path)), basename(path));
  const git = await gitOf(dirname(real));
  // What lies outside of the repository that somebody is in is refused as such.
  const around = git ?? (await gitOf(folder));
  const near = around?.root ?? (isInside(folder, path) ? folder : dirname(real));
  const home = configPath === undefined ? near : dirname(configPath);
  return { target, paths: [real], ...(git && { git }), state: join(home, '.mldata') };
}

async function atBuild(
  target: string,
  at: string,
  configPath: string | undefined,
  specs: ReadonlyMap<string, DatasetSpec>,
  gitOf: FindGit,
): Promise<TrackSite> {
  const manifest = await readManifest(at);
  if (manifest === undefined) {
    const text = `${target} has no build that can be read. Build it first: \`mldata build ${target}\`.`;
    throw new MldataError('buildFailed', 'not-built', text);
  }
  const spec = [...specs.values()].find(
    ({ output }) => resolve(dirname(configPath ?? ''), output.path) === resolve(at),
  );
  return siteOfBuild(target, at, manifest, { ...(configPath !== undefined && spec && { configPath, spec }) }, gitOf);
}

/** @param known what there is to know beside: the config that has the dataset, unless the build is named by its path only */
export async function siteOfBuild(
  target: string,
  at: string,
  manifest: Manifest,
  known: Pick<TrackedBuild, 'configPath' | 'spec' | 'fresh'>,
  gitOf: FindGit = findGit,
): Promise<TrackSite> {
  const output = await realpath(at);
  const git = await gitOf(output);
  const { configPath, spec, fresh } = known;
  const folder = configPath === undefined ? (git?.root ?? output) : dirname(configPath);
  const { dataset } = manifest;
  return {
    target,
    paths: foldersOfData(manifest).map((name) => join(output, name)),
    ...(git && { git }),
    state: join(folder, '.mldata'),
    build: {
      dataset,
      output,
      folder: await realpath(folder),
      manifest,
      ...(configPath !== undefined && { configPath }),
      ...(spec && { spec }),
      ...(fresh && { fresh }),
    },
  };
}

/** `data`, and one for each further format; reports and the manifest stay in git. */
function foldersOfData({ artifacts }: Manifest): string[] {
  const data = artifacts.filter(({ kind }) => kind === 'data');
  return [...new Set(data.map(({ path }) => path.split('/')[0] ?? path))];
}

/** A link that leads nowhere is there too: whoever tracks it hears of it. */
function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function unknown(target: string, configPath: string | undefined): MldataError {
  const dataset = configPath === undefined ? '' : `${configPath} has no dataset ${target}, and `;
  const text = `${dataset}there is no file or folder ${target}.`;
  return new MldataError('usage', 'target-unknown', text.charAt(0).toUpperCase() + text.slice(1));
}
