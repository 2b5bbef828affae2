/** Which files a dataset's source is. */
import { realpath, stat } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { glob, isDynamicPattern } from 'tinyglobby';
import {
  cancelled,
  MANIFEST_FILE,
  MldataError,
  type ConfigPath,
  type FetchedSource,
  type Finding,
  type ReadOptions,
  type SourceFormat,
  type SourceSpec,
} from '../../protocol';
import { datasetSource, isDataFile, isRemote } from '../../config';
import { eachOf } from '../eachOf';
import { previousBuild } from '../manifest';
import { confinedPath, portablePath } from './confine';
import { builtFiles, type DatasetFolders } from './datasets';
import { fetchedFiles } from './fetched';

/** One file to read. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /**
   * Relative to the config's folder, with forward slashes: how findings and manifests name it. Of what was fetched, where it
   * came from.
   */
  readonly name: string;
  readonly bytes: number;
  /** As declared; absent: found out from extension and content. */
  readonly format?: SourceFormat;
  readonly options: ReadOptions;
  /** As builds write CSV, `""` is an empty text; absent: it is a missing value, as programs that quote every field mean it. */
  readonly quotedIsText?: true;
  /** What is to be said of how the source names it. */
  readonly findings?: readonly Finding[];
  /** Among the files of one build, which come in the order of its splits: its place, and the name that stands for all. */
  readonly place?: { readonly of: string; readonly index: number };
}

export interface SourceContext {
  /** The config's folder. */
  readonly folder: string;
  /** No path leaves this folder; undefined: anywhere. */
  readonly root: string | undefined;
  /** The datasets that a source may name; absent: none. */
  readonly datasets?: DatasetFolders | undefined;
  /** Of a folder, leave out the builds that stand below it. */
  readonly withoutBuilds?: true;
  /** Going through a large folder takes a while. */
  readonly signal?: AbortSignal;
}

/**
 * The files of a source in an order that depends on their names only. A file that links or entries name more than once
 * is read once. Throws `source-not-found` when an entry matches nothing, `not-built` for a dataset without a build,
 * `not-fetched` for an address that nothing was fetched from.
 */
export async function listFiles(
  source: readonly SourceSpec[],
  context: SourceContext,
  dataset: string,
): Promise<SourceFile[]> {
  return (await listInputs(source, context, dataset)).files;
}

/** The same, with what is recorded of those that were fetched: of exactly these files, whoever fetches meanwhile. */
export async function listInputs(
  source: readonly SourceSpec[],
  context: SourceContext,
  dataset: string,
): Promise<{ files: SourceFile[]; fetched: FetchedSource[] }> {
  const fetched: FetchedSource[] = [];
  const names = new Set<string>();
  const realFolder = await realpath(context.folder);
  const files = new Map<string, { readonly file: SourceFile; readonly entry: number }>();
  for (const [index, entry] of source.entries()) {
    const at = ['datasets', dataset, 'source', index];
    const { found, from } = await expand(entry, context, dataset, at);
    if (from) fetched.push(from);
    if (found.length === 0) throw notFound(entry, index, dataset);
    for (const { path, name: itsName, format, options, quotedIsText, place, findings: itsFindings } of found) {
      await confinedPath(context.folder, path, context.root, at);
      const { real, bytes } = await lookUp(path, entry, index, dataset);
      const file: SourceFile = {
        path,
        name: itsName ?? portablePath(context.folder, path),
        bytes,
        ...(format && { format }),
        options,
        ...(itsFindings && { findings: itsFindings }),
        ...(quotedIsText && { quotedIsText }),
        ...(place && { place }),
      };
      const known = files.get(real);
      if (!known) {
        // What comes from one address with other headers is another file.
        const own = names.has(file.name) ? `${file.name}#${index + 1}` : file.name;
        names.add(own);
        files.set(real, { file: { ...file, name: own }, entry: index });
        continue;
      }
      // The name without links, else the first.
      const isReal = ({ name }: SourceFile) => resolve(realFolder, name) === real;
      const { path: best, name } =
        isReal(known.file) || (!isReal(file) && known.file.name < file.name) ? known.file : file;
      const differs = !isDeepStrictEqual([known.file.format, known.file.options], [format, options]);
      const findings = [...(known.file.findings ?? []), ...(differs ? [namedTwice(name, known.entry, index, at)] : [])];
      files.set(real, {
        file: { ...file, path: best, name, ...(findings.length > 0 && { findings }) },
        entry: index,
      });
    }
  }
  return { files: [...files.values()].map(({ file }) => file).sort(byName), fetched };
}

