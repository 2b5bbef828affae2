/** What every panel is: a page that is asked for and thrown away, with whom one exchanges messages. */
import { Uri } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { Disposable } from '../disposable';
import { pageHtml, pageOptions } from './page';

export interface PageLook {
  readonly extension: Uri;
  /** The panel's folder under `webview/`. */
  readonly page: string;
  readonly title: string;
  /** Picture on the tab: `media/ICON-light.svg` and `-dark`. */
  readonly icon: 'report' | 'data';
  /** A bundle that the page loads when it needs it. */
  readonly later?: string;
}

export abstract class PagePanel<From extends { readonly type: string }, To> extends Disposable {
  /** A hidden page is thrown away and says `ready` again; before that it hears nothing. */
  protected ready = false;

  constructor(
    protected readonly panel: WebviewPanel,
    { extension, page, title, icon, later }: PageLook,
  ) {
    super();
    this._register(panel);
    panel.title = title;
    const picture = (theme: string): Uri => Uri.joinPath(extension, 'media', `${icon}-${theme}.svg`);
    panel.iconPath = { light: picture('light'), dark: picture('dark') };
    this._register(panel.webview.onDidReceiveMessage((message: From) => void this.hear(message)));
    panel.onDidDispose(() => this.dispose());
    panel.webview.options = pageOptions(extension);
    panel.webview.html = pageHtml(panel.webview, extension, page, title, later);
  }

  /** What is still under way has nobody to tell it to: to ask a panel that is gone is an error. */
  override dispose(): void {
    this.ready = false;
    super.dispose();
  }

  /** Whether somebody sees it. */
  protected get isVisible(): boolean {
    return !this.isDisposed && this.panel.visible;
  }

  /** The page is there and knows nothing: it is told everything. */
  protected abstract start(): unknown;

  protected abstract receive(message: Exclude<From, { readonly type: 'ready' }>): unknown;

  reveal(): void {
    this.panel.reveal();
  }

  protected post(message: To): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }

  private async hear(message: From): Promise<void> {
    if (message.type !== 'ready') {
      await this.receive(message as Exclude<From, { readonly type: 'ready' }>);
      return;
    }
    this.ready = true;
    await this.start();
  }
}
