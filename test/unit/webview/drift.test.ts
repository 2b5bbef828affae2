/** The page of a comparison: what it would say with other thresholds, what its list shows, and its charts. */
import assert from 'node:assert/strict';
import type { DriftColumn, DriftMeasure, Levels, ThresholdEdits } from '../../../src/protocol';
import { driftSchema, levelOf } from '../../../src/protocol';
import { categoryChart, changeText, shareBins } from '../../../webview/drift/charts/categories';
import { comparisonChart } from '../../../webview/drift/charts/comparison';
import { overTimeChart } from '../../../webview/drift/charts/overTime';
import { kinds, sortKeys, visibleColumns, wholeView } from '../../../webview/drift/columnFilter';
import type { DriftView } from '../../../webview/drift/columnFilter';
import { decision } from '../../../webview/drift/decision';
import { judged, noEdits, withBound } from '../../../webview/drift/judge';
import { conventionLines, measured } from '../../../webview/drift/measures';
import { verdict } from '../../../webview/drift/verdict';
import { drawnOf, pairedPaths } from '../../../webview/drift/pairedSparkline';
import { csv } from '../../../webview/shared/charts/csv';
import { columns, hostileValue, sampleDrift } from './driftSample';
import { complaints } from './vega';

const drift = sampleDrift();
const named = (name: string, among: readonly DriftColumn[] = columns): DriftColumn =>
  among.find((column) => column.name === name)!;

describe('thresholds that are tried out', () => {
  it('are tried on a document as the engine writes it', () => {
    assert.equal(driftSchema.safeParse(drift).error, undefined);
  });

  it('change nothing while they are as they were', () => {
    assert.equal(judged(drift, noEdits), drift);
    const { settings, columns: all, summary } = drift;
    const same = judged(drift, { ...noEdits, measures: { psi: settings.thresholds!.psi! } });
    assert.deepEqual(
      same.columns.map(({ name, status }) => [name, status]).sort(),
      all.map(({ name, status }) => [name, status]).sort(),
    );
    assert.deepEqual(same.summary, summary);
  });

  const cases: readonly (readonly [what: string, edits: Partial<ThresholdEdits>, column: string, expected: object])[] =
    [
      ['a measure', { measures: { psi: [0.3, 0.4, 0.5] } }, 'age', { status: 'low', threshold: 0.3 }],
      [
        'the column alone',
        { columns: { town: { method: 'psi', thresholds: [0.01, 0.05, 0.1] } } },
        'town',
        { status: 'high', threshold: 0.1 },
      ],
      [
        'the column before the measure',
        { columns: { age: { method: 'psi', thresholds: [1, 2, 3] } }, measures: { psi: [0, 0, 0] } },
        'age',
        { status: 'none' },
      ],
      [
        'nothing by levels of another measure',
        { columns: { age: { method: 'ks', thresholds: [0.3, 0.2, 0.1] } } },
        'age',
        { decidedBy: 'psi', threshold: named('age', drift.columns).threshold },
      ],
      [
        'a property of the values',
        { measures: { psi: [0.1, 0.3, 0.4] } },
        'comment',
        { status: 'low', decidingProperty: 'length' },
      ],
      [
        'missing values, after which the measure decides',
        { measures: { missing: [0.5, 0.6, 0.7] } },
        'fare',
        { status: 'none', decidedBy: 'psi', value: 0.02 },
      ],
      ['nothing where there is too little data', { measures: { psi: [0, 0, 0] } }, 'seat', { status: 'insufficient' }],
      ['nothing where the type changed', { measures: { psi: [0, 0, 0] } }, 'deck', { status: 'retyped' }],
    ];
  for (const [what, edits, column, expected] of cases) {
    it(`judge anew: ${what}`, () => {
      const found = named(column, judged(drift, { ...noEdits, ...edits }).columns);
      assert.deepEqual({ ...found, ...expected }, found);
    });
  }

  it('sort the columns anew and reckon the verdict', () => {
    const { columns: all, summary } = judged(drift, { measures: { psi: [0.3, 0.4, 0.5] }, columns: {}, share: 0.2 });
    assert.deepEqual(
      all.slice(0, 2).map(({ name }) => name),
      ['age', 'fare'],
    );
    assert.deepEqual([summary.drifted, summary.compared, summary.limit, summary.drift], [2, 6, 0.2, true]);
    assert.match(verdict({ ...drift, columns: all, summary }), /^3 of 6 columns are stable\. age drifted most/);
  });

  it('keep their order when one of them moves', () => {
    const moves: readonly (readonly [DriftMeasure, Levels, number, number, Levels])[] = [
      ['psi', [0.1, 0.2, 0.25], 0, 0.22, [0.22, 0.22, 0.25]],
      ['psi', [0.1, 0.2, 0.25], 2, 0.05, [0.05, 0.05, 0.05]],
      ['ks', [0.05, 0.01, 0.001], 0, 0.005, [0.005, 0.005, 0.001]],
      ['ks', [0.05, 0.01, 0.001], 2, 0.02, [0.05, 0.02, 0.02]],
    ];
    for (const [measure, levels, at, bound, expected] of moves)
      assert.deepEqual(withBound(measure, levels, at, bound), expected);
  });

  it('are reached from below by figures, from above by p-values, and never by no difference', () => {
    const reached: readonly (readonly [DriftMeasure, number | null, string | undefined])[] = [
      ['psi', 0.1, 'low'],
      ['psi', 0.0999, undefined],
      ['psi', null, undefined],
      ['ks', 0.1, 'high'],
      ['ks', 0.26, undefined],
    ];
    for (const [measure, value, level] of reached)
      assert.equal(levelOf(measure, value, measure === 'ks' ? [0.25, 0.2, 0.1] : [0.1, 0.2, 0.25]), level);
    assert.equal(levelOf('psi', 0, [0, 0, 0]), undefined);
  });
});

