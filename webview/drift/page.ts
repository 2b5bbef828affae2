/** The page from top to bottom: verdict, facts, findings, columns with their detail, and what holds for all of them. */
import * as l10n from '@vscode/l10n';
import type { ConfigPath, Drift, DriftColumn, FromDriftPage, ThresholdEdits, ToDriftPage } from '../../src/protocol';
import type { Door } from '../shared/door';
import { element } from '../shared/dom';
import { findingsPart } from '../shared/findingItem';
import { hatching } from '../shared/hatching';
import { factsPart } from '../shared/overview';
import { Parts } from '../shared/parts';
import type { Part } from '../shared/parts';
import { skeleton } from '../shared/skeleton';
import { WorkingNotice } from '../shared/working';
import { ColumnDetail } from './columnDetail';
import { wholeView } from './columnFilter';
import type { DriftView } from './columnFilter';
import { driftColumnList } from './columnList';
import { historyPart } from './history';
import { judged, noEdits } from './judge';
import { headerPart, noticeParts } from './overview';
import { schemaPart } from './schema';
import type { Actions, PageState } from './state';
import { editsPart, Thresholds } from './thresholds';
import { driftFacts } from './verdict';
import { windowsPart } from './windows';

/** What the page remembers when it is thrown away: where its reader was, and what was tried out. */
interface Place {
  readonly column?: string;
  readonly view: DriftView;
  readonly edits: ThresholdEdits;
  /** Of the document that the thresholds were tried out on: when it was made. */
  readonly generatedAt?: string;
}

type Start = Extract<ToDriftPage, { type: 'start' }>;

export class DriftPage {
  private state: PageState = {
    title: '',
    offers: { engine: false, config: false },
    activity: { state: 'working' },
    history: [],
    edits: noEdits,
  };
  private place: Place = { view: wholeView, edits: noEdits };
  private begun: Start | undefined;
  /** The document as it would be with the thresholds that are tried out. */
  private now: Drift | undefined;

  private readonly working: WorkingNotice;
  private readonly top: Parts;
  private readonly below: Parts;
  private readonly empty = element('div', { class: 'empty' });
  private readonly explorer: HTMLElement;
  private readonly detailPlace = element('div', { class: 'detail-place' });
  private detail: { readonly column: string; readonly generatedAt: string; readonly view: ColumnDetail } | undefined;
  private readonly list: ReturnType<typeof driftColumnList>;
  private readonly tried = { now: () => this.state.edits, change: (edits: ThresholdEdits) => this.edit(edits) };
  private readonly thresholds = new Thresholds(this.tried);

  constructor(
    root: HTMLElement,
    private readonly door: Door<FromDriftPage>,
  ) {
    const top = element('div', { class: 'top' });
    const below = element('div', { class: 'below' });
    this.top = new Parts(top);
    this.below = new Parts(below);
    this.working = new WorkingNotice(l10n.t('Comparing'), () => door.send({ type: 'cancel' }));
    this.list = driftColumnList({
      onSelect: (column) => this.select(column, false),
      onOpen: () => this.detail?.view.element.focus(),
      onView: (view) => this.remember({ view }),
    });
    this.explorer = element('section', { id: 'columns', class: 'explorer', 'aria-labelledby': 'columns-title' }, [
      element('h2', { id: 'columns-title' }, [l10n.t('Columns')]),
      element('div', { class: 'list-and-detail' }, [this.list.element, this.detailPlace]),
    ]);
    this.explorer.hidden = true;
    root.append(hatching(), top, this.empty, this.explorer, below);
    this.list.start();
    document.addEventListener('keydown', (event) => this.onKey(event));
  }

  receive(message: ToDriftPage): void {
    switch (message.type) {
      case 'start': {
        this.begun = message;
        const kept = this.door.kept() as { readonly place?: Partial<Place> } | undefined;
        const edits = kept?.place?.edits ?? noEdits;
        this.state = { ...this.state, title: message.title, offers: message.offers, edits };
        this.remember({ ...kept?.place, edits });
        break;
      }
      case 'drift': {
        // What was tried out is in the config now, or was of other rows.
        const { generatedAt } = message.drift;
        const isOther = this.place.generatedAt !== undefined && this.place.generatedAt !== generatedAt;
        this.state = { ...this.state, drift: message.drift, ...(isOther && { edits: noEdits }) };
        this.remember({ edits: this.state.edits, generatedAt });
        break;
      }
      case 'history':
        this.state = { ...this.state, history: message.entries };
        break;
      case 'activity': {
        const { stale: _, ...state } = this.state;
        const { activity, stale } = message;
        this.state = { ...state, activity, ...(stale !== undefined && { stale }) };
        this.remember({});
        break;
      }
    }
    this.draw();
  }

