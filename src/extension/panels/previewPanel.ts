/** Trying transforms: one panel per dataset, which tries again when its configuration changes. */
import { commands, env, l10n, Uri, workspace } from 'vscode';
import type { LogOutputChannel, WebviewPanel } from 'vscode';
import { hasErrors, MldataError, worstFirst } from '../../protocol';
import type {
  Engine,
  Finding,
  FromPreviewPage,
  Preview,
  PreviewActivity,
  PreviewPanelState,
  ToPreviewPage,
} from '../../protocol';
import { CommandId } from '../commandIds';
import { noDatasets, pickDataset } from '../commands/target';
import type { DatasetRef } from '../commands/target';
import { datasetKey } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { PagePanel } from './pagePanel';
import { PanelSet, type Opening } from './panelSet';

const VIEW_TYPE = 'mldata.preview';

export interface PreviewTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'preview'>;
  readonly store: DatasetStore;
  readonly log: LogOutputChannel;
}

export class PreviewPanels extends Disposable {
  private readonly panels: PanelSet<PreviewPanel, PreviewPanelState>;

  constructor(private readonly tools: PreviewTools) {
    super();
    this.panels = this._register(
      new PanelSet(VIEW_TYPE, tools.extension, ({ config, dataset: name, step }) =>
        config === undefined || name === undefined
          ? undefined
          : this.opening({ config: Uri.parse(config), name }, step),
      ),
    );
  }

  /** Tries the steps of the dataset the command was called on, else of the one the user picks. */
  async open(argument: unknown): Promise<void> {
    const dataset = await pickDataset(this.tools.store, argument, {
      placeHolder: l10n.t('Whose transforms to try?'),
      accepts: () => true,
      none: noDatasets,
    });
    if (dataset === undefined) return;
    requireEngineAllowed(dataset.config);
    const ref = { config: dataset.config, name: dataset.name };
    const step = stepOf(argument);
    const opening = this.opening(ref, step);
    const known = this.panels.find(opening.key);
    if (known === undefined) this.panels.open(opening);
    else known.show(step);
  }

  private opening(ref: DatasetRef, step: number | undefined): Opening<PreviewPanel> {
    return { key: datasetKey(ref), make: (panel) => new PreviewPanel(panel, this.tools, ref, step) };
  }
}

/** The step that the argument names beside a dataset, from 1. */
function stepOf(argument: unknown): number | undefined {
  if (typeof argument !== 'object' || argument === null || !('step' in argument)) return undefined;
  return typeof argument.step === 'number' ? argument.step : undefined;
}

/** A preview, and what the dataset was when it was made, as text. */
interface Made {
  readonly of: string;
  readonly preview: Preview;
}

class PreviewPanel extends PagePanel<FromPreviewPage, ToPreviewPage> {
  private activity: PreviewActivity = { state: 'working' };
  /** What was last tried, whether or not it came to anything; undefined where it has to be tried again. */
  private tried: { readonly of: string; readonly step: number | undefined } | undefined;
  /** Of all steps, and of what is shown. */
  private whole: Made | undefined;
  private shown: Preview | undefined;
  private running: AbortController | undefined;

  constructor(
    panel: WebviewPanel,
    private readonly tools: PreviewTools,
    private readonly ref: DatasetRef,
    private step: number | undefined,
  ) {
    const { extension, store } = tools;
    super(panel, { extension, page: 'preview', title: l10n.t('{0}: Transforms', ref.name), icon: 'report' });
    this._register(store.onDidChange(() => this.keepUp()));
    this._register(workspace.onDidGrantWorkspaceTrust(() => this.again()));
    this._register(panel.onDidChangeViewState(() => this.keepUp()));
    this._register({ dispose: () => this.running?.abort() });
  }

  show(step: number | undefined): void {
    this.reveal();
    if (step !== undefined) this.select(step);
  }

  /** Tries the steps when they are no more what they were; a panel that nobody sees waits until somebody does. */
  private keepUp(): void {
    if (!this.ready || !this.isVisible || !this.tools.store.isReady) return;
    const of = written(this.tools.store, this.ref);
    if (this.tried?.of !== of || this.tried.step !== this.step) void this.run(of);
  }

  private again(): void {
    this.tried = undefined;
    this.whole = undefined;
    this.keepUp();
  }

  private select(step: number | undefined): void {
    this.step = step;
    this.keepUp();
  }

