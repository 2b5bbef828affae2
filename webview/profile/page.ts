/** The page from top to bottom: verdict, facts, alerts, columns with their detail, and what holds for all of them. */
import * as l10n from '@vscode/l10n';
import type { FromProfilePage, GridFilter, Profile, ProfileColumn, ToProfilePage } from '../../src/protocol';
import type { Door } from '../shared/door';
import { element } from '../shared/dom';
import { hatching } from '../shared/hatching';
import { factsPart } from '../shared/overview';
import { Parts } from '../shared/parts';
import type { Part } from '../shared/parts';
import { WorkingNotice } from '../shared/working';
import { alertsPart } from './alerts';
import { columnDetail } from './columnDetail';
import { wholeList } from './columnFilter';
import type { ColumnView } from './columnFilter';
import { profileColumnList } from './columnList';
import { correlationsPart } from './correlations';
import { duplicatesPart, missingPart } from './missing';
import { headerPart, noticeParts, profileFacts } from './overview';
import { samplePart } from './sample';
import { skeleton } from '../shared/skeleton';
import { isSampled } from './state';
import type { Actions, PageState, PairAnswer } from './state';
import { targetPart } from './target';

/** What the page remembers when it is thrown away: where its reader was. */
interface Place {
  readonly column?: string;
  readonly view: ColumnView;
}

type Start = Extract<ToProfilePage, { type: 'start' }>;

export class ProfilePage {
  private state: PageState = { title: '', offers: { engine: false, config: false }, activity: { state: 'working' } };
  private place: Place = { view: wholeList };
  private start: Start | undefined;
  /** The two columns that were asked for last: those before are not answered any more. */
  private waiting: { readonly a: string; readonly b: string; readonly take: (answer: PairAnswer) => void } | undefined;
  private readonly working: WorkingNotice;

  private readonly top: Parts;
  private readonly below: Parts;
  private readonly explorer: HTMLElement;
  private readonly detail = element('div', { class: 'detail-place' });
  private detailSays = '';
  private readonly list: ReturnType<typeof profileColumnList>;
  private readonly empty = element('div', { class: 'empty' });

  constructor(
    root: HTMLElement,
    private readonly door: Door<FromProfilePage>,
  ) {
    const top = element('div', { class: 'top' });
    this.working = new WorkingNotice(l10n.t('Profiling'), () => this.door.send({ type: 'cancel' }));
    const below = element('div', { class: 'below' });
    this.top = new Parts(top);
    this.below = new Parts(below);
    this.list = profileColumnList({
      sampled: (column) => isSampled(this.state, column),
      onSelect: (column) => this.select(column, false),
      onOpen: () => this.detail.querySelector<HTMLElement>('.detail')?.focus(),
      onView: (view) => this.remember({ ...this.place, view }),
    });
    this.explorer = element('section', { id: 'columns', class: 'explorer', 'aria-labelledby': 'columns-title' }, [
      element('h2', { id: 'columns-title' }, [l10n.t('Columns')]),
      element('div', { class: 'list-and-detail' }, [this.list.element, this.detail]),
    ]);
    this.explorer.hidden = true;
    root.append(hatching(), top, this.empty, this.explorer, below);
    this.list.start();
    document.addEventListener('keydown', (event) => this.onKey(event));
  }

  begin(start: Start): void {
    this.start = start;
    const { title, offers } = start;
    this.state = { ...this.state, title, offers };
    const kept = this.door.kept() as { readonly place?: Place } | undefined;
    if (kept?.place !== undefined) this.place = kept.place;
    this.remember(this.place);
    this.draw();
  }

  receive(message: Exclude<ToProfilePage, { type: 'start' }>): void {
    switch (message.type) {
      case 'profile': {
        const { settled: _, ...state } = this.state;
        const settled = message.settled && { settled: new Set(message.settled) };
        this.state = { ...state, profile: message.profile, ...settled };
        break;
      }
      case 'columns':
        this.state = withColumns(this.state, message.columns);
        break;
      case 'activity': {
        const { stale: _, ...state } = this.state;
        this.state = {
          ...state,
          activity: message.activity,
          ...(message.stale !== undefined && { stale: message.stale }),
        };
        this.remember(this.place);
        break;
      }
      case 'pair':
        this.answer(message.pair.a, message.pair.b, { pair: message.pair });
        return;
      case 'pairFailed':
        this.answer(message.a, message.b, { message: message.message });
        return;
    }
    this.draw();
  }

  private answer(a: string, b: string, answer: PairAnswer): void {
    if (this.waiting?.a !== a || this.waiting.b !== b) return;
    this.waiting.take(answer);
    this.waiting = undefined;
  }

