/** The first things read: whether it drifted, of what against what, what can be done, and the figures. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftProgress } from '../../src/protocol';
import { duration } from '../shared/format';
import { activityNotices, reportHeader } from '../shared/overview';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { button } from '../shared/toolkit';
import type { WorkingNotice } from '../shared/working';
import type { Actions, PageState } from './state';
import { origin, outcome, verdict } from './verdict';

/** @param drift as it is judged with the thresholds of the moment */
export function headerPart(state: PageState, drift: Drift | undefined, actions: Actions): Part {
  const { title, offers, activity } = state;
  const working = activity.state === 'working';
  return {
    name: 'header',
    says: { title, offers, working, made: drift && [drift.generatedAt, drift.summary, verdict(drift)] },
    draw: () => header(state, drift, actions),
  };
}

function header({ title, offers, activity }: PageState, drift: Drift | undefined, { send }: Actions): HTMLElement {
  const working = activity.state === 'working';
  const nothing = working || drift === undefined;
  const actions = [
    offers.engine &&
      button({
        text: l10n.t('Compare Again'),
        icon: 'refresh',
        disabled: working,
        onClick: () => send({ type: 'refresh' }),
      }),
    offers.engine &&
      button({
        text: l10n.t('Change Baseline…'),
        icon: 'git-compare',
        onClick: () => send({ type: 'chooseBaseline' }),
      }),
    offers.engine &&
      button({
        text: l10n.t('Swap Sides'),
        icon: 'arrow-swap',
        disabled: nothing,
        onClick: () => send({ type: 'swap' }),
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
    name: drift === undefined ? title : drift.current.dataset,
    ...(drift !== undefined && { made: { outcome: outcome(drift), verdict: verdict(drift), origin: origin(drift) } }),
    actions,
  });
}

export function noticeParts({ activity, stale, drift }: PageState, { send }: Actions, working: WorkingNotice): Part[] {
  const before = drift === undefined ? '' : l10n.t('What is below is from before.');
  const again = l10n.t('Compare Now');
  return activityNotices(
    {
      activity,
      stale,
      progressText,
      before,
      cancelled: `${l10n.t('Cancelled.')} ${before}`.trim(),
      again: { cancelled: again, stale: again },
    },
    send,
    working,
  );
}

export function progressText(progress: DriftProgress | undefined): string {
  if (progress === undefined) return l10n.t('Starting');
  const { step, detail, etaSeconds } = progress;
  const words = {
    read: l10n.t('Reading'),
    columns: l10n.t('Comparing columns'),
    windows: l10n.t('Comparing windows'),
  };
  return [
    words[step],
    ...(detail === undefined ? [] : [cut(visible(detail), 60)]),
    ...(etaSeconds === undefined || etaSeconds < 1 ? [] : [l10n.t('about {0} left', duration(Math.ceil(etaSeconds)))]),
  ].join(' · ');
}
