/** A first `.mldata.yaml` from data files. */
import { FileType, l10n, Uri, window, workspace } from 'vscode';
import { COMPRESSION_EXTENSIONS, CONFIG_FILES, DATA_EXTENSIONS } from '../../config';
import type { Engine } from '../../protocol';
import type { DatasetStore } from '../datasets/store';
import { ask, withProgress } from '../notifications';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';

/** `clicked` and `selected` are what the explorer's context menu gives: the file under the pointer and the selection. */
export async function createConfig(
  engine: Pick<Engine, 'init'>,
  store: DatasetStore,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  const files = urisOf(selected) ?? urisOf([clicked]) ?? (await askForFiles());
  const [first] = files;
  if (first === undefined) return;
  const folder =
    workspace.getWorkspaceFolder(first)?.uri ?? workspace.workspaceFolders?.[0]?.uri ?? Uri.joinPath(first, '..');
  requireEngineAllowed(folder);
  const existing = await existingConfig(folder);
  if (existing !== undefined && !(await mayOverwrite(existing))) return;
  const target = existing ?? Uri.joinPath(folder, CONFIG_FILES[0]);
  const request = {
    files: files.map(({ fsPath }) => fsPath),
    configPath: target.fsPath,
    force: existing !== undefined,
    ...runOptions(folder),
  };
  const title = l10n.t('Reading {0}', nameOf(first));
  const { configPath } = await withProgress(title, (_, signal) => engine.init(request, signal));
  await window.showTextDocument(Uri.file(configPath), { preview: false }); // a walkthrough in preview stays open
  await store.refresh();
}

async function askForFiles(): Promise<readonly Uri[]> {
  const picked = await window.showOpenDialog({
    title: l10n.t('Files to Make Datasets From'),
    openLabel: l10n.t('Create Configuration'),
    canSelectMany: true,
    filters: { [l10n.t('Data files')]: [...DATA_EXTENSIONS, ...COMPRESSION_EXTENSIONS] },
    ...(workspace.workspaceFolders?.[0] && { defaultUri: workspace.workspaceFolders[0].uri }),
  });
  return picked ?? [];
}

async function existingConfig(folder: Uri): Promise<Uri | undefined> {
  const entries = await workspace.fs.readDirectory(folder);
  const name = CONFIG_FILES.find((each) =>
    entries.some(([entry, type]) => entry === each && type !== FileType.Directory),
  );
  return name === undefined ? undefined : Uri.joinPath(folder, name);
}

/** Asks before anything is lost; opening the config that is there is the other way out. */
async function mayOverwrite(config: Uri): Promise<boolean> {
  const overwrite = l10n.t('Overwrite');
  const open = l10n.t('Open It');
  const detail = l10n.t('Overwriting replaces everything that is written in it.');
  const choice = await ask(l10n.t('{0} exists already.', nameOf(config)), detail, open, overwrite);
  if (choice === open) await window.showTextDocument(config);
  return choice === overwrite;
}

function urisOf(value: unknown): readonly Uri[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const uris = value.filter((each) => each instanceof Uri);
  return uris.length > 0 ? uris : undefined;
}

function nameOf(uri: Uri): string {
  return workspace.asRelativePath(uri, false);
}
