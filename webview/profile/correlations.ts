/** Which columns go together: a matrix per measure, and two columns against each other after a click. */
import * as l10n from '@vscode/l10n';
import type { AssociationMethod, Correlation, Pair, Profile } from '../../src/protocol';
import { element, link } from '../shared/dom';
import { coefficient, count } from '../shared/format';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { chartFigure } from '../shared/charts/chartFigure';
import { heatmapChart, heatmapColumns } from './charts/heatmap';
import { pairChart } from './charts/pair';
import type { Actions } from './state';
import { methodWord } from './types';
import { nameElement } from '../shared/values';

/** The strongest pairs are also links, for the keyboard. */
const MAX_LINKS = 8;

function explained(method: AssociationMethod): string {
  const words: Readonly<Record<AssociationMethod, string>> = {
    pearson: l10n.t('How close two numeric columns are to a straight line, from −1 to 1.'),
    spearman: l10n.t('How close the ranks of two numeric columns are to a straight line, from −1 to 1.'),
    cramersV: l10n.t('How much two categorical columns tell of each other, from 0 to 1, corrected for bias.'),
    correlationRatio: l10n.t('How much of the spread of a numeric column a categorical one explains, from 0 to 1.'),
    missing: l10n.t('Whether values of two columns are missing in the same rows, from −1 to 1.'),
  };
  return words[method];
}

export function correlationsPart({ correlations, columns }: Profile, actions: Actions): Part | undefined {
  const drawn = correlations.filter(({ pairs }) => pairs.length > 0);
  if (drawn.length === 0) return undefined;
  const order = columns.map(({ name }) => name);
  return {
    name: 'correlations',
    says: { drawn, order, compare: actions.compare !== undefined },
    draw: () => section(drawn, order, actions),
  };
}

function section(correlations: readonly Correlation[], order: readonly string[], actions: Actions): HTMLElement {
  const matrix = element('div', { class: 'matrix' });
  const pairPlace = element('div', { class: 'pair', tabindex: '-1', 'aria-live': 'polite' });
  const show = (correlation: Correlation): void => {
    tabs.forEach((tab, at) => tab.setAttribute('aria-pressed', `${correlations[at] === correlation}`));
    matrix.replaceChildren(...matrixOf(correlation, order, actions, pairPlace));
  };
  const tabs = correlations.map((correlation) => {
    const key = `method/${correlation.method}`;
    const tab = element('button', { type: 'button', class: 'chip', 'data-key': key }, [methodWord(correlation.method)]);
    tab.addEventListener('click', () => show(correlation));
    return tab;
  });
  const [first] = correlations;
  if (first !== undefined) show(first);
  return element('section', { id: 'correlations', 'aria-labelledby': 'correlations-title' }, [
    element('h2', { id: 'correlations-title' }, [l10n.t('Correlations')]),
    element('div', { class: 'chips', role: 'group', 'aria-label': l10n.t('Measure') }, tabs),
    element('div', { class: 'beside' }, [matrix, pairPlace]),
  ]);
}

function matrixOf(
  correlation: Correlation,
  order: readonly string[],
  actions: Actions,
  place: HTMLElement,
): HTMLElement[] {
  const { method, pairs, omittedColumns, sampled } = correlation;
  const [first] = pairs;
  if (first === undefined) return [];
  const { compare } = actions;
  const open =
    compare === undefined
      ? undefined
      : (a: string, b: string): void => {
          place.replaceChildren(
            element('p', { class: 'dim' }, [
              l10n.t('Comparing {0} and {1}…', cut(visible(a), 40), cut(visible(b), 40)),
            ]),
          );
          const waiting = place.firstChild;
          void compare(a, b).then((answer) => {
            // Another pair may have been asked for meanwhile.
            if (place.firstChild !== waiting) return;
            place.replaceChildren(
              ...('pair' in answer
                ? pairOf(answer.pair, actions)
                : [element('p', { class: 'dim' }, [visible(answer.message)])]),
            );
          });
        };
  const title = l10n.t(
    '{0} and {1} go together most: {2}',
    cut(visible(first.a), 40),
    cut(visible(first.b), 40),
    coefficient(first.value),
  );
  const drawn = heatmapColumns(correlation, order).length;
  const taking = new Set(pairs.flatMap(({ a, b }) => [a, b])).size;
  const left = omittedColumns + taking - drawn;
  return [
    element('p', { class: 'dim' }, [
      explained(method),
      ...(left > 0 ? [' ', l10n.t('{0} more columns are not drawn.', count(left))] : []),
      ...(sampled === undefined ? [] : [' ', l10n.t('Of a sample of {0} rows.', count(sampled.values))]),
    ]),
    chartFigure(heatmapChart(correlation, order, title, open), {
      key: `heatmap/${method}`,
      showRows: undefined,
      wide: true,
    }),
    ...(open === undefined
      ? []
      : [
          element(
            'ul',
            { class: 'pairs', 'aria-label': l10n.t('Strongest pairs') },
            pairs
              .slice(0, MAX_LINKS)
              .map(({ a, b, value }) =>
                element('li', {}, [
                  link(`${cut(visible(a), 30)} × ${cut(visible(b), 30)}`, `pair/${method}/${a}/${b}`, () => open(a, b)),
                  element('span', { class: 'dim numeric' }, [coefficient(value)]),
                ]),
              ),
          ),
        ]),
  ];
}

function pairOf(pair: Pair, { showRows }: Actions): HTMLElement[] {
  const title = l10n.t(
    '{0} against {1}, {2} rows',
    cut(visible(pair.b), 40),
    cut(visible(pair.a), 40),
    count(pair.rows),
  );
  return [
    element('h3', {}, [nameElement(pair.a, 40), ' × ', nameElement(pair.b, 40)]),
    pair.rows === 0
      ? element('p', { class: 'dim' }, [l10n.t('There is no row in which both have a value.')])
      : chartFigure(pairChart(pair, title), { key: 'pair', showRows }),
  ];
}
