/** Text files as a change would leave them, beside what they are: nothing is written before somebody says so. */
import * as path from 'node:path';
import { commands, l10n, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import type { TextDocumentContentProvider } from 'vscode';
import type { TrackedChange } from '../../protocol';
import { Disposable } from '../disposable';
import { inform } from '../notifications';

/** package.json's menus look for it. */
const SCHEME = 'mldata-tracking';

export class ChangePreviews extends Disposable implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private shown = 0;
  private decide: ((apply: boolean) => void) | undefined;

  constructor() {
    super();
    this._register(workspace.registerTextDocumentContentProvider(SCHEME, this));
    this._register(
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        const isOurs = closed.some(({ input }) => input instanceof TabInputTextDiff && this.isShown(input.modified));
        if (isOurs) this.decide?.(false);
      }),
    );
    this._register({ dispose: () => this.decide?.(false) });
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /**
   * Shows each file as a diff, and resolves with whether it is to be written: by the notification, by the buttons of the
   * editor, or, with false, by closing it. Of a file that several targets change the last change has them all. A preview
   * that is open gives way.
   */
  async show(changes: readonly TrackedChange[], question: string): Promise<boolean> {
    this.decide?.(false);
    const turn = ++this.shown;
    const decision = new Promise<boolean>((resolve) => (this.decide = resolve));
    const last = new Map(changes.map((change) => [change.path, change]));
    for (const [file, { before, after }] of last) {
      const left = this.keep(`${turn}/before/${file}`, before ?? '');
      const right = this.keep(`${turn}/after/${file}`, after ?? '');
      const title = l10n.t('{0} (Not Written Yet)', path.posix.basename(file));
      await commands.executeCommand('vscode.diff', left, right, title, { preview: false });
    }
    const [apply, cancel] = [l10n.t('Apply'), l10n.t('Cancel')];
    const notification = { isOpen: true };
    void inform(question, apply, cancel).then((choice) => {
      notification.isOpen = false;
      if (choice !== undefined && turn === this.shown) this.settle(choice === apply);
    });
    try {
      return await decision;
    } finally {
      // A question that was answered elsewhere is none any more; VS Code cannot take back a single one.
      if (notification.isOpen) await commands.executeCommand('notifications.hideToasts');
      if (turn === this.shown) this.decide = undefined;
      await this.close(turn);
    }
  }

  /** Answers for the preview that is open; without one there is nothing to answer. */
  settle(apply: boolean): undefined {
    this.decide?.(apply);
  }

  private keep(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  private isShown(uri: Uri): boolean {
    return uri.scheme === SCHEME && uri.path.startsWith(`/${this.shown}/`);
  }

  private async close(turn: number): Promise<void> {
    const isOf = (uri: Uri): boolean => uri.scheme === SCHEME && uri.path.startsWith(`/${turn}/`);
    const tabs = window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof TabInputTextDiff && isOf(input.modified));
    await window.tabGroups.close(tabs);
    for (const key of this.texts.keys()) if (isOf(Uri.parse(key))) this.texts.delete(key);
  }
}
