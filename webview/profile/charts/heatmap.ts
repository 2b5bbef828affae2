/** How columns go together: the lower triangle of a matrix, blue for alike, orange for opposed, empty for nothing. */
import * as l10n from '@vscode/l10n';
import type { Correlation } from '../../../src/protocol';
import { coefficient, figure } from '../../shared/format';
import { cut, visible } from '../../shared/text';
import { colour, labelled, textTable } from '../../shared/charts/chart';
import type { Chart } from '../../shared/charts/chart';

/** More columns than these cannot be told apart; those of the strongest pairs are shown. */
export const MAX_COLUMNS = 40;

/** The columns to draw, in the order of the data. */
export function heatmapColumns({ pairs }: Correlation, order: readonly string[]): string[] {
  const chosen = new Set<string>();
  for (const { a, b } of pairs) {
    const added = [a, b].filter((name) => !chosen.has(name));
    if (chosen.size + added.length > MAX_COLUMNS) continue;
    added.forEach((name) => chosen.add(name));
  }
  return order.filter((name) => chosen.has(name));
}

export function heatmapChart(
  correlation: Correlation,
  order: readonly string[],
  title: string,
  onClick?: (a: string, b: string) => void,
): Chart {
  const names = heatmapColumns(correlation, order);
  const place = new Map(names.map((name, index) => [name, index]));
  const cells = correlation.pairs.flatMap(({ a, b, value }) => {
    const [i, j] = [place.get(a), place.get(b)];
    if (i === undefined || j === undefined) return [];
    const [column, row] = i < j ? [i, j] : [j, i];
    const tip = `${cut(visible(a), 60)} × ${cut(visible(b), 60)}: ${figure(value)}`;
    return [{ a, b, x: `${column}`, y: `${row}`, value, strength: Math.abs(value), text: coefficient(value), tip }];
  });
  const labels = names.map((name) => cut(visible(name), 24));
  const keys = names.map((_, index) => `${index}`);
  return {
    title,
    spec: (width) => {
      const step = Math.max(12, Math.min(40, Math.floor((width - 150) / Math.max(names.length - 1, 1))));
      const axis = { labelExpr: labelled(labels), labelLimit: 130, labelPadding: 6, grid: false };
      return {
        width: { step },
        height: { step },
        autosize: { type: 'pad' },
        data: { values: cells },
        encoding: {
          x: {
            field: 'x',
            type: 'nominal',
            title: null,
            scale: { domain: keys.slice(0, -1) },
            axis: { ...axis, labelAngle: 7 * Math.max(...labels.map(({ length }) => length)) > step ? -45 : 0 },
          },
          y: { field: 'y', type: 'nominal', title: null, scale: { domain: keys.slice(1) }, axis },
          tooltip: { field: 'tip', type: 'nominal' },
        },
        layer: [
          {
            mark: {
              type: 'rect',
              stroke: colour.line,
              strokeWidth: 0.5,
              strokeOpacity: 1,
              ...(onClick !== undefined && { cursor: 'pointer' }),
            },
            encoding: {
              fill: { condition: { test: 'datum.value < 0', value: colour.negative }, value: colour.positive },
              fillOpacity: {
                field: 'strength',
                type: 'quantitative',
                scale: { domain: [0, 1], range: [0, 0.9] },
                legend: null,
              },
            },
          },
          ...(step >= 32
            ? [
                {
                  mark: { type: 'text' as const, fontSize: 10, color: colour.text },
                  encoding: { text: { field: 'text', type: 'nominal' as const } },
                },
              ]
            : []),
        ],
      };
    },
    data: textTable(
      [l10n.t('Column'), l10n.t('Column'), l10n.t('Value')],
      correlation.pairs
        .slice(0, 200)
        .map(({ a, b, value }) => [cut(visible(a), 80), cut(visible(b), 80), figure(value)]),
    ),
    ...(onClick !== undefined && { onClick: ({ a, b }) => onClick(String(a), String(b)) }),
  };
}
