/** Is a build still what its config and inputs say? Answered from names, sizes and times; no data is opened. */
import { isDeepStrictEqual } from 'node:util';
import { FileType, l10n, Uri, workspace } from 'vscode';
import type { FileStat } from 'vscode';
import type { DatasetSpec, Manifest } from '../../protocol';

/** Reasons why the manifest no longer stands for the config and its inputs; empty when it does. */
export async function staleReasons(folder: Uri, spec: DatasetSpec, manifest: Manifest): Promise<string[]> {
  const inputs = await Promise.all(manifest.inputs.map((input) => changedInput(folder, input, manifest.createdAt)));
  return [
    ...(isDeepStrictEqual(plain(spec), plain(manifest.config)) ? [] : [l10n.t('The configuration changed.')]),
    ...inputs.filter((reason) => reason !== undefined),
  ];
}

async function changedInput(
  folder: Uri,
  input: { readonly path: string; readonly bytes: number },
  builtAt: string,
): Promise<string | undefined> {
  const stat = await statOf(Uri.joinPath(folder, input.path));
  if (stat === undefined || stat.type === FileType.Directory) return l10n.t('{0} is gone.', input.path);
  if (stat.size !== input.bytes) return l10n.t('{0} changed its size.', input.path);
  if (stat.mtime > Date.parse(builtAt)) return l10n.t('{0} was written after the build.', input.path);
  return undefined;
}

/** Undefined when there is nothing there. */
async function statOf(uri: Uri): Promise<FileStat | undefined> {
  try {
    return await workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
}

/** As it would stand in a file: what is undefined is absent. */
function plain(spec: DatasetSpec): unknown {
  return JSON.parse(JSON.stringify(spec));
}
