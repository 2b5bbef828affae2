/** Moves the files of a dataset aside that are not whole, and back again. */
import * as path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { MOVED_FILE } from '../../protocol';
import type { Dataset } from '../datasets/model';
import { mergedQuality } from '../datasets/mergedQuality';
import { ask, inform, withProgress } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { ofDataset } from './dataSubject';
import { putBackFrom, type PutBackTools } from './putBackFiles';
import { movedFiles, quarantineFolder } from './quarantineFolder';
import type { ValidateTools } from './validate';

interface Tools extends PutBackTools, ValidateTools {
  readonly engine: PutBackTools['engine'] & ValidateTools['engine'];
}

/**
 * Checks the files of a dataset again, and moves those that are not whole to a folder beside the config.
 * @param config address of the config, and the name of a dataset of it, as the quick fix gives them
 */
export async function quarantineFiles(
  { engine, validations, store }: Tools,
  config: unknown,
  name: unknown,
): Promise<void> {
  const dataset =
    typeof config === 'string' && typeof name === 'string' ? store.find(Uri.parse(config), name) : undefined;
  if (dataset === undefined) return;
  requireEngineAllowed(dataset.config);
  const folder = quarantineFolder(dataset);
  const move = l10n.t('Move Files');
  const chosen = await ask(
    l10n.t('Move the files of {0} aside that are not whole?', dataset.name),
    l10n.t('They are checked again first. They go to {0}, where {1} says where each came from.', folder, MOVED_FILE),
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
  await offerBack({ engine, store }, dataset, folder, moved);
}

async function offerBack(
  tools: PutBackTools,
  { name }: Dataset,
  folder: string,
  moved: readonly string[],
): Promise<void> {
  if (moved.length === 0) {
    await inform(l10n.t('No file of {0} had to be moved.', name));
    return;
  }
  const back = l10n.t('Put Back');
  const list = l10n.t('Show List');
  const what =
    moved.length === 1
      ? l10n.t('1 file was moved to {0}.', folder)
      : l10n.t('{0} files were moved to {1}.', moved.length, folder);
  const chosen = await inform(what, back, list);
  if (chosen === list) await window.showTextDocument(Uri.file(path.join(folder, MOVED_FILE)));
  if (chosen === back) await putBackFrom(tools, folder, moved);
}
