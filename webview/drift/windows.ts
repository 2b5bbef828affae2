/** Windows of time of the current side: how many columns drifted in each, and how far one of them was. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftColumn, ThresholdEdits } from '../../src/protocol';
import { isLevel, isTest } from '../../src/protocol/driftLevel';
import { chartFigure } from '../shared/charts/chartFigure';
import { element } from '../shared/dom';
import { count, share, time } from '../shared/format';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { overTimeChart } from './charts/overTime';
import type { Moment } from './charts/overTime';
import { levelsFor } from './judge';
import { measured, measureName } from './measures';
import { statusWord } from './statuses';

export function windowsPart({ windows = [], summary, settings }: Drift): Part | undefined {
  if (windows.length === 0) return undefined;
  const moments = windows.map((window): Moment => {
    const { summary: each, rows } = window;
    return {
      label: time(window.from),
      value: rows === 0 ? null : each.share,
      over: each.drift,
      text: l10n.t(
        '{0} of {1} columns ({2}), {3} rows',
        count(each.drifted),
        count(each.compared),
        share(each.share),
        count(rows),
      ),
    };
  });
  const over = windows.filter((window) => window.summary.drift).length;
  const chart = overTimeChart(moments, {
    title:
      over === 0
        ? l10n.t('No window drifts as a whole')
        : l10n.t('{0} of {1} windows drift', count(over), count(windows.length)),
    heading: settings.window === undefined ? l10n.t('window') : cut(visible(settings.window.column), 40),
    axis: l10n.t('drifted columns'),
    shares: true,
    bound: summary.limit,
  });
  return {
    name: 'windows',
    says: windows,
    draw: () =>
      element('section', { id: 'windows', 'aria-labelledby': 'windows-title' }, [
        element('h2', { id: 'windows-title' }, [l10n.t('Windows')]),
        element('div', { class: 'charts' }, [chartFigure(chart, { key: 'windows', showRows: undefined })]),
      ]),
  };
}

/** One column from window to window, as far as the same measure decided about it. */
export function windowsOf(drift: Drift, { name }: DriftColumn, edits: ThresholdEdits, key: string): Part | undefined {
  const { windows = [] } = drift;
  const found = windows.map((window) => ({ window, column: window.columns.find((each) => each.name === name) }));
  const by = found.map(({ column }) => column?.decidedBy).find((each) => each !== undefined && each !== 'missing');
  if (by === undefined) return undefined;
  const levels = levelsFor(drift, edits, by, name);
  const moments = found.map(({ window, column }): Moment => {
    const same = column?.decidedBy === by && typeof column.value === 'number';
    return {
      label: time(window.from),
      value: same ? (column.value ?? null) : null,
      over: column !== undefined && isLevel(column.status),
      text:
        column === undefined
          ? '–'
          : [
              ...(column.decidedBy === undefined || column.value === undefined
                ? []
                : [`${measureName(column.decidedBy)} ${measured(column.decidedBy, column.value)}`]),
              statusWord(column.status),
            ].join(' · '),
    };
  });
  const over = moments.filter((moment) => moment.over).length;
  const chart = overTimeChart(moments, {
    title: l10n.t('It drifted in {0} of {1} windows', count(over), count(moments.length)),
    heading: l10n.t('window'),
    axis: isTest(by) ? l10n.t('p-value') : measureName(by),
    shares: false,
    ...(levels !== undefined && { bound: levels[0] }),
  });
  return {
    name: 'windows',
    says: [found.map(({ column }) => column), levels],
    draw: () =>
      element('div', { class: 'charts' }, [chartFigure(chart, { key: `${key}/windows`, showRows: undefined })]),
  };
}
