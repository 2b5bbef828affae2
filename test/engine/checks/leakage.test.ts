import assert from 'node:assert/strict';
import type { ColumnSpec } from '../../../src/protocol';
import { checkedRows, rowsOf, type CheckedOptions } from '../checkedRows';

const target: Readonly<Record<string, ColumnSpec>> = { y: { role: 'target' } };

describe('the check leakage, between splits', () => {
  /** x says which rows are equal; the second and the third row of test are in train. */
  const rows =
    "SELECT * FROM (VALUES (1, 'train'), (2, 'train'), (3, 'validation'), (2, 'test'), (1, 'test'), (9, 'test'), (9, 'test'), (1, NULL)) t(x, s)";
  const only = (query: string) => `SELECT * EXCLUDE (s) FROM (${query})`;
  const split = `CASE __row__ ${['train', 'train', 'validation', 'test', 'test', 'test', 'test'].map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} END`;
  const bySplit = (columns: string) => `SELECT ${columns}, row_number() OVER () - 1 AS __row__ FROM (${only(rows)})`;

  it('finds rows of a split that are in one before it', async () => {
    const options = { split, columns: { __row__: { role: 'id' } } } as const;
    const finding = (await checkedRows('leakage', bySplit('x'), options)).only('split-overlap');
    assert.equal(
      finding.message,
      '2 rows of test (50 %) are in train or validation too, equal in every column but __row__.',
    );
    assert.deepEqual([finding.severity, finding.split, finding.count, rowsOf(finding)], ['warning', 'test', 2, [4, 5]]);
    assert.match(finding.suggestion ?? '', /`deduplicate: \{ columns: \[x\] \}`/);
  });

  it('finds nothing where rows differ, or repeat within a split only', async () => {
    const query = 'SELECT i % 5 + CASE WHEN i < 50 THEN 0 ELSE 10 END AS x FROM range(100) r(i)';
    const { findings } = await checkedRows('leakage', query, {
      split: "CASE WHEN x < 10 THEN 'train' ELSE 'test' END",
    });
    assert.deepEqual(findings, []);
  });

  it('finds nothing without splits', async () => {
    assert.deepEqual((await checkedRows('leakage', 'SELECT i % 2 AS x FROM range(10) r(i)')).findings, []);
  });

  const groups = 'SELECT i // 4 AS patient, i AS x, i % 4 AS part FROM range(80) r(i)';
  const keys: readonly (readonly [string, CheckedOptions])[] = [
    ['a column whose role is `group`', { columns: { patient: { role: 'group' } } }],
    ['a column that is named', { written: { keyColumns: 'patient' } }],
    ['the primary key', { primaryKey: ['patient'] }],
  ];
  for (const [what, options] of keys) {
    it(`finds values of ${what} in two splits`, async () => {
      const finding = (
        await checkedRows('leakage', groups, { ...options, split: "CASE part WHEN 3 THEN 'test' ELSE 'train' END" })
      ).only('group-overlap');
      assert.equal(finding.message, '20 rows of test (100 %) have a patient that is in train too.');
      assert.deepEqual([finding.column, finding.count, rowsOf(finding).slice(0, 2)], ['patient', 20, [4, 8]]);
      const apart = await checkedRows('leakage', groups, {
        ...options,
        split: "CASE WHEN patient < 15 THEN 'train' ELSE 'test' END",
      });
      assert.ok(!apart.codes.includes('group-overlap'));
    });
  }

  it('leaves out rows without a key', async () => {
    const query = 'SELECT NULL::INTEGER AS patient, i AS x FROM range(10) r(i)';
    const found = await checkedRows('leakage', query, {
      columns: { patient: { role: 'group' } },
      split: "CASE WHEN x < 5 THEN 'train' ELSE 'test' END",
    });
    assert.ok(!found.codes.includes('group-overlap'));
  });

  const days = "SELECT DATE '2024-01-01' + i::INTEGER AS day, i AS x FROM range(100) r(i)";
  it('finds rows of train that are later than the first of test', async () => {
    const finding = (
      await checkedRows('leakage', days, {
        columns: { day: { role: 'time' } },
        split: "CASE WHEN x % 10 = 9 THEN 'test' ELSE 'train' END",
      })
    ).only('time-overlap');
    assert.equal(finding.message, '81 rows of train (90 %) are later than the first of test, 2024-01-10, by day.');
    assert.deepEqual([finding.split, finding.column, rowsOf(finding)[0]], ['train', 'day', 11]);
    assert.match(finding.suggestion ?? '', /`split: \{ time: day \}`/);
  });

  it('finds none where the splits are in the order of time, also at the same moment', async () => {
    const { findings } = await checkedRows(
      'leakage',
      `SELECT day, x FROM (${days}) UNION ALL (SELECT day, x + 0.5 FROM (${days}))`,
      {
        columns: { day: { role: 'time' } },
        split: "CASE WHEN x <= 60 THEN 'train' ELSE 'test' END",
      },
    );
    assert.deepEqual(findings, []);
  });
});

