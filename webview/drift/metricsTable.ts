/** All measures of one comparison, with what they are and how they came to be on hover, and in full below. */
import * as l10n from '@vscode/l10n';
import { driftMetrics } from '../../src/protocol/driftSpec';
import type { DriftColumn, DriftMeasure, DriftMetric, DriftProperty, Levels } from '../../src/protocol';
import { element } from '../shared/dom';
import { figure, full, share } from '../shared/format';
import { conventionLines, measureMeaning, measureName, small } from './measures';
import { valueOf } from './judge';

interface Line {
  readonly measure: DriftMeasure;
  readonly value: number | null;
  readonly pValue?: number | null;
  readonly adjusted?: number | null;
  /** How it came to be, in a line each. */
  readonly convention: readonly string[];
}

/** @param levelsBy low, medium and high of a measure here */
export function metricsTable(
  comparison: DriftColumn | DriftProperty,
  key: string,
  levelsBy: (measure: DriftMeasure) => Levels | undefined,
): HTMLElement | undefined {
  const lines = linesOf(comparison);
  // Missing values alone stand beside the figures of both sides.
  if (lines.every(({ measure }) => measure === 'missing')) return undefined;
  const number = (value: number | null | undefined, say = small): HTMLElement =>
    element('td', { class: 'numeric', title: value === undefined ? undefined : full(value) }, [
      value === undefined ? '' : say(value),
    ]);
  const tests = lines.some(({ pValue }) => pValue !== undefined);
  return element('div', { class: 'metrics' }, [
    element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('Measures') }, [
      element('table', { 'aria-label': l10n.t('Measures') }, [
        element('thead', {}, [
          element('tr', {}, [
            element('th', { scope: 'col' }, [l10n.t('Measure')]),
            element('th', { scope: 'col', class: 'numeric' }, [l10n.t('Value')]),
            ...(tests
              ? [
                  element(
                    'th',
                    {
                      scope: 'col',
                      class: 'numeric',
                      title: l10n.t('Corrected for the number of columns, where it decides'),
                    },
                    [l10n.t('p-value')],
                  ),
                ]
              : []),
            element('th', { scope: 'col', class: 'numeric' }, [l10n.t('Low, medium, high')]),
          ]),
        ]),
        element(
          'tbody',
          {},
          lines.map(({ measure, value, pValue, adjusted, convention }) => {
            const decides = comparison.decidedBy === measure;
            return element('tr', { class: decides ? 'decides' : undefined }, [
              element('th', { scope: 'row', title: [measureMeaning(measure), ...convention].join('\n') }, [
                measureName(measure),
                decides ? element('span', { class: 'badge' }, [l10n.t('decides')]) : undefined,
              ]),
              number(value, measure === 'missing' ? shareOf : small),
              ...(tests ? [number(adjusted ?? pValue)] : []),
              element('td', { class: 'numeric dim' }, [levelsText(measure, levelsBy(measure))]),
            ]);
          }),
        ),
      ]),
    ]),
    element('details', {}, [
      element('summary', { 'data-key': `${key}/meanings` }, [l10n.t('How these are reckoned')]),
      element(
        'dl',
        { class: 'meanings' },
        lines.flatMap(({ measure, convention }) => [
          element('dt', {}, [measureName(measure)]),
          element('dd', {}, [
            measureMeaning(measure),
            element('span', { class: 'dim' }, [convention.length === 0 ? '' : ` ${sentence(convention)}`]),
          ]),
        ]),
      ),
    ]),
  ]);
}

function linesOf(comparison: DriftColumn | DriftProperty): Line[] {
  const { metrics, conventions } = comparison;
  const conventionOf = (metric: DriftMetric): string[] => {
    const convention = conventions[metric];
    return convention === undefined ? [] : conventionLines(convention);
  };
  const lines = driftMetrics.flatMap((measure): Line[] => {
    const value = metrics[measure];
    if (value === undefined) return [];
    const convention = conventionOf(measure);
    if (value === null || typeof value === 'number') return [{ measure, value, convention }];
    const { statistic, pValue, adjusted } = value;
    return [{ measure, value: statistic, pValue, ...(adjusted !== undefined && { adjusted }), convention }];
  });
  const others = (['meanShift', 'missing'] as const).flatMap((measure): Line[] => {
    const value = valueOf(comparison, measure);
    return value === undefined ? [] : [{ measure, value, convention: [] }];
  });
  return [...lines, ...others];
}

function shareOf(value: number | null): string {
  return value === null ? figure(value) : share(value);
}

function levelsText(measure: DriftMeasure, levels: Levels | undefined): string {
  const text = (level: number): string => (measure === 'missing' ? share(level) : figure(level));
  return levels === undefined ? '' : levels.map(text).join(' · ');
}

function sentence(lines: readonly string[]): string {
  const text = lines.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
