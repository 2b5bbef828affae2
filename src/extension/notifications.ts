/** The one way to speak in notifications: names and values in them come from files, and none becomes a link. */
import { ProgressLocation, window } from 'vscode';
import type { MessageOptions } from 'vscode';
import { plain } from './plain';

/** Resolves with the item that was chosen. */
export function inform(message: string, ...items: readonly string[]): Thenable<string | undefined> {
  return window.showInformationMessage(plain(message), ...items);
}

export function alarm(message: string, ...items: readonly string[]): Thenable<string | undefined> {
  return window.showErrorMessage(plain(message), ...items);
}

export function warn(message: string, ...items: readonly string[]): Thenable<string | undefined> {
  return window.showWarningMessage(plain(message), ...items);
}

export function ask(message: string, detail: string, ...items: readonly string[]): Thenable<string | undefined> {
  const options: MessageOptions = { modal: true, detail: plain(detail) };
  return window.showWarningMessage(plain(message), options, ...items);
}

/** `increment` is in percent of the whole. */
export type ShowProgress = (message: string, increment: number) => void;

/** Shows work while it is being done, with a way to stop it. */
export function withProgress<T>(
  title: string,
  task: (show: ShowProgress, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  const options = { location: ProgressLocation.Notification, title: plain(title), cancellable: true };
  return window.withProgress(options, (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    return task((message, increment) => progress.report({ message: plain(message), increment }), controller.signal);
  });
}

/** Shows work that nobody waits for, in the status bar. */
export function withQuietProgress<T>(title: string, task: () => Promise<T>): Thenable<T> {
  return window.withProgress({ location: ProgressLocation.Window, title: plain(title) }, task);
}

/** Shows work by the moving line of the view that will show what comes of it. */
export function withViewProgress<T>(viewId: string, task: () => Promise<T>): Thenable<T> {
  return window.withProgress({ location: { viewId } }, task);
}
