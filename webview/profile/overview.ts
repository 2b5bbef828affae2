/** The first things read: what it is, whether it is all right, when, from what, what can be done, and the figures. */
import * as l10n from '@vscode/l10n';
import type { Profile } from '../../src/protocol';
import { element, icon } from '../shared/dom';
import { bytes, count, duration, moment, share } from '../shared/format';
import { notice } from '../shared/notice';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { button } from '../shared/toolkit';
import type { Actions, PageState } from './state';
import { nameElement } from '../shared/values';
import type { WorkingNotice } from '../shared/working';
import { progressText } from './progressText';

export function headerPart(state: PageState, actions: Actions): Part {
  const { title, offers, activity, profile } = state;
  const working = activity.state === 'working';
  const facts = profile && [profile.dataset, profile.generatedAt, profile.sample, profile.alerts.length, profile.rows];
  return {
    name: 'header',
    says: { title, offers, working, facts, columns: profile?.columns.length },
    draw: () => header(state, actions),
  };
}

function header({ title, offers, activity, profile }: PageState, { send }: Actions): HTMLElement {
  const working = activity.state === 'working';
  const sampled = profile?.sample !== undefined;
  const actions = [
    offers.engine &&
      button({ text: l10n.t('Refresh'), icon: 'refresh', disabled: working, onClick: () => send({ type: 'refresh' }) }),
    offers.engine &&
      (sampled
        ? button({
            text: l10n.t('Profile All Rows'),
            icon: 'list-flat',
            disabled: working,
            onClick: () => send({ type: 'profile' }),
          })
        : button({
            text: l10n.t('Profile a 1 % Sample'),
            icon: 'filter',
            disabled: working,
            onClick: () => send({ type: 'profile', share: 0.01 }),
          })),
    offers.engine &&
      button({ text: l10n.t('Show Data'), icon: 'table', onClick: () => send({ type: 'showData', filters: [] }) }),
    offers.engine &&
      button({
        text: l10n.t('Export Report…'),
        icon: 'export',
        disabled: working || profile === undefined,
        onClick: () => send({ type: 'export' }),
      }),
    offers.config &&
      button({ text: l10n.t('Open YAML'), icon: 'file-code', onClick: () => send({ type: 'openConfig' }) }),
  ].filter((each) => each !== false);
  return element('header', {}, [
    element('div', { class: 'title' }, [
      element('h1', {}, [nameElement(profile?.dataset ?? title)]),
      profile === undefined ? undefined : outcome(profile),
    ]),
    profile === undefined ? undefined : element('p', { class: 'verdict' }, [verdict(profile)]),
    profile === undefined ? undefined : element('p', { class: 'dim' }, [origin(profile)]),
    actions.length === 0
      ? undefined
      : element('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') }, actions),
  ]);
}

function outcome({ alerts }: Profile): HTMLElement {
  const severe = (wanted: string): boolean => alerts.some(({ severity }) => severity === wanted);
  if (severe('error')) return element('span', { class: 'outcome bad' }, [icon('error'), l10n.t('Has errors')]);
  if (severe('warning')) {
    return element('span', { class: 'outcome attention' }, [icon('warning'), l10n.t('Needs a look')]);
  }
  return element('span', { class: 'outcome good' }, [icon('pass'), l10n.t('Nothing alarming')]);
}

function verdict({ columns, alerts, rows }: Profile): string {
  if (columns.length === 0) return l10n.t('There are no columns.');
  if (rows === 0) return l10n.t('There are {0} columns and no rows.', count(columns.length));
  const serious = alerts.filter(({ severity }) => severity !== 'info');
  const concerned = new Set(serious.flatMap(({ column }) => column ?? []));
  if (alerts.length === 0) return l10n.t('Nothing stands out in {0} columns.', count(columns.length));
  if (serious.length === 0) {
    return alerts.length === 1
      ? l10n.t('Nothing alarming in {0} columns; one thing worth knowing.', count(columns.length))
      : l10n.t(
          'Nothing alarming in {0} columns; {1} things worth knowing.',
          count(columns.length),
          count(alerts.length),
        );
  }
  const [first] = serious;
  const worst = cut(visible(first?.message ?? ''), 160).replaceAll('`', '');
  return concerned.size === 0
    ? worst
    : l10n.t('{0} of {1} columns need a look. {2}', count(concerned.size), count(columns.length), worst);
}

