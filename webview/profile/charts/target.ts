/** How the classes of a target are balanced, what tells most of it, and how columns differ between its classes. */
import * as l10n from '@vscode/l10n';
import type { TargetProfile } from '../../../src/protocol';
import { coefficient, figure, share } from '../../shared/format';
import { cut, shown, visible } from '../../shared/text';
import type { Actions } from '../state';
import { methodWord } from '../types';
import { barsChart } from './bars';
import type { Chart } from '../../shared/charts/chart';
import { labelled, textTable } from '../../shared/charts/chart';
import { densityChart, shareChart } from './groups';

const MAX_ASSOCIATIONS = 12;

export function targetCharts(
  target: TargetProfile,
  { select }: Pick<Actions, 'select'>,
): { key: string; chart: Chart }[] {
  const { classes = [], associations, perClass = [] } = target;
  return [
    ...(classes.length === 0 ? [] : [{ key: 'classes', chart: balance(target, classes) }]),
    ...(associations.length === 0 ? [] : [{ key: 'associations', chart: strength(target, select) }]),
    ...perClass.map((each) => ({ key: `class/${each.column}`, chart: withinClasses(each) })),
  ];
}

function balance({ imbalanceRatio, column }: TargetProfile, classes: NonNullable<TargetProfile['classes']>): Chart {
  const total = classes.reduce((sum, each) => sum + each.count, 0);
  const ratio = imbalanceRatio ?? null;
  return barsChart(classes, {
    title:
      ratio === null || ratio < 1.5
        ? l10n.t('The classes are about equally frequent')
        : l10n.t('The largest class has {0} times the rows of the smallest', figure(ratio)),
    heading: l10n.t('Class'),
    total,
    column,
  });
}

/** How much each column tells of the target, the strongest first. */
function strength({ associations }: TargetProfile, select: (column: string) => void): Chart {
  const drawn = associations.slice(0, MAX_ASSOCIATIONS);
  const [first] = drawn;
  const values = drawn.map(({ column, method, value }, index) => ({
    key: `${index}`,
    column,
    size: Math.abs(value),
    label: coefficient(value),
    tip: `${cut(visible(column), 80)}: ${methodWord(method)} ${figure(value)}`,
  }));
  return {
    title: l10n.t('{0} tells most of it', shown(first?.column ?? '', 40)),
    spec: (width) => ({
      width,
      height: 22 * values.length,
      autosize: { type: 'fit-x', contains: 'padding' },
      data: { values },
      encoding: {
        y: {
          field: 'key',
          type: 'nominal',
          sort: null,
          title: null,
          axis: { labelExpr: labelled(values.map(({ column }) => shown(column, 24))), labelLimit: 150 },
        },
        x: {
          field: 'size',
          type: 'quantitative',
          title: l10n.t('strength of the association'),
          scale: { domain: [0, 1] },
          axis: { tickCount: 3 },
        },
        tooltip: { field: 'tip', type: 'nominal' },
      },
      layer: [
        { mark: { type: 'bar', height: { band: 0.7 }, cursor: 'pointer' } },
        {
          mark: { type: 'text', align: 'left', dx: 6, fontSize: 11 },
          encoding: { text: { field: 'label', type: 'nominal' } },
        },
      ],
    }),
    data: textTable(
      [l10n.t('Column'), l10n.t('Measure'), l10n.t('Value')],
      associations
        .slice(0, 200)
        .map(({ column, method, value }) => [shown(column, 80), methodWord(method), figure(value)]),
    ),
    onClick: ({ column }) => typeof column === 'string' && select(column),
  };
}

function withinClasses({ column, edges, values, classes }: NonNullable<TargetProfile['perClass']>[number]): Chart {
  const name = shown(column, 40);
  if (edges !== undefined) {
    const means = classes
      .flatMap(({ value, mean }) => (mean === undefined || mean === null ? [] : [{ value, mean }]))
      .sort((a, b) => a.mean - b.mean);
    const say = ({ value, mean }: (typeof means)[number]): [string, string] => [figure(mean), shown(value, 24)];
    const [least, most] = [means[0], means.at(-1)];
    const title =
      least === undefined || most === undefined
        ? name
        : l10n.t('{0}: means from {1} ({2}) to {3} ({4})', name, ...say(least), ...say(most));
    return densityChart(
      classes.map(({ value, counts }) => ({ name: value, edges, counts })),
      title,
      name,
    );
  }
  const largest = classes.map(({ value, counts }) => {
    const all = Math.max(
      1,
      counts.reduce((sum, each) => sum + each, 0),
    );
    const most = Math.max(...counts);
    return `${shown(value, 16)}: ${shown(values?.[counts.indexOf(most)] ?? l10n.t('other'), 16)} (${share(most / all)})`;
  });
  const title = l10n.t('{0}: most frequent by class {1}', name, largest.slice(0, 3).join(', '));
  return shareChart(
    values ?? [],
    classes.map(({ value, counts }) => ({ name: value, counts })),
    title,
  );
}
