/** Whether data, or what it is held against, changed since it was compared. */
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { l10n } from 'vscode';
import type { Drift, DriftSide } from '../../protocol';
import type { DriftSubject } from '../commands/driftSubject';
import type { DatasetStore } from '../datasets/store';
import { dataFiles } from './validationStaleness';

/** Why the comparison is out of date, in a sentence; undefined when it is not. */
export async function driftStaleness(
  store: DatasetStore,
  subject: DriftSubject,
  drift: Drift,
): Promise<string | undefined> {
  const { config, request } = subject;
  if (config !== undefined && !store.isReady) return undefined;
  for (const side of [drift.current, drift.baseline]) {
    const manifest = isStanding(side) ? config && store.find(config, side.dataset)?.manifest : undefined;
    if (manifest !== undefined && side.builtAt !== undefined && manifest.createdAt !== side.builtAt) {
      return l10n.t('{0} was built again since it was compared.', side.dataset);
    }
  }
  for (const file of await comparedFiles(store, subject, drift)) {
    const found = await stat(file).catch(() => undefined);
    const name = path.relative(request.folder, file);
    if (found === undefined) return l10n.t('{0} is gone since it was compared.', name);
    if (found.mtimeMs > Date.parse(drift.generatedAt)) return l10n.t('{0} changed since it was compared.', name);
  }
  return undefined;
}

/** Files whose change makes the comparison out of date, absolute: the config, and what is no build. */
export async function comparedFiles(
  store: DatasetStore,
  { config, request }: DriftSubject,
  { current, baseline }: Drift,
): Promise<string[]> {
  const { folder } = request;
  const files = await Promise.all(
    [current, baseline].map(async ({ of, reference, dataset }) => {
      if (of === 'build') return [];
      const isSource = of === 'source' && config !== undefined;
      const target = { target: isSource ? dataset : reference, folder };
      return dataFiles(store, { request: target, title: dataset, ...(isSource && { config }) });
    }),
  );
  const all = [
    ...(config === undefined ? [] : [config.fsPath]),
    ...files.flat().map((file) => path.resolve(folder, file)),
  ];
  return [...new Set(all)];
}

/** The build that stands in its folder; a version that is kept never changes. */
function isStanding({ of, reference }: DriftSide): boolean {
  return of === 'build' && !reference.includes('@');
}