  private get actions(): Actions {
    const { engine } = this.state.offers;
    return {
      send: (message) => this.door.send(message),
      select: (name) => {
        const column = this.state.profile?.columns.find((each) => each.name === name);
        if (column === undefined) return;
        this.select(column, true);
        this.explorer.scrollIntoView({ block: 'start', behavior: 'instant' });
        this.list.focus();
      },
      showRows: engine ? (filter: GridFilter) => this.door.send({ type: 'showData', filters: [filter] }) : undefined,
      compare: engine ? (a, b) => this.compare(a, b) : undefined,
    };
  }

  private compare(a: string, b: string): Promise<PairAnswer> {
    return new Promise((take) => {
      this.waiting = { a, b, take };
      this.door.send({ type: 'pair', a, b });
    });
  }

  private draw(): void {
    const { profile, activity } = this.state;
    const { actions } = this;
    const columns = profile?.columns ?? [];
    const whole = profile !== undefined && columns.length > 0;
    const above: (Part | undefined)[] = [
      headerPart(this.state, actions),
      ...noticeParts(this.state, actions, this.working),
      profile && factsPart(profileFacts(profile)),
      alertsPart(this.state, actions),
    ];
    this.top.show(above.filter((part) => part !== undefined));
    this.empty.replaceChildren(
      ...(profile === undefined && activity.state === 'working' ? [skeleton(l10n.t('Profiling'))] : []),
    );
    if (profile !== undefined && !whole) this.empty.replaceChildren(nothing());
    this.explorer.hidden = !whole;
    if (whole) this.drawColumns(profile);
    this.below.show(whole ? this.sections(profile) : []);
  }

  private sections(profile: Profile): Part[] {
    const { actions } = this;
    const parts: (Part | undefined)[] = [
      targetPart(profile, actions),
      correlationsPart(profile, actions),
      missingPart(profile, actions),
      duplicatesPart(profile),
      samplePart(this.state, profile, actions),
    ];
    return parts.filter((part) => part !== undefined);
  }

  private drawColumns({ columns }: Profile): void {
    this.list.show(columns, this.place.view);
    const chosen = columns.find(({ name }) => name === this.place.column) ?? firstOf(columns);
    if (chosen === undefined) return;
    this.place = { ...this.place, column: chosen.name };
    this.list.reveal(chosen.name);
    this.drawDetail(chosen);
  }

  private select(column: ProfileColumn, reveal: boolean): void {
    this.remember({ ...this.place, column: column.name });
    if (reveal) this.list.reveal(column.name);
    this.drawDetail(column);
  }

  /** Drawn again only when it says something else: what its reader opened or marked stays. */
  private drawDetail(column: ProfileColumn): void {
    const { profile, offers } = this.state;
    const splits = profile?.splits?.map(({ name, columns }) => [
      name,
      columns.find((each) => each.name === column.name),
    ]);
    const says = JSON.stringify([column, isSampled(this.state, column), offers, splits, profile?.rows]);
    if (says === this.detailSays) return;
    this.detailSays = says;
    this.detail.replaceChildren(columnDetail(this.state, column, this.actions));
  }

  private remember(place: Place): void {
    this.place = place;
    const cancelled = this.state.activity.state === 'cancelled';
    if (this.start !== undefined) this.door.keep({ ...this.start.state, place, cancelled });
  }

  private onKey(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.ctrlKey || event.metaKey || event.altKey || this.explorer.hidden) return;
    if (event.key === '/' && !typing) this.list.focusSearch();
    else if (event.key === 'Escape' && event.target instanceof Node && this.detail.contains(event.target))
      this.list.focus();
    else return;
    event.preventDefault();
  }
}

/** The one with the worst alert, else the first: something is always open. */
function firstOf(columns: readonly ProfileColumn[]): ProfileColumn | undefined {
  const worst = (['error', 'warning'] as const).map((wanted) =>
    columns.find(({ alerts }) => alerts.some(({ severity }) => severity === wanted)),
  );
  return worst.find((column) => column !== undefined) ?? columns[0];
}

function withColumns(state: PageState, fresh: readonly ProfileColumn[]): PageState {
  if (state.profile === undefined) return state;
  const byName = new Map(fresh.map((column) => [column.name, column]));
  const columns = state.profile.columns.map((column) => byName.get(column.name) ?? column);
  const settled = new Set([...(state.settled ?? []), ...byName.keys()]);
  return { ...state, profile: { ...state.profile, columns }, settled };
}

function nothing(): HTMLElement {
  return element('div', { class: 'nothing' }, [
    element('p', {}, [l10n.t('There is nothing to describe: the data has no columns.')]),
    element('p', { class: 'dim' }, [l10n.t('Check that the right file is named, and that it is not empty.')]),
  ]);
}
