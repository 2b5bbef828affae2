/** A document in its panel: made in the background, sent to the page, and told of when it is out of date. */
import * as path from 'node:path';
import { env, l10n, RelativePattern, Uri } from 'vscode';
import type { LogOutputChannel, WebviewPanel } from 'vscode';
import type { Activity, FromDocumentPage } from '../../protocol';
import { FileWatchers } from '../datasets/fileWatchers';
import type { DatasetStore } from '../datasets/store';
import { alarm } from '../notifications';
import { BackgroundWork } from './backgroundWork';
import { exportReport, type Report } from './exportReport';
import { PagePanel, type PageLook } from './pagePanel';

/** Of many files the first are watched; all of them are looked at when the panel is. */
const MAX_WATCHED = 20;

/** What a page asks for beyond what all of them do. */
export type Further<From> = Exclude<From, FromDocumentPage | { readonly type: 'ready' }>;

/** What every page of a document is told of the work on it. */
interface ActivityMessage<Progress> {
  readonly type: 'activity';
  readonly activity: Activity<Progress>;
  /** What changed since the document was made. */
  readonly stale?: string;
}

/**
 * How a panel begins: by making its document, by showing what was shown before, or making it where that is gone, or by
 * showing what was shown and waiting to be asked, since it was cancelled.
 */
export type Beginning = 'anew' | 'before' | 'cancelled';

export interface DocumentTools {
  readonly store: DatasetStore;
  readonly log: LogOutputChannel;
}

export abstract class DocumentPanel<From extends { readonly type: string }, To, Document, Progress> extends PagePanel<
  From,
  To | ActivityMessage<Progress>
> {
  /** What is shown. */
  protected document: Document | undefined;
  protected readonly work: BackgroundWork<Progress>;
  private stale: string | undefined;
  private readonly files = this._register(new FileWatchers(() => void this.compare()));

  /** @param subject what it is about, as the log names it */
  constructor(
    panel: WebviewPanel,
    look: PageLook,
    private readonly surroundings: DocumentTools,
    subject: string,
  ) {
    super(panel, look);
    const { store, log } = surroundings;
    this.work = new BackgroundWork(() => this.tell(), log, subject);
    this._register(store.onDidChange(() => void this.compare()));
    this._register(panel.onDidChangeViewState(() => void this.compare()));
    this._register({ dispose: () => this.work.leave() });
  }

  /** Makes the document, anew where there is one. Never throws. */
  abstract run(): Promise<void>;

  /** Shows what was shown before; false where that is gone. */
  protected abstract restore(): Promise<boolean>;

  protected async begin(beginning: Beginning): Promise<void> {
    if (beginning !== 'anew' && (await this.restore())) return;
    if (beginning === 'cancelled') this.work.cancel();
    else await this.run();
  }

  /** Why the document is out of date, in a sentence; undefined when it is not. */
  protected abstract staleness(document: Document): Promise<string | undefined>;

  /** Does what makes the document. */
  protected async make(
    task: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<void>,
  ): Promise<void> {
    this.stale = undefined;
    await this.work.run(task);
    await this.compare();
  }

  /** What is shown was made before, or elsewhere. */
  protected async isMade(): Promise<void> {
    this.stale = undefined;
    this.work.isDone();
    await this.compare();
  }

  /** Files that the document is of, relative to the folder or absolute: it may be out of date when one changes. */
  protected watch(folder: string, files: readonly string[]): void {
    this.files.watch(
      files.slice(0, MAX_WATCHED).map((file) => {
        const whole = path.resolve(folder, file);
        return new RelativePattern(Uri.file(path.dirname(whole)), path.basename(whole));
      }),
    );
  }

  protected tell(): void {
    const { activity } = this.work;
    this.post({ type: 'activity', activity, ...(this.stale !== undefined && { stale: this.stale }) });
  }

  protected receive(message: Exclude<From, { readonly type: 'ready' }>): unknown {
    switch (message.type) {
      case 'cancel':
        this.work.cancel();
        return undefined;
      case 'refresh':
        return this.run();
      case 'export':
        return this.export();
      case 'showLog':
        this.surroundings.log.show();
        return undefined;
      default:
        return this.answer(message as Further<From>);
    }
  }

  /** Does what only this kind of page asks for. */
  protected abstract answer(message: Further<From>): unknown;

  /** As a file where the user says. */
  protected abstract reportOf(document: Document): Report;

  private async export(): Promise<void> {
    const { document } = this;
    if (document !== undefined) await this.write(() => exportReport(this.reportOf(document)));
  }

  /** In which language the page speaks, and its words. */
  protected get language(): { readonly locale: string; readonly words?: Readonly<Record<string, string>> } {
    const words = l10n.bundle;
    return { locale: env.language, ...(words !== undefined && { words }) };
  }

  /** What cannot be written leaves the document as good as before: the page goes on showing it. */
  protected async write(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      const message = l10n.t('The report was not written: {0}', this.work.logged(error));
      const showLog = l10n.t('Show Log');
      if ((await alarm(message, showLog)) === showLog) this.surroundings.log.show();
    }
  }

  /** Looks whether the data is still what it was; a panel that nobody sees waits until somebody does. */
  private async compare(): Promise<void> {
    if (this.document === undefined || this.work.activity.state !== 'done' || !this.isVisible) return;
    const stale = await this.staleness(this.document);
    if (stale === this.stale || this.work.isWorking) return;
    this.stale = stale;
    this.tell();
  }
}
