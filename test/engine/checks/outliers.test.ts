import assert from 'node:assert/strict';
import { checkedRows, rowsOf, type CheckedOptions } from '../checkedRows';
import { tables } from '../profileSupport';

/** 1 to 99, and one far away as the last row. */
const far = 'SELECT CASE WHEN i = 100 THEN 1000 ELSE i END AS x FROM range(1, 101) r(i)';

describe('the check outliers', () => {
  it('counts values beyond the fences, and says where those are', async () => {
    const { only } = await checkedRows('outliers', far, { written: { warn: 0 } });
    const finding = only('outliers');
    assert.equal(
      finding.message,
      '1 value of x lies far from the others (1 %): below -48.5 or above 150, 1.5 times their distance beyond the quartiles.',
    );
    assert.deepEqual(
      [finding.severity, finding.count, rowsOf(finding), finding.samples, finding.configPath],
      ['warning', 1, [100], ['1000'], ['datasets', 'set', 'schema', 'columns', 'x']],
    );
  });

  const cases: readonly (readonly [string, string, unknown, number])[] = [
    [
      'many as information where nobody said how many there may be',
      'SELECT CASE WHEN i < 10 THEN i * 1000 ELSE i % 7 END AS x FROM range(100) r(i)',
      {},
      9,
    ],
    ['those beyond three standard deviations', far, { warn: 0, method: 'z' }, 1],
    ['those beyond another factor', far, { warn: 0, factor: 20 }, 0],
    ['none in even spreads', 'SELECT i AS x FROM range(100) r(i)', { error: 0 }, 0],
    ['none in a constant column', 'SELECT 7 AS x FROM range(100)', { error: 0 }, 0],
    ['none in a column of two values', 'SELECT (i = 3)::INTEGER AS x FROM range(100) r(i)', { error: 0 }, 0],
    ['none where all values are missing', 'SELECT NULL::DOUBLE AS x FROM range(100)', { error: 0 }, 0],
    [
      'none among NaN and what is infinite',
      "SELECT CASE WHEN i < 3 THEN ['nan', 'inf', '-inf'][i + 1]::DOUBLE ELSE i END AS x FROM range(100) r(i)",
      { error: 0 },
      0,
    ],
    [
      'the ends of 64 bits',
      'SELECT CASE i WHEN 0 THEN -9223372036854775808 WHEN 1 THEN 9223372036854775807 ELSE i END AS x FROM range(100) r(i)',
      { error: 0 },
      2,
    ],
    [
      'the ends of doubles',
      'SELECT CASE i WHEN 0 THEN -1.7e308 WHEN 1 THEN 1.7e308 ELSE i END::DOUBLE AS x FROM range(100) r(i)',
      { error: 0 },
      2,
    ],
    [
      'the ends of doubles by deviations',
      'SELECT CASE i WHEN 0 THEN -1.7e308 WHEN 1 THEN 1.7e308 ELSE i END::DOUBLE AS x FROM range(100) r(i)',
      { error: 0, method: 'z' },
      2,
    ],
    [
      'decimals',
      'SELECT (CASE WHEN i = 0 THEN 999.99 ELSE i / 100 END)::DECIMAL(8, 2) AS x FROM range(100) r(i)',
      { error: 0 },
      1,
    ],
    [
      'numbers of half the precision',
      'SELECT (CASE WHEN i = 0 THEN 99.1 ELSE i / 100 END)::FLOAT AS x FROM range(100) r(i)',
      { error: 0 },
      1,
    ],
    ['columns with names of SQL', `SELECT x AS "select ""a""" FROM (${far})`, { error: 0 }, 1],
    ['only rows that meet a condition', far, { error: 0, where: 'x < 1000' }, 0],
  ];
  for (const [what, query, written, count] of cases) {
    it(`finds ${what}`, async () => {
      const { findings } = await checkedRows('outliers', query, { written });
      assert.deepEqual(
        findings.map((finding) => [finding.code, finding.count]),
        count === 0 ? [] : [['outliers', count]],
      );
    });
  }

  it('tells many as information where no threshold is written', async () => {
    const [, query] = cases[0] ?? ['', ''];
    const { only, result } = await checkedRows('outliers', query);
    assert.deepEqual([only('outliers').severity, result.status], ['info', 'passed']);
  });

  const spared: readonly (readonly [string, CheckedOptions])[] = [
    ['an identifier', { columns: { x: { role: 'id' } } }],
    ['a primary key', { primaryKey: ['x'] }],
    ['codes of an enum', { columns: { x: { enum: [1, 2] } } }],
    ['what is kept from training', { columns: { x: { role: 'ignore' } } }],
  ];
  for (const [what, options] of spared) {
    it(`leaves out ${what}, unless it is named`, async () => {
      const { result } = await checkedRows('outliers', far, { ...options, written: { error: 0 } });
      assert.equal(result.status, 'skipped');
      const named = await checkedRows('outliers', far, { ...options, written: { columns: { x: { error: 0 } } } });
      assert.equal(named.only('outliers').count, 1);
    });
  }

  it('leaves out numbers that are classes of the target', async () => {
    const rows = 'SELECT CASE WHEN i < 95 THEN 0 ELSE i % 4 + 1 END AS y FROM range(100) r(i)';
    const { result } = await checkedRows('outliers', rows, {
      columns: { y: { role: 'target' } },
      written: { error: 0 },
    });
    assert.equal(result.status, 'skipped');
  });

  it('has another rule for some columns', async () => {
    const written = { error: 0, columns: { b: { method: 'z', factor: 50 }, c: { warn: 0 } } };
    const { findings } = await checkedRows('outliers', `SELECT x AS a, x AS b, x AS c FROM (${far})`, { written });
    assert.deepEqual(
      findings.map(({ column, severity }) => [column, severity]),
      [
        ['a', 'error'],
        ['c', 'warning'],
      ],
    );
  });

  it('points at a column that holds no numbers', async () => {
    const { only } = await checkedRows('outliers', "SELECT 'a' AS s", {
      columns: { s: { type: 'string' } },
      written: { columns: { s: 0 } },
    });
    assert.deepEqual(only('check-column').configPath, ['datasets', 'set', 'checks', 'outliers', 'columns', 's']);
  });

  const table = tables();
  const profiled: readonly (readonly [string, string])[] = [
    ['few', 'SELECT round(exp(hash(i) % 1000 / 200), 1) AS x FROM range(501) r(i)'],
    [
      'more than are held in memory',
      'SELECT (hash(i) % 1000 + CASE WHEN i % 20 = 0 THEN 5000 ELSE 0 END) / 10 AS x FROM range(310000) r(i)',
    ],
    [
      'wide whole numbers',
      'SELECT CASE WHEN i % 11 = 0 THEN 9000000000000000000 + i ELSE 4000000000000000000 + i END AS x FROM range(1001) r(i)',
    ],
  ];
  for (const [what, query] of profiled) {
    it(`counts the same as a profile of ${what} values, on any number of threads`, async () => {
      const made = await table(query);
      const [described] = await made.described();
      const { count = 0 } = described?.figures.numeric?.outliers ?? {};
      assert.ok(count > 0);
      for (const threads of [1, 4]) {
        const { only } = await checkedRows('outliers', query, { threads, written: { warn: 0 } });
        assert.equal(only('outliers').count, count);
      }
    });
  }

  it('looks at some of very many rows first, and counts in all of them', async () => {
    const rows = (oneIn: number) =>
      `SELECT CASE WHEN i % ${oneIn} = 0 THEN 9999 ELSE i % 100 END AS x FROM range(300000) r(i)`;
    const { only } = await checkedRows('outliers', rows(10));
    assert.deepEqual([only('outliers').severity, only('outliers').count], ['info', 30000]);
    assert.deepEqual((await checkedRows('outliers', rows(50))).codes, []);
    const few = await checkedRows('outliers', rows(100000), { written: { warn: 0 } });
    assert.equal(few.only('outliers').count, 3);
  });

  it('takes very many columns', async () => {
    const columns = Array.from(
      { length: 600 },
      (_, index) => `(CASE WHEN i = 7 THEN 900 ELSE i END)::SMALLINT AS x${index}`,
    );
    const { findings } = await checkedRows('outliers', `SELECT ${columns.join(', ')} FROM range(50) r(i)`, {
      written: 0,
    });
    assert.deepEqual([findings.length, findings[0]?.column, findings[599]?.count], [600, 'x0', 1]);
  });
});
