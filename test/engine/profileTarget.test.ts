import assert from 'node:assert/strict';
import { thresholdsOf } from '../../src/config';
import { wholeAlerts } from '../../src/engine/profile/alerts/alerts';
import { determined } from '../../src/engine/profile/target/leaks';
import { targetOf } from '../../src/engine/profile/target/target';
import type { ColumnSpec, TargetProfile } from '../../src/protocol';
import { tables } from './profileSupport';

const table = tables();

interface Found {
  readonly target: TargetProfile | undefined;
  /** Share of the target that each column determines. */
  readonly shares: Readonly<Record<string, number>>;
  /** Columns of which an alert is raised. */
  readonly suspected: readonly string[];
}

async function find(
  query: string,
  specs: Readonly<Record<string, ColumnSpec>> = { y: { role: 'target' } },
): Promise<Found> {
  const made = await table(query, { specs });
  const columns = await made.described();
  const target = await targetOf(made.context, columns);
  const found = target ? await determined(made.context, columns, target.associations) : [];
  const whole = {
    rows: made.context.rows,
    correlations: [],
    duplicates: { groups: 0, surplusRows: 0 },
    ...(target && { target }),
    determined: found,
  };
  const alerts = wholeAlerts(whole, thresholdsOf({}), 'set');
  return {
    target,
    shares: Object.fromEntries(found.map(({ column, share }) => [column, share])),
    suspected: alerts.filter(({ code }) => code === 'suspected-leak').map(({ column }) => column ?? ''),
  };
}

describe('the target of a dataset', () => {
  it('is the column whose role it is; without one nothing is said', async () => {
    const { target } = await find('SELECT i % 2 AS y, i AS x FROM range(10) r(i)', {});
    assert.equal(target, undefined);
  });

  it('is told by its classes, largest first, and the largest over the smallest', async () => {
    const { target } = await find("SELECT ['no', 'no', 'no', 'yes', NULL][1 + i % 5] AS y FROM range(100) r(i)");
    assert.deepEqual(target, {
      column: 'y',
      kind: 'classes',
      classes: [
        { value: 'no', count: 60 },
        { value: 'yes', count: 20 },
      ],
      imbalanceRatio: 3,
      associations: [],
    });
  });

  it('is held against every other column by the method that suits it, the strongest first', async () => {
    const { target } = await find(
      "SELECT i % 2 AS y, i % 2 * 10 + i % 3 AS near, i % 5 AS far, ['a', 'b'][1 + i % 2] AS class, " +
        "DATE '2020-01-01' + (i % 7)::INTEGER AS day, 'id' || i AS id, 1 AS constant FROM range(210) r(i)",
    );
    assert.deepEqual(
      target?.associations.map(({ column, method, value }) => [column, method, Number(value.toFixed(3))]),
      [
        ['class', 'cramersV', 1],
        ['near', 'correlationRatio', 0.987],
        ['day', 'correlationRatio', 0],
        ['far', 'correlationRatio', 0],
      ],
    );
  });

  it('may be a number, with which numbers and times go by Pearson and classes by η', async () => {
    const { target } = await find(
      "SELECT i + 0.5 AS y, -i * 2.5 AS x, ['a', 'b'][1 + i // 50] AS class, TIMESTAMP '2020-01-01' + INTERVAL (i * i) MINUTE AS t FROM range(100) r(i)",
    );
    assert.equal(target?.kind, 'numeric');
    assert.deepEqual(
      target.associations.map(({ column, method, value }) => [column, method, Number(value.toFixed(3))]),
      [
        ['x', 'pearson', -1],
        ['t', 'pearson', 0.968],
        ['class', 'correlationRatio', 0.866],
      ],
    );
    assert.equal(target.classes, undefined);
  });

  it('shows how other columns are spread within its classes, by edges and values that the classes share', async () => {
    const { target } = await find(
      "SELECT CASE WHEN i % 4 = 0 THEN 'rare' ELSE 'usual' END AS y, CASE WHEN i % 4 = 0 THEN 30 ELSE i % 3 END AS n, " +
        "CASE WHEN i % 4 = 0 THEN 'red' ELSE ['blue', 'green'][1 + i % 2] END AS colour FROM range(120) r(i)",
    );
    const byName = Object.fromEntries((target?.perClass ?? []).map((each) => [each.column, each]));
    const { edges = [], classes = [] } = byName['n'] ?? {};
    assert.deepEqual(
      classes.map(({ value, counts, mean }) => [value, counts.reduce((sum, count) => sum + count, 0), mean]),
      [
        ['usual', 90, 1],
        ['rare', 30, 30],
      ],
    );
    assert.ok(classes.every(({ counts }) => counts.length === edges.length - 1));
    assert.deepEqual(byName['colour'], {
      column: 'colour',
      values: ['green', 'blue', 'red'],
      classes: [
        { value: 'usual', counts: [60, 30, 0, 0] },
        { value: 'rare', counts: [0, 0, 30, 0] },
      ],
    });
  });
});