describe('the check leakage, in columns', () => {
  const half = 'CASE WHEN i % 2 = 0 THEN 1 ELSE 0 END';
  const leaks: readonly (readonly [string, string, readonly string[], CheckedOptions?])[] = [
    ['a copy of the target', `SELECT ${half} AS y, ${half} + 5 AS x FROM range(100) r(i)`, ['suspected-leak']],
    [
      'a number that is above a bound for one class',
      `SELECT ${half} AS y, i / 7 + 1000 * (i % 2) AS x FROM range(100) r(i)`,
      ['suspected-leak'],
    ],
    [
      'a column that is there for one class only',
      `SELECT ${half} AS y, CASE WHEN i % 2 = 0 THEN 'v ' || i END AS x FROM range(100) r(i)`,
      ['suspected-leak'],
    ],
    [
      'an amount that another one is of',
      'SELECT sqrt(i) AS y, i * 1000.5 AS x FROM range(500) r(i)',
      ['suspected-leak'],
    ],
    [
      'a time that an amount goes with',
      "SELECT (i / 3)::DOUBLE AS y, TIMESTAMP '2024-01-01' + to_hours(i::INTEGER) AS x FROM range(500) r(i)",
      ['suspected-leak'],
    ],
    [
      'the ends of doubles',
      'SELECT CASE WHEN i % 2 = 0 THEN 1.7e308 ELSE -1.7e308 END::DOUBLE AS y, i % 2 AS x FROM range(100) r(i)',
      [],
    ],
    ['a column that has nothing to do with it', `SELECT ${half} AS y, (i * 7919) % 5 AS x FROM range(500) r(i)`, []],
    ['too few rows', `SELECT ${half} AS y, ${half} AS x FROM range(40) r(i)`, []],
    ['what is allowed', `SELECT ${half} AS y, ${half} AS x FROM range(100) r(i)`, [], { written: { ignore: 'x' } }],
    [
      'what is kept from training',
      `SELECT ${half} AS y, ${half} AS x FROM range(100) r(i)`,
      [],
      { columns: { ...target, x: { role: 'ignore' } } },
    ],
    ['one class', 'SELECT 1 AS y, i % 2 AS x FROM range(100) r(i)', []],
    [
      'the numbers of rows that are sorted by class',
      'SELECT i // 50 AS y, i AS id FROM range(100) r(i)',
      ['unique-values'],
    ],
  ];
  for (const [what, query, codes, options] of leaks) {
    it(`${codes.length > 0 ? 'finds' : 'finds nothing in'} ${what}`, async () => {
      assert.deepEqual((await checkedRows('leakage', query, { columns: target, ...options })).codes, codes);
    });
  }

  it('says how much of the target a column determines', async () => {
    const query = 'SELECT i % 2 AS y, CASE WHEN i < 4 THEN 1 - i % 2 ELSE i % 2 END AS x FROM range(200) r(i)';
    const finding = (await checkedRows('leakage', query, { columns: target })).only('suspected-leak');
    assert.equal(finding.message, 'x alone determines 96 % of y.');
    assert.deepEqual([finding.severity, finding.column], ['warning', 'x']);
    const error = await checkedRows('leakage', query, { columns: target, written: { target: 0.9 } });
    assert.equal(error.only('suspected-leak').severity, 'error');
    const allowed = await checkedRows('leakage', query, { columns: target, written: { target: 0.97 } });
    assert.deepEqual(allowed.codes, []);
  });

  it('counts in all of many rows, the same on any number of threads', async () => {
    const query = 'SELECT i % 2 AS y, CASE WHEN i % 100 < 2 THEN 1 - i % 2 ELSE i % 2 END AS x FROM range(120000) r(i)';
    for (const threads of [1, 4]) {
      const { only } = await checkedRows('leakage', query, { columns: target, threads });
      assert.equal(only('suspected-leak').message, 'x alone determines 96 % of y.');
    }
  });

  const constants: readonly (readonly [string, string, readonly string[]])[] = [
    ['one value', "SELECT 'a' AS x FROM range(9)", ['constant-column']],
    ['one value and missing ones', "SELECT CASE WHEN i < 5 THEN 'a' END AS x FROM range(9) r(i)", ['constant-column']],
    ['NaN everywhere', "SELECT 'nan'::DOUBLE AS x FROM range(9)", ['constant-column']],
    ['a text that needs quotes', "SELECT 'it''s' AS x FROM range(9)", ['constant-column']],
    ['the least of 64 bits', 'SELECT -9223372036854775808 AS x FROM range(9)', ['constant-column']],
    ['a moment with a zone', "SELECT TIMESTAMPTZ '2024-01-01 10:00:00+02' AS x FROM range(9)", ['constant-column']],
    ['one row', 'SELECT 1 AS x', []],
    ['no value', 'SELECT NULL::VARCHAR AS x FROM range(9)', []],
    ['one other value of 200', 'SELECT i = 5 AS x FROM range(200) r(i)', ['near-constant-column']],
    ['three other values of 200', 'SELECT i < 3 AS x FROM range(200) r(i)', []],
    ['lists', 'SELECT [1] AS x FROM range(9)', []],
    [
      'one value, far down another',
      'SELECT (i = 119999)::INTEGER AS x FROM range(120000) r(i)',
      ['near-constant-column'],
    ],
  ];
  for (const [what, query, codes] of constants) {
    it(`${codes.length > 0 ? `calls a column of ${what}` : 'says nothing of'} ${codes[0] ?? what}`, async () => {
      assert.deepEqual((await checkedRows('leakage', query)).codes, codes);
    });
  }

  it('says which value, and how many are others', async () => {
    const { only } = await checkedRows('leakage', 'SELECT i = 5 AS x FROM range(200) r(i)');
    const finding = only('near-constant-column');
    assert.equal(finding.message, '99.5 % of the values of x are `false`.');
    assert.equal(finding.count, 1);
  });

  it('takes what is made of constants and identifiers from the config', async () => {
    const query = 'SELECT i % 3 AS y, i AS row_id, 1 AS one FROM range(99) r(i)';
    const severities = async (written: unknown) =>
      (await checkedRows('leakage', query, { columns: target, written })).findings.map(({ code, severity }) => [
        code,
        severity,
      ]);
    assert.deepEqual(await severities({}), [
      ['constant-column', 'warning'],
      ['unique-values', 'warning'],
    ]);
    assert.deepEqual(await severities({ constant: 'error', identifiers: 'info' }), [
      ['constant-column', 'error'],
      ['unique-values', 'info'],
    ]);
    assert.deepEqual(await severities({ constant: 'ignore', identifiers: 'ignore' }), []);
  });

  const identifiers: readonly (readonly [string, string, boolean])[] = [
    ['texts without blanks', "'id-' || i", true],
    ['sentences', "'this is row ' || i", false],
    ['numbers in turn', 'i', true],
    ['numbers that are measured', 'i * 17', false],
    ['numbers with a point', 'i / 7', false],
    ['values of which one is there twice', "CASE WHEN i = 1 THEN 'id-0' ELSE 'id-' || i END", false],
  ];
  for (const [what, sql, found] of identifiers) {
    it(`takes ${what} for ${found ? 'names of rows' : 'no names of rows'}`, async () => {
      const query = `SELECT hash(i) % 2 AS y, ${sql} AS x FROM range(200) r(i)`;
      assert.deepEqual(
        (await checkedRows('leakage', query, { columns: target })).codes,
        found ? ['unique-values'] : [],
      );
    });
  }

  for (const type of ['image', 'audio'] as const) {
    it(`says nothing of the names of files of the type ${type}`, async () => {
      const query = "SELECT i % 2 AS y, 'files/' || i || '.bin' AS x FROM range(200) r(i)";
      assert.deepEqual((await checkedRows('leakage', query, { columns: { ...target, x: { type } } })).codes, []);
    });
  }

  it('says nothing of an id, and of a primary key', async () => {
    const query = "SELECT hash(i) % 2 AS y, 'id-' || i AS x FROM range(200) r(i)";
    for (const options of [
      { columns: { ...target, x: { role: 'id' } } },
      { columns: target, primaryKey: ['x'] },
    ] as const)
      assert.deepEqual((await checkedRows('leakage', query, options)).codes, []);
  });

  it('is skipped without rows', async () => {
    assert.equal((await checkedRows('leakage', 'SELECT 1 AS x WHERE false')).result.status, 'skipped');
  });

  it('takes columns with names of SQL, and only rows that meet a condition', async () => {
    const query = 'SELECT i % 2 AS y, i % 2 AS "select "" 1" , i AS n FROM range(200) r(i)';
    const { findings } = await checkedRows('leakage', query, {
      columns: { ...target, n: { role: 'id' } },
      written: { where: 'n < 100' },
    });
    assert.deepEqual(
      findings.map(({ code, column }) => [code, column]),
      [['suspected-leak', 'select " 1']],
    );
  });

  it('takes very many columns', async () => {
    const columns = Array.from(
      { length: 1200 },
      (_, index) => `${index === 1111 ? 'i % 2' : `(i * ${index + 3} // 7) % 3`} AS x${index}`,
    );
    const { codes, only } = await checkedRows(
      'leakage',
      `SELECT i % 2 AS y, ${columns.join(', ')} FROM range(60) r(i)`,
      {
        columns: target,
        written: { constant: 'ignore', nearConstant: {}, target: 1 },
      },
    );
    assert.ok(codes.length > 0);
    assert.equal(only('suspected-leak').column, 'x1111');
  });
});
