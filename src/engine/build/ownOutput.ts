/** A build must not replace or remove its own source, nor read what the build before wrote. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../manifest';
import { activeSplits, outputFiles } from '../plan';
import type { SourceFile } from '../sources';
import { MANIFEST_FILE, MldataError, type DatasetSpec, type Finding } from '../../protocol';

/**
 * Throws `source-is-output` when a source file is one that the build writes or removes.
 * @param reports paths of the reports a build may write, relative to `output`
 */
export async function refuseOwnOutput(
  files: readonly SourceFile[],
  { name, split, output }: DatasetSpec,
  folder: string,
  reports: readonly string[],
): Promise<void> {
  const parts = split ? activeSplits(split).map((part) => ({ name: part })) : [{ name: 'data' }];
  const before = (await readManifest(folder))?.artifacts ?? [];
  const real = await realpath(folder).catch(() => folder);
  const ours = new Set(
    [...outputFiles(output, parts), ...reports, MANIFEST_FILE, ...before.map(({ path }) => path)].map((path) =>
      join(real, path),
    ),
  );
  for (const file of files) {
    if (!ours.has(await realpath(file.path).catch(() => file.path))) continue;
    const finding: Finding = {
      code: 'source-is-output',
      severity: 'error',
      message: `The source ${file.name} is a file that the build writes to ${output.path}, and would be lost.`,
      dataset: name,
      locations: [{ file: file.name }],
      suggestion: 'Choose another `output.path`, or a source that leaves the output folder out.',
      configPath: ['datasets', name, 'source'],
    };
    throw new MldataError('config', finding.code, finding.message, [finding]);
  }
}
