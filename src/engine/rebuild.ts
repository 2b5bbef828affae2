/** Whether a build comes out again as its manifest says: what it is made from, and what it comes to. */
import { join, resolve } from 'node:path';
import { CONFIG_FILES } from '../config';
import {
  MldataError,
  type Artifact,
  type DatasetBuild,
  type DatasetRebuild,
  type Difference,
  type Digests,
  type Manifest,
  type RebuildRequest,
} from '../protocol';
import { areComparable } from './build';
import { buildAside, buildOne } from './buildOne';
import { indicesOf } from './incremental';
import { configFolderOf, specOf } from './manifest';
import type { NamedBuild } from './named';
import { rootOf, type Run } from './run';
import { besideEntries, isInside, listFiles } from './sources';
import { sha256Of } from './text';
import { ENGINE_VERSION, TOOL } from './version';
import { openWorkspace } from './workspace';

/** Builds in place, or aside where only the comparison is wanted. */
export async function rebuildOne(
  run: Run,
  { manifest, folder: output, earlier = false }: NamedBuild,
  request: RebuildRequest,
): Promise<DatasetRebuild> {
  const { dataset, config: spec, origins, datasets, appliedFrom } = manifest;
  if (appliedFrom) throw noBuild(dataset, appliedFrom.dataset);
  const folder = configFolderOf(manifest, output);
  const configPath = join(folder, CONFIG_FILES[0]);
  const root = rootOf({ ...request, configPath });
  const inputs = await changedInputs(manifest, folder, root, run.signal);
  if (inputs.length > 0) return { dataset, status: 'inputsDiffer', differences: inputs };
  const workspace = await openWorkspace(configPath);
  const again = request.verify
    ? await buildAside(run, { spec, datasets }, workspace, root)
    : await buildOne(run, { spec: specOf(manifest), origins, datasets }, workspace, {
        ...{ ...request, configPath, force: true },
        // What stands there may be published without passing; its checks are made again to say so.
        publishFailing: true,
      });
  const standing = request.verify && !earlier ? await changedFiles(manifest, output, run.signal) : [];
  return { dataset, ...compared(manifest, again, standing) };
}

/** Other versions may write other bytes: then the rows count. */
function compared(
  manifest: Manifest,
  again: DatasetBuild,
  standing: readonly Difference[],
): Pick<DatasetRebuild, 'status' | 'comparedBy' | 'differences'> {
  const artifacts = changedArtifacts(manifest, again.artifacts);
  const tools = changedTools(manifest);
  if (standing.length + artifacts.length === 0) return { status: 'same', comparedBy: 'bytes', differences: [] };
  if (artifacts.length === 0 || tools.length === 0 || !areComparable(manifest.digests, again.digests))
    return { status: 'differs', comparedBy: 'bytes', differences: [...tools, ...standing, ...artifacts] };
  const written = new Map(again.artifacts.map((file) => [file.path, file]));
  const others = artifacts.filter(
    ({ how, name }) => how !== 'changed' || !isSameToReaders(written.get(name), manifest.artifacts),
  );
  const rows = differences('rows', entries(manifest.digests), entries(again.digests ?? {}));
  const differing = [...standing, ...rows, ...others];
  return {
    status: differing.length > 0 ? 'differs' : 'same',
    comparedBy: 'content',
    differences: [...tools, ...differing],
  };
}

/** Of data the digests tell; of a report in Parquet no more is known than how many rows it has. */
function isSameToReaders(file: Artifact | undefined, recorded: readonly Artifact[]): boolean {
  if (file === undefined) return false;
  if (file.kind === 'data') return true;
  return file.format === 'parquet' && recorded.find(({ path }) => path === file.path)?.rows === file.rows;
}

function entries(digests: Digests): ReadonlyMap<string, string> {
  return new Map(Object.entries(digests));
}

/** Differences of what a build is made from. Throws the cancelled error. */
async function changedInputs(
  { config, inputs, references = [], datasets }: Manifest,
  folder: string,
  root: string | undefined,
  signal: AbortSignal,
): Promise<Difference[]> {
  const recorded = new Map([...inputs, ...references].map(({ path, sha256 }) => [path, sha256]));
  const files: { readonly name: string; readonly path: string }[] = [];
  for (const entry of [...config.source, ...besideEntries(config)]) {
    const found = await listFiles([entry], { folder, root, datasets, signal }, config.name).catch((error: unknown) => {
      // Which files are gone is said below.
      if (error instanceof MldataError && ['source-not-found', 'not-built', 'not-fetched'].includes(error.code))
        return [];
      throw error;
    });
    files.push(...found);
  }
  const found = new Map<string, string>();
  for (const { name, path } of [...files, ...(await indicesOf(config, { folder, root }))]) {
    const sha256 = await sha256Of(path, signal);
    if (sha256 !== undefined) found.set(name, sha256);
  }
  return differences('input', recorded, found);
}

/** Differences of the files that stand there. */
async function changedFiles({ artifacts }: Manifest, folder: string, signal: AbortSignal): Promise<Difference[]> {
  const found = new Map<string, string>();
  for (const { path } of artifacts) {
    if (!isInside(folder, resolve(folder, path))) continue;
    const sha256 = await sha256Of(join(folder, path), signal);
    if (sha256 !== undefined) found.set(path, sha256);
  }
  return differences('file', new Map(artifacts.map(({ path, sha256 }) => [path, sha256])), found);
}

function noBuild(dataset: string, from: string): MldataError {
  return new MldataError(
    'usage',
    'not-a-build',
    `These files were not built from ${dataset}: they are new data changed by \`mldata apply\`. Apply the manifest of ${from} again.`,
  );
}

/** Differences of the artifacts of a second build. */
function changedArtifacts({ artifacts }: Manifest, again: readonly Artifact[]): Difference[] {
  const hashes = (files: readonly Artifact[]) => new Map(files.map(({ path, sha256 }) => [path, sha256]));
  return differences('artifact', hashes(artifacts), hashes(again));
}

function changedTools({ tool, engine }: Manifest): Difference[] {
  return differences(
    'tool',
    new Map([
      ['mldata', tool.version],
      ['DuckDB', engine.duckdb],
    ]),
    new Map([
      ['mldata', TOOL.version],
      ['DuckDB', ENGINE_VERSION],
    ]),
  );
}

function differences(
  of: Difference['of'],
  recorded: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): Difference[] {
  const names = [...new Set([...recorded.keys(), ...found.keys()])].sort();
  return names.flatMap((name): Difference[] => {
    const expected = recorded.get(name);
    const actual = found.get(name);
    if (expected === actual) return [];
    if (actual === undefined) return [{ of, how: 'missing', name, ...(expected !== undefined && { expected }) }];
    if (expected === undefined) return [{ of, how: 'added', name, found: actual }];
    return [{ of, how: 'changed', name, expected, found: actual }];
  });
}
