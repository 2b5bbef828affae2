/** Reads what a build left behind. */
import { FileSystemError, l10n, Uri, workspace } from 'vscode';
import { parse } from 'yaml';
import { datasetBuildSchema, MANIFEST_FILE, manifestSchema } from '../../protocol';
import type { DatasetBuild, Manifest } from '../../protocol';

/** A build's manifest, `undefined` when there is none, or a sentence saying why it can't be used. */
export async function readManifest(output: Uri): Promise<Manifest | string | undefined> {
  let text: string | undefined;
  try {
    text = await readText(Uri.joinPath(output, MANIFEST_FILE));
    if (text === undefined) return undefined;
    const parsed = manifestSchema.safeParse(parse(text, { maxAliasCount: 0 }));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    return l10n.t('The manifest is not one this version reads: {0}', `${issue?.path.join('.')}: ${issue?.message}`);
  } catch (error) {
    return l10n.t('The manifest could not be read: {0}', error instanceof Error ? error.message : String(error));
  }
}

/** The report of the build that wrote the manifest, when there is one that this version reads. */
export async function readBuild(output: Uri): Promise<DatasetBuild | undefined> {
  try {
    const text = await readText(Uri.joinPath(output, 'reports', 'build.json'));
    return text === undefined ? undefined : datasetBuildSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such file. */
async function readText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
