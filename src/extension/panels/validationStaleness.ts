/** Whether data, or what is asked of it, changed since it was validated. */
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { l10n } from 'vscode';
import { isOfFiles } from '../../config';
import { MANIFEST_FILE } from '../../protocol';
import type { Quality } from '../../protocol';
import type { DataSubject } from '../commands/dataSubject';
import { sourceFiles } from '../datasets/sourceFiles';
import type { DatasetStore } from '../datasets/store';

/** Why the checks are out of date, in a sentence; undefined when they are not. */
export async function validationStaleness(
  store: DatasetStore,
  subject: DataSubject,
  { generatedAt }: Quality,
): Promise<string | undefined> {
  const { config, request } = subject;
  if (config !== undefined && !store.isReady) return undefined;
  for (const file of [...(config === undefined ? [] : [config.fsPath]), ...(await dataFiles(store, subject))]) {
    const found = await stat(path.resolve(request.folder, file)).catch(() => undefined);
    const name = path.relative(request.folder, path.resolve(request.folder, file));
    if (found === undefined) return l10n.t('{0} is gone since these checks were made.', name);
    if (found.mtimeMs > Date.parse(generatedAt)) return l10n.t('{0} changed since these checks were made.', name);
  }
  return undefined;
}

/** Files that the rows are of, relative to the folder of the request or absolute. */
export async function dataFiles(store: DatasetStore, { config, request }: DataSubject): Promise<string[]> {
  const { folder, target } = request;
  if (config === undefined) {
    const manifest = path.join(path.resolve(folder, target), MANIFEST_FILE);
    const isBuild = (await stat(manifest).catch(() => undefined)) !== undefined;
    return isBuild ? [manifest] : sourceFiles(folder, [target], false);
  }
  const sources = store.find(config, target)?.spec?.source ?? [];
  return sourceFiles(
    folder,
    sources.filter(isOfFiles).map(({ path: each }) => each),
    false,
  );
}
