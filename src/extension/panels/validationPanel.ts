/** One validation in its panel: made in the background, kept for when the page comes back, and true to the latest checks. */
import { readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { commands, env, l10n, RelativePattern, Uri, ViewColumn, workspace } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { codecOfName, isDataFile } from '../../config';
import type {
  ConfigPath,
  FromValidationPage,
  Location,
  Quality,
  ShowData,
  ToValidationPage,
  ValidateProgress,
} from '../../protocol';
import { CommandId } from '../commandIds';
import { ofPath, type DataSubject } from '../commands/dataSubject';
import { validate } from '../commands/validate';
import { FileWatchers } from '../datasets/fileWatchers';
import { datasetKey } from '../datasets/model';
import { rangeOf } from '../language/findingDiagnostics';
import { alarm } from '../notifications';
import { BackgroundWork } from './backgroundWork';
import { exportReport } from './exportReport';
import { PagePanel } from './pagePanel';
import type { ValidationTools } from './validationPanels';
import { dataFiles, validationStaleness } from './validationStaleness';

/** Of many files the first are watched; all of them are looked at when the panel is. */
const MAX_WATCHED = 20;

export class ValidationPanel extends PagePanel<FromValidationPage, ToValidationPage> {
  private readonly work: BackgroundWork<ValidateProgress>;
  private stale: string | undefined;
  private quality: Quality | undefined;
  private readonly files = this._register(new FileWatchers(() => void this.compare()));

  /** @param anew whether to make the checks at once; else what was shown before is looked for first */
  constructor(
    panel: WebviewPanel,
    private readonly tools: ValidationTools,
    private readonly subject: DataSubject,
    anew: boolean,
  ) {
    const { extension, store, validations, log } = tools;
    const title = l10n.t('{0}: Validation', subject.title);
    super(panel, { extension, page: 'validation', title, icon: 'report' });
    this.work = new BackgroundWork(() => this.tell(), log, subject.title);
    this._register(store.onDidChange(() => void this.compare()));
    this._register(panel.onDidChangeViewState(() => void this.compare()));
    this._register(validations.onDidChange((dataset) => this.isOf(dataset) && this.follow()));
    this._register({ dispose: () => this.work.leave() });
    void (anew ? this.run() : this.restore());
  }

  /** Makes the checks, again. */
  async run(): Promise<void> {
    this.stale = undefined;
    await this.work.run(async (signal, onProgress) => {
      const quality = await validate(this.tools, this.subject, undefined, onProgress, signal);
      if (!signal.aborted) await this.show(quality);
    });
    await this.compare();
  }

  /** Shows what is known already; where nothing is, the checks are made. */
  private async restore(): Promise<void> {
    const { documents, validations } = this.tools;
    const { config, request } = this.subject;
    const latest = this.ownName === undefined || config === undefined ? undefined : validations.of(this.ownName);
    const quality = latest ?? (await documents.find(request));
    if (quality === undefined) return this.run();
    if (latest === undefined && this.ownName !== undefined) validations.keep(this.ownName, quality);
    await this.show(quality);
    this.work.isDone();
    await this.compare();
  }

  /** The dataset that the whole panel is about; undefined for files, and for a part of a dataset. */
  private get ownName(): { readonly config: Uri; readonly name: string } | undefined {
    const { config, request } = this.subject;
    return config === undefined || request.split !== undefined ? undefined : { config, name: request.target };
  }

  private isOf(dataset: { readonly config: Uri; readonly name: string }): boolean {
    return this.ownName !== undefined && datasetKey(this.ownName) === datasetKey(dataset);
  }

  /** Checks of the dataset were made: by this panel, or somewhere else. */
  private follow(): void {
    const latest = this.ownName && this.tools.validations.of(this.ownName);
    if (latest === undefined || latest === this.quality || this.work.isWorking) return;
    this.stale = undefined;
    void this.show(latest);
    this.work.isDone();
    void this.compare();
  }

  private async show(quality: Quality): Promise<void> {
    this.quality = quality;
    this.sendQuality();
    await this.tools.documents
      .keep(this.subject.request, quality)
      .catch((error: unknown) => this.tools.log.warn(String(error)));
    this.files.watch(
      (await dataFiles(this.tools.store, this.subject)).slice(0, MAX_WATCHED).map((file) => this.watch(file)),
    );
  }

  private watch(file: string): RelativePattern {
    const whole = path.resolve(this.subject.request.folder, file);
    return new RelativePattern(Uri.file(path.dirname(whole)), path.basename(whole));
  }

  private sendQuality(): void {
    if (this.quality !== undefined) this.post({ type: 'quality', quality: this.quality });
  }

  private tell(): void {
    const { activity } = this.work;
    this.post({ type: 'activity', activity, ...(this.stale !== undefined && { stale: this.stale }) });
  }

  /** Looks whether the data is still what was checked; a panel that nobody sees waits until somebody does. */
  private async compare(): Promise<void> {
    if (this.quality === undefined || this.work.activity.state !== 'done' || !this.isVisible) return;
    const stale = await validationStaleness(this.tools.store, this.subject, this.quality);
    if (stale === this.stale || this.work.isWorking) return;
    this.stale = stale;
    this.tell();
  }

  protected start(): void {
    const { title, config, request } = this.subject;
    const words = l10n.bundle;
    this.post({
      type: 'start',
      title,
      locale: env.language,
      ...(words !== undefined && { words }),
      state: { request, title, ...(config !== undefined && { config: config.toString() }) },
      offers: { engine: workspace.isTrusted, config: config !== undefined, places: true },
    });
    this.sendQuality();
    this.tell();
  }

  protected async receive(message: Exclude<FromValidationPage, { type: 'ready' }>): Promise<void> {
    switch (message.type) {
      case 'cancel':
        this.work.cancel();
        return;
      case 'refresh':
        return this.run();
      case 'export':
        return this.export();
      case 'copy':
        return this.copy();
      case 'showLog':
        this.tools.log.show();
        return;
      case 'openConfig':
        return this.openConfig(message);
      case 'openPlace': {
        const place = this.quality?.findings[message.finding]?.locations?.[message.place];
        if (place !== undefined) await this.openPlace(place);
        return;
      }
    }
  }

  private async openConfig({ check, finding }: Extract<FromValidationPage, { type: 'openConfig' }>): Promise<void> {
    const { config, request } = this.subject;
    if (config === undefined) return;
    const dataset: ConfigPath = ['datasets', request.target];
    const own = finding === undefined ? undefined : this.quality?.findings[finding]?.configPath;
    const at = own ?? (check === undefined ? dataset : [...dataset, 'checks', check]);
    await commands.executeCommand(CommandId.openConfig, config, at);
  }

  /** A row of text at its line; of other data in the grid. */
  private async openPlace(place: Location): Promise<void> {
    const { folder } = this.subject.request;
    const file = path.resolve(folder, place.file);
    const asText = place.line !== undefined && codecOfName(file) === undefined;
    if (asText || place.row === undefined || !isDataFile(file)) {
      const selection = asText ? rangeOf(place) : undefined;
      await commands.executeCommand('vscode.open', Uri.file(file), { selection, viewColumn: ViewColumn.Beside });
      return;
    }
    const show: ShowData = { ...ofPath(Uri.file(file)), row: place.row - 1 };
    await commands.executeCommand(CommandId.showData, show);
  }

  private async export(): Promise<void> {
    const { quality } = this;
    if (quality === undefined) return;
    await this.write(() =>
      exportReport({
        title: `${this.subject.title}-validation`,
        folder: this.subject.request.folder,
        kinds: {
          [l10n.t('Web page')]: ['html'],
          Markdown: ['md'],
          JSON: ['json'],
          SARIF: ['sarif'],
          'JUnit XML': ['junit.xml'],
        },
        write: (file) => this.report(quality, file),
      }),
    );
  }

  /** The engine writes Markdown into files, so there is one for a moment. */
  private async copy(): Promise<void> {
    const { quality } = this;
    if (quality === undefined) return;
    const file = Uri.joinPath(this.tools.storage, `copy-${process.pid}-${Date.now()}.md`).fsPath;
    await this.write(async () => {
      try {
        await this.report(quality, file);
        await env.clipboard.writeText(await readFile(file, 'utf8'));
      } finally {
        await rm(file, { force: true });
      }
    });
  }

  private report(quality: Quality, file: string): Promise<void> {
    const { folder } = this.subject.request;
    return this.tools.engine.writeQualityReport({ qualities: [quality], folder, file });
  }

  /** What cannot be written leaves the validation as good as before: the page goes on showing it. */
  private async write(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      const message = l10n.t('The report was not written: {0}', this.work.logged(error));
      const showLog = l10n.t('Show Log');
      if ((await alarm(message, showLog)) === showLog) this.tools.log.show();
    }
  }
}
