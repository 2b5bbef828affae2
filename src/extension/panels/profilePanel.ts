/** One profile in its panel: made in the background, sent to the page as it comes, kept for when the page comes back. */
import * as path from 'node:path';
import { commands, env, l10n, RelativePattern, Uri, workspace } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type {
  FromProfilePage,
  GridFilter,
  Profile,
  ProfileColumn,
  ProfileProgress,
  ProfileRequest,
  ProfileUpdate,
  ShowData,
  ToProfilePage,
} from '../../protocol';
import { CommandId } from '../commandIds';
import type { DataSubject } from '../commands/dataSubject';
import { FileWatchers } from '../datasets/fileWatchers';
import { alarm } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { BackgroundWork } from './backgroundWork';
import { exportReport } from './exportReport';
import { PagePanel } from './pagePanel';
import type { ProfileTools } from './profilePanels';
import { profileStaleness } from './profileStaleness';

/** Of many files the first are watched; all of them are looked at when the panel is. */
const MAX_WATCHED = 20;

export class ProfilePanel extends PagePanel<FromProfilePage, ToProfilePage> {
  private stale: string | undefined;
  private profile: Profile | undefined;
  /** While the profile is a first look: columns that are exact by now. */
  private settled: Set<string> | undefined;
  private readonly work: BackgroundWork<ProfileProgress>;
  private readonly leaving = new AbortController();
  private readonly files = this._register(new FileWatchers(() => void this.compare()));

  /** @param fresh whether to profile at once; else what was shown before is looked for first */
  constructor(
    panel: WebviewPanel,
    private readonly tools: ProfileTools,
    private readonly subject: DataSubject,
    private request: ProfileRequest,
    fresh: boolean,
  ) {
    const { extension, store } = tools;
    const title = l10n.t('{0}: Profile', subject.title);
    super(panel, { extension, page: 'profile', title, icon: 'report', later: 'charts' });
    this.work = new BackgroundWork(() => this.tell(), tools.log, subject.title);
    this._register(store.onDidChange(() => void this.compare()));
    this._register(panel.onDidChangeViewState(() => void this.compare()));
    this._register({ dispose: () => this.leave() });
    void (fresh ? this.run() : this.restore());
  }

  /** Shows what was shown before; where that is gone, it is made again. */
  private async restore(): Promise<void> {
    const profile = await this.tools.documents.find(this.request);
    if (profile === undefined) return this.run();
    this.show(profile);
    this.work.isDone();
    await this.compare();
  }

  private async run(): Promise<void> {
    this.stale = undefined;
    await this.work.run(async (signal, onProgress) => {
      requireEngineAllowed(this.subject.config ?? Uri.file(this.request.folder));
      const onUpdate = (update: ProfileUpdate): void => {
        if (!signal.aborted) this.update(update);
      };
      const profile = await this.tools.engine.profile(this.request, { onProgress, onUpdate }, signal);
      if (signal.aborted) return;
      this.show(profile);
      await this.tools.documents
        .keep(this.request, profile)
        .catch((error: unknown) => this.tools.log.warn(String(error)));
    });
    await this.compare();
  }

  private leave(): void {
    this.work.leave();
    this.leaving.abort();
  }

  private update(update: ProfileUpdate): void {
    if (update.type === 'first') {
      this.show(update.profile, new Set());
      return;
    }
    if (this.profile === undefined || this.settled === undefined) return;
    this.profile = { ...this.profile, columns: replaced(this.profile.columns, update.columns) };
    for (const { name } of update.columns) this.settled.add(name);
    this.post({ type: 'columns', rows: update.rows, columns: update.columns });
  }

  private show(profile: Profile, settled?: Set<string>): void {
    this.profile = profile;
    this.settled = settled;
    this.files.watch(watched(this.request.folder, profile));
    this.sendProfile();
  }

  private sendProfile(): void {
    if (this.profile === undefined) return;
    const settled = this.settled && { settled: [...this.settled] };
    this.post({ type: 'profile', profile: this.profile, ...settled });
  }

  private tell(): void {
    const { activity } = this.work;
    this.post({ type: 'activity', activity, ...(this.stale !== undefined && { stale: this.stale }) });
  }

