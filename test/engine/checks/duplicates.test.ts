import assert from 'node:assert/strict';
import { checkedRows, rowsOf } from '../checkedRows';

const five = "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (1, 'a'), (1, 'a'), (2, NULL)) t(n, s)";

describe('the check duplicates', () => {
  it('says how many groups there are, how many rows would go, and where they are', async () => {
    const { result, only } = await checkedRows('duplicates', five);
    assert.equal(result.status, 'passed');
    const finding = only('duplicate-rows');
    assert.equal(
      finding.message,
      'Rows are the same in every column: 1 different one occurs more than once, and 2 rows (40 %) would go if each were kept once.',
    );
    assert.deepEqual(
      [finding.severity, finding.count, rowsOf(finding), finding.samples],
      ['warning', 2, [4], ['1, a']],
    );
    assert.deepEqual(finding.configPath, ['datasets', 'set', 'checks', 'duplicates']);
  });

  const clean: readonly (readonly [string, string])[] = [
    ['no rows', 'SELECT 1 AS a WHERE false'],
    ['rows that differ in one column', 'SELECT i AS a, 1 AS b FROM range(10) r(i)'],
    ['a missing value beside another', "SELECT * FROM (VALUES (1, NULL), (1, '')) t(a, b)"],
  ];
  for (const [what, query] of clean) {
    it(`finds nothing in ${what}`, async () => {
      assert.deepEqual((await checkedRows('duplicates', query)).findings, []);
    });
  }

  const dirty: readonly (readonly [string, string, number])[] = [
    ['missing values', 'SELECT NULL::INTEGER AS a FROM range(3)', 2],
    ['NaN', "SELECT unnest(['nan', 'nan', 'inf', 'inf', '-inf']::DOUBLE[]) AS a", 2],
    ['0 and −0', 'SELECT unnest([0.0, -0.0]::DOUBLE[]) AS a', 1],
    ['the ends of 64 bits', 'SELECT unnest([9223372036854775807, -9223372036854775808, 9223372036854775807]) AS a', 1],
    ['lists and structs', "SELECT [1, 2] AS a, {'b': NULL} AS b FROM range(4)", 3],
    ['columns with names of SQL', 'SELECT 1 AS "select", 2 AS "a b", 3 AS """" FROM range(2)', 1],
  ];
  for (const [what, query, count] of dirty) {
    it(`takes equal ${what} for the same`, async () => {
      assert.equal((await checkedRows('duplicates', query)).only('duplicate-rows').count, count);
    });
  }

  it('compares a key only, and leaves out rows that have none of it', async () => {
    const rows = "SELECT * FROM (VALUES (1, 'a'), (1, 'b'), (NULL, 'a'), (NULL, 'b')) t(id, s)";
    const { only } = await checkedRows('duplicates', rows, { written: { columns: 'id', error: 0 } });
    const finding = only('duplicate-keys');
    assert.deepEqual([finding.severity, finding.column, finding.count, finding.samples], ['error', 'id', 1, ['1']]);
    assert.match(finding.suggestion ?? '', /`deduplicate: \{ columns: \[id\] \}`/);
  });

  it('compares several columns of a key together', async () => {
    const rows = 'SELECT i % 2 AS a, i % 3 AS b FROM range(12) r(i)';
    const { only } = await checkedRows('duplicates', rows, { written: { columns: ['a', 'b'] } });
    assert.equal(only('duplicate-keys').count, 6);
  });

  const thresholds: readonly (readonly [unknown, string | undefined])[] = [
    [0.4, undefined],
    ['39%', 'error'],
    [{ warn: 0.1, error: 0.4 }, 'warning'],
    [{ warn: 0.1, error: 0.3 }, 'error'],
  ];
  for (const [written, severity] of thresholds) {
    it(`calls 2 surplus rows of 5 ${severity ?? 'nothing'} where ${JSON.stringify(written)} is written`, async () => {
      const { findings } = await checkedRows('duplicates', five, { written });
      assert.deepEqual(
        findings.map((finding) => finding.severity),
        severity === undefined ? [] : [severity],
      );
    });
  }

  it('looks only at rows that meet a condition', async () => {
    const { only } = await checkedRows('duplicates', five, { written: { where: 'n = 1' } });
    assert.match(only('duplicate-rows').message, /2 rows \(66\.7 %\)/);
  });

  it('points at a column of the key that is not there', async () => {
    const { result, only } = await checkedRows('duplicates', five, { written: { columns: 'nn' } });
    assert.equal(result.status, 'failed');
    assert.deepEqual(only('check-column').configPath, ['datasets', 'set', 'checks', 'duplicates', 'columns']);
  });

  it('takes 5,000 columns', async () => {
    const columns = Array.from({ length: 5000 }, (_, index) => `i % 5 AS x${index}`);
    const { only } = await checkedRows('duplicates', `SELECT ${columns.join(', ')} FROM range(20) r(i)`);
    assert.equal(only('duplicate-rows').count, 15);
  });

  it('says the same on any number of threads', async () => {
    const query = 'SELECT (i * 7919) % 40000 AS a, i % 10 AS b FROM range(60000) r(i)';
    const one = await checkedRows('duplicates', query, { threads: 1 });
    const four = await checkedRows('duplicates', query, { threads: 4 });
    assert.deepEqual(four.findings, one.findings);
    assert.equal(one.only('duplicate-rows').count, 20000);
  });
});
