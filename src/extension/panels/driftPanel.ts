/** One comparison in its panel: made in the background, kept for when the page comes back, with those of earlier versions. */
import { commands, l10n, Uri, workspace } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { Drift, DriftEntry, DriftProgress, FromDriftPage, ThresholdEdits, ToDriftPage } from '../../protocol';
import { CommandId } from '../commandIds';
import { currentSide, driftKey, pickBaseline, swapped } from '../commands/driftSubject';
import type { DriftSubject } from '../commands/driftSubject';
import { saveThresholds } from '../commands/saveThresholds';
import { alarm } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { DocumentPanel, type Beginning, type Further } from './documentPanel';
import type { DriftTools } from './driftPanels';
import { comparedFiles, driftStaleness } from './driftStaleness';
import type { Report } from './exportReport';

export class DriftPanel extends DocumentPanel<FromDriftPage, ToDriftPage, Drift, DriftProgress> {
  private history: readonly DriftEntry[] = [];

  /** @param show shows another comparison */
  constructor(
    panel: WebviewPanel,
    private readonly tools: DriftTools,
    private readonly subject: DriftSubject,
    beginning: Beginning,
    private readonly show: (subject: DriftSubject | undefined) => Promise<void>,
  ) {
    const title = l10n.t('{0}: Drift', subject.title);
    super(
      panel,
      { extension: tools.extension, page: 'drift', title, icon: 'report', later: 'charts' },
      tools,
      subject.title,
    );
    void this.begin(beginning);
  }

  protected async restore(): Promise<boolean> {
    const drift = await this.tools.documents.find(driftKey(this.subject.request));
    if (drift === undefined) return false;
    this.take(drift);
    await this.isMade();
    await this.follow();
    return true;
  }

  async run(): Promise<void> {
    const { tools, subject } = this;
    await this.make(async (signal, onProgress) => {
      requireEngineAllowed(subject.config ?? Uri.file(subject.request.folder));
      const drift = await tools.engine.drift(subject.request, onProgress, signal);
      if (signal.aborted) return;
      this.take(drift);
      await tools.documents
        .keep(driftKey(subject.request), drift)
        .catch((error: unknown) => tools.log.warn(String(error)));
    });
    await this.follow();
  }

  private take(drift: Drift): void {
    const { config, dataset, request } = this.subject;
    const { baseline, baselineSplit, current, currentSplit } = request;
    const isOfConfig = (baseline ?? baselineSplit ?? currentSplit) === undefined && current === dataset;
    if (config !== undefined && dataset !== undefined && isOfConfig)
      this.tools.drifts.keep({ config, name: dataset }, drift);
    this.document = drift;
    this.post({ type: 'drift', drift });
  }

  /** What goes with the document, and takes a look at the disk. */
  private async follow(): Promise<void> {
    const { document: drift, subject } = this;
    if (drift === undefined) return;
    this.watch(subject.request.folder, await comparedFiles(this.tools.store, subject, drift));
    const history = await this.earlier(drift);
    if (this.isDisposed || this.document !== drift) return; // compared again meanwhile
    this.history = history;
    this.post({ type: 'history', entries: history });
  }

  /** Of a build: how far the versions before it were from their baselines. Without them the page has one thing less to show. */
  private async earlier({ current }: Drift): Promise<readonly DriftEntry[]> {
    const { config, dataset } = this.subject;
    if (config === undefined || dataset === undefined || current.of !== 'build' || !workspace.isTrusted) return [];
    const request = { configPath: config.fsPath, targets: [dataset], folder: this.subject.request.folder };
    try {
      return (await this.tools.engine.driftHistory(request)).datasets[0]?.entries ?? [];
    } catch (error) {
      this.work.logged(error);
      return [];
    }
  }

  protected staleness(drift: Drift): Promise<string | undefined> {
    return driftStaleness(this.tools.store, this.subject, drift);
  }

  protected start(): void {
    const { request, title, config, dataset } = this.subject;
    const named = config !== undefined && dataset !== undefined && { config: config.toString(), dataset };
    this.post({
      type: 'start',
      title,
      ...this.language,
      state: { request, title, ...named },
      offers: { engine: workspace.isTrusted, config: config !== undefined },
    });
    if (this.document !== undefined) this.post({ type: 'drift', drift: this.document });
    this.post({ type: 'history', entries: this.history });
    this.tell();
  }

  protected async answer(message: Further<FromDriftPage>): Promise<void> {
    switch (message.type) {
      case 'swap':
        if (this.document !== undefined) await this.show(swapped(this.subject, this.document));
        return;
      case 'chooseBaseline':
        return this.show(await pickBaseline(this.tools, currentSide(this.subject)));
      case 'openConfig':
        return this.openConfig(message);
      case 'saveThresholds':
        return this.save(message.edits);
    }
  }

  private async openConfig({ path: asked, column }: Extract<FromDriftPage, { type: 'openConfig' }>): Promise<void> {
    const { config, dataset } = this.subject;
    if (config === undefined || dataset === undefined) return;
    const own = ['datasets', dataset, 'drift'];
    const at = asked ?? (column === undefined ? own : [...own, 'columns', column]);
    await commands.executeCommand(CommandId.openConfig, config, at);
  }

  /** What was tried out is compared with in earnest: findings and verdict follow. */
  private async save(edits: ThresholdEdits): Promise<void> {
    const { config, dataset } = this.subject;
    if (config === undefined || dataset === undefined) return;
    try {
      await saveThresholds(config, dataset, edits);
    } catch (error) {
      void alarm(this.work.logged(error));
      return;
    }
    await this.run();
  }

  protected reportOf(drift: Drift): Report {
    return {
      title: `${this.subject.title}-drift`,
      folder: this.subject.request.folder,
      kinds: { [l10n.t('Web page')]: ['html'], Markdown: ['md'], JSON: ['json'], SARIF: ['sarif'] },
      write: (file) => this.tools.engine.writeDriftReport({ drift, file }),
    };
  }
}
