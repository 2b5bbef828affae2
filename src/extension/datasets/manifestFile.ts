/** Reads what a build left behind. */
import { FileSystemError, FileType, l10n, Uri, workspace } from 'vscode';
import type * as z from 'zod';
import { parseManifest } from '../../config';
import { datasetBuildSchema, MANIFEST_FILE } from '../../protocol';
import type { DatasetBuild, Manifest } from '../../protocol';
import { bytes } from '../format';

/** Beyond any file that a build writes for people and programs to read whole. */
const MAX_BYTES = 16 * 2 ** 20;

/** A build's manifest, `undefined` when there is none, or a sentence saying why it can't be used. */
export async function readManifest(output: Uri): Promise<Manifest | string | undefined> {
  const unreadable = (why: string): string => l10n.t('The manifest could not be read: {0}', why);
  try {
    const text = await readText(Uri.joinPath(output, MANIFEST_FILE));
    if (text === undefined) return undefined;
    const reading = parseManifest(text);
    if ('manifest' in reading) return reading.manifest;
    return reading.problem === 'unreadable'
      ? unreadable(reading.why)
      : l10n.t('The manifest is not one this version reads: {0}', reading.why);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
}

/** The report of the build that wrote the manifest, when there is one that this version reads. */
export function readBuild(output: Uri): Promise<DatasetBuild | undefined> {
  return readReport(output, 'reports/build.json', datasetBuildSchema);
}

/** A document below a folder, when there is one that this version reads. */
export async function readReport<T>(folder: Uri, file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const text = await readText(Uri.joinPath(folder, file));
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such file. */
async function readText(uri: Uri): Promise<string | undefined> {
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if ((type & FileType.File) === 0) return undefined; // a pipe would never end
    if (size > MAX_BYTES) throw new Error(l10n.t('it has {0}', bytes(size)));
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