describe('suspected leaks', () => {
  const leaks: [string, string][] = [
    ['a copy of the target in other words', "SELECT i % 3 = 0 AS y, ['no', 'yes'][1 + (i % 3 = 0)::INT] AS x"],
    ['a number from which on the target is true', 'SELECT sin(i) > 0.3 AS y, sin(i) AS x'],
    ['a number between two bounds', 'SELECT abs(sin(i)) < 0.5 AS y, sin(i) AS x'],
    ['a time after which it happened', "SELECT i > 300 AS y, TIMESTAMP '2020-01-01' + INTERVAL (i * 77) SECOND AS x"],
    [
      'a text that only rows of one class have',
      "SELECT i % 3 = 0 AS y, CASE WHEN i % 3 = 0 THEN 'boat no. ' || i END AS x",
    ],
    ['finer classes than the target', "SELECT i % 12 < 6 AS y, 'code ' || (i % 12) AS x"],
    ['the target in another unit', 'SELECT sin(i) * 100 AS y, sin(i) * 2.54 + 7 AS x'],
    ['a number that it is a curve of', 'SELECT cos(i / 9.0) * 100 AS y, i / 9.0 % 6.283185307 AS x'],
  ];
  for (const [what, select] of leaks) {
    it(`are ${what}`, async () => {
      const { shares, suspected } = await find(`${select} FROM range(1000) r(i)`);
      assert.deepEqual(suspected, ['x'], JSON.stringify(shares));
    });
  }

  const honest: [string, string][] = [
    ['identifiers', "SELECT i % 3 = 0 AS y, i AS user_id, uuid() AS key, 'a' || i AS x"],
    ['a column that helps', 'SELECT sin(i) + cos(i * 7) > 0.3 AS y, sin(i) AS x'],
    ['coarser classes than the target', "SELECT 'c' || (i % 4) AS y, i % 4 < 2 AS x"],
    ['noise', "SELECT hash(i) % 2 = 0 AS y, hash(i + 1) % 50 AS x, 'v' || hash(i + 2) % 90 AS z"],
    ['the most frequent class of a rare one', 'SELECT i % 200 = 0 AS y, i % 7 AS x'],
  ];
  for (const [what, select] of honest) {
    it(`are not ${what}`, async () => {
      const { shares, suspected } = await find(`${select} FROM range(1000) r(i)`);
      assert.deepEqual(suspected, [], JSON.stringify(shares));
    });
  }

  it('are not columns that a person keeps from the training', async () => {
    for (const role of ['ignore', 'group', 'id', 'weight'] as const) {
      const { suspected } = await find('SELECT i % 3 = 0 AS y, i % 3 AS x FROM range(300) r(i)', {
        y: { role: 'target' },
        x: { role },
      });
      assert.deepEqual(suspected, [], role);
    }
  });

  it('are not looked for in a handful of rows', async () => {
    assert.deepEqual((await find('SELECT i % 3 = 0 AS y, i % 3 AS x FROM range(49) r(i)')).shares, {});
  });

  it('are told of a sample of many rows', async () => {
    const { suspected } = await find('SELECT sin(i) > 0 AS y, sin(i) AS x, cos(i) AS z FROM range(100000) r(i)');
    assert.deepEqual(suspected, ['x']);
  });
});
