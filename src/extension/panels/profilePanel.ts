/** One profile in its panel: made in the background, sent to the page as it comes, kept for when the page comes back. */
import * as path from 'node:path';
import { commands, env, l10n, RelativePattern, Uri, window, workspace } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { MldataError } from '../../protocol';
import type {
  FromProfilePage,
  GridFilter,
  Profile,
  ProfileActivity,
  ProfileColumn,
  ProfileRequest,
  ProfileUpdate,
  ShowData,
  ToProfilePage,
} from '../../protocol';
import { CommandId } from '../commandIds';
import type { DataSubject } from '../commands/dataSubject';
import { FileWatchers } from '../datasets/fileWatchers';
import { Disposable } from '../disposable';
import { alarm, inform } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { pageHtml, pageOptions } from './page';
import type { ProfileTools } from './profilePanels';
import { profileStaleness } from './profileStaleness';

/** Progress comes more often than anybody reads. */
const PROGRESS_MS = 200;
/** Of many files the first are watched; all of them are looked at when the panel is. */
const MAX_WATCHED = 20;

export class ProfilePanel extends Disposable {
  private ready = false;
  private activity: ProfileActivity = { state: 'working' };
  private stale: string | undefined;
  private profile: Profile | undefined;
  /** While the profile is a first look: columns that are exact by now. */
  private settled: Set<string> | undefined;
  private running: AbortController | undefined;
  private readonly leaving = new AbortController();
  private told = 0;
  private readonly files = this._register(new FileWatchers(() => void this.compare()));

  /** @param fresh whether to profile at once; else what was shown before is looked for first */
  constructor(
    private readonly panel: WebviewPanel,
    private readonly tools: ProfileTools,
    private readonly subject: DataSubject,
    private request: ProfileRequest,
    fresh: boolean,
  ) {
    super();
    const { extension, store } = tools;
    this._register(panel);
    panel.title = l10n.t('{0}: Profile', subject.title);
    const icon = (theme: string): Uri => Uri.joinPath(extension, 'media', `report-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this._register(panel.webview.onDidReceiveMessage((message: FromProfilePage) => void this.receive(message)));
    this._register(store.onDidChange(() => void this.compare()));
    this._register(panel.onDidChangeViewState(() => void this.compare()));
    this._register({ dispose: () => this.leave() });
    panel.onDidDispose(() => this.dispose());
    panel.webview.options = pageOptions(extension);
    panel.webview.html = pageHtml(panel.webview, extension, 'profile', panel.title, 'charts');
    void (fresh ? this.run() : this.restore());
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Shows what was shown before; where that is gone, it is made again. */
  private async restore(): Promise<void> {
    const profile = await this.tools.documents.find(this.request);
    if (profile === undefined) return this.run();
    this.show(profile);
    this.tell({ state: 'done' });
    await this.compare();
  }

  private async run(): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.stale = undefined;
    const current = (): boolean => this.running === running && !running.signal.aborted;
    try {
      this.tell({ state: 'working' });
      requireEngineAllowed(this.subject.config ?? Uri.file(this.request.folder));
      const listener = {
        onProgress: (progress: Extract<ProfileActivity, { state: 'working' }>['progress'] & object) => {
          if (current()) this.tell({ state: 'working', progress });
        },
        onUpdate: (update: ProfileUpdate) => {
          if (current()) this.update(update);
        },
      };
      const profile = await this.tools.engine.profile(this.request, listener, running.signal);
      if (!current()) return;
      this.show(profile);
      this.tell({ state: 'done' });
      await this.tools.documents
        .keep(this.request, profile)
        .catch((error: unknown) => this.tools.log.warn(String(error)));
      await this.compare();
    } catch (error) {
      if (this.running === running) this.tell(this.failure(error));
    }
  }

  private failure(error: unknown): ProfileActivity {
    if (error instanceof MldataError && error.kind === 'cancelled') return { state: 'cancelled' };
    return { state: 'failed', message: this.logged(error) };
  }

  /** What went wrong, which the log has with its code. */
  private logged(error: unknown): string {
    const code = error instanceof MldataError ? `${error.code}: ` : '';
    const message = error instanceof Error ? error.message : String(error);
    this.tools.log.error(`${this.subject.title}: ${code}${message}`);
    return message;
  }

  private leave(): void {
    this.running?.abort();
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

  private tell(activity: ProfileActivity): void {
    const moves = activity.state === 'working' && this.activity.state === 'working' && activity.progress !== undefined;
    this.activity = activity;
    if (moves && Date.now() - this.told < PROGRESS_MS) return;
    this.told = Date.now();
    this.post({ type: 'activity', activity, ...(this.stale !== undefined && { stale: this.stale }) });
  }

  private get isWorking(): boolean {
    return this.activity.state === 'working';
  }

  /** Looks whether the data is still what was profiled; a panel that nobody sees waits until somebody does. */
  private async compare(): Promise<void> {
    if (this.profile === undefined || this.activity.state !== 'done' || !this.panel.visible) return;
    const stale = await profileStaleness(this.tools.store, this.subject, this.profile);
    if (stale === this.stale || this.isWorking) return;
    this.stale = stale;
    this.tell(this.activity);
  }

  /** A hidden page is thrown away and says `ready` again, so everything is sent again. */
  private post(message: ToProfilePage): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }

  private async receive(message: FromProfilePage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.start();
        return;
      case 'cancel':
        this.running?.abort();
        this.tell({ state: 'cancelled' });
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

  private start(): void {
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
    this.post({ type: 'activity', activity: this.activity, ...(this.stale !== undefined && { stale: this.stale }) });
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
      if (!this.leaving.signal.aborted) this.post({ type: 'pairFailed', a, b, message: this.logged(error) });
    }
  }

  private async export(): Promise<void> {
    if (this.profile === undefined) return;
    const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(this.request.folder);
    const file = await window.showSaveDialog({
      title: l10n.t('Export Report'),
      saveLabel: l10n.t('Export'),
      defaultUri: Uri.joinPath(folder, `${safeName(this.subject.title)}-profile.html`),
      filters: { [l10n.t('Web page')]: ['html'], Markdown: ['md'], JSON: ['json'] },
    });
    if (file === undefined) return;
    try {
      await this.tools.engine.writeReport({ profile: this.profile, file: file.fsPath });
    } catch (error) {
      // The profile is as good as before: the page goes on showing it.
      await this.alarm(l10n.t('The report was not written: {0}', this.logged(error)));
      return;
    }
    const open = l10n.t('Open');
    const choice = await inform(l10n.t('The report is in {0}.', workspace.asRelativePath(file)), open);
    if (choice === open) await openFile(file);
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

/** A web page belongs into a browser, unless that runs on another machine. */
async function openFile(file: Uri): Promise<void> {
  if (file.path.endsWith('.html') && env.remoteName === undefined) await env.openExternal(file);
  else await commands.executeCommand('vscode.open', file);
}

function safeName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'data';
}

function replaced(columns: readonly ProfileColumn[], fresh: readonly ProfileColumn[]): ProfileColumn[] {
  const byName = new Map(fresh.map((column) => [column.name, column]));
  return columns.map((column) => byName.get(column.name) ?? column);
}
