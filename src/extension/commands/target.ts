/** Which dataset or config a command is about: what it was called on, else what the user picks. */
import { l10n, QuickPickItemKind, ThemeIcon, Uri, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Config, Dataset } from '../datasets/model';
import { configLabel, isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { statusIcons } from '../views/icons';
import { describeDataset } from '../views/words';

/** A dataset named by others: links in the walkthrough, the report panel, tests. */
export interface DatasetRef {
  readonly config: Uri;
  readonly name: string;
}

/** The dataset that a tree item, a config in an editor or a reference stands for, without asking. */
export function datasetOf(store: DatasetStore, argument: unknown): Dataset | undefined {
  if (!isRecord(argument)) return undefined;
  const { config, name, dataset } = argument;
  if (config instanceof Uri && typeof name === 'string') return store.find(config, name);
  return datasetOf(store, dataset);
}

/** The config that the argument stands for, or that the active editor shows. */
export function configOf(store: DatasetStore, argument: unknown): Config | undefined {
  const uri = argument instanceof Uri ? argument : (datasetOf(store, argument)?.config ?? uriOf(argument));
  const here = uri ?? window.activeTextEditor?.document.uri;
  if (here === undefined || !isConfig(here)) return undefined;
  return store.configs.find((config) => config.uri.toString() === here.toString());
}

/**
 * The dataset a command is about, or undefined when the user picks none.
 * `accepts` says which ones the command has anything to do with; the only one is taken without asking.
 */
export async function pickDataset(
  store: DatasetStore,
  argument: unknown,
  placeHolder: string,
  accepts: (dataset: Dataset) => boolean = () => true,
): Promise<Dataset | undefined> {
  const meant = datasetOf(store, argument);
  if (meant !== undefined) return meant;
  const config = configOf(store, argument);
  const here = config && datasetAtCursor(config);
  if (here !== undefined && accepts(here)) return here;
  const configs = config === undefined ? store.configs : [config];
  const candidates = configs.flatMap(({ datasets }) => datasets).filter(accepts);
  if (candidates.length <= 1) return candidates[0];
  const picked = await window.showQuickPick(quickPickItems(configs, accepts), {
    placeHolder,
    matchOnDescription: true,
  });
  return picked?.dataset;
}

/** The dataset in whose lines the cursor stands, when the active editor shows this config. */
function datasetAtCursor({ uri, parsed, datasets }: Config): Dataset | undefined {
  const editor = window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri.toString()) return undefined;
  const line = editor.selection.active.line + 1;
  return datasets.find(({ name }) => {
    const first = parsed.locate(['datasets', name], 'key')?.line ?? Infinity;
    const last = parsed.locate(['datasets', name], 'value')?.endLine ?? -Infinity;
    return first <= line && line <= last;
  });
}

type DatasetItem = QuickPickItem & { readonly dataset?: Dataset };

function quickPickItems(configs: readonly Config[], accepts: (dataset: Dataset) => boolean): DatasetItem[] {
  return configs.flatMap((config): DatasetItem[] => {
    const items = config.datasets.filter(accepts).map((dataset) => ({
      label: dataset.name,
      description: describeDataset(dataset, new Date()),
      iconPath: new ThemeIcon(statusIcons[dataset.status].id),
      dataset,
    }));
    if (configs.length === 1 || items.length === 0) return items;
    return [{ label: configLabel(config.uri), kind: QuickPickItemKind.Separator }, ...items];
  });
}

/** Said when a command finds nothing to work on. */
export function nothingToBuild(): string {
  return l10n.t('There is no dataset to work on. Create a `.mldata.yaml` from your files first.');
}

function uriOf(argument: unknown): Uri | undefined {
  if (!isRecord(argument)) return undefined;
  const { uri } = argument;
  return uri instanceof Uri ? uri : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
