/** Validations: one panel per dataset or file; a restart of the window brings them back with what they showed. */
import { l10n, Uri } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import type { Engine, Quality, ValidationPanelState } from '../../protocol';
import { pickData } from '../commands/dataSubject';
import type { DataSubject } from '../commands/dataSubject';
import { saveConfigs } from '../commands/saveConfigs';
import { configUriOf } from '../commands/target';
import { keyOf, type KeptDocuments } from '../datasets/keptDocuments';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { Disposable } from '../disposable';
import type { FindingHelps } from '../language/findingHelp';
import { requireEngineAllowed } from '../trust';
import type { Beginning } from './documentPanel';
import { PanelSet, type Opening } from './panelSet';
import { ValidationPanel } from './validationPanel';

const VIEW_TYPE = 'mldata.validation';

export interface ValidationTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'validate' | 'writeQualityReport'>;
  readonly store: DatasetStore;
  readonly validations: Validations;
  readonly documents: KeptDocuments<Quality>;
  readonly helps: Pick<FindingHelps, 'of'>;
  /** Where a file may lie for a moment. */
  readonly storage: Uri;
  readonly log: LogOutputChannel;
}

export class ValidationPanels extends Disposable {
  private readonly panels: PanelSet<ValidationPanel, ValidationPanelState>;

  constructor(private readonly tools: ValidationTools) {
    super();
    this.panels = this._register(
      new PanelSet(VIEW_TYPE, tools.extension, ({ request, title, config, cancelled }) => {
        if (request === undefined || title === undefined) return undefined;
        const subject = { request, title, ...(config !== undefined && { config: Uri.parse(config) }) };
        return this.opening(subject, cancelled ? 'cancelled' : 'before');
      }),
    );
  }

  /** Makes the checks of what the command was called on, else of what the user picks, and shows what they find. */
  async validate(argument: unknown): Promise<void> {
    // First of all: which dataset the cursor stands in is a question about what the editor shows.
    const shown = configUriOf(argument);
    if (shown !== undefined) {
      await saveConfigs((uri) => uri.toString() === shown.toString());
      await this.tools.store.refresh();
    }
    await this.open(argument, true);
  }

  /** Shows what the latest checks found; where there were none, they are made. */
  show(argument: unknown): Promise<void> {
    return this.open(argument, false);
  }

  private async open(argument: unknown, anew: boolean): Promise<void> {
    const subject = await pickData(this.tools.store, argument, l10n.t('What to validate?'));
    if (subject === undefined) return;
    if (anew) await saveConfigs((uri) => uri.toString() === subject.config?.toString());
    const opening = this.opening(subject, anew ? 'anew' : 'before');
    const known = this.panels.find(opening.key);
    if (known === undefined) {
      requireEngineAllowed(subject.config ?? Uri.file(subject.request.folder));
      this.panels.open(opening);
      return;
    }
    known.reveal();
    if (anew) await known.run();
  }

  private opening(subject: DataSubject, beginning: Beginning): Opening<ValidationPanel> {
    return { key: keyOf(subject.request), make: (panel) => new ValidationPanel(panel, this.tools, subject, beginning) };
  }
}
