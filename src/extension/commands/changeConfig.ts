/** Changing a config as an edit that can be undone; comments stay. */
import * as path from 'node:path';
import { l10n, workspace, WorkspaceEdit } from 'vscode';
import type { TextDocument, Uri } from 'vscode';
import { differenceOf } from '../../config/language';
import { MldataError } from '../../protocol';
import { editorRange } from '../language/configTexts';

/**
 * Saves the file where nothing else in it waits to be saved; else the edit waits with the rest. False where that cannot
 * be done, or the editor refuses. Throws `config-unreadable`.
 * @param change the text as it is to be; undefined where it cannot be changed so
 */
export async function changeConfig(config: Uri, change: (text: string) => string | undefined): Promise<boolean> {
  const document = await opened(config);
  const before = document.getText();
  const after = change(before);
  if (after === undefined) return false;
  if (after === before) return true;
  const wasSaved = !document.isDirty;
  const { range, text } = differenceOf(before, after);
  const edit = new WorkspaceEdit();
  edit.replace(config, editorRange(document, range), text);
  if (!(await workspace.applyEdit(edit))) return false;
  if (wasSaved) await document.save();
  return true;
}

async function opened(config: Uri): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(config);
  } catch {
    const message = l10n.t('{0} was not changed: it cannot be read, or is gone.', path.basename(config.fsPath));
    throw new MldataError('config', 'config-unreadable', message);
  }
}
