/** Every chart of a profile is a specification that Vega-Lite takes without a complaint, and a table. */
import assert from 'node:assert/strict';
import type { TopLevelSpec } from 'vega-lite';
import type { Pair, ProfileColumn } from '../../../src/protocol';
import type { Chart } from '../../../webview/shared/charts/chart';
import { columnCharts } from '../../../webview/profile/charts/column';
import { densityChart, shareChart } from '../../../webview/profile/charts/groups';
import { heatmapChart, heatmapColumns, MAX_COLUMNS } from '../../../webview/profile/charts/heatmap';
import { histogramChart } from '../../../webview/profile/charts/histogram';
import { pairChart } from '../../../webview/profile/charts/pair';
import { splitChart } from '../../../webview/profile/charts/splits';
import { targetCharts } from '../../../webview/profile/charts/target';
import { csv } from '../../../webview/shared/charts/csv';
import { complaints } from './vega';
import { bell, hostileName, hostileValue, ROWS, sampleProfile } from './profileSample';

const profile = sampleProfile();

function columnNamed(name: string): ProfileColumn {
  return profile.columns.find((column) => column.name === name)!;
}

const spec = (chart: Chart, width = 480): TopLevelSpec => chart.spec(width);

/** What a chart with one layer says of its axis and its colours. */
function parsed(written: TopLevelSpec) {
  const { encoding } = written as unknown as {
    readonly encoding: {
      readonly x: { readonly axis: { readonly tickMinStep?: number } };
      readonly color?: { readonly legend: { readonly columns: number } };
    };
  };
  return { axis: encoding.x.axis, legend: encoding.color?.legend ?? { columns: 0 } };
}

const pairs: readonly Pair[] = [
  {
    a: 'x',
    b: 'y',
    rows: 3,
    kind: 'points',
    points: [
      [1, 2],
      [3, 4],
    ],
  },
  { a: 'x', b: 'y', rows: 9, kind: 'bins', aEdges: [0, 1, 2], bEdges: [0, 10, 20], counts: [[0, 1, 9]] },
  {
    a: 'x',
    b: 'y',
    rows: 9,
    kind: 'boxes',
    boxes: [{ value: hostileValue, count: 9, lower: 0, q1: 1, median: 2, q3: 3, upper: 4 }],
    otherRows: 0,
  },
  {
    a: 'x',
    b: 'y',
    rows: 10,
    kind: 'counts',
    aValues: ['a', ''],
    bValues: ['c', 'd'],
    counts: [
      [4, 1],
      [2, 3],
    ],
    otherRows: 0,
  },
];

const charts: readonly (readonly [name: string, chart: Chart])[] = [
  ...profile.columns.flatMap((column) =>
    columnCharts(column, ROWS).flatMap(({ key, chart, rescale }) => [
      [`${column.name.slice(0, 20)}: ${key}`, chart] as const,
      ...(rescale === undefined
        ? []
        : [[`${column.name}: ${key}, rescaled`, rescale({ logarithmic: true, logarithmicCounts: true })] as const]),
    ]),
  ),
  ...profile.correlations.map(
    (each) => [each.method, heatmapChart(each, ['Age', 'Fare', hostileName], 'title')] as const,
  ),
  ...pairs.map((pair) => [`pair: ${pair.kind}`, pairChart(pair, 'title')] as const),
  ['densities', densityChart([{ name: 'train', ...bell(4, 0, 1) }], 'title', 'x')],
  ['shares', shareChart(['a', 'b'], [{ name: 'train', counts: [1, 2, 3] }], 'title')],
];

