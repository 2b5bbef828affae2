/** One validation in its panel: made in the background, kept for when the page comes back, and true to the latest checks. */
import { readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { commands, env, l10n, Uri, ViewColumn, workspace } from 'vscode';
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
import { keyOf } from '../datasets/keptDocuments';
import { datasetKey } from '../datasets/model';
import { rangeOf } from '../language/findingDiagnostics';
import { DocumentPanel, type Beginning, type Further } from './documentPanel';
import type { Report } from './exportReport';
import type { ValidationTools } from './validationPanels';
import { dataFiles, validationStaleness } from './validationStaleness';

export class ValidationPanel extends DocumentPanel<FromValidationPage, ToValidationPage, Quality, ValidateProgress> {
  constructor(
    panel: WebviewPanel,
    private readonly tools: ValidationTools,
    private readonly subject: DataSubject,
    beginning: Beginning,
  ) {
    const title = l10n.t('{0}: Validation', subject.title);
    super(panel, { extension: tools.extension, page: 'validation', title, icon: 'report' }, tools, subject.title);
    this._register(tools.validations.onDidChange((dataset) => this.isOf(dataset) && this.follow()));
    void this.begin(beginning);
  }

  /** Makes the checks, again. */
  run(): Promise<void> {
    return this.make(async (signal, onProgress) => {
      const quality = await validate(this.tools, this.subject, undefined, onProgress, signal);
      if (!signal.aborted) await this.show(quality);
    });
  }

  /** Shows what is known already. */
  protected async restore(): Promise<boolean> {
    const { documents, validations } = this.tools;
    const { config, request } = this.subject;
    const latest = this.ownName === undefined || config === undefined ? undefined : validations.of(this.ownName);
    const quality = latest ?? (await documents.find(keyOf(request)));
    if (quality === undefined) return false;
    if (latest === undefined && this.ownName !== undefined) validations.keep(this.ownName, quality);
    await this.show(quality);
    await this.isMade();
    return true;
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
    if (latest === undefined || latest === this.document || this.work.isWorking) return;
    void this.show(latest);
    void this.isMade();
  }

  private async show(quality: Quality): Promise<void> {
    this.document = quality;
    this.sendQuality();
    await this.tools.documents
      .keep(keyOf(this.subject.request), quality)
      .catch((error: unknown) => this.tools.log.warn(String(error)));
    this.watch(this.subject.request.folder, await dataFiles(this.tools.store, this.subject));
  }

  private sendQuality(): void {
    const { document: quality } = this;
    if (quality !== undefined) this.post({ type: 'quality', quality, help: this.tools.helps.of(quality.findings) });
  }

  protected staleness(quality: Quality): Promise<string | undefined> {
    return validationStaleness(this.tools.store, this.subject, quality);
  }

  protected start(): void {
    const { title, config, request } = this.subject;
    this.post({
      type: 'start',
      title,
      ...this.language,
      state: { request, title, ...(config !== undefined && { config: config.toString() }) },
      offers: { engine: workspace.isTrusted, config: config !== undefined, places: true },
    });
    this.sendQuality();
    this.tell();
  }

  protected async answer(message: Further<FromValidationPage>): Promise<void> {
    switch (message.type) {
      case 'copy':
        return this.copy();
      case 'openConfig':
        return this.openConfig(message);
      case 'openPlace': {
        const place = this.document?.findings[message.finding]?.locations?.[message.place];
        if (place !== undefined) await this.openPlace(place);
        return;
      }
    }
  }

  private async openConfig({ check, finding }: Extract<FromValidationPage, { type: 'openConfig' }>): Promise<void> {
    const { config, request } = this.subject;
    if (config === undefined) return;
    const dataset: ConfigPath = ['datasets', request.target];
    const own = finding === undefined ? undefined : this.document?.findings[finding]?.configPath;
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

  protected reportOf(quality: Quality): Report {
    return {
      title: `${this.subject.title}-validation`,
      folder: this.subject.request.folder,
      kinds: {
        [l10n.t('Web page')]: ['html'],
        Markdown: ['md'],
        JSON: ['json'],
        SARIF: ['sarif'],
        'JUnit XML': ['junit.xml'],
      },
      write: (file) => this.writeReport(quality, file),
    };
  }

  /** The engine writes Markdown into files, so there is one for a moment. */
  private async copy(): Promise<void> {
    const { document: quality } = this;
    if (quality === undefined) return;
    const file = Uri.joinPath(this.tools.storage, `copy-${process.pid}-${Date.now()}.md`).fsPath;
    await this.write(async () => {
      try {
        await this.writeReport(quality, file);
        await env.clipboard.writeText(await readFile(file, 'utf8'));
      } finally {
        await rm(file, { force: true });
      }
    });
  }

  private writeReport(quality: Quality, file: string): Promise<void> {
    const { folder } = this.subject.request;
    return this.tools.engine.writeQualityReport({ qualities: [quality], folder, file });
  }
}
