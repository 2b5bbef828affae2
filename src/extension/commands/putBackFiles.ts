/** Puts files back that a check moved aside. */
import * as path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { MOVED_FILE, type Engine, type PutBack } from '../../protocol';
import { CommandId } from '../commandIds';
import { IGNORED_GLOB } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { inform, warn, withProgress } from '../notifications';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { movedFiles, quarantineFolder } from './quarantineFolder';

export interface PutBackTools {
  readonly engine: Pick<Engine, 'putBack'>;
  readonly store: DatasetStore;
}

interface Place extends QuickPickItem {
  readonly folder: string;
}

/** Of the folder that the user picks. */
export async function putBackFiles(tools: PutBackTools): Promise<void> {
  const places = await placesOfQuarantine();
  if (places.length === 0) {
    await inform(l10n.t('No file is in quarantine.'));
    return;
  }
  const placeHolder = l10n.t('Put back the files of which folder? Nothing is overwritten');
  const picked = await window.showQuickPick(places, { placeHolder });
  if (picked !== undefined) await putBackFrom(tools, picked.folder);
}

/** @param files only those that came from these places; absent: all */
export async function putBackFrom(
  { engine, store }: PutBackTools,
  folder: string,
  files?: readonly string[],
): Promise<void> {
  const resource = Uri.file(folder);
  requireEngineAllowed(resource);
  const home = workspace.getWorkspaceFolder(resource)?.uri.fsPath ?? path.dirname(folder);
  const { allowOutsidePaths = false } = runOptions(resource);
  const put = await withProgress(l10n.t('Putting files back'), (_show, signal) =>
    engine.putBack({ quarantine: folder, folder: home, allowOutsidePaths, ...(files && { files }) }, signal),
  );
  const dataset = store.datasets.find((each) => quarantineFolder(each) === folder);
  if (dataset !== undefined) void commands.executeCommand(CommandId.validateDataset, dataset);
  await tell(put);
}

async function tell({ folder, putBack, left }: PutBack): Promise<void> {
  const back =
    putBack.length === 1 ? l10n.t('1 file was put back.') : l10n.t('{0} files were put back.', putBack.length);
  const [first] = left;
  if (first === undefined) {
    await inform(back);
    return;
  }
  const not = left.length === 1 ? l10n.t('1 was not:') : l10n.t('{0} were not, the first of them:', left.length);
  const open = l10n.t('Open Folder');
  if ((await warn(`${back} ${not} ${first.message}`, open)) === open) {
    await commands.executeCommand('revealFileInOS', Uri.file(folder));
  }
}

async function placesOfQuarantine(): Promise<Place[]> {
  const lists = await workspace.findFiles(`**/${MOVED_FILE}`, IGNORED_GLOB);
  const places = await Promise.all(
    lists.map(async (list) => {
      const folder = path.dirname(list.fsPath);
      const { length } = await movedFiles(folder);
      const description = length === 1 ? l10n.t('1 file') : l10n.t('{0} files', length);
      return length === 0 ? [] : [{ folder, label: workspace.asRelativePath(folder), description }];
    }),
  );
  return places.flat().sort((a, b) => a.label.localeCompare(b.label));
}
