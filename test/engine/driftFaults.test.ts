/** What is wrong with one side or both: told, and never hidden. */
import assert from 'node:assert/strict';
import { compared } from './comparedRows';
import { transforms } from '../../src/config/transforms';
import { MldataError } from '../../src/protocol';

const code = (expected: string) => (error: unknown) => error instanceof MldataError && error.code === expected;

describe('a comparison of tables that do not match', () => {
  it('names columns that came, went and have another type, and goes on with the others', async () => {
    const { schema, columns, summary, findings } = await compared(
      "SELECT i AS id, i % 30 AS a, 'x' || i % 3 AS b, 1 AS old FROM range(1500) t(i)",
      "SELECT i AS id, 't' || i % 30 AS a, 'x' || i % 3 AS b, 2 AS fresh FROM range(1500) t(i)",
    );
    assert.deepEqual(schema, {
      added: ['fresh'],
      removed: ['old'],
      retyped: [{ name: 'a', baseline: 'integer', current: 'string' }],
    });
    assert.deepEqual(
      columns.map(({ name, status }) => [name, status]),
      [
        ['a', 'retyped'],
        ['old', 'removed'],
        ['fresh', 'added'],
        ['id', 'none'],
        ['b', 'none'],
      ],
    );
    assert.deepEqual([summary.compared, summary.drifted, summary.drift], [2, 0, false]);
    assert.deepEqual(
      findings.map(({ code, severity, column, configPath }) => [code, severity, column, configPath?.join('.')]),
      [
        ['drift-column-removed', 'error', 'old', 'datasets.set.drift'],
        ['drift-column-retyped', 'error', 'a', 'datasets.set.drift'],
        ['drift-column-added', 'info', 'fresh', 'datasets.set.drift'],
      ],
    );
  });

  it('says nothing of those that are muted', async () => {
    const settings = { columns: { old: { muted: true }, a: { muted: true }, fresh: { muted: true } } };
    const { codes } = await compared('SELECT 1 AS a, 1 AS old', "SELECT 'x' AS a, 1 AS fresh", { settings });
    assert.deepEqual(codes, []);
  });

  it('tells of very many one by one no more than a person reads, and how many more there are', async () => {
    const wide = (prefix: string) =>
      `SELECT 1 AS id, ${Array.from({ length: 150 }, (_, at) => `${at} AS ${prefix}${at}`).join(', ')}`;
    const { findings, columns } = await compared(wide('a'), wide('b'));
    assert.equal(columns.length, 301);
    const gone = findings.filter(({ code }) => code === 'drift-column-removed');
    assert.deepEqual([gone.length, gone.at(-1)?.message, gone.at(-1)?.count], [101, '50 more columns are gone.', 50]);
  });

  it('says of columns whose names differ by letter case only that they do', async () => {
    const { column } = await compared('SELECT 1 AS "Age"', 'SELECT 1 AS age');
    assert.match(column('Age').notes?.[0] ?? '', /The current side has age, which differs/);
    assert.match(column('age').notes?.[0] ?? '', /The baseline has Age, which differs/);
  });

  for (const [side, baseline, current] of [
    ['baseline', 'SELECT 1 AS x WHERE false', 'SELECT 1 AS x'],
    ['current side', 'SELECT 1 AS x', 'SELECT 1 AS x WHERE false'],
  ] as const)
    it(`is refused where the ${side} has no rows`, async () => {
      await assert.rejects(compared(baseline, current), code('drift-no-rows'));
    });

  it('of tables without a column in common has an empty verdict', async () => {
    const { summary, columns } = await compared('SELECT 1 AS a', 'SELECT 1 AS b');
    assert.deepEqual([summary.compared, summary.share, summary.drift], [0, 0, false]);
    assert.equal(columns.length, 2);
  });

  it('is the same for names and values that mean something to SQL', async () => {
    const name = `we"ird; DROP TABLE before; --'`.replaceAll('"', '""');
    const side = `SELECT 'o''clock "; --' || i % 2 AS "${name}" FROM range(1200) t(i)`;
    assert.deepEqual(
      (await compared(side, side)).columns.map(({ status }) => status),
      ['none'],
    );
  });
});

describe('categories of the current side that are written in another way', () => {
  const side = (...values: string[]) =>
    `SELECT [${values.map((value) => `'${value}'`).join(', ')}][1 + (i % ${values.length})::INT] AS city FROM range(1200) t(i)`;

  for (const [by, before, now] of [
    ['case', 'Paris', 'PARIS'],
    ['blanks', 'New York', ' New  York'],
    ['unicode', 'Z\u00fcrich', 'Zu\u0308rich'],
  ] as const)
    it(`are told with how they differ: ${by}`, async () => {
      const { column, finding } = await compared(side(before, 'Rome'), side(now, 'Rome'));
      assert.deepEqual(column('city').variants, [{ baseline: before, current: now, by }]);
      const { samples, suggestion = '' } = finding('drift-variants');
      assert.deepEqual(samples, [`${JSON.stringify(before)} became ${JSON.stringify(now)}`]);
      const steps = [...suggestion.matchAll(/`(\w+)`/g)].map(([, step]) => step);
      assert.ok(steps.length > 0 && steps.every((step = '') => step in transforms), suggestion);
    });

  it('are not told where both sides write both', async () => {
    const { column, codes } = await compared(side('Paris', 'PARIS'), side('PARIS', 'Paris'));
    assert.deepEqual([column('city').variants, codes], [undefined, []]);
  });
});

