/** Thresholds that were tried out on a page, written into the config: as an edit that can be undone, comments stay. */
import * as path from 'node:path';
import { l10n } from 'vscode';
import type { Uri } from 'vscode';
import { editConfig, parseConfig } from '../../config';
import { MldataError } from '../../protocol';
import type { ThresholdEdits } from '../../protocol';
import { changeConfig } from './changeConfig';

/**
 * Saves the file where nothing else in it waits to be saved; else the edit waits with the rest.
 * Throws `edit-refused` and `value-refused`: then nothing is changed.
 */
export async function saveThresholds(config: Uri, dataset: string, edits: ThresholdEdits): Promise<void> {
  const done = await changeConfig(config, (text) => thresholdText(text, config.fsPath, dataset, edits));
  if (!done) throw refused(config.fsPath);
}

function thresholdText(
  text: string,
  file: string,
  dataset: string,
  { measures, columns, share }: ThresholdEdits,
): string {
  const drift = ['datasets', dataset, 'drift'];
  const changes: readonly (readonly [at: readonly string[], value: unknown])[] = [
    ...Object.entries(measures).map(([measure, levels]) => [[...drift, 'thresholds', measure], levels] as const),
    ...Object.entries(columns).flatMap(([column, { method, thresholds }]) => {
      const at = [...drift, 'columns', column];
      return [[[...at, 'method'], method] as const, [[...at, 'thresholds'], thresholds] as const];
    }),
    ...(share === undefined ? [] : [[[...drift, 'share'], share] as const]),
  ];
  const changed = changes.reduce<string>((now, [at, value]) => {
    const next = editConfig(now, at, value);
    if (next === undefined) throw refused(file);
    return next;
  }, text);
  const wrong = parseConfig(changed, file).findings.find(
    ({ severity, configPath = [] }) => severity === 'error' && configPath[2] === 'drift',
  );
  if (wrong !== undefined) throw new MldataError('config', 'value-refused', wrong.message);
  return changed;
}

function refused(file: string): MldataError {
  return new MldataError(
    'config',
    'edit-refused',
    l10n.t('The thresholds cannot be written into {0}. Edit it by hand.', path.basename(file)),
  );
}