describe('the charts of a profile', () => {
  for (const [name, chart] of charts) {
    it(`${name}: ${chart.title.slice(0, 60)}`, () => {
      assert.deepEqual(complaints(spec(chart)), []);
      assert.ok(chart.title.length > 0);
      assert.ok(chart.data.rows.every((row) => row.length === chart.data.columns.length));
    });
  }

  it('say what was found, not what kind of chart it is', () => {
    const titles = ['Age', 'Sex', 'boarded', 'Survived'].flatMap((name) =>
      columnCharts(columnNamed(name), ROWS).map(({ chart }) => chart.title),
    );
    assert.deepEqual(titles, [
      'Half of the values lie between 20.13 and 38',
      'male is the most frequent value, 64.8 % of all',
      'From 1912-04-01 08:00:00 to 1912-04-14 23:40:00; the longest gap is 3.13 days',
      'Most on Fri: 21 %',
      'Most from 6:00 to 7:00: 8.2 %',
      '38.4 % of the values are true',
    ]);
  });

  it('lead from a bin to its rows, and from the bar of missing values to those', () => {
    const chart = histogramChart(
      { edges: [0, 10, 20], counts: [3, 4] },
      { title: 't', axis: 'x', nulls: 2, column: 'Age' },
    );
    assert.deepEqual(chart.filters, [
      { column: 'Age', operator: 'missing', values: [] },
      { column: 'Age', operator: 'between', values: ['0', '10'] },
      { column: 'Age', operator: 'between', values: ['10', '20'] },
    ]);
    assert.deepEqual(chart.rowsBetween?.(1.5, 2), { column: 'Age', operator: 'between', values: ['1.5', '2'] });
  });

  it('write times into filters as a column of their type holds them', () => {
    const edges = [Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 2, 3)];
    const values = (['date', 'datetime', 'time'] as const).map(
      (times) =>
        histogramChart({ edges, counts: [1] }, { title: 't', axis: 'x', times, column: 'at' }).filters?.[0]?.values,
    );
    assert.deepEqual(values, [
      ['2024-01-01', '2024-01-02'],
      ['2024-01-01T00:00:00.000Z', '2024-01-02T03:00:00.000Z'],
      ['00:00:00.000', '03:00:00.000'],
    ]);
  });

  it('draw at most so many columns in a matrix, those of the strongest pairs, in the order of the data', () => {
    const names = Array.from({ length: 200 }, (_, at) => `c${at}`);
    const strong = names.slice(100).map((name, at) => ({ a: name, b: names[at]!, value: 1 - at / 200 }));
    const drawn = heatmapColumns({ method: 'pearson', pairs: strong, omittedColumns: 0 }, names);
    assert.equal(drawn.length, MAX_COLUMNS);
    assert.deepEqual(drawn.slice(0, 2), ['c0', 'c1']);
    assert.ok(drawn.includes('c100') && !drawn.includes('c150'));
  });

  it('have room for the names of all groups above them', () => {
    const names = ['Adelie Penguin (Pygoscelis)', 'Gentoo penguin (Pygoscelis)', 'Chinstrap penguin (Pygoscelis)'];
    const columns = (width: number): unknown => {
      const chart = densityChart(
        names.map((name) => ({ name, ...bell(4, 0, 1) })),
        'title',
        'x',
      );
      return parsed(spec(chart, width)).legend.columns;
    };
    assert.deepEqual([columns(900), columns(480), columns(200)], [3, 2, 1]);
  });

  it('point at whole numbers only where there are no others', () => {
    const step = (edges: readonly number[]): unknown =>
      parsed(spec(histogramChart({ edges: [...edges], counts: [1] }, { title: 't', axis: 'x' }))).axis.tickMinStep;
    assert.deepEqual([step([2013, 2014]), step([0.5, 1])], [1, undefined]);
  });

  it('say what differs between splits and between classes', () => {
    const side = (name: string, counts: readonly number[]) => ({
      name,
      rows: 100,
      column: {
        ...columnNamed('Sex'),
        categorical: {
          ...columnNamed('Sex').categorical!,
          top: counts.map((rows, at) => ({ value: `v${at}`, count: rows })),
          other: 0,
        },
      },
    });
    const title = (...shares: number[]): string | undefined =>
      splitChart(
        shares.map((rows, at) => side(`s${at}`, [rows, 100 - rows])),
        'Sex',
      )?.title;
    assert.equal(title(60, 48), 'v0 is 48 % to 60 % of each split');
    assert.equal(title(60, 60), 'v0 is 60 % of each split');
    const classes = targetCharts(profile.target!, { select: () => undefined }).map(({ chart }) => chart.title);
    assert.ok(classes.includes('Age: means from 28.3 (true) to 30.6 (false)'), classes.join('\n'));
  });

  it('give their figures as a table that spreadsheets read', () => {
    const table = {
      columns: [
        { title: 'a,b', numeric: false },
        { title: 'n', numeric: true },
      ],
      rows: [[{ text: 'say "hi"' }, { text: '1' }]],
    };
    assert.equal(csv(table), '"a,b",n\n"say ""hi""",1');
  });
});
