/** A build must not replace or remove what it reads, nor read what the build before wrote. */
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PreviousBuild } from '../manifest';
import type { SourceFile } from '../sources';
import {
  DRIFT_FILE,
  MANIFEST_FILE,
  MldataError,
  QUALITY_FILE,
  type ConfigPath,
  type DatasetSpec,
  type Finding,
} from '../../protocol';
import { dataFiles, REPORT_FILES } from './outputs';

/** Throws `source-is-output` when a source file is one that the build writes or removes. */
export async function refuseOwnOutput(
  files: readonly Pick<SourceFile, 'path' | 'name'>[],
  spec: DatasetSpec,
  output: string,
  before: PreviousBuild | undefined,
): Promise<void> {
  const ours = await filesOf(spec, output, before);
  for (const { path, name } of files) {
    if (await ours(path)) throw refusal(spec, 'source', name, 'a source that leaves the output folder out');
  }
}

/** The same for the file of indices that a split follows: the report of the build before, more often than not. */
export async function refuseOwnIndices(
  spec: DatasetSpec,
  folder: string,
  output: string,
  before: PreviousBuild | undefined,
): Promise<void> {
  const name = spec.split?.indices;
  if (name === undefined) return;
  const ours = await filesOf(spec, output, before);
  if (await ours(resolve(folder, name))) throw refusal(spec, 'split', name, 'a copy of the file elsewhere');
}

/** Tells whether a path is one that the build writes, or that the build before wrote. */
async function filesOf(spec: DatasetSpec, folder: string, before: PreviousBuild | undefined) {
  const reports = [...REPORT_FILES, QUALITY_FILE, DRIFT_FILE];
  const paths = [...dataFiles(spec), ...reports, MANIFEST_FILE, ...(before?.artifacts ?? [])];
  const real = await realpath(folder).catch(() => folder);
  const ours = new Set(paths.map((path) => join(real, path)));
  return async (path: string) => ours.has(await realpath(path).catch(() => path));
}

function refusal({ name, output }: DatasetSpec, key: 'source' | 'split', file: string, other: string): MldataError {
  const configPath: ConfigPath = ['datasets', name, key, ...(key === 'split' ? ['indices'] : [])];
  const finding: Finding = {
    code: 'source-is-output',
    severity: 'error',
    message: `${key === 'source' ? 'The source' : 'The split by'} ${file} is a file that the build writes to ${output.path}, and would be lost.`,
    dataset: name,
    locations: [{ file }],
    suggestion: `Choose another \`output.path\`, or ${other}.`,
    configPath,
  };
  return new MldataError('config', finding.code, finding.message, [finding]);
}
