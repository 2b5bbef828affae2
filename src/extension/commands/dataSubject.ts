/** What somebody wants to look at: a dataset, a build folder, or files of data. */
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { l10n, TabInputCustom, TabInputText, Uri, window, workspace } from 'vscode';
import { DATA_EXTENSIONS, COMPRESSION_EXTENSIONS, isDataFile } from '../../config';
import type { DataRequest } from '../../protocol';
import type { Dataset } from '../datasets/model';
import { folderOf, isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { runOptions } from '../settings';
import { datasetOf, noDatasets, pickDataset } from './target';

export interface DataSubject {
  readonly request: DataRequest;
  readonly title: string;
  /** Of a dataset: the file that names it. */
  readonly config?: Uri;
}

/**
 * What the command was called on: an item of the tree, a file or folder of the explorer, else what the active editor
 * shows; otherwise the user picks. Undefined when nothing is picked.
 * @param placeHolder the question, which is also the title where a file is picked
 */
export async function pickData(
  store: DatasetStore,
  argument: unknown,
  placeHolder: string,
): Promise<DataSubject | undefined> {
  const subject = subjectOf(argument);
  if (subject !== undefined) return subject;
  const dataset = datasetOf(store, argument);
  if (dataset !== undefined) return ofDataset(dataset, splitOf(argument));
  const clicked = argument instanceof Uri ? argument : argument === undefined ? activeFile() : undefined;
  if (clicked !== undefined && !isConfig(clicked)) return ofPath(clicked);
  if (argument === undefined && store.datasets.length === 0) {
    const file = await askForFile(placeHolder, l10n.t('Select'));
    return file && ofPath(file);
  }
  const picked = await pickDataset(store, argument, { placeHolder, accepts: () => true, none: noDatasets });
  return picked && ofDataset(picked);
}

export function ofDataset({ config, name }: Pick<Dataset, 'config' | 'name'>, split?: string): DataSubject {
  const request = {
    configPath: config.fsPath,
    target: name,
    folder: folderOf(config).fsPath,
    ...(split !== undefined && { split }),
    ...runOptions(config),
  };
  return { request, title: split === undefined ? name : `${name} · ${split}`, config };
}

/** A file of data, a folder of them, or one that a build wrote. */
export function ofPath(file: Uri): DataSubject {
  const folder = workspace.getWorkspaceFolder(file)?.uri ?? Uri.joinPath(file, '..');
  const target = path.relative(folder.fsPath, file.fsPath) || '.';
  return { request: { target, folder: folder.fsPath, ...runOptions(file) }, title: path.basename(file.fsPath) };
}

/** Files of data are opened in editors of any kind. */
function activeFile(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : undefined;
  return uri !== undefined && isDataFile(path.basename(uri.fsPath)) ? uri : undefined;
}

/** Undefined when none is picked. */
export async function askForFile(title: string, openLabel: string): Promise<Uri | undefined> {
  const picked = await window.showOpenDialog({
    title,
    openLabel,
    filters: { [l10n.t('Data files')]: [...DATA_EXTENSIONS, ...COMPRESSION_EXTENSIONS] },
    ...(workspace.workspaceFolders?.[0] && { defaultUri: workspace.workspaceFolders[0].uri }),
  });
  return picked?.[0];
}

/** Other screens name what they show in full. */
function subjectOf(argument: unknown): DataSubject | undefined {
  if (typeof argument !== 'object' || argument === null || !('request' in argument)) return undefined;
  return argument as DataSubject;
}

/** The split that a tree item stands for. */
function splitOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('split' in argument)) return undefined;
  const { split } = argument;
  return typeof split === 'object' && split !== null && 'name' in split ? String(split.name) : undefined;
}

/** What will be read; undefined where that takes a look at the files themselves. */
export async function filesOf(
  store: DatasetStore,
  { request, config }: DataSubject,
): Promise<readonly { readonly path: string; readonly bytes: number }[] | undefined> {
  if (config === undefined) {
    const found = await stat(path.resolve(request.folder, request.target)).catch(() => undefined);
    return found?.isFile() === true ? [{ path: request.target, bytes: found.size }] : undefined;
  }
  if (request.source === true) return undefined;
  return store.find(config, request.target)?.manifest?.artifacts.filter(({ kind, split }) => {
    return kind === 'data' && (request.split === undefined || split === request.split);
  });
}
