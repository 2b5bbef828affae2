/** Which files a dataset's source is. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import {
  MldataError,
  type ConfigPath,
  type Finding,
  type ReadOptions,
  type SourceFormat,
  type SourceSpec,
} from '../../protocol';
import { confinedPath, portablePath } from './confine';

/** One file to read. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the config's folder, with forward slashes: how findings and manifests name it. */
  readonly name: string;
  readonly bytes: number;
  /** As declared; absent: found out from extension and content. */
  readonly format?: SourceFormat;
  readonly options: ReadOptions;
}

export interface SourceContext {
  /** The config's folder. */
  readonly folder: string;
  /** No path leaves this folder; undefined: anywhere. */
  readonly root: string | undefined;
}

const dataFile = /\.(csv|tsv|jsonl|ndjson|json)(\.(gz|zst))?$|\.(parquet|parq|pq|pqt|arrow|feather|ipc|arrows)$/i;

/** Whether a folder source takes the file. */
export function isDataFile(name: string): boolean {
  return dataFile.test(name);
}

/**
 * The files of a source in an order that depends on their names only.
 * Throws `source-not-found` when an entry matches nothing.
 */
export async function listFiles(
  source: readonly SourceSpec[],
  context: SourceContext,
  dataset: string,
): Promise<SourceFile[]> {
  const files = new Map<string, SourceFile>();
  for (const [index, entry] of source.entries()) {
    const at = ['datasets', dataset, 'source', index];
    const paths = await expand(entry.path, context, at);
    if (paths.length === 0) throw notFound(entry, index, dataset);
    for (const path of paths) {
      await confinedPath(context.folder, path, context.root, at);
      const { size } = await statOf(path, entry, index, dataset);
      files.set(path, {
        path,
        name: portablePath(context.folder, path),
        bytes: size,
        ...(entry.format && { format: entry.format }),
        options: entry.options,
      });
    }
  }
  return [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function expand(path: string, context: SourceContext, at: ConfigPath): Promise<string[]> {
  const absolute = await confinedPath(context.folder, path, context.root, at).catch((error: unknown) => {
    // A pattern is no path to resolve; each file it matches is confined instead.
    if (isDynamicPattern(path) && !path.startsWith('..')) return undefined;
    throw error;
  });
  const found = absolute === undefined ? undefined : await stat(absolute).catch(() => undefined);
  if (absolute !== undefined && found?.isFile()) return [absolute];
  if (absolute !== undefined && found?.isDirectory()) {
    const names = await glob('**/*', { cwd: absolute, onlyFiles: true, expandDirectories: false });
    return names.filter(isDataFile).map((name) => join(absolute, name));
  }
  if (!isDynamicPattern(path)) return [];
  return (await glob(path, { cwd: context.folder, onlyFiles: true, absolute: true, expandDirectories: false })).map(
    (name) => join(name),
  );
}

async function statOf(path: string, entry: SourceSpec, index: number, dataset: string): Promise<{ size: number }> {
  try {
    return await stat(path);
  } catch {
    throw notFound(entry, index, dataset);
  }
}

function notFound(entry: SourceSpec, index: number, dataset: string): MldataError {
  const finding: Finding = {
    code: 'source-not-found',
    severity: 'error',
    message: `The source ${entry.path} matches no data file.`,
    dataset,
    suggestion: 'Correct the path, which is relative to the folder of the config, or add the files.',
    configPath: ['datasets', dataset, 'source', index],
  };
  return new MldataError('buildFailed', finding.code, finding.message, [finding]);
}
