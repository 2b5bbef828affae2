/** Going to what a dataset is written in or has written. */
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { parseConfig } from '../../config';
import { MANIFEST_FILE, MldataError } from '../../protocol';
import type { ConfigPath } from '../../protocol';
import type { Dataset } from '../datasets/model';
import { configLabel } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { rangeOf } from '../language/findingDiagnostics';
import { configOf, pickDataset } from './target';

/** Opens a config, at an entry when `path` names one. */
export async function openConfig(store: DatasetStore, argument: unknown, path: unknown): Promise<void> {
  const uri = argument instanceof Uri ? argument : (configOf(store, argument)?.uri ?? (await pickConfig(store)));
  if (uri === undefined) return;
  const document = await workspace.openTextDocument(uri);
  const location = isConfigPath(path) ? parseConfig(document.getText(), uri.fsPath).locate(path, 'key') : undefined;
  await window.showTextDocument(document, location === undefined ? {} : { selection: rangeOf(location) });
}

export async function openManifest(store: DatasetStore, argument: unknown): Promise<void> {
  const dataset = await pickDataset(store, argument, l10n.t('Whose manifest to open?'), isBuilt);
  if (dataset === undefined && store.datasets.some(isBuilt)) return;
  await window.showTextDocument(Uri.joinPath(outputOf(dataset), MANIFEST_FILE), { preview: false });
}

/** Shows the folder of a build in the explorer. */
export async function openFolder(store: DatasetStore, argument: unknown): Promise<void> {
  const dataset = await pickDataset(store, argument, l10n.t('Whose folder to open?'), isBuilt);
  if (dataset === undefined && store.datasets.some(isBuilt)) return;
  await reveal(Uri.joinPath(outputOf(dataset), MANIFEST_FILE));
}

/** Shows a file in the explorer, or in the system's file manager when it lies outside the opened folders. */
export async function reveal(argument: unknown): Promise<void> {
  const uri = argument instanceof Uri ? argument : undefined;
  if (uri === undefined) return;
  const command = workspace.getWorkspaceFolder(uri) === undefined ? 'revealFileInOS' : 'revealInExplorer';
  await commands.executeCommand(command, uri);
}

function isBuilt({ manifest }: Dataset): boolean {
  return manifest !== undefined;
}

function outputOf(dataset: Dataset | undefined): Uri {
  if (dataset?.output !== undefined && isBuilt(dataset)) return dataset.output;
  throw new MldataError(
    'usage',
    'not-built',
    dataset === undefined
      ? l10n.t('No dataset has been built. Build one first.')
      : l10n.t('{0} has not been built. Build it first.', dataset.name),
  );
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
