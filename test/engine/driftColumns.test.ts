/** How far columns of two tables are from each other, and which of them drifted. */
import assert from 'node:assert/strict';
import { compared } from './comparedRows';
import type { DriftColumn } from '../../src/protocol';

/** Columns of one table: what each is in the baseline and in the current side, in rows numbered `i`, and what comes of it. */
interface Case {
  readonly name: string;
  readonly baseline: string;
  readonly current: string;
  readonly expected: Partial<DriftColumn>;
}

async function columnsOf(cases: readonly Case[], rows: number): Promise<Map<string, DriftColumn>> {
  const side = (key: 'baseline' | 'current') =>
    `SELECT ${cases.map((each) => `${each[key]} AS "${each.name}"`).join(', ')} FROM range(${rows}) t(i)`;
  const { columns } = await compared(side('baseline'), side('current'));
  return new Map(columns.map((column) => [column.name, column]));
}

function table(rows: number, cases: readonly Case[]): void {
  let found: Map<string, DriftColumn>;
  before(async () => {
    found = await columnsOf(cases, rows);
  });
  for (const { name, expected } of cases)
    it(name, () => {
      const column = found.get(name);
      const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, column?.[key as keyof DriftColumn]]));
      assert.deepEqual(actual, expected);
    });
}

const mixed = '(hash(i) % 1000)::INT';

