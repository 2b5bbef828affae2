/** Problems of configs while they are being written: of the text in the editor, saved or not. */
import { languages, workspace } from 'vscode';
import type { TextDocument, Uri } from 'vscode';
import { parseUserConfig } from '../../config';
import { isConfig } from '../datasets/paths';
import { userFile } from '../datasets/userLayer';
import { Disposable } from '../disposable';
import type { ConfigTexts } from './configTexts';
import { configDiagnostic } from './findingDiagnostics';

/** Keys that are hit together are one change; a config of 1,000 lines is read and marked within 100 ms of the last. */
const DEBOUNCE_MS = 10;

export class ConfigDiagnostics extends Disposable {
  private readonly collection = this._register(languages.createDiagnosticCollection('mldata'));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly texts: ConfigTexts) {
    super();
    for (const document of workspace.textDocuments) this.check(document);
    this._register(workspace.onDidOpenTextDocument((document) => this.check(document)));
    this._register(workspace.onDidChangeTextDocument(({ document }) => this.schedule(document)));
    this._register(workspace.onDidCloseTextDocument(({ uri }) => this.clear(uri)));
    this._register(workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.clear(uri))));
    this._register({ dispose: () => this.timers.forEach((timer) => clearTimeout(timer)) });
  }

  private schedule(document: TextDocument): void {
    if (!isChecked(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.check(document), DEBOUNCE_MS),
    );
  }

  private check(document: TextDocument): void {
    if (!isChecked(document.uri) || document.isClosed || document.uri.scheme === 'git') return;
    const { findings } = isConfig(document.uri)
      ? this.texts.of(document)
      : parseUserConfig(document.getText(), document.uri.fsPath);
    this.collection.set(document.uri, findings.map(configDiagnostic));
  }

  private clear(uri: Uri): void {
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    this.collection.delete(uri);
  }
}

/** A config of a workspace, or the user's own. */
function isChecked(uri: Uri): boolean {
  return isConfig(uri) || (uri.scheme === 'file' && uri.fsPath === userFile());
}
