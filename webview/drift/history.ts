/** How far each version of the dataset was from what it was held against. */
import * as l10n from '@vscode/l10n';
import type { DriftEntry } from '../../src/protocol';
import { chartFigure } from '../shared/charts/chartFigure';
import { element } from '../shared/dom';
import { count, moment, share } from '../shared/format';
import type { Part } from '../shared/parts';
import { overTimeChart } from './charts/overTime';
import type { Moment } from './charts/overTime';
import { statusWord } from './statuses';

/** More versions than these are found in the table. */
const MAX_VERSIONS = 60;

export function historyPart(entries: readonly DriftEntry[], limit: number): Part | undefined {
  if (entries.length < 2) return undefined;
  const moments = entries
    .slice(-MAX_VERSIONS)
    .map(({ version, at, share: part, drifted, compared, severity }): Moment => ({
      label: version.slice(0, 8),
      value: part,
      over: part >= limit && drifted > 0,
      text: l10n.t(
        '{0}: {1} of {2} columns ({3}), worst: {4}',
        moment(at),
        count(drifted),
        count(compared),
        share(part),
        statusWord(severity),
      ),
    }));
  const [before, now] = entries.slice(-2).map((entry) => entry.share);
  const title =
    before === now
      ? l10n.t('As many columns drifted as in the version before')
      : (now ?? 0) > (before ?? 0)
        ? l10n.t('More columns drifted than in the version before')
        : l10n.t('Fewer columns drifted than in the version before');
  const chart = overTimeChart(moments, {
    title,
    heading: l10n.t('version'),
    axis: l10n.t('drifted columns'),
    shares: true,
    bound: limit,
  });
  return {
    name: 'history',
    says: [entries, limit],
    draw: () =>
      element('section', { id: 'history', 'aria-labelledby': 'history-title' }, [
        element('h2', { id: 'history-title' }, [l10n.t('Versions')]),
        element('p', { class: 'dim' }, [l10n.t('Each build against the baseline that the configuration named then.')]),
        element('div', { class: 'charts' }, [chartFigure(chart, { key: 'history', showRows: undefined })]),
      ]),
  };
}
