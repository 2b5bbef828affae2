/** What somebody who looks at data named: a dataset of a config, a build, or files. */
import { stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { foldersOf, parseConfig } from '../config';
import { readManifest, specOf } from './manifest';
import { mediaIn } from './media';
import { buildFolder } from './named';
import { readConfig } from './readConfig';
import { rootOf } from './run';
import { listFiles, readableArtifact } from './sources';
import { readUserConfig, textOf } from './userLayer';
import { MldataError, type DataRequest, type DatasetSpec, type Manifest, type SourceSpec } from '../protocol';
import type { RowsTarget } from './rows';

/**
 * A dataset of the config comes before a path of its name, unless a build lies there. Throws `target-unknown` for what is
 * neither, `not-built` and `split-unknown` where only a build could answer, and what is wrong with the config.
 */
export async function dataTarget(request: DataRequest): Promise<RowsTarget> {
  const { target, folder, others = [] } = request;
  if (others.length > 0) return atSeveral(request, others);
  const path = resolve(folder, target);
  const built = await buildFolder(path);
  if (built !== undefined) return atBuild(request, built);
  const named = await namedDataset(request, path);
  if (named === undefined) return atFiles(request);
  const { spec, configPath, datasets } = named;
  const output = resolve(dirname(configPath), spec.output.path);
  if (!request.source && (await readManifest(output)) !== undefined) return atBuild(request, output, configPath, spec);
  if (request.split !== undefined) throw notBuilt(request, request.split);
  const root = rootOf({ ...request, configPath });
  return {
    name: target,
    of: 'source',
    spec,
    folder: dirname(configPath),
    ...(root !== undefined && { root }),
    ...(datasets && { datasets }),
  };
}

async function atBuild(request: DataRequest, at: string, configPath?: string, spec?: DatasetSpec): Promise<RowsTarget> {
  const { target, split } = request;
  const manifest = await readManifest(at);
  if (manifest === undefined) throw notBuilt(request, split);
  const configFolder = configPath === undefined ? configFolderOf(at, manifest) : dirname(configPath);
  if (request.source) return sourceOfBuild(request, manifest, configFolder);
  const splits = manifest.artifacts.flatMap((file) => (file.kind === 'data' && file.split) || []);
  if (split !== undefined && !splits.includes(split)) throw unknownSplit(target, split, [...new Set(splits)]);
  const files: Record<string, string> = {};
  for (const { path } of manifest.artifacts) {
    const readable = await readableArtifact(at, path);
    if (readable !== undefined) files[path] = readable;
  }
  return {
    name: target,
    of: 'build',
    manifest,
    files,
    ...(spec && { spec }),
    ...(split !== undefined && { split }),
    ...(configFolder !== undefined && { configFolder }),
  };
}

/** Where the config lies that a build followed: its output is named relative to there. */
function configFolderOf(at: string, { config }: Manifest): string | undefined {
  const output = config.output.path.split('/').join(sep);
  const folder = at.endsWith(`${sep}${output}`) ? at.slice(0, -output.length - 1) : undefined;
  return folder === '' ? sep : folder;
}

function sourceOfBuild(
  { target, split, allowOutsidePaths }: DataRequest,
  manifest: Manifest,
  folder: string | undefined,
): RowsTarget {
  if (split !== undefined) throw unknownSplit(`The source of ${target}`, split, []);
  if (folder === undefined) {
    throw new MldataError(
      'usage',
      'target-unknown',
      `${target} was built into another folder than it lies in now, so that its source cannot be found. Name the dataset, or the files themselves.`,
    );
  }
  const root = rootOf({ configPath: resolve(folder, '.mldata.yaml'), ...(allowOutsidePaths && { allowOutsidePaths }) });
  return {
    name: target,
    of: 'source',
    spec: specOf(manifest),
    folder,
    ...(root !== undefined && { root }),
    ...(manifest.datasets && { datasets: manifest.datasets }),
  };
}

interface NamedDataset {
  readonly spec: DatasetSpec;
  readonly configPath: string;
  readonly datasets: ReturnType<typeof foldersOf>;
}

/** Undefined where the config has no dataset of this name and something lies at the path, or there is no config. */
async function namedDataset(request: DataRequest, path: string): Promise<NamedDataset | undefined> {
  const { configPath, target } = request;
  if (configPath === undefined) return undefined;
  try {
    const { datasets } = await readConfig({ configPath, names: [target] }, await readUserConfig());
    const spec = datasets.find(({ name }) => name === target);
    return spec && { spec, configPath, datasets: foldersOf(spec, datasets) };
  } catch (error) {
    if (!(error instanceof MldataError)) throw error;
    if (error.code === 'dataset-unknown' || error.code === 'config-unreadable') return undefined;
    const isThere = (await stat(path).catch(() => undefined)) !== undefined;
    // A path is looked at whatever is wrong with a config beside it, as long as that has no dataset of its name.
    if (isThere && !(await isDatasetOf(configPath, target))) return undefined;
    throw error;
  }
}

async function isDatasetOf(configPath: string, name: string): Promise<boolean> {
  const text = await textOf(configPath).catch(() => undefined);
  return text !== undefined && parseConfig(text, configPath).datasetNames.includes(name);
}

async function atFiles(request: DataRequest): Promise<RowsTarget> {
  const { target, folder, split } = request;
  try {
    await refuseMissing(request, target);
  } catch (error) {
    const media = await mediaOnly(request);
    if (media) return media;
    throw error;
  }
  if (split !== undefined) throw unknownSplit(target, split, []);
  return { name: target, of: 'files', source: [asSource(target)], folder };
}

/** A folder of images or recordings, which holds no data. */
async function mediaOnly({ target, folder, split }: DataRequest): Promise<RowsTarget | undefined> {
  const path = resolve(folder, target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true || split !== undefined) return undefined;
  const media = await mediaIn(path);
  return media.length > 0 ? { name: target, of: 'files', source: [asSource(target)], folder: path, media } : undefined;
}

/** Several paths are files of one dataset: of a pattern, a shell makes the files that it stands for. */
async function atSeveral(request: DataRequest, others: readonly string[]): Promise<RowsTarget> {
  const { target, folder, split } = request;
  const paths = [target, ...others];
  for (const path of paths) {
    if ((await buildFolder(resolve(folder, path))) !== undefined) {
      const message = `${path} is a build, which is looked at by itself: name it alone, or name files only.`;
      throw new MldataError('usage', 'target-unknown', message);
    }
    await refuseMissing(request, path);
  }
  const name = `${target} and ${others.length === 1 ? (others[0] ?? '') : `${others.length} others`}`;
  if (split !== undefined) throw unknownSplit(name, split, []);
  return { name, of: 'files', source: paths.map(asSource), folder };
}

function asSource(path: string): SourceSpec {
  return { path, options: {} };
}

async function refuseMissing({ folder, configPath, others = [] }: DataRequest, path: string): Promise<void> {
  await listFiles([asSource(path)], { folder, root: undefined, withoutBuilds: true }, path).catch(
    async (error: unknown) => {
      if (!(error instanceof MldataError) || error.code !== 'source-not-found') throw error;
      const found = await stat(resolve(folder, path)).catch(() => undefined);
      const orDataset = configPath === undefined ? '' : `, and no dataset of this name in ${configPath}`;
      const message = found?.isDirectory()
        ? `${path} holds no data file; builds below a folder are left out. Give a folder with CSV, JSON, Parquet or Arrow files, or of images or recordings, a build, or the files themselves.`
        : others.length > 0
          ? `There is no file or folder at ${path}. Of several targets each is a path.`
          : `There is no file, folder or build at ${path}${orDataset}. Give the path of data, or a dataset's name.`;
      throw new MldataError('usage', 'target-unknown', message);
    },
  );
}

function notBuilt({ target }: DataRequest, split: string | undefined): MldataError {
  const why = split === undefined ? 'has no manifest that can be read' : `is not built, and only builds have splits`;
  return new MldataError('buildFailed', 'not-built', `${target} ${why}. Build it first: \`mldata build ${target}\`.`);
}

export function unknownSplit(target: string, split: string, known: readonly string[]): MldataError {
  const there = known.length > 0 ? `It has ${known.join(', ')}.` : 'It has none: leave the split out.';
  return new MldataError('usage', 'split-unknown', `${target} has no split ${split}. ${there}`);
}