function byName(a: SourceFile, b: SourceFile): number {
  if (a.place && a.place.of === b.place?.of) return a.place.index - b.place.index;
  return (a.place?.of ?? a.name) < (b.place?.of ?? b.name) ? -1 : 1;
}

type Found = Pick<SourceFile, 'path' | 'format' | 'options' | 'quotedIsText' | 'place' | 'findings'> & {
  /** Absent: its path. */
  readonly name?: string;
};

async function expand(
  entry: SourceSpec,
  context: SourceContext,
  dataset: string,
  at: ConfigPath,
): Promise<{ found: Found[]; from?: FetchedSource }> {
  const { path, options } = entry;
  const format = entry.fetch?.of === 'rows' ? 'parquet' : entry.format;
  if (isRemote(entry)) {
    const { files, fetched } = await fetchedFiles(entry, context.folder, dataset, at);
    return { found: files.map((file) => ({ ...file, ...(format && { format }), options })), from: fetched };
  }
  const named = datasetSource(path);
  if (named) return { found: await builtFiles(named, context, at) };
  const paths = await expandPath(path, context, at);
  return { found: paths.map((found) => ({ path: found, ...(format && { format }), options })) };
}

async function expandPath(path: string, context: SourceContext, at: ConfigPath): Promise<string[]> {
  const absolute = await confinedPath(context.folder, path, context.root, at).catch((error: unknown) => {
    // A pattern is no path to resolve; each file it matches is confined instead.
    if (isDynamicPattern(path) && !path.startsWith('..')) return undefined;
    throw error;
  });
  const found = absolute === undefined ? undefined : await stat(absolute).catch(() => undefined);
  if (absolute !== undefined && found?.isFile()) return [absolute];
  if (absolute !== undefined && found?.isDirectory()) {
    const names = await find('**/*', absolute, context);
    const builds = context.withoutBuilds ? await buildsAmong(names, absolute) : [];
    return names
      .filter((name) => isDataFile(name) && !builds.some((build) => name.startsWith(build)))
      .map((name) => resolve(absolute, name));
  }
  if (!isDynamicPattern(path)) return [];
  return (await find(path, context.folder, context)).map((name) => resolve(context.folder, name));
}

/** The folders below this one in which a build stands, each with a slash at its end. */
async function buildsAmong(names: readonly string[], folder: string): Promise<string[]> {
  const folders = names.filter((name) => name.endsWith(`/${MANIFEST_FILE}`)).map((name) => posix.dirname(name));
  const found = await eachOf(folders, async (name) => (await previousBuild(resolve(folder, name))) !== undefined);
  return folders.filter((_, index) => found[index]).map((name) => `${name}/`);
}

async function find(pattern: string, cwd: string, { signal }: SourceContext): Promise<string[]> {
  const names = await glob(pattern, { cwd, onlyFiles: true, expandDirectories: false, ...(signal && { signal }) });
  // What was found until then is not all there is.
  if (signal?.aborted) throw cancelled();
  return names;
}

async function lookUp(
  path: string,
  entry: SourceSpec,
  index: number,
  dataset: string,
): Promise<{ real: string; bytes: number }> {
  try {
    const [real, { size }] = await Promise.all([realpath(path), stat(path)]);
    return { real, bytes: size };
  } catch {
    throw notFound(entry, index, dataset);
  }
}

function namedTwice(file: string, first: number, second: number, at: ConfigPath): Finding {
  return {
    code: 'source-named-twice',
    severity: 'info',
    message: `Entries ${first + 1} and ${second + 1} of the source name ${file} with different options; those of entry ${second + 1} are taken.`,
    locations: [{ file }],
    suggestion: 'Name it once, or with the same options.',
    configPath: at,
  };
}

function notFound(entry: SourceSpec, index: number, dataset: string): MldataError {
  const finding: Finding = {
    code: 'source-not-found',
    severity: 'error',
    message: isRemote(entry)
      ? 'What was fetched for the source holds no data file that it names.'
      : `The source ${entry.path} matches no data file.`,
    dataset,
    suggestion: 'Correct the path, which is relative to the folder of the config, or add the files.',
    configPath: ['datasets', dataset, 'source', index],
  };
  return new MldataError('buildFailed', finding.code, finding.message, [finding]);
}
