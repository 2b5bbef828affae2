/** Comparisons: one panel for each pair of sides; a restart of the window brings them back with what they showed. */
import { Uri } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import type { Drift, DriftPanelState, Engine } from '../../protocol';
import { driftKey, pickComparison, pickFiles } from '../commands/driftSubject';
import type { DriftSubject } from '../commands/driftSubject';
import { saveConfigs } from '../commands/saveConfigs';
import type { Drifts } from '../datasets/drifts';
import type { KeptDocuments } from '../datasets/keptDocuments';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { requireEngineAllowed } from '../trust';
import type { Beginning } from './documentPanel';
import { DriftPanel } from './driftPanel';
import { PanelSet, type Opening } from './panelSet';

const VIEW_TYPE = 'mldata.drift';

export interface DriftTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'drift' | 'driftHistory' | 'versions' | 'writeDriftReport'>;
  readonly store: DatasetStore;
  readonly documents: KeptDocuments<Drift>;
  readonly drifts: Pick<Drifts, 'keep'>;
  readonly log: LogOutputChannel;
}

export class DriftPanels extends Disposable {
  private readonly panels: PanelSet<DriftPanel, DriftPanelState>;

  constructor(private readonly tools: DriftTools) {
    super();
    this.panels = this._register(
      new PanelSet(VIEW_TYPE, tools.extension, ({ request, title, config, dataset, cancelled }) => {
        if (request === undefined || title === undefined) return undefined;
        const named = config !== undefined && dataset !== undefined && { config: Uri.parse(config), dataset };
        return this.opening({ request, title, ...named }, cancelled ? 'cancelled' : 'before');
      }),
    );
  }

  /** Compares what the command was called on with what the user picks as its baseline. */
  async open(argument: unknown): Promise<void> {
    await this.show(await pickComparison(this.tools, argument));
  }

  /** Compares files of the explorer: two with each other, one with what the user picks. */
  async openFiles(clicked: unknown, selected: unknown): Promise<void> {
    await this.show(await pickFiles(this.tools, clicked, selected));
  }

  private async show(subject: DriftSubject | undefined): Promise<void> {
    if (subject === undefined) return;
    const { config, request } = subject;
    const opening = this.opening(subject, 'anew');
    const known = this.panels.find(opening.key);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    requireEngineAllowed(config ?? Uri.file(request.folder));
    await saveConfigs((uri) => uri.toString() === config?.toString());
    this.panels.open(opening);
  }

  private opening(subject: DriftSubject, beginning: Beginning): Opening<DriftPanel> {
    return {
      key: driftKey(subject.request),
      make: (panel) => new DriftPanel(panel, this.tools, subject, beginning, (other) => this.show(other)),
    };
  }
}