describe('columns of two tables with more than 1,000 rows', () => {
  table(2000, [
    {
      name: 'equal numbers do not drift',
      baseline: `${mixed} / 7`,
      current: `(hash(1999 - i) % 1000)::INT / 7`,
      expected: { status: 'none', semantic: 'numeric', decidedBy: 'psi', value: 0 },
    },
    {
      name: 'shifted numbers do',
      baseline: `${mixed} / 7`,
      current: `${mixed} / 7 + 70`,
      expected: { status: 'high', decidedBy: 'psi' },
    },
    {
      name: 'a huge outlier on both sides hides no shift',
      baseline: `CASE WHEN i = 5 THEN 1e300 ELSE ${mixed} END`,
      current: `CASE WHEN i = 5 THEN 1e300 ELSE ${mixed} + 500 END`,
      expected: { status: 'high', decidedBy: 'psi' },
    },
    {
      name: 'a constant that is another one drifts upwards',
      baseline: '5.5',
      current: '6.5',
      expected: { status: 'high' },
    },
    {
      name: 'a constant that stays is none',
      baseline: '5',
      current: '5',
      expected: { status: 'none', value: 0 },
    },
    {
      name: 'many equal values do not hide others near them',
      baseline: `CASE WHEN i % 10 < 6 THEN 0.0 ELSE ${mixed} + 1.5 END`,
      current: `CASE WHEN i % 10 < 6 THEN 0.5 ELSE ${mixed} + 1.5 END`,
      expected: { status: 'high' },
    },
    {
      name: 'few different whole numbers are compared by value',
      baseline: 'i % 4',
      current: 'i % 4 + 4',
      expected: {
        status: 'high',
        semantic: 'numeric',
        bins: {
          categories: ['0', '1', '2', '3', '4', '5', '6', '7'],
          rest: [],
          baseline: [500, 500, 500, 500, 0, 0, 0, 0],
          current: [0, 0, 0, 0, 500, 500, 500, 500],
        },
      },
    },
    {
      name: 'whole numbers and decimals of the same value are one',
      baseline: 'i % 3',
      current: '(i % 3)::DOUBLE',
      expected: { status: 'none', value: 0, baselineType: 'integer', type: 'number' },
    },
    {
      name: 'yes and no are two categories',
      baseline: 'i % 2 = 0',
      current: 'i % 10 = 0',
      expected: {
        status: 'high',
        semantic: 'boolean',
        bins: { categories: ['false', 'true'], rest: [], baseline: [1000, 1000], current: [1800, 200] },
      },
    },
    {
      name: 'categories that are all others are total drift',
      baseline: "CASE WHEN i % 2 = 0 THEN 'A' ELSE 'B' END",
      current: "CASE WHEN i % 2 = 0 THEN 'C' ELSE 'D' END",
      expected: { status: 'high', semantic: 'categorical', decidedBy: 'psi' },
    },
    {
      name: 'missing values are a category, and their share decides where it changed more',
      baseline: `CASE WHEN i % 4 > 0 THEN 'A' END`,
      current: `CASE WHEN i % 4 > 1 THEN 'A' END`,
      expected: {
        status: 'high',
        missing: { baseline: 0.25, current: 0.5 },
        bins: { categories: ['A'], rest: ['missing'], baseline: [1500, 500], current: [1000, 1000] },
      },
    },
    {
      name: 'a column that is empty now has drifted by what is missing',
      baseline: 'i % 9',
      current: 'NULL::INT',
      expected: { status: 'high', decidedBy: 'missing', value: 1, missing: { baseline: 0, current: 1 } },
    },
    {
      name: 'a column without a value on either side is empty',
      baseline: 'NULL',
      current: 'NULL::VARCHAR',
      expected: { status: 'none', semantic: 'empty' },
    },
    {
      name: 'NaN and infinities are bins of their own',
      baseline: `CASE i % 4 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE ELSE i END`,
      current: `CASE i % 4 WHEN 0 THEN 1 WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE ELSE i END`,
      expected: { status: 'high', decidedBy: 'psi' },
    },
    {
      name: 'dates are compared by their days',
      baseline: "DATE '2024-01-01' + (i % 100)::INT",
      current: "DATE '2024-03-01' + (i % 100)::INT",
      expected: { status: 'high', semantic: 'datetime', type: 'date' },
    },
    {
      name: 'times with zones are the same instants as times of UTC',
      baseline: "TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(i % 500)",
      current: "TIMESTAMP '2024-01-01 00:00:00' + to_hours(i % 500)",
      expected: {
        status: 'none',
        value: 0,
        notes: ['Times of one side have zones; those of the other are taken for UTC.'],
      },
    },
    {
      name: 'identifiers are not compared by how they are distributed',
      baseline: "'key-' || i",
      current: "'other-' || i // 2",
      expected: {
        status: 'none',
        semantic: 'identifier',
        notes: [
          'Values identify rows: how they are distributed says nothing.',
          '1,000 values repeat another one of the current side; in the baseline none does.',
        ],
      },
    },
    {
      name: 'numbers that are texts now have another type',
      baseline: 'i % 50',
      current: "'number ' || i % 50",
      expected: { status: 'retyped', type: 'string', baselineType: 'integer', metrics: {} },
    },
  ]);

  it('are told apart from rows in another order by nothing, with any number of threads', async () => {
    const columns = `hash(i) % 1000 / 7 AS x, sin(i) AS wave, 'v' || hash(i) % 30 AS c, 'some words ' || hash(i) AS t, range(i % 5) AS l`;
    const query = (order: string) => `SELECT ${columns} FROM range(30000) t(i) ORDER BY ${order}`;
    const other = (order: string) => `SELECT ${columns} FROM range(9000, 45000) t(i) ORDER BY ${order}`;
    const [first, ...others] = await Promise.all([
      compared(query('i'), other('i'), { threads: 1, metrics: 'all' }),
      compared(query('hash(i, 1)'), other('hash(i, 2)'), { threads: 2, metrics: 'all' }),
      compared(query('-i'), other('hash(i, 3)'), { threads: 4, metrics: 'all' }),
    ]);
    for (const each of others) assert.deepEqual(each.columns, first.columns);
  });
});

