/** Which drift is told, and which was told before. */
import assert from 'node:assert/strict';
import { acknowledged, alertOf, decide, type Told } from '../../../src/engine/alerts';
import { driftAlertSchema, type DriftColumn, type DriftLevel, type DriftStatus } from '../../../src/protocol';

type Statuses = Readonly<Record<string, DriftStatus | 'muted'>>;
type Levels = Readonly<Record<string, DriftLevel>>;
type Case = readonly [what: string, now: Statuses, before: Levels, tells: readonly string[], told: Levels];

const column = (name: string, status: DriftStatus | 'muted'): DriftColumn => ({
  name,
  type: 'number',
  semantic: 'numeric',
  status: status === 'muted' ? 'high' : status,
  ...(status === 'muted' && { muted: true as const }),
  metrics: {},
  conventions: {},
  decidedBy: 'psi',
  value: 0.3,
  threshold: 0.25,
});

const told = (levels: Levels): Told => new Map(Object.entries(levels));

function decided(statuses: Statuses, before: Levels, level: DriftLevel = 'medium') {
  const columns = Object.entries(statuses).map(([name, status]) => column(name, status));
  const decision = decide({ columns }, told(before), level);
  return {
    tells: decision.columns.map(({ name, why }) => `${name} ${why}`),
    told: Object.fromEntries(decision.told),
  };
}

/** Names that objects have of their own accord. */
const hostile = JSON.parse('{"__proto__":"high","constructor":"high"}') as Record<string, 'high'>;

describe('an alert', () => {
  const cases: readonly Case[] = [
    ['nothing where nothing drifted', { a: 'none', b: 'low' }, {}, [], {}],
    ['a column that began to drift', { a: 'medium', b: 'none' }, {}, ['a new'], { a: 'medium' }],
    ['the worst first', { a: 'medium', b: 'high' }, {}, ['b new', 'a new'], { a: 'medium', b: 'high' }],
    ['nothing that was told', { a: 'high', b: 'medium' }, { a: 'high', b: 'medium' }, [], { a: 'high', b: 'medium' }],
    [
      'what worsened since',
      { a: 'high', b: 'medium' },
      { a: 'medium', b: 'medium' },
      ['a worse'],
      { a: 'high', b: 'medium' },
    ],
    ['nothing that is better than it was', { a: 'medium' }, { a: 'high' }, [], { a: 'high' }],
    ['nothing of a column that is well again, and forgets it', { a: 'none' }, { a: 'high' }, [], {}],
    ['nothing of a column that is below its level, and forgets it', { a: 'low' }, { a: 'high' }, [], {}],
    [
      'nothing of a column with too few rows to tell, and forgets nothing',
      { a: 'insufficient' },
      { a: 'high' },
      [],
      { a: 'high' },
    ],
    [
      'nothing of a column that could not be compared, and forgets nothing',
      { a: 'failed', b: 'failed' },
      { a: 'high' },
      [],
      { a: 'high' },
    ],
    [
      'nothing of a muted column, and forgets it',
      { a: 'muted', b: 'high' },
      { a: 'high', b: 'medium' },
      ['b worse'],
      { b: 'high' },
    ],
    [
      'a column that is gone or of another type',
      { a: 'removed', b: 'retyped' },
      {},
      ['a new', 'b new'],
      { a: 'high', b: 'high' },
    ],
    ['nothing of a column that came', { a: 'added' }, {}, [], {}],
    ['nothing of a column that neither side has any more', { b: 'none' }, { a: 'high' }, [], {}],
    ['a column of any name', hostile, {}, ['__proto__ new', 'constructor new'], hostile],
  ];
  for (const [what, statuses, before, tells, now] of cases)
    it(`tells ${what}`, () => {
      assert.deepEqual(decided(statuses, before), { tells, told: now });
    });

  for (const [level, tells] of [
    ['low', ['c new', 'b new', 'a new']],
    ['medium', ['c new', 'b new']],
    ['high', ['c new']],
  ] as const)
    it(`tells what reached the level that the config names: ${level}`, () => {
      assert.deepEqual(decided({ a: 'low', b: 'medium', c: 'high' }, {}, level).tells, tells);
    });

  it('tells again what still drifts once it is acknowledged', () => {
    const alert = alertOf(
      { dataset: 'd', build: 'b', baseline: 'a' },
      [{ name: 'x', status: 'high', why: 'new' }],
      't1',
    );
    const after = acknowledged(
      { alerts: [{ ...alert, acknowledgedAt: 't0' }, alert], told: told({ x: 'high' }) },
      't2',
    );
    assert.deepEqual(
      after.alerts.map(({ acknowledgedAt }) => acknowledgedAt),
      ['t0', 't2'],
    );
    assert.deepEqual(decide({ columns: [column('x', 'high')] }, after.told, 'medium').columns.length, 1);
  });

  it('is one for all columns, as bad as the worst, and names the first of them', () => {
    const columns = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => ({
      name,
      status: index === 0 ? ('removed' as const) : ('medium' as const),
      why: index === 1 ? ('worse' as const) : ('new' as const),
    }));
    const alert = driftAlertSchema.parse(
      alertOf({ dataset: 'd', build: 'b', baseline: 'production.csv' }, columns, 't'),
    );
    assert.equal(alert.severity, 'high');
    assert.equal(
      alert.message,
      'd: 7 columns drifted from production.csv: a (removed), b (medium, worse than before), c (medium), d (medium), e (medium) and 2 more.',
    );
    assert.equal(alert.columns.length, 7);
  });
});
