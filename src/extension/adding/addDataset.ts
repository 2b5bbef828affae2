/** "Add Dataset From…": a few questions, the first rows, and an entry in the configuration that can be undone. */
import * as path from 'node:path';
import { commands, l10n, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { CONFIG_FILES } from '../../config';
import { addDataset, type AddedDataset } from '../../config/language';
import { MldataError } from '../../protocol';
import type { Engine, NewSource, Peek, PeekDecision } from '../../protocol';
import { CommandId } from '../commandIds';
import { changeConfig } from '../commands/changeConfig';
import { openConfig } from '../commands/open';
import { configOf } from '../commands/target';
import type { CredentialStore } from '../credentials/credentialStore';
import { configLabel, folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { inform, warn, withProgress } from '../notifications';
import { decideOn } from '../panels/peekPanel';
import { askInTurn } from '../quickSteps';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { questionsAbout, sourceOf } from './sourceQuestions';
import type { Answers } from './sourceQuestions';

export interface AddTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'peek'>;
  readonly store: DatasetStore;
  readonly credentials: CredentialStore;
}

/** @param clicked a data file of the explorer, or a config of the tree; else the one of the active editor, or what is picked */
export async function addDatasetFrom(tools: AddTools, clicked: unknown): Promise<void> {
  const file = clicked instanceof Uri ? clicked : undefined;
  const config = await pickConfig(tools.store, clicked, file);
  if (config === undefined) return;
  requireEngineAllowed(config);
  const folder = folderOf(config);
  const place = file && path.relative(folder.fsPath, file.fsPath).split(path.sep).join('/');
  let answers: Answers = place === undefined ? {} : { kind: 'file', place };
  for (;;) {
    const text = await textOf(config);
    const taken =
      tools.store.configs.find(({ uri }) => uri.toString() === config.toString())?.parsed.datasetNames ?? [];
    const about = { folder, taken, tables: (source: NewSource) => tablesOf(tools, config, source) };
    const asked: Answers | undefined = await askInTurn(
      l10n.t('Add Dataset'),
      answers,
      questionsAbout(about, place !== undefined),
    );
    if (asked === undefined) return;
    answers = asked;
    const added = addDataset(text, configLabel(config), sourceOf(answers), answers.name);
    const decision = await looked(tools, config, added);
    if (decision === 'add') return write(tools, config, added);
    if (decision === 'cancel') return;
  }
}

/** The one that is meant; where there is none yet, the one to make. */
async function pickConfig(store: DatasetStore, clicked: unknown, file: Uri | undefined): Promise<Uri | undefined> {
  const { configs } = store;
  const meant =
    file === undefined
      ? configOf(store, clicked)?.uri
      : nearest(
          configs.map(({ uri }) => uri),
          file,
        );
  if (meant !== undefined) return meant;
  if (file === undefined && configs.length > 1) {
    const items = configs.map(({ uri }) => ({ label: configLabel(uri), uri }));
    return (await window.showQuickPick(items, { placeHolder: l10n.t('To which configuration?') }))?.uri;
  }
  const [first] = configs;
  if (file === undefined && first) return first.uri;
  const folders = workspace.workspaceFolders ?? [];
  const folder =
    (file && workspace.getWorkspaceFolder(file)) ??
    (folders.length > 1 ? await window.showWorkspaceFolderPick() : folders[0]);
  return folder && Uri.joinPath(folder.uri, CONFIG_FILES[0]);
}

/** The config in the folder of the file, or in the nearest one above it. */
function nearest(configs: readonly Uri[], file: Uri): Uri | undefined {
  const above = configs.filter((uri) => file.path.startsWith(`${folderOf(uri).path.replace(/\/$/, '')}/`));
  return above.sort((a, b) => b.path.length - a.path.length)[0];
}

/** Undefined where there is no such file. */
async function textOf(config: Uri): Promise<string | undefined> {
  try {
    await workspace.fs.stat(config);
  } catch {
    return undefined;
  }
  return (await workspace.openTextDocument(config)).getText();
}

async function tablesOf(tools: AddTools, config: Uri, source: NewSource): Promise<readonly string[]> {
  const { tables = [] } = await peekAt(tools, config, source, {});
  return tables;
}

function peekAt(
  { engine }: AddTools,
  config: Uri,
  source: NewSource,
  secrets: Readonly<Record<string, string>>,
): Thenable<Peek> {
  const request = { configPath: config.fsPath, source, secrets, trusted: workspace.isTrusted, ...runOptions(config) };
  return withProgress(l10n.t('Reading the first rows'), (_, signal) => engine.peek(request, signal));
}

/** What cannot be looked at may still be added: a server may be away for a while. */
async function looked(tools: AddTools, config: Uri, added: AddedDataset): Promise<PeekDecision> {
  const { name, source, secrets, entry } = added;
  try {
    const peek = await peekAt(tools, config, source, secrets);
    const shown = { peek, dataset: name, config: configLabel(config), entry, credentials: Object.keys(secrets) };
    return await decideOn(tools.extension, shown);
  } catch (error) {
    if (!(error instanceof MldataError) || error.kind === 'cancelled') throw error;
    const change = l10n.t('Change…');
    const anyway = l10n.t('Add Anyway');
    const choice = await warn(error.message, change, anyway);
    return choice === anyway ? 'add' : choice === change ? 'change' : 'cancel';
  }
}

async function write({ store, credentials }: AddTools, config: Uri, added: AddedDataset): Promise<void> {
  const { name, secrets, source } = added;
  // Only once they are kept may they leave the address.
  for (const [credential, value] of Object.entries(secrets)) await credentials.set(credential, value);
  if ((await textOf(config)) === undefined) {
    const edit = new WorkspaceEdit();
    edit.createFile(config, { contents: Buffer.from(added.text) });
    await workspace.applyEdit(edit);
  } else {
    // Meanwhile somebody may have written in it.
    const change = (text: string): string => addDataset(text, configLabel(config), source, name).text;
    if (!(await changeConfig(config, change))) {
      throw new MldataError('config', 'config-unwritable', l10n.t('{0} could not be changed.', configLabel(config)));
    }
  }
  await store.refresh();
  await openConfig(store, config, ['datasets', name]);
  const build = l10n.t('Build');
  void inform(l10n.t('Added {0} to {1}.', name, configLabel(config)), build).then(
    (choice) => choice === build && commands.executeCommand(CommandId.buildDataset, { config, name }),
  );
}
