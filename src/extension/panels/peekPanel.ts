/** The first rows of a source that is not in a config yet, with what can be decided about it. */
import { env, l10n, ViewColumn, window } from 'vscode';
import type { Uri } from 'vscode';
import type { FromPeekPage, PeekDecision, ToPeekPage } from '../../protocol';
import { PagePanel } from './pagePanel';

const VIEW_TYPE = 'mldata.peek';

type Shown = Omit<ToPeekPage, 'type' | 'locale' | 'words'>;

/** Resolves with what the user decides; closing the panel leaves everything as it is. */
export function decideOn(extension: Uri, shown: Shown): Promise<PeekDecision> {
  return new Promise((resolve) => {
    const panel = new PeekPanel(extension, shown, resolve);
    panel.reveal();
  });
}

class PeekPanel extends PagePanel<FromPeekPage, ToPeekPage> {
  constructor(
    extension: Uri,
    private readonly shown: Shown,
    decide: (decision: PeekDecision) => void,
  ) {
    super(window.createWebviewPanel(VIEW_TYPE, '', ViewColumn.Active), {
      extension,
      page: 'peek',
      title: l10n.t('New: {0}', shown.dataset),
      icon: 'data',
    });
    this.decide = decide;
    this._register({ dispose: () => decide('cancel') });
  }

  private readonly decide: (decision: PeekDecision) => void;

  protected start(): void {
    this.post({ type: 'show', ...this.shown, locale: env.language, ...(l10n.bundle && { words: l10n.bundle }) });
  }

  protected receive({ decision }: Exclude<FromPeekPage, { type: 'ready' }>): void {
    this.decide(decision);
    this.dispose();
  }
}