function origin(profile: Profile): string {
  const { files, of, builtAt, generatedAt, split, durationMs } = profile;
  const names = files.slice(0, 2).map(({ path }) => cut(visible(path), 60));
  const from =
    files.length > 3
      ? l10n.t('{0} and {1} more', names.join(', '), files.length - 2)
      : files.map(({ path }) => cut(visible(path), 60)).join(', ');
  return [
    l10n.t('Profiled {0} in {1}', moment(generatedAt), duration(durationMs / 1000)),
    ...(of === 'build' && builtAt !== undefined ? [l10n.t('built {0}', moment(builtAt))] : []),
    ...(split === undefined ? [] : [l10n.t('split {0}', split)]),
    ...(from === '' ? [] : [l10n.t('from {0}', from)]),
  ].join(' · ');
}

/** What is going on, and what to know before reading on. */
export function noticeParts(state: PageState, { send }: Actions, working: WorkingNotice): Part[] {
  const { activity, stale, profile, settled } = state;
  if (activity.state === 'working') working.tell(progressText(activity.progress), activity.progress?.fraction);
  const notices: (Part | undefined)[] = [
    activity.state === 'working' ? { name: 'working', says: null, draw: () => working.element } : undefined,
    activity.state === 'failed'
      ? notice('failed', 'error', activity.message, [
          button({ text: l10n.t('Show Log'), icon: 'output', onClick: () => send({ type: 'showLog' }) }),
          button({
            text: l10n.t('Try Again'),
            icon: 'debug-restart',
            primary: true,
            onClick: () => send({ type: 'refresh' }),
          }),
        ])
      : undefined,
    activity.state === 'cancelled'
      ? notice(
          'cancelled',
          'circle-slash',
          profile === undefined
            ? l10n.t('Cancelled before there was anything to show.')
            : l10n.t('Cancelled. What is shown is what was known by then.'),
          [
            button({
              text: l10n.t('Profile Again'),
              icon: 'debug-restart',
              primary: true,
              onClick: () => send({ type: 'refresh' }),
            }),
          ],
        )
      : undefined,
    stale === undefined || activity.state === 'working'
      ? undefined
      : notice('stale', 'history', stale, [
          button({
            text: l10n.t('Refresh Now'),
            icon: 'debug-restart',
            primary: true,
            onClick: () => send({ type: 'refresh' }),
          }),
        ]),
    profile?.sample === undefined ? undefined : sampleNotice(profile, settled),
    profile?.fast === true
      ? notice('fast', 'zap', l10n.t('Made in a hurry: figures marked ≈ are estimates.'))
      : undefined,
  ];
  return notices.filter((part) => part !== undefined);
}

function sampleNotice({ sample, rows, columns }: Profile, settled: ReadonlySet<string> | undefined): Part {
  const size = count(sample?.rows ?? 0);
  const part = share((sample?.rows ?? 0) / Math.max(rows, 1));
  if (settled === undefined) {
    const seed = sample?.seed ?? 0;
    return notice(
      'sample',
      'filter',
      l10n.t('All figures are of a sample: {0} of {1} rows ({2}), seed {3}.', size, count(rows), part, seed),
    );
  }
  const done = l10n.t('{0} of {1} columns are exact.', count(settled.size), count(columns.length));
  return notice('sample', 'filter', `${l10n.t('A first look at {0} of {1} rows.', size, count(rows))} ${done}`);
}

export function factsPart(profile: Profile): Part {
  const facts = factsOf(profile);
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

function factsOf({ rows, columns, files, missing, duplicates, alerts, sample }: Profile) {
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const read = sample?.rows ?? rows;
  const plain = (label: string, value: string, title?: string) => ({
    label,
    value,
    ...(title !== undefined && { title }),
  });
  return [
    plain(l10n.t('rows'), count(rows)),
    plain(l10n.t('columns'), count(columns.length)),
    plain(
      files.length === 1 ? l10n.t('on disk') : l10n.t('in {0} files', count(files.length)),
      bytes(size),
      l10n.t('{0} bytes', count(size)),
    ),
    plain(l10n.t('cells missing'), share(missing.cellRatio), count(missing.cells)),
    plain(
      l10n.t('duplicate rows'),
      share(duplicates.surplusRows / Math.max(read, 1)),
      l10n.t('{0} surplus rows in {1} groups', count(duplicates.surplusRows), count(duplicates.groups)),
    ),
    plain(l10n.t('alerts'), count(alerts.length)),
  ];
}
