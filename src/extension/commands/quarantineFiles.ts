/** Moves the files of a dataset aside that are not whole, and back again. */
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { Dataset } from '../datasets/model';
import { mergedQuality } from '../datasets/mergedQuality';
import type { DatasetStore } from '../datasets/store';
import { ask, inform, withProgress } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { ofDataset } from './dataSubject';
import { CommandId } from '../commandIds';
import type { ValidateTools } from './validate';

interface Moved {
  readonly from: string;
  readonly to: string;
}

/** The list that stands in the folder beside the files, a line for each. */
const LIST = 'moved.jsonl';

/**
 * Checks the files of a dataset again, and moves those that are not whole to a folder beside the config.
 * @param config address of the config, and the name of a dataset of it, as the quick fix gives them
 */
export async function quarantineFiles(
  { engine, validations, store }: ValidateTools & { readonly store: DatasetStore },
  config: unknown,
  name: unknown,
): Promise<void> {
  const dataset =
    typeof config === 'string' && typeof name === 'string' ? store.find(Uri.parse(config), name) : undefined;
  if (dataset === undefined) return;
  requireEngineAllowed(dataset.config);
  const folder = folderOf(dataset);
  const move = l10n.t('Move Files');
  const chosen = await ask(
    l10n.t('Move the files of {0} aside that are not whole?', dataset.name),
    l10n.t('They are checked again first. They go to {0}, where {1} says where each came from.', folder, LIST),
    move,
  );
  if (chosen !== move) return;
  const before = await movedFiles(folder);
  await withProgress(l10n.t('Checking the files of {0}', dataset.name), async (show, signal) => {
    const request = { ...ofDataset(dataset).request, checks: ['files'] as const, quarantine: folder };
    const made = await engine.validate(request, ({ detail }) => show(detail ?? '', 0), signal);
    validations.keep(dataset, mergedQuality(validations.of(dataset), made));
  });
  const moved = (await movedFiles(folder)).slice(before.length);
  await offerBack(dataset, folder, moved);
}

function folderOf({ config, name }: Pick<Dataset, 'config' | 'name'>): string {
  return path.join(path.dirname(config.fsPath), 'quarantine', name);
}

async function movedFiles(folder: string): Promise<Moved[]> {
  const text = await readFile(path.join(folder, LIST), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Moved);
}

async function offerBack(dataset: Dataset, folder: string, moved: readonly Moved[]): Promise<void> {
  if (moved.length === 0) {
    await inform(l10n.t('No file of {0} had to be moved.', dataset.name));
    return;
  }
  const back = l10n.t('Put Back');
  const list = l10n.t('Show List');
  const what =
    moved.length === 1
      ? l10n.t('1 file was moved to {0}.', folder)
      : l10n.t('{0} files were moved to {1}.', moved.length, folder);
  const chosen = await inform(what, back, list);
  if (chosen === list) await window.showTextDocument(Uri.file(path.join(folder, LIST)));
  if (chosen !== back) return;
  for (const { from, to } of moved) await workspace.fs.rename(Uri.file(to), Uri.file(from), { overwrite: false });
  await commands.executeCommand(CommandId.validateDataset, dataset);
}
