/** How a column differs between the splits of a build. */
import * as l10n from '@vscode/l10n';
import type { ProfileColumn } from '../../../src/protocol';
import { figure, share } from '../../shared/format';
import { cut, shown, visible } from '../../shared/text';
import type { Chart } from '../../shared/charts/chart';
import { densityChart, shareChart } from './groups';

export interface Side {
  readonly name: string;
  readonly rows: number;
  readonly column: ProfileColumn;
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
  const [least, most] = [share(Math.min(...shares)), share(Math.max(...shares))];
  const first = shown(values[0] ?? '', 40);
  const title =
    least === most
      ? l10n.t('{0} is {1} of each split', first, most)
      : l10n.t('{0} is {1} to {2} of each split', first, least, most);
  return shareChart(values, groups, title);
}
