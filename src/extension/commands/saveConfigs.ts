/** What the editor shows is what a command works on. */
import { l10n, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { MldataError } from '../../protocol';
import { configLabel, isConfig } from '../datasets/paths';
import { requireEngineAllowed } from '../trust';

/** Saves the configs with changes in them; throws `config-unsaved` where one cannot be. */
export async function saveConfigs(accepts: (config: Uri) => boolean): Promise<void> {
  for (const document of workspace.textDocuments) {
    const { uri, isDirty } = document;
    if (!isDirty || !isConfig(uri) || !accepts(uri)) continue;
    requireEngineAllowed(uri);
    if (await document.save()) continue;
    throw new MldataError(
      'usage',
      'config-unsaved',
      l10n.t('{0} could not be saved, so nothing was done.', configLabel(uri)),
    );
  }
}
