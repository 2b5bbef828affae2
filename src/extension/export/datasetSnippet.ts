/** The loader snippet of a dataset: into Python files, notebooks and the clipboard. */
import * as path from 'node:path';
import {
  env,
  l10n,
  NotebookCellData,
  NotebookCellKind,
  NotebookEdit,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import type { NotebookEditor, TextEditor } from 'vscode';
import { EXPORT_FILE, exportFrameworks, exportSchema, MldataError } from '../../protocol';
import { nothingBuilt, pickDataset } from '../commands/target';
import type { Exports } from '../datasets/exports';
import { readReport } from '../datasets/manifestFile';
import type { Dataset } from '../datasets/model';
import { folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { inform } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { absoluteFolder, folderFrom, loaderSnippet } from './loaderSnippet';
import type { Loadable } from './loaderSnippet';

export interface SnippetTools {
  readonly store: DatasetStore;
  readonly exports: Exports;
}

/** At the cursor of the Python file or of the notebook's cell; in a new cell where no cell of Python is being edited. */
export async function insertSnippet(tools: SnippetTools): Promise<void> {
  // Asking takes the focus away.
  const editor = window.activeTextEditor;
  const cells = window.activeNotebookEditor;
  const isPython = editor?.document.languageId === 'python';
  const isHere = isPython && (cells?.notebook.getCells().some(({ document }) => document === editor.document) ?? true);
  if (!isPython && cells === undefined) {
    const message = l10n.t('Open a Python file or a notebook first: the lines go to its cursor.');
    throw new MldataError('usage', 'no-python-editor', message);
  }
  const loadable = await pickLoadable(tools, undefined);
  if (loadable === undefined) return;
  if (isHere) await insertInto(editor, loadable);
  else if (cells !== undefined) await insertCell(cells, loadable);
}

export async function copySnippet(tools: SnippetTools, argument: unknown): Promise<void> {
  const loadable = await pickLoadable(tools, argument);
  if (loadable === undefined) return;
  await env.clipboard.writeText(snippetOf(loadable, absoluteFolder(loadable.output)));
  void inform(l10n.t('The lines that load {0} are in the clipboard.', loadable.name));
}

/** What was exported latest; else what lies where exports lie; else the build itself. */
async function pickLoadable(
  { store, exports }: SnippetTools,
  argument: unknown,
): Promise<(Loadable & { name: string }) | undefined> {
  const dataset = await pickDataset(store, argument, {
    placeHolder: l10n.t('Which dataset to load?'),
    accepts: ({ manifest }) => manifest !== undefined,
    none: nothingBuilt,
  });
  if (dataset === undefined) return undefined;
  const { config, name, manifest, output } = dataset;
  requireEngineAllowed(config);
  for (const folder of [...exports.of(dataset).map((each) => each.output), ...usualFolders(dataset)]) {
    const kept = await readReport(Uri.file(folder), EXPORT_FILE, exportSchema);
    if (kept !== undefined) return { ...kept, output: folder, name };
  }
  if (manifest === undefined || output === undefined) throw nothingBuilt();
  return { files: manifest.artifacts, output: output.fsPath, name };
}

function usualFolders({ config, name }: Dataset): readonly string[] {
  return exportFrameworks.map((framework) => path.join(folderOf(config).fsPath, 'exports', `${name}-${framework}`));
}

function snippetOf(loadable: Loadable & { readonly name: string }, folder: string): string {
  const snippet = loaderSnippet(loadable, folder);
  if (snippet !== undefined) return snippet;
  const message = l10n.t('{0} is in no format that Python reads at once. Export it to PyTorch first.', loadable.name);
  throw new MldataError('usage', 'no-snippet', message);
}

async function insertInto(editor: TextEditor, loadable: Loadable & { readonly name: string }): Promise<void> {
  const { document, selection } = editor;
  const text = snippetOf(loadable, folderSeenFrom(document.uri, loadable.output));
  await editor.edit((edit) => edit.insert(selection.active.with({ character: 0 }), text));
}

async function insertCell(
  { notebook, selections }: NotebookEditor,
  loadable: Loadable & { readonly name: string },
): Promise<void> {
  const text = snippetOf(loadable, folderSeenFrom(notebook.uri, loadable.output));
  const cell = new NotebookCellData(NotebookCellKind.Code, text.trimEnd(), 'python');
  const edit = new WorkspaceEdit();
  // Nothing is selected where there is no cell.
  const at = selections[0]?.end ?? notebook.cellCount;
  edit.set(notebook.uri, [NotebookEdit.insertCells(at, [cell])]);
  await workspace.applyEdit(edit);
}

/** A cell has the path of its notebook; what is not saved yet lies nowhere. */
function folderSeenFrom({ scheme, fsPath }: Uri, folder: string): string {
  return scheme === 'untitled' || !path.isAbsolute(fsPath) ? absoluteFolder(folder) : folderFrom(fsPath, folder);
}
