/** The checks whose rules people write: conditions, figures, numbers of rows and ages. */
import assert from 'node:assert/strict';
import { checkedRows, rowsOf } from '../checkedRows';

const spans = 'SELECT * FROM (VALUES (1, 2), (3, 3), (5, 4), (NULL, 1), (9, 2)) t(start, stop)';

describe('the check consistency', () => {
  it('shows the rows that break a condition with the values it is about', async () => {
    const { only, result } = await checkedRows('consistency', spans, { written: { order: 'start <= stop' } });
    const finding = only('inconsistent-rows');
    assert.equal(finding.message, '2 rows (40 %) break `order`: start <= stop.');
    assert.deepEqual(rowsOf(finding), [3, 5]);
    assert.deepEqual(finding.samples, ['start = 5, stop = 4', 'start = 9, stop = 2']);
    assert.deepEqual(finding.configPath, ['datasets', 'set', 'checks', 'consistency', 'order']);
    assert.equal(result.errors, 1);
  });

  const rules = [
    [{ a: 'stop > 0', b: 'start >= 1' }, []],
    [{ a: { expression: 'start <= stop', error: '50%' } }, []],
    [{ a: { expression: 'start <= stop', warn: '10%', error: '50%' } }, ['warning']],
    [{ a: { expression: 'start <= stop', where: 'start < 9' } }, ['error']],
    [{ a: { expression: 'start <= stop', where: 'start < 5' } }, []],
    [{ a: 'start <= stop', b: 'stop < 3' }, ['error', 'error']],
    [{}, []],
  ] as const;
  for (const [written, severities] of rules) {
    it(`says ${severities.join(', ') || 'nothing'} of ${JSON.stringify(written)}`, async () => {
      const { findings } = await checkedRows('consistency', spans, { written });
      assert.deepEqual(
        findings.map(({ severity }) => severity),
        severities,
      );
    });
  }

  it('is not made with what is no condition', async () => {
    const { result, only } = await checkedRows('consistency', spans, { written: { a: 'start <=' } });
    assert.equal(result.status, 'error');
    assert.match(only('check-expression').message, /It is no SQL expression/);
  });
});

describe('rules that a value breaks', () => {
  const texts = "SELECT * FROM (VALUES (1, 'a'), (2, '3')) t(x, y)";
  it('leave the other conditions alone', async () => {
    const { findings, result } = await checkedRows('consistency', texts, {
      written: { bad: 'CAST(y AS INTEGER) > 1', good: 'x < 2' },
    });
    assert.deepEqual(
      findings.map(({ code, configPath = [] }) => [code, configPath.at(-1)]),
      [
        ['check-expression', 'bad'],
        ['inconsistent-rows', 'good'],
      ],
    );
    assert.match(findings[0]?.message ?? '', /^`bad` cannot be worked out\. Conversion Error/);
    assert.match(findings[0]?.suggestion ?? '', /TRY_CAST/);
    assert.equal(result.status, 'failed');
  });
  it('leave the other figures alone', async () => {
    const { findings } = await checkedRows('custom', texts, {
      written: { bad: { expression: 'CAST(y AS INTEGER)', atMost: 1 }, good: { expression: 'x', atMost: 1 } },
    });
    assert.deepEqual(
      findings.map(({ code, configPath = [] }) => [code, configPath[4]]),
      [
        ['check-expression', 'bad'],
        ['figure-out-of-bounds', 'good'],
      ],
    );
  });
  it('are not blamed on memory', async () => {
    const { only } = await checkedRows('row_count', texts, { written: { where: 'CAST(y AS INTEGER) > 1' } });
    assert.match(
      only('check-failed').suggestion ?? '',
      /^If `where` does not take all values, write it with `TRY_CAST`/,
    );
  });
});

describe('the check custom', () => {
  const ten = 'SELECT i AS x, i % 2 = 0 AS even FROM range(1, 11) r(i)';
  const figures = [
    ['mean', 'x', 5.5],
    ['minimum', 'x', 1],
    ['maximum', 'x * 2', 20],
    ['sum', 'x', 55],
    ['median', 'x', 5.5],
    ['stddev', 'x', 3.0276503540975],
    ['distinct', 'x % 3', 3],
    ['count', 'even', 5],
    ['count', 'nullif(x, 1)', 9],
  ] as const;
  for (const [figure, expression, value] of figures) {
    it(`knows the ${figure} of ${expression}`, async () => {
      const bounds = (by: number) => ({
        written: { a: { expression, figure, atLeast: value + by, atMost: value + by } },
      });
      assert.deepEqual((await checkedRows('custom', ten, bounds(0))).codes, []);
      const low = (await checkedRows('custom', ten, bounds(1))).only('figure-out-of-bounds');
      assert.equal(
        low.message,
        `\`a\`: the ${figure} of ${expression} is ${Number(value.toPrecision(6))}, below ${value + 1}.`,
      );
      const high = (await checkedRows('custom', ten, bounds(-1))).only('figure-out-of-bounds');
      assert.deepEqual(high.configPath, ['datasets', 'set', 'checks', 'custom', 'a', 'atMost']);
    });
  }

  it('knows the stddev of numbers whose squares are none', async () => {
    const rule = { expression: 'x * 1e200', figure: 'stddev', atMost: 3e200 };
    const { only } = await checkedRows('custom', ten, { written: { a: rule } });
    assert.match(only('figure-out-of-bounds').message, /is 3\.02765e\+200, above 3e\+200\.$/);
  });

  const none = [
    [{ atMost: { warn: 2 } }, 'warning'],
    [{ atMost: { warn: 2 }, atLeast: 1 }, 'error'],
  ] as const;
  for (const [bounds, severity] of none) {
    it(`takes a figure of no value for the worst that ${JSON.stringify(bounds)} can come to`, async () => {
      const rule = { expression: 'x', where: 'x > 99', ...bounds };
      const { only } = await checkedRows('custom', ten, { written: { a: rule } });
      assert.equal(only('figure-out-of-bounds').severity, severity);
    });
  }
  it('looks at the rows that meet a condition only, and says where none has a value', async () => {
    const rule = { expression: 'x', atMost: { warn: 2 } };
    const found = await checkedRows('custom', ten, { written: { a: { ...rule, where: 'x < 4' } } });
    assert.deepEqual(found.codes, []);
    const { only } = await checkedRows('custom', ten, { written: { a: { ...rule, where: 'x > 99' } } });
    assert.equal(
      only('figure-out-of-bounds').message,
      '`a`: the mean of x is not defined, because no row has a value.',
    );
  });
});

