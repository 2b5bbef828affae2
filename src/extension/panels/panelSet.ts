/** Panels of one kind: one for each thing that is shown, and those of before a restart of the window. */
import { ViewColumn, window } from 'vscode';
import type { Uri, WebviewPanel } from 'vscode';
import { Disposable } from '../disposable';
import { pageOptions } from './page';

/** What a panel is to show. */
export interface Opening<P> {
  /** Two that have the same show the same. */
  readonly key: string;
  readonly make: (panel: WebviewPanel) => P;
}

export class PanelSet<P extends Disposable, State> extends Disposable {
  private readonly panels = new Map<string, P>();

  /** @param restored what a page that kept this state showed; undefined: it cannot be brought back */
  constructor(
    private readonly viewType: string,
    private readonly extension: Uri,
    restored: (state: Partial<State>) => Opening<P> | undefined,
  ) {
    super();
    this._register(
      window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel, state: Partial<State> | undefined) => {
          const opening = restored(state ?? {});
          if (opening === undefined) panel.dispose();
          else this.adopt(panel, opening);
          return Promise.resolve();
        },
      }),
    );
    this._register({ dispose: () => this.panels.forEach((panel) => panel.dispose()) });
  }

  find(key: string): P | undefined {
    return this.panels.get(key);
  }

  open(opening: Opening<P>): P {
    const panel = window.createWebviewPanel(this.viewType, '', ViewColumn.Active, pageOptions(this.extension));
    return this.adopt(panel, opening);
  }

  private adopt(panel: WebviewPanel, { key, make }: Opening<P>): P {
    this.panels.get(key)?.dispose();
    const made = make(panel);
    this.panels.set(key, made);
    panel.onDidDispose(() => this.panels.get(key) === made && this.panels.delete(key));
    return made;
  }
}