describe('columns of two tables with few rows', () => {
  table(200, [
    {
      name: 'a test decides, whose p-value is corrected',
      baseline: 'i / 7',
      current: '(i + 100) / 7',
      expected: {
        status: 'high',
        decidedBy: 'ks',
        because: '1,000 rows or fewer on one side, so a test decides',
      },
    },
    {
      name: 'of categories chi-square does',
      baseline: "'a' || i % 3",
      current: "'a' || i % 4",
      expected: { status: 'high', decidedBy: 'chi2' },
    },
    { name: 'nothing is drift of nothing', baseline: 'i % 30', current: 'i % 30', expected: { status: 'none' } },
  ]);

  it('that are too few say how many it takes', async () => {
    const { summary, column, finding } = await compared(
      'SELECT i + 0.5 AS x FROM range(9) t(i)',
      'SELECT i + 1.5 AS x FROM range(9) t(i)',
    );
    assert.deepEqual([summary.insufficient, summary.drifted, column('x').status], [1, 0, 'insufficient']);
    assert.match(finding('drift-insufficient').message, /71 rows on each side/);
  });

  it('do not drift where they are the same to the last row', async () => {
    const rows = "SELECT i / 3 AS x, 'a' || i % 2 AS c FROM range(6) t(i)";
    assert.deepEqual(
      (await compared(rows, rows)).columns.map(({ status }) => status),
      ['none', 'none'],
    );
  });

  it('correct p-values for the number of columns, and keep the raw ones', async () => {
    const side = (shift: number) =>
      `SELECT ${Array.from({ length: 10 }, (_, k) => `hash(i, ${k}) % 997 / 7 + ${k === 0 ? shift : 0} AS c${k}`).join(', ')} FROM range(300) t(i)`;
    const { column } = await compared(side(0), side(14).replace('range(300)', 'range(300, 600)'));
    const { metrics, value } = column('c0');
    assert.equal(value, metrics.ks?.adjusted);
    assert.ok((metrics.ks?.adjusted ?? 0) > (metrics.ks?.pValue ?? 1));
    const raw = await compared(side(0), side(14), { settings: { correction: 'none' } });
    assert.equal(raw.column('c0').metrics.ks?.adjusted, undefined);
  });
});

describe('settings of a comparison', () => {
  const baseline = `SELECT ${mixed} AS x, 'a' || i % 2 AS c FROM range(2000) t(i)`;
  const current = `SELECT ${mixed} + 100 AS x, 'a' || i % 3 AS c FROM range(2000) t(i)`;

  it('choose the measure, the bins and the levels of a column', async () => {
    const { column } = await compared(baseline, current, {
      settings: {
        method: 'js',
        columns: { x: { method: 'hellinger', bins: { by: 'edges', edges: [0, 500] }, thresholds: [0.01, 0.02, 0.9] } },
      },
    });
    const { decidedBy, status, bins, conventions, because } = column('x');
    assert.deepEqual([decidedBy, status, bins?.edges], ['hellinger', 'medium', [0, 500]]);
    assert.deepEqual(conventions.hellinger?.edgesFrom, 'config');
    assert.equal(because, 'As the config says of this column');
    assert.equal(column('c').decidedBy, 'js');
  });

  it('leave muted columns out of the verdict and the findings, and weigh the others', async () => {
    const muted = await compared(baseline, current, { settings: { columns: { x: { muted: true } } } });
    assert.deepEqual([muted.summary.compared, muted.summary.drifted], [1, 1]);
    assert.equal(
      muted.findings.some(({ column }) => column === 'x'),
      false,
    );
    const light = await compared(baseline, `SELECT ${mixed} + 100 AS x, 'a' || i % 2 AS c FROM range(2000) t(i)`, {
      settings: { columns: { x: { importance: 1 }, c: { importance: 3 } } },
    });
    assert.deepEqual([light.summary.share, light.summary.drift], [0.25, false]);
  });

  it('of a preset give the numbers of that tool', async () => {
    const { column } = await compared(baseline, current, { settings: { preset: 'evidently' } });
    assert.equal(column('x').decidedBy, 'wassersteinNormalized');
    assert.equal(column('c').decidedBy, 'js');
    assert.equal(column('c').conventions.js?.logBase, 'e');
  });

  it('ask for all metrics that the values allow', async () => {
    const { column } = await compared(baseline, current, { metrics: 'all' });
    assert.equal(Object.keys(column('x').metrics).length, 14);
    assert.equal(Object.keys(column('c').metrics).length, 9);
  });
});
