/** Metrics over all values: the same for any order and any number of threads, and of odd samples. */
import assert from 'node:assert/strict';
import { measureOrdered, orderedMetrics, type OrderedFigures } from '../../src/engine/drift/metrics';
import { TwoSamples, type Sample } from './twoSamples';

const nothing = {
  ks: { statistic: null, pValue: null },
  cramerVonMises: { statistic: null, pValue: null },
  wasserstein: null,
  wassersteinNormalized: null,
  energy: null,
};
const same = {
  ks: { statistic: 0, pValue: 1 },
  wasserstein: 0,
  wassersteinNormalized: 0,
  energy: 0,
};

describe('metrics of drift over all values', () => {
  let tables: TwoSamples;
  before(async () => {
    tables = await TwoSamples.open(4);
  });
  after(() => tables.close());

  const measure = async (baseline: Sample, current: Sample): Promise<OrderedFigures> =>
    measureOrdered(tables.database, await tables.of(baseline, current), orderedMetrics);

  // Continuous values, and values of which many are equal, which are grouped first.
  for (const [kind, value] of Object.entries({
    'different values': 'CASE WHEN hash(i) % 97 > 0 THEN (hash(i, 1) % 1000003) * pi() * 10 ** (hash(i, 2) % 7) END',
    'equal values': 'CASE WHEN hash(i) % 97 > 0 THEN (hash(i, 1) % 1009)::DOUBLE / 7 END',
  })) {
    it(`are the same to the last bit for any order of the rows and 1, 2 and 4 threads, of ${kind}`, async () => {
      const { database } = tables;
      const orders = ['i', 'hash(i, 3)', '-i'];
      const found: OrderedFigures[] = [];
      for (const [run, threads] of [1, 2, 4].entries()) {
        const make = (name: string, from: number, to: number, factor: number) =>
          database.run(
            `CREATE OR REPLACE TABLE ${name} AS SELECT ${value} * ${factor} AS x FROM range(${from}, ${to}) AS r(i) ORDER BY ${orders[run]}`,
          );
        await make('one', 0, 150_000, 1);
        await make('other', 200_000, 300_000, 1.01);
        await database.run(`SET threads = ${threads}`);
        const side = (relation: string) => ({ relation, sql: 'x' });
        found.push(await measureOrdered(database, { baseline: side('one'), current: side('other') }, orderedMetrics));
        await database.run('SET threads = 4');
      }
      assert.deepEqual(found[1], found[0]);
      assert.deepEqual(found[2], found[0]);
      assert.ok((found[0]?.metrics.wasserstein ?? 0) > 0);
    });
  }

  it('put missing values before all others in the tests, and leave them out of the distances', async () => {
    const { metrics, conventions } = await measure([1, 2, 3, 4], [1, 2, 3, 4, null, null, null, null]);
    assert.equal(metrics.ks?.statistic, 0.5);
    assert.equal(metrics.wasserstein, 0);
    assert.deepEqual(conventions.ks, { pValue: 'exact', missing: 'first', nBaseline: 4, nCurrent: 8 });
    assert.deepEqual(conventions.wasserstein, { missing: 'left out', nBaseline: 4, nCurrent: 4 });
  });

  it('tell by what the Wasserstein distance was divided', async () => {
    const { metrics, conventions } = await measure([1, 2, 3], [2, 3, 4]);
    assert.ok(Math.abs((metrics.wassersteinNormalized ?? 0) - 1) < 1e-12);
    assert.equal(conventions.wassersteinNormalized?.dividedBy, 'standard deviation of the baseline, n − 1');
  });

  it('keep their digits where both sides have the same value far out', async () => {
    const { metrics } = await measure([1, 2, 3, 4, 1e300], [2, 3, 4, 5, 1e300]);
    assert.ok(Math.abs((metrics.wasserstein ?? 0) - 0.8) < 1e-12, String(metrics.wasserstein));
    assert.ok(Math.abs((metrics.energy ?? 0) - Math.sqrt(0.32)) < 1e-12, String(metrics.energy));
  });

  const odd: Readonly<Record<string, { baseline: Sample; current: Sample; expected: object }>> = {
    'identical samples': { baseline: [3, 1, 2, 2], current: [2, 1, 2, 3], expected: same },
    'one value only': { baseline: [7, 7, 7], current: [7, 7], expected: same },
    'one row a side': {
      baseline: [1],
      current: [2],
      expected: { ks: { statistic: 1, pValue: 1 }, wasserstein: 1, wassersteinNormalized: null },
    },
    'a constant baseline has no deviation to divide by': {
      baseline: [5, 5, 5],
      current: [6, 6],
      expected: { wasserstein: 1, wassersteinNormalized: null },
    },
    'an empty side': { baseline: [], current: [1, 2], expected: nothing },
    'no value on either side': {
      baseline: [null, null],
      current: [null],
      expected: { ...nothing, ks: { statistic: 0, pValue: 1 }, cramerVonMises: undefined },
    },
    'only infinite values on one side': {
      baseline: ['inf', '-inf'],
      current: [1, 2],
      expected: { wasserstein: null, energy: null, ks: { statistic: 0.5, pValue: 1 } },
    },
    'values farther apart than a double tells': {
      baseline: [-1.7e308, -1.7e308],
      current: [1.7e308, 1.7e308],
      expected: { wasserstein: null, ks: { statistic: 1, pValue: 1 / 3 } },
    },
    'the smallest doubles': { baseline: [0, 0], current: ['5e-324', '5e-324'], expected: { wasserstein: 5e-324 } },
    'zeros of both signs': { baseline: ['0.0', '-0.0'], current: ['-0.0', '-0.0'], expected: same },
  };
  for (const [name, { baseline, current, expected }] of Object.entries(odd)) {
    it(`are defined, or null: ${name}`, async () => {
      const { metrics } = await measure(baseline, current);
      for (const [key, value] of Object.entries(expected))
        if (value !== undefined) assert.deepEqual(metrics[key as keyof typeof metrics], value, key);
      assert.doesNotMatch(
        JSON.stringify(metrics, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value)),
        /NaN/,
      );
    });
  }

  it('keep the digits of p-values down to 1e-300, and then are 0', async () => {
    const shifted = async (rows: number, by: number) => {
      const { database } = tables;
      await database.run(`CREATE OR REPLACE TABLE one AS SELECT i::DOUBLE AS x FROM range(${rows}) AS r(i)`);
      await database.run(`CREATE OR REPLACE TABLE other AS SELECT i + ${by}::DOUBLE AS x FROM range(${rows}) AS r(i)`);
      const side = (relation: string) => ({ relation, sql: 'x' });
      const { metrics } = await measureOrdered(database, { baseline: side('one'), current: side('other') }, ['ks']);
      return metrics.ks?.pValue ?? NaN;
    };
    // 2 exp(−2 n d²) with n half the rows.
    const p = await shifted(20_000, 3700);
    assert.ok(p > 1e-300 && p < 1e-290, String(p));
    assert.equal(await shifted(20_000, 15_000), 0);
  });

  it('see a shift beside one huge outlier on both sides', async () => {
    const values = Array.from({ length: 200 }, (_, i) => i / 100);
    const { metrics } = await measure([...values, 1e15], [...values.map((value) => value + 1), 1e15]);
    assert.ok((metrics.ks?.pValue ?? 1) < 1e-20);
    assert.ok(Math.abs((metrics.wasserstein ?? 0) - 200 / 201) < 0.01);
  });

  it('calculate what is asked only', async () => {
    const { metrics, conventions } = await measureOrdered(tables.database, await tables.of([1, 2], [2, 3]), ['energy']);
    assert.deepEqual(Object.keys(metrics), ['energy']);
    assert.deepEqual(Object.keys(conventions), ['energy']);
  });
});
