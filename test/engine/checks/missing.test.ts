import assert from 'node:assert/strict';
import { checkedRows, rowsOf } from '../checkedRows';

/** 100 rows: so many of them without a value, spread evenly. */
const gaps = (missing: number, value = 'i') =>
  `SELECT CASE WHEN i % (100 // ${missing}) = 0 AND i < ${missing} * (100 // ${missing}) THEN NULL ELSE ${value} END AS x FROM range(100) r(i)`;

describe('the check missing', () => {
  const bounds = [
    [1, {}, undefined],
    [2, {}, 'warning'],
    [5, {}, 'warning'],
    [10, {}, 'error'],
    [10, '10%', undefined],
    [10, { warn: '5%', error: '20%' }, 'warning'],
    [10, { error: '5%', columns: { x: '50%' } }, undefined],
    [10, { error: '50%', columns: { x: { warn: '1%' } } }, 'warning'],
  ] as const;
  for (const [missing, written, severity] of bounds) {
    it(`says ${severity ?? 'nothing'} of ${missing} in 100 with ${JSON.stringify(written)}`, async () => {
      const { findings, result } = await checkedRows('missing', gaps(missing), { written });
      assert.deepEqual(
        findings.map((finding) => [finding.code, finding.severity, finding.count]),
        severity === undefined ? [] : [['missing-values', severity, missing]],
      );
      assert.equal(result.status, severity === 'error' ? 'failed' : 'passed');
    });
  }

  it('shows the first ten rows of all, and what is allowed', async () => {
    const { only } = await checkedRows('missing', gaps(20));
    const finding = only('missing-values');
    assert.deepEqual(rowsOf(finding), [1, 6, 11, 16, 21, 26, 31, 36, 41, 46]);
    assert.equal(finding.message, '20 values of x are missing (20 % of the rows; at most 5 % may be).');
    assert.deepEqual(finding.configPath, ['datasets', 'set', 'schema', 'columns', 'x']);
    assert.equal(finding.docs, 'docs/checks.md#missing');
  });

  const values = [
    ['null', "(NULL::VARCHAR), ('a')", {}, 1],
    ['empty and blank text', "(''), ('  '), ('a')", {}, 2],
    ['NaN, and not infinity', "('nan'::DOUBLE), ('inf'::DOUBLE), (1.0)", {}, 1],
    ['tokens of text', "('NA'), (' ? '), ('a'), ('NAN')", { tokens: ['NA', '?'] }, 2],
    ['tokens that are numbers', '(-999), (-1), (3)', { tokens: ['-999', 'NA'] }, 1],
    ['tokens that are numbers in text too', "('-999'), ('a')", { tokens: '-999' }, 1],
  ] as const;
  for (const [what, rows, written, count] of values) {
    it(`counts ${what}`, async () => {
      const { findings } = await checkedRows('missing', `SELECT * FROM (VALUES ${rows}) t(x)`, { written });
      assert.deepEqual(
        findings.map((finding) => [finding.code, finding.count]),
        [['missing-values', count]],
      );
    });
  }

  it('points out what often stands for a missing value and counts it for one only where it is told to', async () => {
    const query =
      "SELECT CASE WHEN i < 10 THEN 'NA' ELSE 'v' || i END AS x, CASE WHEN i < 3 THEN -999 ELSE i END AS y FROM range(100) r(i)";
    const { findings, result } = await checkedRows('missing', query);
    assert.deepEqual(
      findings.map(({ code, severity, column, count, samples }) => [code, severity, column, count, samples]),
      [
        ['missing-placeholders', 'warning', 'x', 10, ['NA']],
        ['missing-placeholders', 'warning', 'y', 3, ['-999']],
      ],
    );
    assert.equal(result.status, 'passed');
    assert.deepEqual((await checkedRows('missing', query, { written: { tokens: [] } })).codes, []);
  });

  it('has words of its own for a column without any value', async () => {
    const { only } = await checkedRows('missing', 'SELECT NULL::INTEGER AS x, i FROM range(5) r(i)');
    assert.equal(only('empty-column').message, 'x has no value at all.');
  });

  it('looks at the rows that meet a condition only', async () => {
    const { only } = await checkedRows('missing', gaps(20), { written: { where: 'x IS NULL OR x < 50' } });
    assert.equal(only('missing-values').count, 20);
    const none = await checkedRows('missing', gaps(20), { written: { where: 'x > 50' } });
    assert.deepEqual(none.codes, []);
    const nobody = await checkedRows('missing', gaps(20), { written: { where: 'x > 500' } });
    assert.deepEqual(nobody.result.reason, 'No row meets the condition.');
  });

  for (const [what, where, says] of [
    ['a column that there is not', 'yy > 1', /There is no column yy here/],
    ['a function that reads files', "read_text('/etc/passwd') IS NULL", /cannot be used in an expression/],
    ['a subquery', '(SELECT count(*) FROM t) > 1', /subquery cannot be used/],
    ['another statement', '1); DROP TABLE rows; --', /It is no SQL expression|more than one/],
    ['an aggregate', 'count(x) > 1', /The function count cannot be used/],
  ] as const) {
    it(`is not made with ${what} for a condition`, async () => {
      const { result, only } = await checkedRows('missing', gaps(10), { written: { where } });
      assert.equal(result.status, 'error');
      assert.match(only('check-expression').message, says);
      assert.deepEqual(only('check-expression').configPath, ['datasets', 'set', 'checks', 'missing', 'where']);
    });
  }

  const target = (expression: string) =>
    `SELECT CASE WHEN ${expression} THEN NULL ELSE i END AS x, i % 2 AS y, i / 200 AS z FROM range(200) r(i)`;
  const spread = [
    [
      'for one class',
      'i % 4 = 0',
      'y',
      'Values of x are missing in 50 % of the rows where y is `0`, but in 0 % where it is `1`.',
    ],
    ['for high numbers', 'i > 150', 'z', 'Values of x are missing more often where z is high (r = 0.74).'],
  ] as const;
  for (const [what, where, column, message] of spread) {
    it(`hints at values that are missing ${what} of the target`, async () => {
      const { only } = await checkedRows('missing', target(where), {
        columns: { [column]: { role: 'target' } },
        written: '100%',
      });
      assert.equal(only('missing-by-target').severity, 'info');
      assert.equal(only('missing-by-target').message, message);
    });
  }
  for (const size of ['1e200', '1e-200']) {
    it(`hints at values that are missing where a target about ${size} is high`, async () => {
      const query = `SELECT i * ${size} AS y, CASE WHEN i <= 700 THEN i END AS x FROM range(1000) r(i)`;
      const { only } = await checkedRows('missing', query, { columns: { y: { role: 'target' } }, written: '100%' });
      assert.match(only('missing-by-target').message, /where y is high \(r = 0\.79\)/);
    });
  }
  it('says nothing of values that are missing whatever the target is', async () => {
    for (const column of ['y', 'z']) {
      const columns = { [column]: { role: 'target' as const } };
      assert.deepEqual((await checkedRows('missing', target('i % 3 = 0'), { columns, written: '100%' })).codes, []);
    }
  });
});
