/** One notification of all that drifted with a build, and was not told of before. */
import * as path from 'node:path';
import { commands, l10n, window } from 'vscode';
import type { QuickPickItem, Uri } from 'vscode';
import { muted } from '../../config/language';
import type { DatasetBuild, DriftAlert } from '../../protocol';
import { CommandId } from '../commandIds';
import { alarm, warn } from '../notifications';
import { levelWord } from '../views/driftWords';
import { changeConfig } from './changeConfig';

/** Columns or datasets that are named; the rest is a number. */
const MOST_NAMED = 3;

type Alerted = Pick<DriftAlert, 'dataset' | 'columns'>;

/** Resolves when the user has answered, and what they asked for is done. Nobody waits for that, so that it never throws. */
export async function tellDrift(config: Uri, results: readonly Pick<DatasetBuild, 'drift'>[]): Promise<void> {
  const alerts = results.flatMap(({ drift }) => drift?.alert ?? []);
  const columns = alerts.flatMap((alert) => alert.columns);
  if (columns.length === 0) return;
  const showReport = l10n.t('Show Report');
  const mute = columns.length === 1 ? l10n.t('Mute This Column') : l10n.t('Mute Columns…');
  const choice = await warn(messageOf(alerts), showReport, mute);
  if (choice === showReport) {
    const name = await pickDataset(alerts);
    // The baseline that the config names.
    if (name !== undefined) await commands.executeCommand(CommandId.showDrift, { config, name, baseline: '' });
  }
  if (choice === mute) await muteColumns(config, await pickColumns(alerts));
}

function messageOf(alerts: readonly Alerted[]): string {
  const [first] = alerts;
  if (alerts.length === 1 && first !== undefined) {
    const columns = first.columns.map(({ name, status }) => `${name} (${levelWord(status)})`);
    return l10n.t('{0} drifted: {1}.', first.dataset, listed(columns));
  }
  return l10n.t('{0} datasets drifted: {1}.', alerts.length, listed(alerts.map(({ dataset }) => dataset)));
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  const named = names.slice(0, MOST_NAMED).join(', ');
  return rest > 0 ? l10n.t('{0} and {1} more', named, rest) : named;
}

async function pickDataset(alerts: readonly Alerted[]): Promise<string | undefined> {
  const names = alerts.map(({ dataset }) => dataset);
  return names.length === 1
    ? names[0]
    : window.showQuickPick(names, { placeHolder: l10n.t('Drift of which dataset?') });
}

interface ColumnItem extends QuickPickItem {
  readonly dataset: string;
}

async function pickColumns(alerts: readonly Alerted[]): Promise<readonly ColumnItem[]> {
  const items = alerts.flatMap(({ dataset, columns }) =>
    columns.map(({ name, status }) => ({
      label: name,
      description: alerts.length === 1 ? levelWord(status) : `${dataset} · ${levelWord(status)}`,
      dataset,
    })),
  );
  if (items.length === 1) return items;
  const options = { canPickMany: true as const, placeHolder: l10n.t('Columns whose drift is not to be told any more') };
  return (await window.showQuickPick(items, options)) ?? [];
}

/** Says so where it could not be done. */
async function muteColumns(config: Uri, columns: readonly ColumnItem[]): Promise<void> {
  const change = (text: string) =>
    columns.reduce<string | undefined>((now, { dataset, label }) => now && muted(now, dataset, label), text);
  try {
    if (await changeConfig(config, change)) return;
    await alarm(l10n.t('The columns cannot be muted in {0}. Edit it by hand.', path.basename(config.fsPath)));
  } catch (error) {
    await alarm(error instanceof Error ? error.message : String(error));
  }
}
