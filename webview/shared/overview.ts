/** The first things read of any report: what it is, whether it is all right, what can be done, what goes on, the figures. */
import * as l10n from '@vscode/l10n';
import type { Activity } from '../../src/protocol';
import { element, icon } from './dom';
import type { Fact, Outcome } from './headline';
import { notice } from './notice';
import type { Part } from './parts';
import { button } from './toolkit';
import { nameElement } from './values';
import type { WorkingNotice } from './working';

export interface Header {
  readonly name: string;
  /** Absent while there is nothing to tell. */
  readonly made?: {
    readonly outcome: Outcome;
    /** What is to be known, in a sentence. */
    readonly verdict: string;
    /** When it was made, and of what. */
    readonly origin: string;
  };
  readonly actions: readonly (HTMLElement | false)[];
}

const outcomeIcons: Readonly<Record<Outcome['kind'], string>> = { good: 'pass', attention: 'warning', bad: 'error' };

export function reportHeader({ name, made, actions }: Header): HTMLElement {
  const offered = actions.filter((each) => each !== false);
  return element('header', {}, [
    element('div', { class: 'title' }, [
      element('h1', {}, [nameElement(name)]),
      made &&
        element('span', { class: `outcome ${made.outcome.kind}` }, [
          icon(outcomeIcons[made.outcome.kind]),
          made.outcome.text,
        ]),
    ]),
    made && element('p', { class: 'verdict' }, [made.verdict]),
    made && element('p', { class: 'dim' }, [made.origin]),
    offered.length === 0
      ? undefined
      : element('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') }, offered),
  ]);
}

export interface Doing<Progress> {
  readonly activity: Activity<Progress>;
  /** What changed since the report was made. */
  readonly stale: string | undefined;
  readonly progressText: (progress: Progress | undefined) => string;
  /** Said besides what went wrong, of what is shown still. */
  readonly before: string;
  readonly cancelled: string;
  /** Making it again, after it was cancelled and where it is out of date. */
  readonly again: { readonly cancelled: string; readonly stale: string };
}

/** What is going on. */
export function activityNotices<Progress extends { readonly fraction: number }>(
  doing: Doing<Progress>,
  send: (message: { readonly type: 'refresh' | 'showLog' }) => void,
  working: WorkingNotice,
): Part[] {
  const { activity, stale, before, cancelled, again } = doing;
  const refresh = (text: string) =>
    button({ text, icon: 'debug-restart', primary: true, onClick: () => send({ type: 'refresh' }) });
  switch (activity.state) {
    case 'working':
      working.tell(doing.progressText(activity.progress), activity.progress?.fraction);
      return [{ name: 'working', says: null, draw: () => working.element }];
    case 'failed':
      return [
        notice('failed', 'error', [activity.message, before].join(' ').trim(), [
          button({ text: l10n.t('Show Log'), icon: 'output', onClick: () => send({ type: 'showLog' }) }),
          refresh(l10n.t('Try Again')),
        ]),
        ...staleNotice(stale, () => refresh(again.stale)),
      ];
    case 'cancelled':
      return [
        notice('cancelled', 'circle-slash', cancelled, [refresh(again.cancelled)]),
        ...staleNotice(stale, () => refresh(again.stale)),
      ];
    case 'done':
      return staleNotice(stale, () => refresh(again.stale));
  }
}

function staleNotice(stale: string | undefined, refresh: () => HTMLElement): Part[] {
  return stale === undefined ? [] : [notice('stale', 'history', stale, [refresh()])];
}

/** The strip of figures below the verdict. */
export function factsPart(facts: readonly Fact[]): Part {
  return {
    name: 'facts',
    says: facts,
    draw: () =>
      element(
        'dl',
        { class: 'facts' },
        facts.map(({ label, value, title }) =>
          element('div', {}, [element('dt', {}, [label]), element('dd', { title }, [value])]),
        ),
      ),
  };
}
