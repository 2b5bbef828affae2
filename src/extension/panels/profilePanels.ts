/** Profiles: one panel per dataset or file; a restart of the window brings them back with what they showed. */
import { l10n, Uri } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import type { Engine, Profile, ProfilePanelState, ProfileRequest } from '../../protocol';
import { filesOf, pickData } from '../commands/dataSubject';
import type { DataSubject } from '../commands/dataSubject';
import { keyOf, type KeptDocuments } from '../datasets/keptDocuments';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { bytes, duration } from '../format';
import { ask } from '../notifications';
import { requireEngineAllowed } from '../trust';
import type { Beginning } from './documentPanel';
import { PanelSet, type Opening } from './panelSet';
import { profileSeconds } from './profileEstimate';
import { ProfilePanel } from './profilePanel';

const VIEW_TYPE = 'mldata.profile';

/** How long one waits without having been asked. */
const PATIENCE_SECONDS = 60;

export interface ProfileTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'profile' | 'pair' | 'writeReport'>;
  readonly store: DatasetStore;
  readonly documents: KeptDocuments<Profile>;
  readonly log: LogOutputChannel;
}

export class ProfilePanels extends Disposable {
  private readonly panels: PanelSet<ProfilePanel, ProfilePanelState>;

  constructor(private readonly tools: ProfileTools) {
    super();
    this.panels = this._register(
      new PanelSet(VIEW_TYPE, tools.extension, ({ request, title, config, cancelled }) => {
        if (request === undefined || title === undefined) return undefined;
        const subject = subjectOf({ request, title, ...(config !== undefined && { config }) });
        return this.opening(subject, request, cancelled ? 'cancelled' : 'before');
      }),
    );
  }

  /** Shows the profile of what the command was called on, else of what the user picks. */
  async open(argument: unknown): Promise<void> {
    const { store } = this.tools;
    const subject = await pickData(store, argument, l10n.t('What to profile?'));
    if (subject === undefined) return;
    const known = this.panels.find(keyOf(subject.request));
    if (known !== undefined) {
      known.reveal();
      return;
    }
    requireEngineAllowed(subject.config ?? Uri.file(subject.request.folder));
    const request = await this.request(subject);
    if (request !== undefined) this.panels.open(this.opening(subject, request, 'anew'));
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

  private opening(subject: DataSubject, request: ProfileRequest, beginning: Beginning): Opening<ProfilePanel> {
    return { key: keyOf(request), make: (panel) => new ProfilePanel(panel, this.tools, subject, request, beginning) };
  }
}

function subjectOf({ request, title, config }: ProfilePanelState): DataSubject {
  return { request, title, ...(config !== undefined && { config: Uri.parse(config) }) };
}