  private async run(of: string): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.tried = { of, step: this.step };
    this.tell({ state: 'working' });
    try {
      requireEngineAllowed(this.ref.config);
      refuseBroken(this.tools.store, this.ref);
      if (this.whole?.of !== of) this.whole = { of, preview: await this.preview(undefined, running.signal) };
      if (this.running !== running) return;
      // A step that was shown may have gone.
      if (this.step !== undefined && this.step > this.whole.preview.steps.length) this.step = undefined;
      this.tried = { of, step: this.step };
      const shown = this.step === undefined ? this.whole.preview : await this.preview(this.step, running.signal);
      if (this.running !== running) return;
      this.shown = shown;
      this.sendPreview();
      this.tell({ state: 'done' });
    } catch (error) {
      if (this.running === running) this.tell(this.failure(error));
    }
  }

  private preview(step: number | undefined, signal: AbortSignal): Promise<Preview> {
    const { config, name } = this.ref;
    return this.tools.engine.preview(
      { configPath: config.fsPath, dataset: name, ...(step !== undefined && { step }), ...runOptions(config) },
      signal,
    );
  }

  private failure(error: unknown): PreviewActivity {
    if (!(error instanceof MldataError)) {
      this.tools.log.error(error instanceof Error ? error : String(error));
      return { state: 'failed', message: String(error), findings: [], inConfig: false };
    }
    if (error.kind === 'cancelled') return { state: 'cancelled' };
    const { code, message, findings, kind } = error;
    this.tools.log.error(`${this.ref.name}: ${code}: ${message}`);
    return {
      state: 'failed',
      message,
      findings: worstFirst(findings),
      inConfig: kind === 'config' || findings.some(({ configPath }) => configPath !== undefined),
    };
  }

  private tell(activity: PreviewActivity): void {
    this.activity = activity;
    const { config, name } = this.ref;
    const state = { config: config.toString(), dataset: name, ...(this.step !== undefined && { step: this.step }) };
    this.post({ type: 'state', state, activity });
  }

  private sendPreview(): void {
    if (this.shown === undefined) return;
    this.post({ type: 'preview', preview: this.shown, steps: this.whole?.preview.steps ?? this.shown.steps });
  }

  /** Of the preview on the page, or of the failure in its place. */
  private findings(): readonly Finding[] {
    return this.activity.state === 'failed' ? this.activity.findings : (this.shown?.findings ?? []);
  }

  protected start(): void {
    const words = l10n.bundle;
    this.post({ type: 'start', locale: env.language, ...(words !== undefined && { words }) });
    this.sendPreview();
    this.tell(this.activity);
    this.keepUp();
  }

  protected async receive(message: Exclude<FromPreviewPage, { type: 'ready' }>): Promise<void> {
    const { config, name } = this.ref;
    const open = (path: readonly (string | number)[]) => commands.executeCommand(CommandId.openConfig, config, path);
    switch (message.type) {
      case 'refresh':
        this.again();
        return;
      case 'cancel':
        this.running?.abort();
        return;
      case 'select':
        this.select(message.step);
        return;
      case 'showLog':
        this.tools.log.show();
        return;
      case 'openConfig':
        await open(['datasets', name]);
        return;
      case 'openStep':
        await open(['datasets', name, 'transforms', message.step - 1]);
        return;
      case 'openFinding':
        await open(this.findings()[message.finding]?.configPath ?? ['datasets', name]);
        return;
    }
  }
}

/** The dataset as it is written now: what a preview depends on, but for the data. */
function written(store: DatasetStore, ref: DatasetRef): string {
  return JSON.stringify(store.find(ref.config, ref.name)?.spec ?? problems(store, ref));
}

/** What is wrong in the dataset's configuration. */
function problems(store: DatasetStore, { config, name }: DatasetRef): readonly Finding[] {
  const parsed = store.configs.find(({ uri }) => uri.toString() === config.toString())?.parsed;
  const all = parsed?.findings.filter(({ severity }) => severity === 'error') ?? [];
  const own = all.filter(({ configPath = [] }) => configPath[0] === 'datasets' && configPath[1] === name);
  return own.length > 0 ? own : all;
}

/** Throws where the editor knows already that nothing can be tried. */
function refuseBroken(store: DatasetStore, ref: DatasetRef): void {
  const dataset = store.find(ref.config, ref.name);
  if (dataset === undefined)
    throw new MldataError('config', 'dataset-unknown', l10n.t('This dataset is no longer in the configuration.'));
  const findings = problems(store, ref);
  if (dataset.spec !== undefined || !hasErrors(findings)) return;
  throw new MldataError(
    'config',
    'config-invalid',
    l10n.t('The configuration of {0} has errors, so its transforms cannot be tried.', ref.name),
    findings,
  );
}
