/** Whether data changed since it was profiled. */
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { l10n } from 'vscode';
import type { Profile } from '../../protocol';
import type { DataSubject } from '../commands/dataSubject';
import type { DatasetStore } from '../datasets/store';

/** Why the profile is out of date, in a sentence; undefined when it is not. */
export async function profileStaleness(
  store: DatasetStore,
  { config, request }: DataSubject,
  { of, builtAt, generatedAt, files }: Profile,
): Promise<string | undefined> {
  const manifest = config && store.find(config, request.target)?.manifest;
  if (config !== undefined && !store.isReady) return undefined;
  if (of === 'build') {
    const changed = manifest !== undefined && builtAt !== undefined && manifest.createdAt !== builtAt;
    return changed ? l10n.t('The dataset was built again since this profile was made.') : undefined;
  }
  if (manifest !== undefined && !request.source) {
    return l10n.t('The dataset was built since this profile was made of its source.');
  }
  for (const file of files) {
    const found = await stat(path.resolve(request.folder, file.path)).catch(() => undefined);
    if (found === undefined) return l10n.t('{0} is gone since this profile was made.', file.path);
    if (found.size !== file.bytes || found.mtimeMs > Date.parse(generatedAt)) {
      return l10n.t('{0} changed since this profile was made.', file.path);
    }
  }
  return undefined;
}
