/** A column in each split of a build, beside each other. */
import * as l10n from '@vscode/l10n';
import type { Profile, ProfileColumn } from '../../src/protocol';
import { element } from '../shared/dom';
import { count, figure, full, share } from '../shared/format';
import { chartFigure } from '../shared/charts/chartFigure';
import { MAX_GROUPS } from './charts/groups';
import { splitChart } from './charts/splits';
import type { Side } from './charts/splits';

export function splitComparison({ splits = [] }: Profile, { name }: ProfileColumn): HTMLElement[] {
  const sides = splits.flatMap((split): Side[] => {
    const column = split.columns.find((each) => each.name === name);
    return column === undefined ? [] : [{ name: split.name, rows: split.rows, column }];
  });
  if (sides.length < 2) return [];
  const chart = splitChart(sides.slice(0, MAX_GROUPS), name);
  return [
    element('section', { class: 'splits' }, [
      element('h4', {}, [l10n.t('Splits')]),
      ...(chart === undefined ? [] : [chartFigure(chart, { key: `splits/${name}`, showRows: undefined })]),
      splitTable(sides),
    ]),
  ];
}

function splitTable(sides: readonly Side[]): HTMLElement {
  const number = (value: number | null | undefined): readonly [string, string] => [
    figure(value ?? null),
    full(value ?? null),
  ];
  const numeric = sides.some(({ column }) => column.numeric !== undefined);
  const lines: readonly (readonly [label: string, of: (side: Side) => readonly [text: string, title?: string]])[] = [
    [l10n.t('rows'), ({ rows }) => [count(rows)]],
    [l10n.t('missing'), ({ column }) => [share(column.nullRatio), count(column.nulls)]],
    [l10n.t('distinct'), ({ column }) => [count(column.distinct)]],
    [l10n.t('mean'), ({ column }) => number(column.numeric?.mean)],
    [l10n.t('standard deviation'), ({ column }) => number(column.numeric?.stddev)],
    [l10n.t('median'), ({ column }) => number(column.numeric?.quantiles['0.5'])],
  ];
  return element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('Splits') }, [
    element('table', { 'aria-label': l10n.t('Figures per split') }, [
      element('thead', {}, [
        element('tr', {}, [
          element('td', {}),
          ...sides.map((side) => element('th', { scope: 'col', class: 'numeric' }, [side.name])),
        ]),
      ]),
      element(
        'tbody',
        {},
        lines.slice(0, numeric ? lines.length : 3).map(([label, of]) =>
          element('tr', {}, [
            element('th', { scope: 'row' }, [label]),
            ...sides.map((side) => {
              const [text, title] = of(side);
              return element('td', { class: 'numeric', title }, [text]);
            }),
          ]),
        ),
      ),
    ]),
  ]);
}
