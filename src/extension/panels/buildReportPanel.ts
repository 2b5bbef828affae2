/** Build reports: one panel per dataset, kept true while the workspace changes and over restarts of the window. */
import { commands, env, l10n, Uri, ViewColumn, workspace } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { BuildReportState, FromBuildReport, ToBuildReport } from '../../protocol';
import { CommandId } from '../commandIds';
import { datasetOf, nothingBuilt, pickDataset } from '../commands/target';
import type { DatasetRef } from '../commands/target';
import { datasetKey } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { Ticker } from '../ticker';
import { placeOf } from '../language/findingDiagnostics';
import { buildReportView, reportArtifacts, reportFindings, reportWords } from './buildReportView';
import { PagePanel } from './pagePanel';
import { PanelSet, type Opening } from './panelSet';

const VIEW_TYPE = 'mldata.buildReport';

export class BuildReportPanels extends Disposable {
  private readonly panels: PanelSet<BuildReportPanel, BuildReportState>;

  constructor(
    private readonly extension: Uri,
    private readonly store: DatasetStore,
  ) {
    super();
    this.panels = this._register(
      new PanelSet(VIEW_TYPE, extension, ({ config, dataset: name }) =>
        config === undefined || name === undefined ? undefined : this.opening({ config: Uri.parse(config), name }),
      ),
    );
  }

  /** Shows the report of the dataset the command was called on, else of the one the user picks. */
  async open(argument: unknown): Promise<void> {
    const dataset = await pickDataset(this.store, argument, {
      placeHolder: l10n.t('Whose report to show?'),
      accepts: ({ build }) => build !== undefined,
      none: nothingBuilt,
    });
    if (dataset === undefined) return;
    const opening = this.opening({ config: dataset.config, name: dataset.name });
    const known = this.panels.find(opening.key);
    if (known === undefined) this.panels.open(opening);
    else known.reveal();
  }

  private opening(dataset: DatasetRef): Opening<BuildReportPanel> {
    const { extension, store } = this;
    return { key: datasetKey(dataset), make: (panel) => new BuildReportPanel(panel, extension, store, dataset) };
  }
}

class BuildReportPanel extends PagePanel<FromBuildReport, ToBuildReport> {
  private sent = '';

  constructor(
    panel: WebviewPanel,
    extension: Uri,
    private readonly store: DatasetStore,
    private readonly ref: DatasetRef,
  ) {
    super(panel, { extension, page: 'buildReport', title: l10n.t('{0}: Build Report', ref.name), icon: 'report' });
    this._register(store.onDidChange(() => this.update()));
    this._register(workspace.onDidGrantWorkspaceTrust(() => this.update()));
    const ticker = this._register(new Ticker(() => this.update()));
    ticker.run(panel.visible);
    this._register(panel.onDidChangeViewState(() => ticker.run(panel.visible)));
  }

  protected start(): void {
    this.sent = '';
    this.update();
  }

  /** The whole report is sent each time, and only if it differs. */
  private update(): void {
    if (!this.ready || !this.store.isReady) return;
    const message = this.message();
    const text = JSON.stringify(message);
    if (text === this.sent) return;
    this.sent = text;
    this.post(message);
  }

  private message(): ToBuildReport {
    const dataset = this.store.find(this.ref.config, this.ref.name);
    const canBuild = workspace.isTrusted && dataset?.config.scheme === 'file' && dataset.status !== 'building';
    if (dataset?.build === undefined) {
      return {
        type: 'missing',
        dataset: this.ref.name,
        message:
          dataset === undefined
            ? l10n.t('This dataset is no longer in the configuration.')
            : l10n.t('There is no report of this dataset. Build it to get one.'),
        ...(canBuild && { build: l10n.t('Build') }),
        openConfig: reportWords().openConfig,
      };
    }
    return {
      type: 'report',
      view: buildReportView(dataset, dataset.build, canBuild, new Date()),
      words: reportWords(),
      locale: env.language,
      state: { config: this.ref.config.toString(), dataset: this.ref.name },
    };
  }

  protected async receive(message: Exclude<FromBuildReport, { type: 'ready' }>): Promise<void> {
    const dataset = datasetOf(this.store, this.ref);
    switch (message.type) {
      case 'build':
        return commands.executeCommand(CommandId.rebuildDataset, this.ref);
      case 'openManifest':
        return commands.executeCommand(CommandId.openManifest, this.ref);
      case 'openConfig':
        return commands.executeCommand(CommandId.openConfig, this.ref.config, ['datasets', this.ref.name]);
      case 'openFinding': {
        const path = dataset && reportFindings(dataset)[message.finding]?.configPath;
        return commands.executeCommand(CommandId.openConfig, this.ref.config, path ?? ['datasets', this.ref.name]);
      }
      case 'openPlace': {
        const place = dataset && reportFindings(dataset)[message.finding]?.locations?.[message.place];
        if (place === undefined) return;
        const { uri, range } = placeOf(this.ref.config, place);
        return commands.executeCommand('vscode.open', uri, { selection: range, viewColumn: ViewColumn.Beside });
      }
      case 'revealArtifact': {
        const artifact = dataset && reportArtifacts(dataset)[message.artifact];
        if (artifact === undefined || dataset?.output === undefined) return;
        return commands.executeCommand(CommandId.revealArtifact, Uri.joinPath(dataset.output, artifact.path));
      }
    }
  }
}