  private get actions(): Actions {
    return {
      send: (message) => this.door.send(message),
      select: (name) => {
        const column = this.now?.columns.find((each) => each.name === name);
        if (column === undefined) return;
        this.select(column, true);
        this.explorer.scrollIntoView({ block: 'start', behavior: 'instant' });
        this.list.focus();
      },
      edit: (edits) => this.edit(edits),
    };
  }

  private edit(edits: ThresholdEdits): void {
    this.state = { ...this.state, edits };
    this.remember({ edits });
    this.draw();
  }

  private draw(): void {
    const { state, actions } = this;
    const { activity, offers } = state;
    const drift = (this.now = state.drift && judged(state.drift, state.edits));
    const openConfig = offers.config
      ? (path?: ConfigPath): void => this.door.send({ type: 'openConfig', ...(path !== undefined && { path }) })
      : undefined;
    const parts: (Part | undefined)[] = [
      headerPart(state, drift, actions),
      ...noticeParts(state, actions, this.working),
      drift && editsPart(state, drift, actions),
      drift && factsPart(driftFacts(drift)),
      drift &&
        findingsPart({
          title: l10n.t('Findings'),
          findings: drift.findings,
          none: l10n.t('Nothing that is worth a word.'),
          ways: { openConfig, select: (column) => actions.select(column) },
        }),
    ];
    this.top.show(parts.filter((part) => part !== undefined));
    const waiting = drift === undefined && activity.state === 'working';
    this.empty.replaceChildren(...(waiting ? [skeleton(l10n.t('Comparing'))] : []));
    const whole = drift !== undefined && drift.columns.length > 0;
    this.explorer.hidden = !whole;
    if (whole) this.drawColumns(drift);
    this.below.show(whole ? this.sections(drift) : []);
  }

  private sections(drift: Drift): Part[] {
    const parts: (Part | undefined)[] = [
      schemaPart(drift, this.actions),
      windowsPart(drift),
      historyPart(this.state.history, drift.summary.limit),
      this.thresholds.part(this.state.drift ?? drift),
    ];
    return parts.filter((part) => part !== undefined);
  }

  /** The one that is most different is open at first. */
  private drawColumns({ columns }: Drift): void {
    this.list.show(columns, this.place.view);
    const chosen = columns.find(({ name }) => name === this.place.column) ?? columns[0];
    if (chosen === undefined) return;
    this.place = { ...this.place, column: chosen.name };
    this.list.reveal(chosen.name);
    this.drawDetail(chosen);
  }

  private select(column: DriftColumn, reveal: boolean): void {
    this.remember({ column: column.name });
    if (reveal) this.list.reveal(column.name);
    this.drawDetail(column);
  }

  private drawDetail(column: DriftColumn): void {
    const { drift } = this.state;
    if (drift === undefined) return;
    const { generatedAt } = drift;
    if (this.detail?.column !== column.name || this.detail.generatedAt !== generatedAt) {
      this.detail = { column: column.name, generatedAt, view: new ColumnDetail(column.name, this.tried) };
      this.detailPlace.replaceChildren(this.detail.view.element);
    }
    this.detail.view.show(this.state, drift, column, this.actions);
  }

  private remember(place: Partial<Place>): void {
    this.place = { ...this.place, ...place };
    const cancelled = this.state.activity.state === 'cancelled';
    if (this.begun?.state !== undefined) this.door.keep({ ...this.begun.state, place: this.place, cancelled });
  }

  private onKey(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.ctrlKey || event.metaKey || event.altKey || this.explorer.hidden) return;
    if (event.key === '/' && !typing) this.list.focusSearch();
    else if (event.key === 'Escape' && event.target instanceof Node && this.detailPlace.contains(event.target))
      this.list.focus();
    else return;
    event.preventDefault();
  }
}
