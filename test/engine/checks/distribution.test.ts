import assert from 'node:assert/strict';
import { checkedRows } from '../checkedRows';

/** 1 to 10: mean 5.5, standard deviation 3.0277, quartiles 3.25 and 7.75. */
const ten = 'SELECT i AS x FROM range(1, 11) r(i)';
const expected = (x: unknown) => ({ written: { columns: { x } } });

describe('the check distribution', () => {
  const within = [
    { mean: [5, 6], median: [5.5, 5.5], stddev: { max: 3.1 }, min: [1, 1], max: { min: 10 }, sum: [55, 55] },
    { quantiles: { '0': [1, 1], '0.25': [3.25, 3.25], '0.75': [7.75, 7.75], '1': [10, 10] } },
    { mean: { warn: [5, 6], error: [0, 10] } },
    {},
  ];
  for (const x of within) {
    it(`finds nothing where ${JSON.stringify(x)} is expected`, async () => {
      assert.deepEqual((await checkedRows('distribution', ten, expected(x))).findings, []);
    });
  }

  const outside: readonly (readonly [object, string, string, readonly string[]])[] = [
    [{ mean: [6, 7] }, 'error', 'The mean of x is 5.5, and is expected to lie between 6 and 7.', ['mean']],
    [{ median: { max: 5 } }, 'error', 'The median of x is 5.5, and is expected to be 5 at most.', ['median']],
    [
      { stddev: { warn: { min: 4 } } },
      'warning',
      'The standard deviation of x is 3.02765, and is expected to be 4 at least.',
      ['stddev'],
    ],
    [
      { quantiles: { 0.9: { warn: [1, 2], error: [0, 3] } } },
      'error',
      'The 0.9 quantile of x is 9.1, and is expected to lie between 0 and 3.',
      ['quantiles', '0.9'],
    ],
    [{ sum: { max: 54 } }, 'error', 'The sum of x is 55, and is expected to be 54 at most.', ['sum']],
    [
      { max: { warn: { max: 9 } } },
      'warning',
      'The largest value of x is 10, and is expected to be 9 at most.',
      ['max'],
    ],
  ];
  for (const [x, severity, message, at] of outside) {
    it(`says: ${message}`, async () => {
      const finding = (await checkedRows('distribution', ten, expected(x))).only('distribution-range');
      assert.deepEqual([finding.severity, finding.message], [severity, message]);
      assert.deepEqual(finding.configPath, ['datasets', 'set', 'checks', 'distribution', 'columns', 'x', ...at]);
    });
  }

  it('leaves out NaN, infinite and missing values', async () => {
    const rows = "SELECT unnest(['nan', 'inf', '-inf', NULL, '1', '3']::DOUBLE[]) AS x";
    assert.deepEqual((await checkedRows('distribution', rows, expected({ mean: [2, 2], max: [3, 3] }))).findings, []);
  });

  it('keeps the digits of numbers that are large, or far from 0', async () => {
    const rows = 'SELECT i + 1000000000000 AS x FROM range(1, 11) r(i)';
    const x = { mean: [1000000000005.5, 1000000000005.5], stddev: [3.02765, 3.02766] };
    assert.deepEqual((await checkedRows('distribution', rows, expected(x))).findings, []);
    const ends = "SELECT unnest(['-1.7e308', '1.7e308']::DOUBLE[]) AS x";
    assert.deepEqual((await checkedRows('distribution', ends, expected({ mean: [0, 0] }))).findings, []);
  });

  const empty: readonly (readonly [string, string])[] = [
    ['is missing everywhere', 'SELECT NULL::DOUBLE AS x FROM range(3)'],
    ['holds no numbers', "SELECT 'a' AS x FROM range(3)"],
  ];
  for (const [what, query] of empty) {
    it(`tells of a column that ${what}`, async () => {
      const { only, result } = await checkedRows('distribution', query, expected({ mean: [0, 1] }));
      assert.match(only('distribution-range').message, /^x has no numbers/);
      assert.equal(result.status, 'failed');
    });
  }

  it('has no standard deviation of one value, which lies in no range', async () => {
    const { only } = await checkedRows('distribution', 'SELECT 5 AS x', expected({ stddev: [0, 1], mean: [5, 5] }));
    assert.match(only('distribution-range').message, /cannot be told of one value/);
  });

  it('looks only at rows that meet a condition', async () => {
    const written = { columns: { x: { max: [3, 3] } }, where: 'x <= 3' };
    assert.deepEqual((await checkedRows('distribution', ten, { written })).findings, []);
  });

  it('is skipped where nothing is expected, and without rows', async () => {
    assert.equal((await checkedRows('distribution', ten)).result.status, 'skipped');
    const none = await checkedRows('distribution', `${ten} WHERE false`, expected({ mean: [0, 1] }));
    assert.equal(none.result.reason, 'There are no rows.');
  });

  it('gives the same quantiles of many values on any number of threads', async () => {
    const query = 'SELECT hash(i) % 1000003 AS x FROM range(320000) r(i)';
    const quantiles = Object.fromEntries(['0', '0.001', '0.5', '0.9', '1'].map((key) => [key, [-2, -1]]));
    const one = await checkedRows('distribution', query, { ...expected({ quantiles }), threads: 1 });
    const four = await checkedRows('distribution', query, { ...expected({ quantiles }), threads: 4 });
    assert.equal(one.findings.length, 5);
    assert.deepEqual(four.findings, one.findings);
  });

  const faults: readonly (readonly [object, RegExp])[] = [
    [{ mean: [7, 6] }, /is empty/],
    [{ mean: { warn: [0, 10], error: [5, 6] } }, /beyond that of `error`/],
  ];
  for (const [x, message] of faults) {
    it(`refuses ${JSON.stringify(x)}`, async () => {
      const { only } = await checkedRows('distribution', ten, expected(x));
      assert.match(only('check-parameter').message, message);
    });
  }
});