  /** Looks whether the data is still what was profiled; a panel that nobody sees waits until somebody does. */
  private async compare(): Promise<void> {
    if (this.profile === undefined || this.work.activity.state !== 'done' || !this.isVisible) return;
    const stale = await profileStaleness(this.tools.store, this.subject, this.profile);
    if (stale === this.stale || this.work.isWorking) return;
    this.stale = stale;
    this.tell();
  }

  protected async receive(message: Exclude<FromProfilePage, { type: 'ready' }>): Promise<void> {
    switch (message.type) {
      case 'cancel':
        this.work.cancel();
        return;
      case 'refresh':
        return this.run();
      case 'profile': {
        const { sample: _, ...all } = this.request;
        this.request = message.share === undefined ? all : { ...all, sample: { share: message.share } };
        this.start();
        return this.run();
      }
      case 'export':
        return this.export();
      case 'showLog':
        this.tools.log.show();
        return;
      case 'openConfig':
        return this.openConfig(message);
      case 'showData':
        return this.showData(message.filters);
      case 'pair':
        return this.pair(message.a, message.b);
    }
  }

  protected start(): void {
    const { title, config } = this.subject;
    const words = l10n.bundle;
    this.post({
      type: 'start',
      title,
      locale: env.language,
      ...(words !== undefined && { words }),
      state: { request: this.request, title, ...(config !== undefined && { config: config.toString() }) },
      offers: { engine: workspace.isTrusted, config: config !== undefined },
    });
    this.sendProfile();
    this.tell();
  }

  private async openConfig({ path, column }: Extract<FromProfilePage, { type: 'openConfig' }>): Promise<void> {
    const { config, request } = this.subject;
    if (config === undefined) return;
    const dataset = ['datasets', request.target];
    const at = path ?? (column === undefined ? dataset : [...dataset, 'schema', 'columns', column]);
    await commands.executeCommand(CommandId.openConfig, config, at);
  }

  private async showData(filters: readonly GridFilter[]): Promise<void> {
    const { sample: _, seed: __, fast: ___, ...request } = this.request;
    const show: ShowData = { request, title: this.subject.title, view: { filters, sort: [] } };
    await commands.executeCommand(CommandId.showData, show);
  }

  private async pair(a: string, b: string): Promise<void> {
    const { sample: _, seed: __, fast: ___, ...request } = this.request;
    try {
      const pair = await this.tools.engine.pair({ ...request, a, b }, this.leaving.signal);
      this.post({ type: 'pair', pair });
    } catch (error) {
      if (!this.leaving.signal.aborted) this.post({ type: 'pairFailed', a, b, message: this.work.logged(error) });
    }
  }

  private async export(): Promise<void> {
    const { profile, request } = this;
    if (profile === undefined) return;
    try {
      await exportReport({
        title: `${this.subject.title}-profile`,
        folder: request.folder,
        kinds: { [l10n.t('Web page')]: ['html'], Markdown: ['md'], JSON: ['json'] },
        write: (file) => this.tools.engine.writeReport({ profile, file }),
      });
    } catch (error) {
      // The profile is as good as before: the page goes on showing it.
      await this.alarm(l10n.t('The report was not written: {0}', this.work.logged(error)));
    }
  }

  private async alarm(message: string): Promise<void> {
    const showLog = l10n.t('Show Log');
    if ((await alarm(message, showLog)) === showLog) this.tools.log.show();
  }
}

/** A build is watched by its manifest, which the store does. */
function watched(folder: string, { of, files }: Profile): RelativePattern[] {
  if (of === 'build') return [];
  return files.slice(0, MAX_WATCHED).map(({ path: file }) => {
    const whole = path.resolve(folder, file);
    return new RelativePattern(Uri.file(path.dirname(whole)), path.basename(whole));
  });
}

function replaced(columns: readonly ProfileColumn[], fresh: readonly ProfileColumn[]): ProfileColumn[] {
  const byName = new Map(fresh.map((column) => [column.name, column]));
  return columns.map((column) => byName.get(column.name) ?? column);
}
