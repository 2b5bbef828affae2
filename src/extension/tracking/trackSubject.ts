/** What is to be tracked: a dataset, or files and folders of the explorer. */
import * as path from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import type { TargetsRequest } from '../../protocol';
import { datasetOf, nothingBuilt, pickDataset } from '../commands/target';
import type { Dataset } from '../datasets/model';
import { folderOf, isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';

export interface TrackSubject {
  readonly request: TargetsRequest;
  readonly title: string;
  /** Where a repository is made if there is none. */
  readonly home: string;
  /** Whose settings count. */
  readonly resource: Uri;
  readonly dataset?: Dataset;
}

/**
 * What the command was called on, else the dataset that the user picks; undefined when none is picked.
 * @param clicked an item of the tree, or the file or folder under the pointer in the explorer
 * @param selected the whole selection of the explorer
 */
export async function pickSubject(
  store: DatasetStore,
  clicked: unknown,
  selected: unknown,
): Promise<TrackSubject | undefined> {
  const uris = datasetOf(store, clicked) === undefined ? urisOf(clicked, selected) : [];
  if (uris.length > 0) return ofPaths(store, uris);
  const dataset = await pickDataset(store, clicked, {
    placeHolder: l10n.t('Which dataset to track?'),
    accepts: ({ manifest }) => manifest !== undefined,
    none: nothingBuilt,
  });
  return dataset && ofDataset(dataset);
}

export function ofDataset(dataset: Dataset): TrackSubject {
  const { config, name } = dataset;
  const home = folderOf(config).fsPath;
  return {
    request: { configPath: config.fsPath, targets: [name], folder: home },
    title: name,
    home,
    resource: config,
    dataset,
  };
}

/** A folder that a build wrote is tracked as its dataset. */
function ofPaths(store: DatasetStore, uris: readonly Uri[]): TrackSubject {
  const [first] = uris as readonly [Uri];
  const isOutput = ({ output, manifest }: Dataset): boolean =>
    manifest !== undefined && output?.path === first.path && uris.length === 1;
  const dataset = store.datasets.find(isOutput);
  if (dataset !== undefined) return ofDataset(dataset);
  const config = nearestConfig(store, first);
  const folder = workspace.getWorkspaceFolder(first)?.uri ?? folderOf(first);
  return {
    request: {
      targets: uris.map((uri) => pathFrom(folder, uri)),
      folder: folder.fsPath,
      ...(config && { configPath: config.fsPath }),
    },
    title: uris.length === 1 ? path.basename(first.fsPath) : l10n.t('{0} items', uris.length),
    home: folderOf(config ?? first).fsPath,
    resource: first,
  };
}

function nearestConfig({ configs }: DatasetStore, file: Uri): Uri | undefined {
  const isAround = (config: Uri): boolean => file.path.startsWith(`${folderOf(config).path}/`);
  return configs
    .map(({ uri }) => uri)
    .filter(isAround)
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** Never as a dataset could be called. */
function pathFrom(folder: Uri, { fsPath }: Uri): string {
  const relative = path.relative(folder.fsPath, fsPath).split(path.sep).join('/');
  return relative.includes('/') ? relative : `./${relative}`;
}

function urisOf(clicked: unknown, selected: unknown): readonly Uri[] {
  const uris = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  return uris.filter((each): each is Uri => each instanceof Uri && !isConfig(each));
}
