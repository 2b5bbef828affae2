/** One profile in its panel: made in the background, sent to the page as it comes, kept for when the page comes back. */
import { commands, l10n, Uri, workspace } from 'vscode';
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
import { keyOf } from '../datasets/keptDocuments';
import { requireEngineAllowed } from '../trust';
import { DocumentPanel, type Beginning, type Further } from './documentPanel';
import type { Report } from './exportReport';
import type { ProfileTools } from './profilePanels';
import { profileStaleness } from './profileStaleness';

export class ProfilePanel extends DocumentPanel<FromProfilePage, ToProfilePage, Profile, ProfileProgress> {
  /** While the profile is a first look: columns that are exact by now. */
  private settled: Set<string> | undefined;
  /** The two columns that the reader waits for. */
  private pairing: AbortController | undefined;

  constructor(
    panel: WebviewPanel,
    private readonly tools: ProfileTools,
    private readonly subject: DataSubject,
    private request: ProfileRequest,
    beginning: Beginning,
  ) {
    const title = l10n.t('{0}: Profile', subject.title);
    super(
      panel,
      { extension: tools.extension, page: 'profile', title, icon: 'report', later: 'charts' },
      tools,
      subject.title,
    );
    this._register({ dispose: () => this.pairing?.abort() });
    void this.begin(beginning);
  }

  protected async restore(): Promise<boolean> {
    const profile = await this.tools.documents.find(keyOf(this.request));
    if (profile === undefined) return false;
    this.show(profile);
    await this.isMade();
    return true;
  }

  async run(): Promise<void> {
    await this.make(async (signal, onProgress) => {
      requireEngineAllowed(this.subject.config ?? Uri.file(this.request.folder));
      const onUpdate = (update: ProfileUpdate): void => {
        if (!signal.aborted) this.update(update);
      };
      const profile = await this.tools.engine.profile(this.request, { onProgress, onUpdate }, signal);
      if (signal.aborted) return;
      this.show(profile);
      await this.tools.documents
        .keep(keyOf(this.request), profile)
        .catch((error: unknown) => this.tools.log.warn(String(error)));
    });
  }

  private update(update: ProfileUpdate): void {
    if (update.type === 'first') {
      this.show(update.profile, new Set());
      return;
    }
    if (this.document === undefined || this.settled === undefined) return;
    this.document = { ...this.document, columns: replaced(this.document.columns, update.columns) };
    for (const { name } of update.columns) this.settled.add(name);
    this.post({ type: 'columns', rows: update.rows, columns: update.columns });
  }

  private show(profile: Profile, settled?: Set<string>): void {
    this.document = profile;
    this.settled = settled;
    // A build is watched by its manifest, which the store does.
    this.watch(this.request.folder, profile.of === 'build' ? [] : profile.files.map((file) => file.path));
    this.sendProfile();
  }

  private sendProfile(): void {
    if (this.document === undefined) return;
    const settled = this.settled && { settled: [...this.settled] };
    this.post({ type: 'profile', profile: this.document, ...settled });
  }

  protected staleness(profile: Profile): Promise<string | undefined> {
    return profileStaleness(this.tools.store, this.subject, profile);
  }

  protected async answer(message: Further<FromProfilePage>): Promise<void> {
    switch (message.type) {
      case 'profile': {
        const { sample: _, ...all } = this.request;
        this.request = message.share === undefined ? all : { ...all, sample: { share: message.share } };
        this.start();
        return this.run();
      }
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
    this.post({
      type: 'start',
      title,
      ...this.language,
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

  /** One pair at a time: for the one before nobody waits any more. */
  private async pair(a: string, b: string): Promise<void> {
    const { sample: _, seed: __, fast: ___, ...request } = this.request;
    this.pairing?.abort();
    const { signal } = (this.pairing = new AbortController());
    try {
      const pair = await this.tools.engine.pair({ ...request, a, b }, signal);
      if (!signal.aborted) this.post({ type: 'pair', pair });
    } catch (error) {
      if (!signal.aborted) this.post({ type: 'pairFailed', a, b, message: this.work.logged(error) });
    }
  }

  protected reportOf(profile: Profile): Report {
    return {
      title: `${this.subject.title}-profile`,
      folder: this.request.folder,
      kinds: { [l10n.t('Web page')]: ['html'], Markdown: ['md'], JSON: ['json'] },
      write: (file) => this.tools.engine.writeReport({ profile, file }),
    };
  }
}

function replaced(columns: readonly ProfileColumn[], fresh: readonly ProfileColumn[]): ProfileColumn[] {
  const byName = new Map(fresh.map((column) => [column.name, column]));
  return columns.map((column) => byName.get(column.name) ?? column);
}
