/** The first things read: what it is, whether it is all right, when, from what, what can be done, and the figures. */
import * as l10n from '@vscode/l10n';
import type { Profile } from '../../src/protocol';
import { bytes, count, duration, moment, share } from '../shared/format';
import { notice } from '../shared/notice';
import { activityNotices, reportHeader } from '../shared/overview';
import type { Fact, Outcome } from '../shared/headline';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { button } from '../shared/toolkit';
import type { Actions, PageState } from './state';
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
  ];
  return reportHeader({
    name: profile?.dataset ?? title,
    ...(profile !== undefined && {
      made: { outcome: outcome(profile), verdict: verdict(profile), origin: origin(profile) },
    }),
    actions,
  });
}

function outcome({ alerts }: Profile): Outcome {
  const severe = (wanted: string): boolean => alerts.some(({ severity }) => severity === wanted);
  if (severe('error')) return { kind: 'bad', text: l10n.t('Has errors') };
  if (severe('warning')) return { kind: 'attention', text: l10n.t('Needs a look') };
  return { kind: 'good', text: l10n.t('Nothing alarming') };
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
export function noticeParts(
  { activity, stale, profile, settled }: PageState,
  { send }: Actions,
  working: WorkingNotice,
): Part[] {
  const doing = {
    activity,
    stale,
    progressText,
    before: '',
    cancelled:
      profile === undefined
        ? l10n.t('Cancelled before there was anything to show.')
        : l10n.t('Cancelled. What is shown is what was known by then.'),
    again: { cancelled: l10n.t('Profile Again'), stale: l10n.t('Refresh Now') },
  };
  return [
    ...activityNotices(doing, send, working),
    ...(profile?.sample === undefined ? [] : [sampleNotice(profile, settled)]),
    ...(profile?.fast === true
      ? [notice('fast', 'zap', l10n.t('Made in a hurry: figures marked ≈ are estimates.'))]
      : []),
  ];
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

export function profileFacts({ rows, columns, files, missing, duplicates, alerts, sample }: Profile): Fact[] {
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
