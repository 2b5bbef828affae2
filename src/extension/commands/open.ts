/** Going to what a dataset is written in or has written. */
import { commands, env, l10n, UIKind, Uri, window, workspace } from 'vscode';
import { parseConfig } from '../../config';
import { MANIFEST_FILE, MldataError } from '../../protocol';
import type { ConfigPath } from '../../protocol';
import type { Dataset } from '../datasets/model';
import { configLabel } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { rangeOf } from '../language/findingDiagnostics';
import { configOf, datasetOf, nothingBuilt, pickDataset } from './target';

/** Opens a config: at the entry that `path` names, else at the dataset it is called on. */
export async function openConfig(store: DatasetStore, argument: unknown, path: unknown): Promise<void> {
  const dataset = datasetOf(store, argument);
  const uri = argument instanceof Uri ? argument : (configOf(store, argument)?.uri ?? (await pickConfig(store)));
  if (uri === undefined) return;
  const document = await workspace.openTextDocument(uri);
  const at = isConfigPath(path) ? path : dataset && ['datasets', dataset.name];
  const location = at && parseConfig(document.getText(), uri.fsPath).locate(at, 'key');
  await window.showTextDocument(document, location === undefined ? {} : { selection: rangeOf(location) });
}

export async function openManifest(store: DatasetStore, argument: unknown): Promise<void> {
  const manifest = await pickManifest(store, argument, l10n.t('Whose manifest to open?'));
  if (manifest !== undefined) await window.showTextDocument(manifest, { preview: false });
}

/** Shows the folder of a build in the explorer. */
export async function openFolder(store: DatasetStore, argument: unknown): Promise<void> {
  const manifest = await pickManifest(store, argument, l10n.t('Whose folder to open?'));
  if (manifest !== undefined) await reveal(manifest);
}

/** Shows a file in the explorer, or in the system's file manager when it lies outside the opened folders. */
export async function reveal(argument: unknown): Promise<void> {
  if (!(argument instanceof Uri)) return;
  const command = revealCommand(workspace.getWorkspaceFolder(argument) !== undefined, env.uiKind, env.remoteName);
  if (command !== undefined) {
    await commands.executeCommand(command, argument);
    return;
  }
  throw new MldataError(
    'usage',
    'outside-folders',
    l10n.t('{0} lies outside the opened folders. Open its folder to see it.', argument.fsPath),
  );
}

/** Undefined where nothing can show the file: the file manager of another machine is out of reach. */
export function revealCommand(inside: boolean, ui: UIKind, remote: string | undefined): string | undefined {
  if (inside) return 'revealInExplorer';
  return ui === UIKind.Desktop && remote === undefined ? 'revealFileInOS' : undefined;
}

/** Of a dataset that was built; undefined when the user picks none. */
async function pickManifest(store: DatasetStore, argument: unknown, placeHolder: string): Promise<Uri | undefined> {
  const target = { placeHolder, accepts: isBuilt, none: nothingBuilt };
  const dataset = await pickDataset(store, argument, target);
  if (dataset === undefined) return undefined;
  if (dataset.output !== undefined && isBuilt(dataset)) return Uri.joinPath(dataset.output, MANIFEST_FILE);
  throw new MldataError('usage', 'not-built', l10n.t('{0} has not been built. Build it first.', dataset.name));
}

function isBuilt({ manifest }: Dataset): boolean {
  return manifest !== undefined;
}

async function pickConfig(store: DatasetStore): Promise<Uri | undefined> {
  const [first] = store.configs;
  if (store.configs.length <= 1) return first?.uri;
  const items = store.configs.map(({ uri }) => ({ label: configLabel(uri), uri }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which configuration to open?') }))?.uri;
}

function isConfigPath(value: unknown): value is ConfigPath {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number');
}
