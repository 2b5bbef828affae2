/** Profiles: one panel per dataset or file; a restart of the window brings them back with what they showed. */
import { l10n, Uri, ViewColumn, window } from 'vscode';
import type { LogOutputChannel, WebviewPanel } from 'vscode';
import type { Engine, ProfilePanelState, ProfileRequest } from '../../protocol';
import { filesOf, pickData } from '../commands/dataSubject';
import type { DataSubject } from '../commands/dataSubject';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { bytes, duration } from '../format';
import { ask } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { pageOptions } from './page';
import { keyOf, type ProfileDocuments } from './profileDocuments';
import { profileSeconds } from './profileEstimate';
import { ProfilePanel } from './profilePanel';

const VIEW_TYPE = 'mldata.profile';

/** How long one waits without having been asked. */
const PATIENCE_SECONDS = 60;

export interface ProfileTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'profile' | 'pair' | 'writeReport'>;
  readonly store: DatasetStore;
  readonly documents: ProfileDocuments;
  readonly log: LogOutputChannel;
}

export class ProfilePanels extends Disposable {
  private readonly panels = new Map<string, ProfilePanel>();

  constructor(private readonly tools: ProfileTools) {
    super();
    this._register(
      window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: (panel, state: ProfilePanelState | undefined) => {
          if (state === undefined) panel.dispose();
          else this.adopt(panel, subjectOf(state), state.request, false);
          return Promise.resolve();
        },
      }),
    );
    this._register({ dispose: () => this.panels.forEach((panel) => panel.dispose()) });
  }

  /** Shows the profile of what the command was called on, else of what the user picks. */
  async open(argument: unknown): Promise<void> {
    const { store, extension } = this.tools;
    const subject = await pickData(store, argument, l10n.t('What to profile?'));
    if (subject === undefined) return;
    const known = this.panels.get(keyOf(subject.request));
    if (known !== undefined) {
      known.reveal();
      return;
    }
    requireEngineAllowed(subject.config ?? Uri.file(subject.request.folder));
    const request = await this.request(subject);
    if (request === undefined) return;
    const panel = window.createWebviewPanel(VIEW_TYPE, '', ViewColumn.Active, pageOptions(extension));
    this.adopt(panel, subject, request, true);
  }

  /** All rows, unless that takes long and the user would rather have some; undefined when they want neither. */
  private async request(subject: DataSubject): Promise<ProfileRequest | undefined> {
    const files = (await filesOf(this.tools.store, subject)) ?? [];
    const seconds = profileSeconds(files);
    if (seconds <= PATIENCE_SECONDS) return subject.request;
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const sample = l10n.t('Profile a 1 % Sample');
    const all = l10n.t('Profile All Rows');
    const choice = await ask(
      l10n.t('{0} has {1}.', subject.title, bytes(size)),
      l10n.t('Profiling all of it may take about {0}. A sample takes a moment.', duration(seconds * 1000)),
      sample,
      all,
    );
    if (choice === sample) return { ...subject.request, sample: { share: 0.01 } };
    return choice === all ? subject.request : undefined;
  }

  private adopt(panel: WebviewPanel, subject: DataSubject, request: ProfileRequest, fresh: boolean): void {
    const key = keyOf(request);
    this.panels.get(key)?.dispose();
    const made = new ProfilePanel(panel, this.tools, subject, request, fresh);
    this.panels.set(key, made);
    panel.onDidDispose(() => this.panels.get(key) === made && this.panels.delete(key));
  }
}

function subjectOf({ request, title, config }: ProfilePanelState): DataSubject {
  return { request, title, ...(config !== undefined && { config: Uri.parse(config) }) };
}
