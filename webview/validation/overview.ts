/** The first things read: whether it is all right, when and of what, what can be done, and the figures. */
import * as l10n from '@vscode/l10n';
import type { Quality, Severity, ValidateProgress } from '../../src/protocol';
import { element, icon } from '../shared/dom';
import { count, duration, moment, share } from '../shared/format';
import { notice } from '../shared/notice';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { button } from '../shared/toolkit';
import { nameElement } from '../shared/values';
import type { WorkingNotice } from '../shared/working';
import type { PageState, Send } from './state';

export function headerPart(state: PageState, send: Send): Part {
  const { title, offers, activity, quality } = state;
  const working = activity.state === 'working';
  return {
    name: 'header',
    says: { title, offers, working, made: quality && [quality.dataset, quality.generatedAt, quality.checks.length] },
    draw: () => header(state, send),
  };
}

function header({ title, offers, activity, quality }: PageState, send: Send): HTMLElement {
  const working = activity.state === 'working';
  const nothing = working || quality === undefined;
  const actions = [
    offers.engine &&
      button({
        text: l10n.t('Validate Again'),
        icon: 'debug-restart',
        disabled: working,
        onClick: () => send({ type: 'refresh' }),
      }),
    offers.engine &&
      button({
        text: l10n.t('Copy as Markdown'),
        icon: 'copy',
        disabled: nothing,
        onClick: () => send({ type: 'copy' }),
      }),
    offers.engine &&
      button({
        text: l10n.t('Export Report…'),
        icon: 'export',
        disabled: nothing,
        onClick: () => send({ type: 'export' }),
      }),
    offers.config &&
      button({ text: l10n.t('Open YAML'), icon: 'file-code', onClick: () => send({ type: 'openConfig' }) }),
  ].filter((each) => each !== false);
  return element('header', {}, [
    element('div', { class: 'title' }, [
      element('h1', {}, [nameElement(quality?.dataset ?? title)]),
      quality === undefined ? undefined : outcome(quality),
    ]),
    ...(quality === undefined
      ? []
      : [element('p', { class: 'verdict' }, [verdict(quality)]), element('p', { class: 'dim' }, [origin(quality)])]),
    actions.length === 0
      ? undefined
      : element('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Actions') }, actions),
  ]);
}

function outcome({ passed, findings }: Quality): HTMLElement {
  if (!passed) return element('span', { class: 'outcome bad' }, [icon('error'), l10n.t('Failed')]);
  if (findings.some(({ severity }) => severity === 'warning')) {
    return element('span', { class: 'outcome attention' }, [icon('warning'), l10n.t('Passed, with warnings')]);
  }
  return element('span', { class: 'outcome good' }, [icon('pass'), l10n.t('Passed')]);
}

function numberOf({ findings }: Quality, wanted: Severity): number {
  return findings.filter(({ severity }) => severity === wanted).length;
}

/** What failed, in a sentence; else what is worth knowing. */
function verdict(quality: Quality): string {
  const { checks, gates = [], findings } = quality;
  const failed = checks.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const broken = checks.filter(({ status }) => status === 'error').map(({ name }) => name);
  const missed = gates.filter(({ passed }) => !passed).map(({ name }) => name);
  const made = checks.filter(({ status }) => status === 'passed' || status === 'failed').length;
  const sentences = [
    failed.length > 0 && l10n.t('{0} of {1} checks failed: {2}.', count(failed.length), count(made), failed.join(', ')),
    broken.length > 0 && l10n.t('Could not be made: {0}.', broken.join(', ')),
    missed.length > 0 && l10n.t('Gates not passed: {0}.', missed.join(', ')),
  ].filter((sentence) => sentence !== false);
  if (sentences.length > 0) return sentences.join(' ');
  if (checks.length === 0) return l10n.t('There was nothing to check.');
  if (findings.length === 0) return l10n.t('All {0} checks passed and found nothing.', count(made));
  const worst = findings[0]?.message ?? '';
  return l10n.t('All {0} checks passed. {1}', count(made), cut(visible(worst), 160).replaceAll('`', ''));
}

function origin({ generatedAt, durationMs, of, split }: Quality): string {
  const what = {
    build: l10n.t('rows of the build'),
    source: l10n.t('rows of the sources'),
    files: l10n.t('rows of the files'),
  };
  return [
    l10n.t('Validated {0} in {1}', moment(generatedAt), duration(durationMs / 1000)),
    what[of],
    ...(split === undefined ? [] : [l10n.t('split {0}', split)]),
  ].join(' · ');
}

/** What is going on, and what to know before reading on. */
export function noticeParts(state: PageState, send: Send, working: WorkingNotice): Part[] {
  const { activity, stale, quality } = state;
  if (activity.state === 'working') working.tell(progressText(activity.progress), activity.progress?.fraction);
  const again = (text: string) =>
    button({ text, icon: 'refresh', primary: true, onClick: () => send({ type: 'refresh' }) });
  const before = quality === undefined ? '' : ` ${l10n.t('What is below is from before.')}`;
  const notices: (Part | undefined)[] = [
    activity.state === 'working' ? { name: 'working', says: null, draw: () => working.element } : undefined,
    activity.state === 'failed'
      ? notice('failed', 'error', activity.message + before, [
          button({ text: l10n.t('Show Log'), icon: 'output', onClick: () => send({ type: 'showLog' }) }),
          again(l10n.t('Try Again')),
        ])
      : undefined,
    activity.state === 'cancelled'
      ? notice('cancelled', 'circle-slash', l10n.t('Cancelled.') + before, [again(l10n.t('Validate Now'))])
      : undefined,
    stale === undefined || activity.state === 'working'
      ? undefined
      : notice('stale', 'history', stale, [again(l10n.t('Validate Now'))]),
    quality?.sampled === undefined ? undefined : sampleNotice(quality.sampled),
  ];
  return notices.filter((part) => part !== undefined);
}

function sampleNotice({ values, of, seed }: NonNullable<Quality['sampled']>): Part {
  const part = share(values / Math.max(of, 1));
  return notice(
    'sample',
    'filter',
    l10n.t('Only a sample was checked: {0} of {1} rows ({2}), seed {3}.', count(values), count(of), part, seed),
  );
}

function progressText(progress: ValidateProgress | undefined): string {
  if (progress === undefined) return l10n.t('Starting');
  const { step, detail, etaSeconds } = progress;
  return [
    step === 'read' ? l10n.t('Reading') : l10n.t('Checking {0}', step),
    ...(detail === undefined ? [] : [cut(visible(detail), 60)]),
    ...(etaSeconds === undefined ? [] : [l10n.t('about {0} left', duration(Math.ceil(etaSeconds)))]),
  ].join(' · ');
}

export function factsPart(quality: Quality): Part {
  const made = quality.checks.filter(({ status }) => status === 'passed' || status === 'failed').length;
  const facts = [
    [l10n.t('rows'), count(quality.rows)],
    [l10n.t('columns'), count(quality.columns)],
    [l10n.t('checks made'), count(made)],
    [l10n.t('errors'), count(numberOf(quality, 'error'))],
    [l10n.t('warnings'), count(numberOf(quality, 'warning'))],
    [l10n.t('notes'), count(numberOf(quality, 'info'))],
  ];
  return {
    name: 'facts',
    says: facts,
    draw: () =>
      element(
        'dl',
        { class: 'facts' },
        facts.map(([label, value]) => element('div', {}, [element('dt', {}, [label]), element('dd', {}, [value])])),
      ),
  };
}