describe('rows that both sides have', () => {
  const rows = (count: number) =>
    `SELECT i / 7 AS x, 'text no ' || hash(i) || ' of many' AS t, 'c' || hash(i) % 4000 AS c, range(i % 4) AS l, ` +
    `[sin(i), cos(i), 1, 2, 3, 4, 5, 6.5] AS e, {'a': i % 7} AS s, CASE WHEN i % 3 > 0 THEN i % 2 = 0 END AS b, ` +
    `TIMESTAMP '2024-01-01' + to_minutes(i) AS d FROM range(${count}) t(i)`;

  for (const [what, count] of [
    ['few', 30],
    ['many', 9000],
  ] as const)
    it(`and no others are no drift: ${what}`, async () => {
      const { columns, findings, summary } = await compared(rows(count), rows(count), { metrics: 'all' });
      assert.deepEqual([...new Set(columns.map(({ status }) => status))], ['none']);
      assert.deepEqual([findings, summary.severity, summary.insufficient], [[], 'none', 0]);
    });
});

describe('very many categories', () => {
  const side = (name: string) => `SELECT '${name}' || i // 3 AS x FROM range(90000) t(i)`;

  it('that are all others are total drift, and few of them are listed', async () => {
    const { column } = await compared(side('a'), side('b'));
    const { status, bins, decidedBy } = column('x');
    assert.deepEqual([status, decidedBy], ['high', 'psi']);
    assert.deepEqual([bins?.categories?.length, bins?.rest], [1000, ['other', 'unseen']]);
    assert.deepEqual(bins?.current.slice(-2), [0, 90000 - 3 * (bins?.current.filter((n) => n > 0).length ?? 0) + 3]);
  });

  it('of which each side has some by chance are no drift', async () => {
    const drawn = (seed: number) => `SELECT 'a' || hash(i, ${seed}) % 30000 AS x FROM range(60000) t(i)`;
    const { column } = await compared(drawn(1), drawn(2));
    assert.equal(column('x').status, 'none');
  });
});

describe('windows of time', () => {
  const side = (shift: number) =>
    `SELECT DATE '2024-01-15' + (i % 90)::INT AS day, (hash(i) % 1000)::INT + CASE WHEN i % 90 > 60 THEN ${shift} ELSE 0 END AS x FROM range(9000) t(i)`;

  it('of the current side are each held against the whole baseline', async () => {
    const settings = { window: { column: 'day', by: 'month' } } as const;
    const { windows = [] } = await compared(side(0), side(500), { settings });
    assert.deepEqual(
      windows.map(({ from, to, rows, columns }) => [from, to, rows, columns.map(({ status }) => status)]),
      [
        ['2024-01-01', '2024-02-01', 1700, ['none']],
        ['2024-02-01', '2024-03-01', 2900, ['none']],
        ['2024-03-01', '2024-04-01', 3100, ['high']],
        ['2024-04-01', '2024-05-01', 1300, ['high']],
      ],
    );
  });

  for (const [what, column, by] of [
    ['a column that is not there', 'when', 'month'],
    ['numbers', 'x', 'month'],
  ] as const)
    it(`are refused over ${what}`, async () => {
      await assert.rejects(compared(side(0), side(0), { settings: { window: { column, by } } }), code('drift-window'));
    });

  it('are refused where there would be very many', async () => {
    const days = "SELECT DATE '2000-01-01' + i::INT AS day FROM range(500) t(i)";
    await assert.rejects(
      compared(days, days, { settings: { window: { column: 'day', by: 'day' } } }),
      code('drift-window'),
    );
  });
});

describe('a comparison that goes on', () => {
  const wide = (rows: number) =>
    `SELECT ${Array.from({ length: 450 }, (_, k) => `hash(i, ${k}) % 50 AS c${k}`).join(', ')} FROM range(${rows}) t(i)`;

  it('tells of its progress, also over hundreds of columns', async () => {
    const fractions: number[] = [];
    const { columns } = await compared(wide(200), wide(300), {
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    assert.equal(columns.length, 450);
    assert.ok(fractions.length > 5);
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
  });

  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const ended = compared(wide(200), wide(200), { signal: abort.signal, onProgress: () => abort.abort() });
    await assert.rejects(ended, code('cancelled'));
  });
});
