/** A column in each split of a build, beside each other. */
import * as l10n from '@vscode/l10n';
import type { Profile, ProfileColumn } from '../../src/protocol';
import { element } from '../shared/dom';
import { count, figure, full, share } from '../shared/format';
import { cut, visible } from '../shared/text';
import { chartFigure } from './chartFigure';
import { densityChart, MAX_GROUPS, shareChart } from './charts/groups';
import type { Chart } from './charts/chart';

interface Side {
  readonly name: string;
  readonly rows: number;
  readonly column: ProfileColumn;
}

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

/** Undefined where the column has neither numbers nor values to compare. */
export function splitChart(sides: readonly Side[], name: string): Chart | undefined {
  const axis = cut(visible(name), 40);
  if (sides.every(({ column }) => (column.numeric?.histogram.counts.length ?? 0) > 0)) {
    const means = sides.map(({ column }) => column.numeric?.mean ?? 0);
    const title = l10n.t('Means lie between {0} and {1}', figure(Math.min(...means)), figure(Math.max(...means)));
    const groups = sides.map((side) => ({
      name: side.name,
      edges: side.column.numeric?.histogram.edges ?? [],
      counts: side.column.numeric?.histogram.counts ?? [],
    }));
    return densityChart(groups, title, axis);
  }
  if (!sides.every(({ column }) => column.categorical !== undefined && column.categorical.top.length > 0))
    return undefined;
  const values = sides[0]?.column.categorical?.top.slice(0, 10).map(({ value }) => value) ?? [];
  const groups = sides.map(({ name: split, column }) => {
    const known = new Map(column.categorical?.top.map(({ value, count: rows }) => [value, rows]));
    const counts = values.map((value) => known.get(value) ?? 0);
    const all = (column.categorical?.other ?? 0) + [...known.values()].reduce((sum, each) => sum + each, 0);
    return { name: split, counts: [...counts, all - counts.reduce((sum, each) => sum + each, 0)] };
  });
  const shares = groups.map(
    ({ counts }) =>
      (counts[0] ?? 0) /
      Math.max(
        1,
        counts.reduce((sum, each) => sum + each, 0),
      ),
  );
  const points = ((Math.max(...shares) - Math.min(...shares)) * 100).toFixed(1);
  return shareChart(values, groups, l10n.t('Shares of the first value agree to within {0} points', points));
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
