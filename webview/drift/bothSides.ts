/** The figures of both sides beside each other. */
import * as l10n from '@vscode/l10n';
import type { DriftColumn, DriftProperty } from '../../src/protocol';
import { element } from '../shared/dom';
import type { Child } from '../shared/dom';
import { figure, full, share } from '../shared/format';
import type { Part } from '../shared/parts';
import { changeText } from './charts/categories';
import { isTime, pointText } from './charts/comparison';
import { section } from './section';

export function summaryPart({
  summary,
  missing,
  type,
  unseenWords,
}: DriftColumn | (DriftProperty & { type?: never; missing?: never; unseenWords?: never })): Part | undefined {
  const times = isTime(type);
  const line = (label: string, before: number | null, now: number | null): Child[] => {
    const change = before === null || now === null ? null : now - before;
    return [
      element('th', { scope: 'row' }, [label]),
      element('td', { class: 'numeric', title: full(before) }, [pointText(before, times)]),
      element('td', { class: 'numeric', title: full(now) }, [pointText(now, times)]),
      element('td', { class: 'numeric' }, [
        times || change === null ? '' : `${change > 0 ? '+' : ''}${figure(change)}`,
      ]),
    ];
  };
  const { baseline, current } = summary ?? {};
  const rows: Child[][] = [
    ...(missing === undefined
      ? []
      : [
          [
            element('th', { scope: 'row' }, [l10n.t('missing')]),
            element('td', { class: 'numeric' }, [share(missing.baseline)]),
            element('td', { class: 'numeric' }, [share(missing.current)]),
            element('td', { class: 'numeric' }, [changeText(missing.current - missing.baseline)]),
          ],
        ]),
    ...(baseline === undefined || current === undefined
      ? []
      : [
          line(l10n.t('mean'), baseline.mean, current.mean),
          ...(times ? [] : [line(l10n.t('standard deviation'), baseline.stddev, current.stddev)]),
          line(l10n.t('minimum'), baseline.min, current.min),
          line(l10n.t('median'), baseline.median, current.median),
          line(l10n.t('maximum'), baseline.max, current.max),
        ]),
    ...(unseenWords === undefined || unseenWords === null
      ? []
      : [
          [
            element('th', { scope: 'row' }, [l10n.t('words not in the baseline')]),
            element('td', { class: 'numeric' }, ['']),
            element('td', { class: 'numeric' }, [share(unseenWords)]),
            element('td', { class: 'numeric' }, ['']),
          ],
        ]),
  ];
  if (rows.length === 0) return undefined;
  const head = ['', l10n.t('Baseline'), l10n.t('Current'), l10n.t('Change')];
  return {
    name: 'summary',
    says: [summary, missing, unseenWords],
    draw: () =>
      section(l10n.t('Both sides'), [
        element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('Both sides') }, [
          element('table', { 'aria-label': l10n.t('Both sides') }, [
            element('thead', {}, [
              element(
                'tr',
                {},
                head.map((text) =>
                  text === '' ? element('td') : element('th', { scope: 'col', class: 'numeric' }, [text]),
                ),
              ),
            ]),
            element(
              'tbody',
              {},
              rows.map((cells) => element('tr', {}, cells)),
            ),
          ]),
        ]),
      ]),
  };
}
