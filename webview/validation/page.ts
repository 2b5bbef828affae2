/** The page from top to bottom: verdict, notices, facts, checks, gates, findings. */
import * as l10n from '@vscode/l10n';
import type { FromValidationPage, ToValidationPage } from '../../src/protocol';
import type { Door } from '../shared/door';
import { element } from '../shared/dom';
import { factsPart } from '../shared/overview';
import { Parts } from '../shared/parts';
import type { Part } from '../shared/parts';
import { WorkingNotice } from '../shared/working';
import { checksPart, gatesPart } from './checks';
import { wholeView } from './findingFilter';
import type { FindingsView } from './findingFilter';
import { FindingsTable } from './findings';
import { headerPart, noticeParts, qualityFacts } from './overview';
import type { PageState } from './state';

type Start = Extract<ToValidationPage, { type: 'start' }>;

export class ValidationPage {
  private state: PageState = {
    title: '',
    offers: { engine: false, config: false, places: false },
    activity: { state: 'working' },
    help: {},
  };
  private begun: Start | undefined;
  private view: FindingsView = wholeView;
  private readonly top: Parts;
  private readonly findings: FindingsTable;
  private readonly skeleton = skeleton();
  private readonly working: WorkingNotice;

  /** @param id tells the parts of this page from those of others in the same document */
  constructor(
    root: HTMLElement,
    private readonly door: Door<FromValidationPage>,
    private readonly id: string,
  ) {
    const top = element('div', { class: 'top' });
    this.top = new Parts(top);
    const send = (message: FromValidationPage): void => door.send(message);
    this.working = new WorkingNotice(l10n.t('Validating'), () => send({ type: 'cancel' }));
    this.findings = new FindingsTable(`${id}-findings`, send, (view) => this.remember(view));
    root.append(top, this.skeleton, this.findings.element);
  }

  receive(message: ToValidationPage): void {
    const { stale: _, ...state } = this.state;
    switch (message.type) {
      case 'start': {
        this.begun = message;
        this.state = { ...this.state, title: message.title, offers: message.offers };
        const kept = this.door.kept() as { readonly view?: FindingsView } | undefined;
        this.remember({ ...wholeView, ...kept?.view });
        break;
      }
      case 'quality':
        this.state = { ...this.state, quality: message.quality, help: message.help };
        break;
      case 'activity': {
        const { activity, stale } = message;
        this.state = { ...state, activity, ...(stale !== undefined && { stale }) };
        this.remember(this.view);
        break;
      }
    }
    this.draw();
  }

  search(): void {
    this.findings.search();
  }

  private draw(): void {
    const { quality, offers, activity, help } = this.state;
    const send = (message: FromValidationPage): void => this.door.send(message);
    const parts: (Part | undefined)[] = [
      headerPart(this.state, send),
      ...noticeParts(this.state, send, this.working),
      quality && factsPart(qualityFacts(quality)),
      quality &&
        checksPart(
          quality,
          this.id,
          offers.config ? (check) => send({ type: 'openConfig', check }) : undefined,
          (check) => this.findings.only(check),
        ),
      quality && gatesPart(quality, this.id),
    ];
    this.top.show(parts.filter((part) => part !== undefined));
    this.skeleton.hidden = quality !== undefined || activity.state !== 'working';
    this.findings.element.hidden = quality === undefined;
    if (quality !== undefined) this.findings.show(quality.findings, { offers, help }, this.view);
  }

  private remember(view: FindingsView): void {
    this.view = view;
    const cancelled = this.state.activity.state === 'cancelled';
    if (this.begun?.state !== undefined) this.door.keep({ ...this.begun.state, view, cancelled });
  }
}

/** What is to come, in grey. */
function skeleton(): HTMLElement {
  const lines = (number: number) => Array.from({ length: number }, () => element('div', { class: 'bone' }));
  return element('div', { class: 'skeleton', 'aria-hidden': 'true' }, [
    element('section', {}, lines(2)),
    element('section', {}, lines(5)),
    element('section', {}, lines(8)),
  ]);
}
