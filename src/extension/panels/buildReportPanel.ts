/** Build reports: one panel per dataset, kept true while the workspace changes and over restarts of the window. */
import { commands, env, l10n, Uri, ViewColumn, window, workspace } from 'vscode';
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
import { pageHtml, pageOptions } from './page';

const VIEW_TYPE = 'mldata.buildReport';

export class BuildReportPanels extends Disposable {
  private readonly panels = new Map<string, BuildReportPanel>();

  constructor(
    private readonly extension: Uri,
    private readonly store: DatasetStore,
  ) {
    super();
    this._register(
      window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: (panel, state: BuildReportState | undefined) => {
          if (state === undefined) panel.dispose();
          else this.adopt(panel, { config: Uri.parse(state.config), name: state.dataset });
          return Promise.resolve();
        },
      }),
    );
    this._register({ dispose: () => this.panels.forEach((panel) => panel.dispose()) });
  }

  /** Shows the report of the dataset the command was called on, else of the one the user picks. */
  async open(argument: unknown): Promise<void> {
    const dataset = await pickDataset(this.store, argument, {
      placeHolder: l10n.t('Whose report to show?'),
      accepts: ({ build }) => build !== undefined,
      none: nothingBuilt,
    });
    if (dataset === undefined) return;
    const known = this.panels.get(datasetKey(dataset));
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const panel = window.createWebviewPanel(VIEW_TYPE, '', ViewColumn.Active, pageOptions(this.extension));
    this.adopt(panel, { config: dataset.config, name: dataset.name });
  }

  private adopt(panel: WebviewPanel, dataset: DatasetRef): void {
    const key = datasetKey(dataset);
    this.panels.get(key)?.dispose();
    this.panels.set(key, new BuildReportPanel(panel, this.extension, this.store, dataset));
    panel.onDidDispose(() => this.panels.delete(key));
  }
}

class BuildReportPanel extends Disposable {
  private ready = false;
  private sent = '';

  constructor(
    private readonly panel: WebviewPanel,
    extension: Uri,
    private readonly store: DatasetStore,
    private readonly ref: DatasetRef,
  ) {
    super();
    this._register(panel);
    panel.title = l10n.t('{0}: Build Report', ref.name);
    const icon = (theme: string): Uri => Uri.joinPath(extension, 'media', `report-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this._register(panel.webview.onDidReceiveMessage((message: FromBuildReport) => void this.receive(message)));
    this._register(store.onDidChange(() => this.update()));
    this._register(workspace.onDidGrantWorkspaceTrust(() => this.update()));
    const ticker = this._register(new Ticker(() => this.update()));
    ticker.run(panel.visible);
    this._register(panel.onDidChangeViewState(() => ticker.run(panel.visible)));
    panel.onDidDispose(() => this.dispose());
    panel.webview.options = pageOptions(extension);
    panel.webview.html = pageHtml(panel.webview, extension, 'buildReport', panel.title);
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** A hidden page is thrown away and says `ready` again, so the whole report is sent each time, and only if it differs. */
  private update(): void {
    if (!this.ready || !this.store.isReady) return;
    const message = this.message();
    const text = JSON.stringify(message);
    if (text === this.sent) return;
    this.sent = text;
    void this.panel.webview.postMessage(message);
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

  private async receive(message: FromBuildReport): Promise<void> {
    const dataset = datasetOf(this.store, this.ref);
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.sent = '';
        this.update();
        return;
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
