/** Which dataset or config a command is about: what it was called on, else what the user picks. */
import { l10n, QuickPickItemKind, ThemeIcon, Uri, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { MldataError } from '../../protocol';
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

/** What a command can be about. */
export interface Target {
  readonly placeHolder: string;
  readonly accepts: (dataset: Dataset) => boolean;
  /** Thrown when there is no such dataset at all. */
  readonly none: () => MldataError;
}

/** The dataset that a tree item or a reference stands for, without asking. */
export function datasetOf(store: DatasetStore, argument: unknown): Dataset | undefined {
  const ref = refOf(argument);
  return ref && store.find(ref.config, ref.name);
}

/** The file of the config that the argument stands for, or that the active editor shows. */
export function configUriOf(argument: unknown): Uri | undefined {
  const here = uriOf(argument) ?? window.activeTextEditor?.document.uri;
  return here !== undefined && isConfig(here) ? here : undefined;
}

/** The config that the argument stands for, or that the active editor shows. Throws when the argument names another. */
export function configOf(store: DatasetStore, argument: unknown): Config | undefined {
  const uri = configUriOf(argument);
  const config = store.configs.find((each) => each.uri.toString() === uri?.toString());
  const named = uriOf(argument);
  if (config !== undefined || named === undefined) return config;
  throw new MldataError(
    'usage',
    'config-unknown',
    l10n.t('{0} is no configuration of the opened folders.', configLabel(named)),
  );
}

/**
 * The dataset a command is about, or undefined when the user picks none. The only one is taken without asking; when
 * the config in the active editor has none, all configs are looked at.
 */
export async function pickDataset(
  store: DatasetStore,
  argument: unknown,
  { accepts, none, placeHolder }: Target,
): Promise<Dataset | undefined> {
  const meant = datasetOf(store, argument);
  if (meant !== undefined) return meant;
  if (refOf(argument) !== undefined) {
    throw new MldataError('usage', 'dataset-unknown', l10n.t('This dataset is no longer in the configuration.'));
  }
  const config = configOf(store, argument);
  const here = config && datasetAtCursor(config);
  if (here !== undefined && accepts(here)) return here;
  const has = ({ datasets }: Config): boolean => datasets.some(accepts);
  const configs = config !== undefined && (argument !== undefined || has(config)) ? [config] : store.configs;
  const candidates = configs.flatMap(({ datasets }) => datasets).filter(accepts);
  if (candidates.length === 0) throw none();
  if (candidates.length === 1) return candidates[0];
  const picked = await window.showQuickPick(quickPickItems(configs, accepts), {
    placeHolder,
    matchOnDescription: true,
  });
  return picked?.dataset;
}

export function noDatasets(): MldataError {
  return new MldataError(
    'usage',
    'no-datasets',
    l10n.t('There is no dataset to work on. Create a `.mldata.yaml` from your files first.'),
  );
}

/** Whether a source of it lies elsewhere. */
export function isRemote({ remote }: Dataset): boolean {
  return remote !== undefined;
}

export function nothingRemote(): MldataError {
  return new MldataError('usage', 'no-addresses', l10n.t('No source has an address, so there is nothing to fetch.'));
}

/** There is nothing yet that a command about builds could show. */
export function nothingBuilt(): MldataError {
  return new MldataError('usage', 'not-built', l10n.t('No dataset has been built. Build one first.'));
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

function refOf(argument: unknown): DatasetRef | undefined {
  if (!isRecord(argument)) return undefined;
  const { config, name, dataset } = argument;
  return config instanceof Uri && typeof name === 'string' ? { config, name } : refOf(dataset);
}

/** Of a config: the argument itself, the one of a tree item, or the one that a dataset is written in. */
function uriOf(argument: unknown): Uri | undefined {
  if (argument instanceof Uri || !isRecord(argument)) return argument instanceof Uri ? argument : undefined;
  return argument['uri'] instanceof Uri ? argument['uri'] : refOf(argument)?.config;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
