import assert from 'node:assert/strict';
import { checkedRows, rowsOf, type CheckedOptions } from '../checkedRows';

const target: CheckedOptions = { columns: { y: { role: 'target' } } };
/** 40 of a, 30 of b; x tells every row apart. */
const balanced = "SELECT CASE WHEN i < 40 THEN 'a' ELSE 'b' END AS y, i AS x FROM range(70) r(i)";

describe('the check labels', () => {
  it('counts the classes, largest first', async () => {
    const { codes, only, result } = await checkedRows('labels', balanced, target);
    assert.deepEqual([codes, result.status], [['label-counts'], 'passed']);
    const finding = only('label-counts');
    assert.equal(finding.message, 'y has 2 classes in 70 rows: `a` 40 (57.1 %), `b` 30 (42.9 %).');
    assert.deepEqual([finding.severity, finding.samples], ['info', ['a', 'b']]);
  });

  it('is skipped without a target, without rows, and of what is neither of classes nor of numbers', async () => {
    assert.equal((await checkedRows('labels', balanced)).result.reason, 'No column has the role `target`.');
    const none = await checkedRows('labels', `SELECT * FROM (${balanced}) WHERE false`, target);
    assert.equal(none.result.reason, 'There are no rows.');
    const dates = await checkedRows('labels', "SELECT DATE '2024-01-01' AS y", target);
    assert.equal(dates.result.status, 'skipped');
  });

  it('takes another column that is named', async () => {
    const { only } = await checkedRows('labels', balanced, { ...target, written: { column: 'x' } });
    assert.match(only('label-summary').message, /^x is an amount: 70 values from 0 to 69, mean 34\.5, median 34\.5/);
  });

  it('summarises more than 100 classes', async () => {
    const rows = "SELECT 'class ' || i % 200 AS y, i AS x FROM range(2000) r(i)";
    const { only } = await checkedRows('labels', rows, target);
    assert.equal(
      only('label-counts').message,
      'y has 200 classes in 2000 rows; the 10 most frequent make up 5 % of them.',
    );
  });

  const single: readonly (readonly [string, string])[] = [
    ['one class only', "SELECT 'a' AS y FROM range(5)"],
    ['one number only', 'SELECT 1.5::DOUBLE AS y FROM range(5)'],
    ['no labels', 'SELECT NULL::VARCHAR AS y FROM range(5)'],
    ['NaN only', "SELECT 'nan'::DOUBLE AS y FROM range(5)"],
  ];
  for (const [what, query] of single) {
    it(`calls ${what} an error`, async () => {
      const { only, codes } = await checkedRows('labels', query, target);
      assert.deepEqual([codes, only('single-class').severity], [['single-class'], 'error']);
    });
  }

  const imbalance: readonly (readonly [unknown, string | undefined])[] = [
    [undefined, 'warning'],
    [{ warn: 20 }, undefined],
    [19, undefined],
    [18, 'error'],
    [{ warn: 3, error: 20 }, 'warning'],
  ];
  for (const [maxImbalance, severity] of imbalance) {
    it(`calls 19 to 1 ${severity ?? 'nothing'} where ${maxImbalance === undefined ? 'nothing' : JSON.stringify(maxImbalance)} is written`, async () => {
      const rows = 'SELECT i % 20 = 0 AS y, i AS x FROM range(200) r(i)';
      const { findings } = await checkedRows('labels', rows, { ...target, written: { maxImbalance } });
      const found = findings.filter(({ code }) => code === 'imbalanced-labels');
      assert.deepEqual(
        found.map((finding) => finding.severity),
        severity === undefined ? [] : [severity],
      );
    });
  }

  it('says what there is more of', async () => {
    const rows = 'SELECT i % 20 = 0 AS y, i AS x FROM range(200) r(i)';
    const { only } = await checkedRows('labels', rows, target);
    assert.match(
      only('imbalanced-labels').message,
      /`false`, has 19 rows for each of the least frequent, `true` \(190 and 10; at most 10 to 1/,
    );
  });

  it('finds classes with too few rows, and where those are', async () => {
    const rows = "SELECT CASE WHEN i = 5 THEN 'c' WHEN i < 8 THEN 'a' ELSE 'b' END AS y, i AS x FROM range(20) r(i)";
    const finding = (await checkedRows('labels', rows, target)).only('rare-labels');
    assert.equal(finding.message, '1 class of y has fewer than 5 rows: `c` (1).');
    assert.deepEqual([finding.severity, finding.count, rowsOf(finding)], ['warning', 1, [6]]);
    const worse = await checkedRows('labels', rows, { ...target, written: { minPerClass: { warn: 10, error: 2 } } });
    assert.equal(worse.only('rare-labels').severity, 'error');
    const none = await checkedRows('labels', rows, { ...target, written: { minPerClass: { warn: 1 } } });
    assert.ok(!none.codes.includes('rare-labels'));
  });

  it('finds classes of validation and test that train does not have', async () => {
    const rows =
      "SELECT * FROM (VALUES ('a', 'train'), ('b', 'train'), ('a', 'validation'), ('c', 'test'), ('b', 'test'), ('d', NULL)) t(y, s)";
    const finding = (await checkedRows('labels', rows, { ...target, split: 's' })).only('unseen-labels');
    assert.equal(finding.message, '1 row of test (50 %) has a class of y that is not in train: `c` (1).');
    assert.deepEqual([finding.split, finding.count, rowsOf(finding)], ['test', 1, [4]]);
  });

  const contradicting =
    "SELECT * FROM (VALUES (1, 'x', 'a'), (1, 'x', 'b'), (1, 'x', NULL), (2, 'x', 'a'), (2, 'x', 'a'), (NULL, 'x', 'a'), (NULL, 'x', 'b')) t(n, s, y)";
  it('finds rows that are equal but for the label', async () => {
    const finding = (await checkedRows('labels', contradicting, target)).only('conflicting-labels');
    assert.deepEqual([finding.count, rowsOf(finding)], [4, [2, 7]]);
    assert.match(finding.message, /^4 rows \(66\.7 %\) contradict each other: 2 combinations of all columns/);
    const allowed = await checkedRows('labels', contradicting, { ...target, written: { conflicts: '70%' } });
    assert.ok(!allowed.codes.includes('conflicting-labels'));
  });

  const apart: readonly (readonly [string, CheckedOptions])[] = [
    ['an id', { columns: { ...target.columns, id: { role: 'id' } } }],
    ['a primary key', { ...target, primaryKey: ['id'] }],
  ];
  for (const [what, options] of apart) {
    it(`leaves ${what} out of what makes rows equal`, async () => {
      const rows = `SELECT row_number() OVER () AS id, * FROM (${contradicting})`;
      assert.equal((await checkedRows('labels', rows, options)).only('conflicting-labels').count, 4);
      assert.ok(!(await checkedRows('labels', rows, target)).codes.includes('conflicting-labels'));
    });
  }

  const lists: readonly (readonly [string, string, CheckedOptions])[] = [
    ['lists', "CASE WHEN i % 2 = 0 THEN ['a', 'b', 'a'] ELSE ['b'] END", target],
    ['lists of a fixed length', "CASE WHEN i % 2 = 0 THEN ['a', 'b'] ELSE ['b', 'b'] END::VARCHAR[2]", target],
    [
      'lists as JSON',
      `CASE WHEN i % 2 = 0 THEN '["a", "b"]' ELSE '["b"]' END`,
      { columns: { y: { role: 'target', type: 'array' } } },
    ],
  ];
  for (const [what, sql, options] of lists) {
    it(`counts the labels of ${what}, each once for a row`, async () => {
      const { only } = await checkedRows('labels', `SELECT ${sql} AS y, i AS x FROM range(20) r(i)`, options);
      assert.equal(only('label-counts').message, 'y has 2 labels, 30 in all: `b` 20 (66.7 %), `a` 10 (33.3 %).');
    });
  }

  it('takes lists with the same labels in another order for equal', async () => {
    const rows = "SELECT unnest([['a', 'b'], ['b', 'a'], ['a']]) AS y, unnest([1, 1, 2]) AS x";
    assert.ok(!(await checkedRows('labels', rows, target)).codes.includes('conflicting-labels'));
  });

  it('takes whole numbers of few values for classes, and others for amounts', async () => {
    const few = await checkedRows('labels', 'SELECT i % 3 AS y FROM range(30) r(i)', target);
    assert.ok(few.codes.includes('label-counts'));
    const ends = 'SELECT unnest([9223372036854775807, -9223372036854775808] || range(100)) AS y';
    assert.match(
      (await checkedRows('labels', ends, target)).only('label-summary').message,
      /102 values from -9220000000000000000 to /,
    );
  });

  it('looks only at rows that meet a condition', async () => {
    const { only } = await checkedRows('labels', balanced, { ...target, written: { where: 'x >= 30' } });
    assert.equal(only('label-counts').message, 'y has 2 classes in 40 rows: `b` 30 (75 %), `a` 10 (25 %).');
  });

  it('refuses thresholds that no class lies between', async () => {
    const { only } = await checkedRows('labels', balanced, {
      ...target,
      written: { minPerClass: { warn: 2, error: 5 } },
    });
    assert.match(only('check-parameter').message, /`warn` 2 lies below `error` 5/);
  });
});
