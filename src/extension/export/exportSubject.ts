/** What is to be exported: a dataset that is built, or files as they are. */
import * as path from 'node:path';
import { commands, l10n, Uri } from 'vscode';
import { COMPRESSION_EXTENSIONS } from '../../config';
import type { ExportRequest } from '../../protocol';
import { pickData } from '../commands/dataSubject';
import { CommandId } from '../commandIds';
import type { Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { ask } from '../notifications';
import { requireEngineAllowed } from '../trust';

export interface ExportSubject {
  readonly request: ExportRequest;
  readonly title: string;
  /** Absolute: the folder below which exports lie unless another is chosen. */
  readonly home: string;
  /** Whose settings count. */
  readonly resource: Uri;
  readonly dataset?: Dataset;
}

/**
 * What the command was called on, else what the user picks; a dataset that has no build is built first, where the user
 * agrees. Undefined when nothing is to be exported.
 * @param argument an item of the tree, or a file or folder of the explorer; a folder that a build wrote is its dataset
 */
export async function pickExported(store: DatasetStore, argument: unknown): Promise<ExportSubject | undefined> {
  const meant = builtIn(store, argument) ?? argument;
  const data = await pickData(store, meant, l10n.t('What to export?'));
  if (data === undefined) return undefined;
  const { request, title, config } = data;
  const resource = config ?? Uri.file(path.resolve(request.folder, request.target));
  requireEngineAllowed(resource);
  const home = path.join(request.folder, 'exports');
  const found = config && store.find(config, request.target);
  if (found === undefined) return { request, title: withoutExtension(title), home, resource };
  const dataset = await readyToExport(store, found);
  return dataset && { request, title: dataset.name, home, resource, dataset };
}

/** `a.v1.csv.gz` is `a.v1`, so that no two versions are exported to one folder. */
function withoutExtension(file: string): string {
  const { name, ext } = path.parse(file);
  return COMPRESSION_EXTENSIONS.includes(ext.slice(1).toLowerCase()) ? path.parse(name).name : name;
}

function builtIn({ datasets }: DatasetStore, folder: unknown): Dataset | undefined {
  if (!(folder instanceof Uri)) return undefined;
  return datasets.find(({ output, manifest }) => manifest !== undefined && output?.path === folder.path);
}

/** With its build; undefined where there is none, and the user wants none. */
async function readyToExport(store: DatasetStore, dataset: Dataset): Promise<Dataset | undefined> {
  const { name, config, manifest, staleBecause } = dataset;
  const build = l10n.t('Build and Export');
  const asItIs = l10n.t('Export As It Is');
  if (manifest === undefined) {
    const detail = l10n.t('Exports are made of what a build wrote.');
    if ((await ask(l10n.t('{0} has not been built yet.', name), detail, build)) !== build) return undefined;
  } else {
    if (staleBecause.length === 0) return dataset;
    const question = l10n.t('{0} has changed since it was built.', name);
    const choice = await ask(question, staleBecause.join('\n'), build, asItIs);
    if (choice !== build) return choice === asItIs ? dataset : undefined;
  }
  await commands.executeCommand(CommandId.buildDataset, { config, name });
  const built = store.find(config, name);
  // Why it was not built has been said.
  return built?.manifest === undefined || built.status === 'failing' ? undefined : built;
}