describe('the check row_count', () => {
  const cases = [
    [0, {}, 'There are 0 rows, fewer than 1.'],
    [1, {}, undefined],
    [1, 2, 'There is 1 row, fewer than 2.'],
    [5, { maximum: 4 }, 'There are 5 rows, more than 4.'],
    [5, { minimum: 5, maximum: 5 }, undefined],
    [5, { minimum: 5, where: 'i > 1' }, 'There are 3 rows that meet `i > 1`, fewer than 5.'],
  ] as const;
  for (const [rows, written, message] of cases) {
    it(`says ${message ?? 'nothing'} with ${JSON.stringify(written)}`, async () => {
      const { findings } = await checkedRows('row_count', `SELECT i FROM range(${rows}) r(i)`, { written });
      assert.deepEqual(
        findings.map((finding) => finding.message),
        message === undefined ? [] : [message],
      );
    });
  }
});

describe('the check freshness', () => {
  const ago = (hours: number) =>
    `SELECT current_timestamp::TIMESTAMP - to_hours(${hours}) - to_days(i::INTEGER) AS t FROM range(3) r(i)`;
  const cases = [
    [10, { column: 't', error: '12h' }, []],
    [10, { column: 't', warn: '5h', error: '12h' }, ['stale-data warning']],
    [30, { column: 't', warn: '5h', error: '1d' }, ['stale-data error']],
    [-60, { column: 't', error: '1d' }, ['future-data warning']],
    [10, { column: 't', error: '12h', where: 't < current_date_of_none' }, ['check-expression error']],
  ] as const;
  for (const [hours, written, expected] of cases) {
    it(`says ${expected.join() || 'nothing'} of ${hours} hours with ${JSON.stringify(written)}`, async () => {
      const { findings } = await checkedRows('freshness', ago(hours), { written });
      assert.deepEqual(
        findings.map(({ code, severity }) => `${code} ${severity}`),
        expected,
      );
    });
  }

  const next = [
    ['the warning', 10, { warn: '12h', error: '1d' }, 2],
    ['the warning, where nothing is an error', 10, { warn: '12h' }, 2],
    ['the error, once warned', 10, { warn: '5h', error: '12h' }, 2],
    ['nothing, where the worst was said', 30, { warn: '5h', error: '1d' }, undefined],
    ['nothing, where only a warning was to be said', 10, { warn: '5h' }, undefined],
  ] as const;
  for (const [what, age, bounds, hours] of next) {
    it(`says when the same rows come to ${what}`, async () => {
      const { result } = await checkedRows('freshness', ago(age), { written: { column: 't', ...bounds } });
      const left = result.until === undefined ? undefined : (Date.parse(result.until) - Date.now()) / 3_600_000;
      assert.equal(left === undefined ? undefined : Math.round(left), hours);
    });
  }

  const without = [
    [{ warn: '1d' }, 'warning'],
    [{ warn: '1d', error: '9d' }, 'error'],
  ] as const;
  for (const [bounds, severity] of without) {
    it(`takes data without any time for stale: ${severity}`, async () => {
      const query = "SELECT * FROM (VALUES (NULL::TIMESTAMP), ('infinity')) v(t)";
      const { only } = await checkedRows('freshness', query, { written: { column: 't', ...bounds } });
      assert.equal(only('stale-data').severity, severity);
      assert.match(only('stale-data').message, /^No row has a value of t/);
    });
  }
  for (const type of ['DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'TIMESTAMP_MS', 'TIMESTAMP_S', 'TIMESTAMP_NS']) {
    it(`is not misled by a value of ${type} that stands for any time to come`, async () => {
      const query = `SELECT v::${type} AS t FROM (VALUES ('2020-01-31'), ('infinity'), ('-infinity')) t(v)`;
      const { only } = await checkedRows('freshness', query, { written: { column: 't', error: '7d' } });
      assert.match(only('stale-data').message, /^The newest value of t is 2020-01-31T00:00:00Z/);
    });
  }
  it('names the year of a time that no calendar has', async () => {
    const { only } = await checkedRows('freshness', "SELECT TIMESTAMP '290000-06-01' AS t", {
      written: { column: 't', error: '7d' },
    });
    assert.match(only('future-data').message, /the year 290000, lies in the future/);
  });

  it('takes the column with the role of time, and is skipped without one', async () => {
    const { only } = await checkedRows('freshness', "SELECT DATE '2020-01-31' AS d", {
      columns: { d: { role: 'time' } },
      written: { error: '7d' },
    });
    assert.match(
      only('stale-data').message,
      /^The newest value of d is 2020-01-31T00:00:00Z, \d+ days ago; it may be 7 days old\.$/,
    );
    const { result } = await checkedRows('freshness', 'SELECT 1 AS x');
    assert.deepEqual([result.status, result.reason], ['skipped', 'No column has the role `time`.']);
  });
});
