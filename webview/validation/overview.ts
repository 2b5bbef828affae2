/** The first things read: whether it is all right, when and of what, what can be done, and the figures. */
import * as l10n from '@vscode/l10n';
import type { Quality, Severity, ValidateProgress } from '../../src/protocol';
import { count, duration, moment, share } from '../shared/format';
import { notice } from '../shared/notice';
import { activityNotices, reportHeader } from '../shared/overview';
import type { Fact, Outcome } from '../shared/headline';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { button } from '../shared/toolkit';
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
        icon: 'refresh',
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
  ];
  return reportHeader({
    name: quality?.dataset ?? title,
    ...(quality !== undefined && {
      made: { outcome: outcome(quality), verdict: verdict(quality), origin: origin(quality) },
    }),
    actions,
  });
}

function outcome({ passed, findings }: Quality): Outcome {
  if (!passed) return { kind: 'bad', text: l10n.t('Failed') };
  if (findings.some(({ severity }) => severity === 'warning')) {
    return { kind: 'attention', text: l10n.t('Passed, with warnings') };
  }
  return { kind: 'good', text: l10n.t('Passed') };
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
export function noticeParts({ activity, stale, quality }: PageState, send: Send, working: WorkingNotice): Part[] {
  const before = quality === undefined ? '' : l10n.t('What is below is from before.');
  const now = l10n.t('Validate Now');
  const doing = {
    activity,
    stale,
    progressText,
    before,
    cancelled: `${l10n.t('Cancelled.')} ${before}`.trim(),
    again: { cancelled: now, stale: now },
  };
  return [
    ...activityNotices(doing, send, working),
    ...(quality?.sampled === undefined ? [] : [sampleNotice(quality.sampled)]),
  ];
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

export function qualityFacts(quality: Quality): Fact[] {
  const made = quality.checks.filter(({ status }) => status === 'passed' || status === 'failed').length;
  return [
    { label: l10n.t('rows'), value: count(quality.rows) },
    { label: l10n.t('columns'), value: count(quality.columns) },
    { label: l10n.t('checks made'), value: count(made) },
    { label: l10n.t('errors'), value: count(numberOf(quality, 'error')) },
    { label: l10n.t('warnings'), value: count(numberOf(quality, 'warning')) },
    { label: l10n.t('notes'), value: count(numberOf(quality, 'info')) },
  ];
}
