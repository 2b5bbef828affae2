/** Writing what a panel shows into a file of the user's choice. */
import { commands, env, l10n, Uri, window, workspace } from 'vscode';
import { inform } from '../notifications';

export interface Report {
  /** What it is of, and what it is: the beginning of the file's name. */
  readonly title: string;
  /** Where it is offered to go when no folder is open. */
  readonly folder: string;
  /** Endings by what they are called; the first is offered. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  readonly write: (file: string) => Promise<void>;
}

/** Throws what writing throws. Resolves when the user has answered. */
export async function exportReport({ title, folder, kinds, write }: Report): Promise<void> {
  const home = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(folder);
  const [[first = ''] = []] = Object.values(kinds);
  const file = await window.showSaveDialog({
    title: l10n.t('Export Report'),
    saveLabel: l10n.t('Export'),
    defaultUri: Uri.joinPath(home, `${safeName(title)}.${first}`),
    filters: Object.fromEntries(Object.entries(kinds).map(([name, endings]) => [name, [...endings]])),
  });
  if (file === undefined) return;
  await write(file.fsPath);
  const open = l10n.t('Open');
  const choice = await inform(l10n.t('The report is in {0}.', workspace.asRelativePath(file)), open);
  if (choice === open) await openFile(file);
}

/** A web page belongs into a browser, unless that runs on another machine. */
async function openFile(file: Uri): Promise<void> {
  if (file.path.endsWith('.html') && env.remoteName === undefined) await env.openExternal(file);
  else await commands.executeCommand('vscode.open', file);
}

function safeName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'data';
}
