/** The files of another dataset's build, as a source. */
import { join } from 'node:path';
import type { DatasetSource } from '../../config';
import { readManifest } from '../manifest';
import { MldataError, type ConfigPath, type Finding, type OutputFormat, type ReadOptions } from '../../protocol';
import { confinedPath, isInside, portablePath } from './confine';

/** The folders of builds by the names of their datasets, relative to the config's folder. */
export type DatasetFolders = Readonly<Record<string, string>>;

export interface BuiltFile {
  /** Absolute. */
  readonly path: string;
  readonly format: OutputFormat;
  readonly options: ReadOptions;
  readonly quotedIsText: true;
  readonly place: { readonly of: string; readonly index: number };
}

interface Place {
  /** The config's folder. */
  readonly folder: string;
  readonly root: string | undefined;
  readonly datasets?: DatasetFolders | undefined;
}

/** How builds write text, so that nothing about it has to be guessed. */
export const writtenCsv: ReadOptions = {
  delimiter: ',',
  header: true,
  quote: '"',
  escape: '"',
  encoding: 'utf-8',
  nullValues: [],
  skipLines: 0,
};

/**
 * The data files of a build in its first format, in the order of its splits. Throws `not-built` where none stands.
 * @param at the place in the config that names the dataset
 */
export async function builtFiles(
  { dataset, split }: DatasetSource,
  { folder, root, datasets = {} }: Place,
  at: ConfigPath,
): Promise<BuiltFile[]> {
  const written = Object.hasOwn(datasets, dataset) ? datasets[dataset] : undefined;
  if (written === undefined) throw notBuilt(dataset, at);
  const output = await confinedPath(folder, written, root, at);
  const manifest = await readManifest(output);
  if (manifest === undefined) throw notBuilt(dataset, at);
  const [main] = manifest.config.output.formats;
  if (main === undefined) throw notBuilt(dataset, at);
  const { format } = main;
  const files = manifest.artifacts
    .filter((file) => file.kind === 'data' && file.format === format && (split === undefined || file.split === split))
    .map((file) => join(output, file.path))
    // A manifest that somebody edited leads nowhere else.
    .filter((path) => isInside(output, path));
  if (files.length === 0) throw notBuilt(split === undefined ? dataset : `${dataset}/${split}`, at);
  const of = `${portablePath(folder, output)}/`;
  const options = format === 'csv' ? writtenCsv : {};
  return files.map((path, index) => ({ path, format, options, quotedIsText: true, place: { of, index } }));
}

function notBuilt(dataset: string, at: ConfigPath): MldataError {
  const finding: Finding = {
    code: 'not-built',
    severity: 'error',
    message: `There is no build of ${dataset} to read.`,
    suggestion: `Build it first: \`mldata build ${dataset.split('/')[0] ?? dataset}\`.`,
    configPath: at,
  };
  return new MldataError('buildFailed', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
}
