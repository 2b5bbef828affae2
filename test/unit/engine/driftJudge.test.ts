/** From a figure to a status, and which measure decides. */
import assert from 'node:assert/strict';
import { automatic, namedMetric } from '../../../src/engine/drift/choose';
import { judge, missingShare, worst, type Measured } from '../../../src/engine/drift/judge';
import { namesakes, pairColumns } from '../../../src/engine/drift/pairs';
import type { DriftColumnSpec, DriftStatus, Levels } from '../../../src/protocol';
import type { StageColumn } from '../../../src/engine/schema';

const psi: Levels = [0.1, 0.2, 0.25];
const test: Levels = [0.05, 0.01, 0.001];

describe('the status of a column', () => {
  const cases: readonly (readonly [string, Measured, DriftStatus, number | undefined])[] = [
    ['below the lowest level', { by: 'psi', value: 0.09, levels: psi, noise: 0.01 }, 'none', 0.1],
    ['at the lowest level', { by: 'psi', value: 0.1, levels: psi, noise: 0.01 }, 'low', 0.1],
    ['at the middle level', { by: 'psi', value: 0.24, levels: psi, noise: 0.01 }, 'medium', 0.2],
    ['far above', { by: 'psi', value: 9, levels: psi, noise: 0.01 }, 'high', 0.25],
    ['a level that chance reaches too', { by: 'psi', value: 0.4, levels: psi, noise: 0.5 }, 'insufficient', 0.1],
    ['more than chance, however few rows', { by: 'psi', value: 0.6, levels: psi, noise: 0.5 }, 'high', 0.25],
    ['a small p-value', { by: 'ks', value: 0.004, levels: test, needed: 70, rows: 200 }, 'medium', 0.01],
    ['a small p-value of few rows', { by: 'ks', value: 0.0001, levels: test, needed: 70, rows: 9 }, 'high', 0.001],
    ['a large p-value', { by: 'ks', value: 0.4, levels: test, needed: 70, rows: 200 }, 'none', 0.05],
    ['a large p-value of few rows', { by: 'ks', value: 0.4, levels: test, needed: 70, rows: 69 }, 'insufficient', 0.05],
    [
      'two equal sides of few rows',
      { by: 'ks', value: 1, levels: test, needed: 70, rows: 3, same: true },
      'none',
      0.05,
    ],
    ['equal shares of few rows', { by: 'psi', value: 0, levels: psi, noise: 3, same: true }, 'none', 0.1],
    ['a figure that is not defined', { by: 'psi', value: null, levels: psi }, 'insufficient', undefined],
    ['a figure without levels', { by: 'wasserstein', value: 3, levels: undefined }, 'none', undefined],
  ];
  for (const [name, measured, status, threshold] of cases)
    it(`is ${status} for ${name}`, () => {
      const judged = judge(measured);
      assert.deepEqual([judged.status, judged.threshold], [status, threshold]);
    });

  it('says how many rows would be enough', () => {
    assert.match(judge({ by: 'ks', value: 0.4, levels: test, needed: 1234, rows: 5 }).note ?? '', /1,234 rows/);
  });

  for (const [name, baseline, current, status] of [
    ['half of the values are gone', [0, 1000], [500, 1000], 'high'],
    ['as many are missing', [100, 1000], [50, 500], 'none'],
    ['one more in a hundred is', [10, 1000], [20, 1000], 'none'],
    ['two of twenty are, and none was', [0, 20], [2, 20], 'none'],
    ['six in a hundred are, and none was', [0, 1000], [60, 1000], 'low'],
  ] as const)
    it(`is ${status} where ${name}`, () => {
      const part = ([count, rows]: readonly [number, number]) => ({ count, rows });
      assert.equal(missingShare(part(baseline), part(current), [0.05, 0.1, 0.2]).status, status);
    });

  it('is that of the worst measure, the first of several', () => {
    const all = (['none', 'low', 'insufficient', 'low'] as const).map((status, place) => ({ status, place }));
    assert.deepEqual(worst(all), { status: 'low', place: 1 });
  });
});

describe('the measure that decides', () => {
  const numbers = { ordered: true, byValue: false, noise: 0.01, low: 0.1 };
  const auto = { method: 'auto', columns: {} } as const;
  const settings = (column: DriftColumnSpec) => ({ method: 'auto', columns: { x: column } }) as const;
  const cases = [
    ['PSI for many numbers', auto, { ...numbers, rows: 1001 }, 'psi'],
    ['Kolmogorov–Smirnov for few', auto, { ...numbers, rows: 1000 }, 'ks'],
    ['chi-square for few categories', auto, { ...numbers, ordered: false, byValue: true, rows: 50 }, 'chi2'],
    ['chi-square for few different numbers', auto, { ...numbers, byValue: true, rows: 50 }, 'chi2'],
    ['PSI for many categories', auto, { ...numbers, ordered: false, byValue: true, rows: 5000 }, 'psi'],
    ['chi-square where chance is PSI enough', auto, { ...numbers, byValue: true, rows: 5000, noise: 0.2 }, 'chi2'],
    ['the one of the config', { method: 'js', columns: {} }, { ...numbers, rows: 5 }, 'js'],
    ['the one of the column', settings({ method: 'tvd' }), { ...numbers, rows: 5 }, 'tvd'],
    ['PSI where a column has levels alone', settings({ thresholds: psi }), { ...numbers, rows: 5 }, 'psi'],
    [
      'chi-square where categories have no order',
      settings({ method: 'ks' }),
      { ...numbers, ordered: false, byValue: true, rows: 5 },
      'chi2',
    ],
  ] as const;
  for (const [name, own, variable, expected] of cases)
    it(`is ${name}`, () => {
      const { metric } = namedMetric(own, 'x', variable.ordered) ?? automatic(variable);
      assert.equal(metric, expected);
    });
});

describe('columns of both sides', () => {
  const column = (name: string): StageColumn => ({ name, id: 'c0', type: 'string', physicalType: 'VARCHAR', spec: {} });

  it('are paired by name, in the order of the current side', () => {
    const { both, added, removed } = pairColumns(['a', 'b', 'c'].map(column), ['d', 'c', 'a'].map(column));
    assert.deepEqual(
      both.map(({ current }) => current.name),
      ['c', 'a'],
    );
    assert.deepEqual(
      added.map(({ name }) => name),
      ['d'],
    );
    assert.deepEqual(
      removed.map(({ name }) => name),
      ['b'],
    );
  });

  for (const [name, other] of [
    ['age', 'Age'],
    ['first  name', 'first name'],
    ['caf\u00e9', 'cafe\u0301'],
  ] as const)
    it(`${JSON.stringify(name)} is ${JSON.stringify(other)} written in another way`, () => {
      assert.equal(namesakes([column('x'), column(other)])(column(name)), other);
    });
});