describe('the list of columns of a comparison', () => {
  const cases: readonly (readonly [what: string, view: Partial<DriftView>, names: readonly string[]])[] = [
    ['puts the worst first', {}, ['age', 'comment', 'town', 'fare', 'deck', 'boat', 'seat', 'ticket']],
    ['finds names in any letter case', { search: 'SE' }, ['seat']],
    ['shows the chosen statuses', { statuses: ['high', 'retyped'] }, ['age', 'deck']],
    ['takes all conditions together', { statuses: ['low'], types: ['numeric'] }, ['fare']],
    [
      'puts the largest change of missing values first',
      { sort: 'missing', types: ['numeric'] },
      ['fare', 'age', 'ticket'],
    ],
    ['sorts by name', { sort: 'name', types: ['categorical'] }, ['boat', 'deck', 'seat', 'town']],
  ];
  for (const [what, view, names] of cases) {
    it(what, () =>
      assert.deepEqual(
        visibleColumns(columns, { ...wholeView, ...view }).map(({ name }) => name),
        names,
      ),
    );
  }

  it('sorts thousands of columns by everything it offers', () => {
    const wide = Array.from({ length: 5000 }, (_, at) => ({ ...columns[at % columns.length]!, name: `c${at}` }));
    for (const sort of sortKeys) assert.equal(visibleColumns(wide, { ...wholeView, sort }).length, 5000, sort);
  });

  it('offers the statuses that there are, the worst first', () => {
    assert.deepEqual(
      kinds(columns).statuses.map(({ value, size }) => `${value} ${size}`),
      ['high 1', 'medium 1', 'low 2', 'retyped 1', 'added 1', 'insufficient 1', 'none 1'],
    );
  });

  it('says what decided', () => {
    assert.deepEqual(
      ['age', 'comment', 'fare', 'deck', 'boat'].map((name) => decision(named(name))),
      ['PSI 0.31', 'length: PSI 0.21', 'Missing values 6 %', 'integer → string', ''],
    );
  });

  it('draws both sides in small: as outlines of numbers, as bars of categories, nothing of what nobody counted', () => {
    assert.match(pairedPaths(named('age')).current, /^M0 /);
    assert.equal(pairedPaths(named('age')).outlined, true);
    assert.equal(pairedPaths(named('town')).baseline.match(/M/g)?.length, 2);
    assert.equal(drawnOf(named('comment'))?.name, 'length');
    assert.equal(drawnOf(named('boat')), undefined);
    const nothing = { edges: [0, 1], baseline: [0], current: [0] };
    assert.doesNotMatch(JSON.stringify(pairedPaths({ density: nothing })), /NaN/);
  });
});

describe('the figures of a comparison', () => {
  it('say how they came to be', () => {
    assert.deepEqual(conventionLines(named('age').conventions.psi!), [
      '3 bins with as many rows each',
      'edges from the baseline',
      'empty shares: at least 0.0001',
      'logarithm to the base e',
      'missing values are a bin of their own',
      '100 rows against 100',
    ]);
  });

  it('are p-values of tests, shares of missing values, plain of the others', () => {
    const figures = [measured('ks', 0.03), measured('ks', 1e-9), measured('missing', 0.125), measured('psi', null)];
    assert.deepEqual(figures, ['p 0.03', 'p < 0.0001', '12.5 %', '–']);
  });

  it('name every bin, and what is left over', () => {
    assert.deepEqual(
      shareBins(named('age').bins!).map(({ name, baseline, current }) => [name, baseline, current]),
      [
        ['below 10', 0.5, 0.2],
        ['10 – 20', 0.3, 0.3],
        ['from 20', 0.2, 0.4],
        ['missing', 0, 0.1],
      ],
    );
    assert.deepEqual([0.051, -0.2, 0].map(changeText), ['+5.1 pp', '−20 pp', '±0 pp']);
  });

  const moments = [0.1, null, 0.4].map((value, at) => ({ label: `v${at}`, value, over: at === 2, text: `${value}` }));
  const charts = [
    comparisonChart(named('age'), 'age'),
    comparisonChart(named('town'), 'town'),
    comparisonChart(
      { ...named('age'), density: { edges: [1e9, 1.1e9, 1.2e9], baseline: [1, 2], current: [0, 0] } },
      'at',
      'datetime',
    ),
    comparisonChart({ ...named('age'), density: undefined as never }, hostileValue),
    categoryChart([], 'nothing', 'Value'),
    overTimeChart(moments, { title: 'over time', heading: 'version', axis: 'share', shares: true, bound: 0.5 }),
  ];
  it('are drawn without a complaint, at any width, and stand in a table', () => {
    for (const chart of charts) {
      assert.ok(chart);
      for (const width of [200, 640]) assert.deepEqual(complaints(chart.spec(width)), [], chart.title);
      for (const row of chart.data.rows) assert.equal(row.length, chart.data.columns.length, chart.title);
      assert.doesNotMatch(csv(chart.data), /NaN|undefined/);
    }
  });

  it('have their finding for a title', () => {
    assert.deepEqual(
      charts.slice(0, 2).map((chart) => chart?.title),
      ['The median went from 10 to 20', 'Oslo fell from 60 % to 30 % of the rows'],
    );
  });
});
