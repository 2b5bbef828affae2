/** What changed between two schemas, and for whom that breaks something. */
import assert from 'node:assert/strict';
import { compatibilityOf, schemaChanges } from '../../../src/engine/evolution';
import type { Compatibility, SchemaChange, SchemaChangeKind, SchemaColumn, TableShape } from '../../../src/protocol';

type Column = Partial<SchemaColumn>;

const shape = (columns: Readonly<Record<string, Column>>, keys: Partial<TableShape> = {}): TableShape => ({
  columns: Object.entries(columns).map(([name, column]) => ({ name, type: 'string', ...column })),
  primaryKey: [],
  ...keys,
});

const told = (changes: readonly SchemaChange[]) =>
  changes.map(({ kind, column, key, compatibility, values }) =>
    [kind, column, key, values, compatibility].filter((part) => part !== undefined).join(' '),
  );

describe('a change of a schema', () => {
  const cases: {
    readonly name: string;
    readonly before: Column;
    readonly after: Column;
    readonly is: SchemaChangeKind;
    readonly compatibility: Compatibility;
    readonly why: RegExp;
  }[] = [
    {
      name: 'whole numbers that become numbers',
      before: { type: 'integer' },
      after: { type: 'number' },
      is: 'retyped',
      compatibility: 'forward-breaking',
      why: /^x is number and was integer: it takes every value from before and more/,
    },
    {
      name: 'numbers that become whole numbers',
      before: { type: 'number' },
      after: { type: 'integer' },
      is: 'retyped',
      compatibility: 'backward-breaking',
      why: /it takes fewer values, so that data from before may not fit/,
    },
    {
      name: 'numbers that become text',
      before: { type: 'number' },
      after: { type: 'string' },
      is: 'retyped',
      compatibility: 'breaking',
      why: /values of the one are none of the other/,
    },
    {
      name: 'a column that may be missing now',
      before: { required: true, nullable: false, nullableFrom: 'declared' },
      after: { nullable: false, nullableFrom: 'seen' },
      is: 'nullability',
      compatibility: 'forward-breaking',
      why: /x may now be missing: what is made for the data before counts on a value/,
    },
    {
      name: 'a column that may no longer be missing',
      before: { nullable: true, nullableFrom: 'seen' },
      after: { required: true, nullable: false, nullableFrom: 'declared' },
      is: 'nullability',
      compatibility: 'backward-breaking',
      why: /data from before in which it is does not fit/,
    },
    {
      name: 'a column that may no longer be missing and never was',
      before: { nullable: false, nullableFrom: 'seen' },
      after: { required: true, nullable: false, nullableFrom: 'declared' },
      is: 'nullability',
      compatibility: 'compatible',
      why: /no value of it was missing before/,
    },
    {
      name: 'missing values where nothing is declared',
      before: { nullable: false, nullableFrom: 'seen' },
      after: { nullable: true, nullableFrom: 'seen' },
      is: 'nullability',
      compatibility: 'forward-breaking',
      why: /Values of x are missing now and none was before; nothing is declared of it/,
    },
    {
      name: 'no missing values any more where nothing is declared',
      before: { nullable: true, nullableFrom: 'seen' },
      after: { nullable: false, nullableFrom: 'seen' },
      is: 'nullability',
      compatibility: 'compatible',
      why: /were missing before and none is now/,
    },
    {
      name: 'one more value of an enum',
      before: { enum: ['a', 'b'] },
      after: { enum: ['b', 'c', 'a'] },
      is: 'enum',
      compatibility: 'forward-breaking',
      why: /x may also be c now, which what is made for the data before does not know/,
    },
    {
      name: 'one value of an enum less',
      before: { enum: ['a', 'b'] },
      after: { enum: ['a'] },
      is: 'enum',
      compatibility: 'backward-breaking',
      why: /x may no longer be b/,
    },
    {
      name: 'another value of an enum',
      before: { enum: ['a', 'b'] },
      after: { enum: ['a', 'c'] },
      is: 'enum',
      compatibility: 'breaking',
      why: /may be c now and no longer b/,
    },
    {
      name: 'an enum where there was none',
      before: {},
      after: { enum: ['a'] },
      is: 'enum',
      compatibility: 'backward-breaking',
      why: /has to be one of a now/,
    },
    {
      name: 'an enum that is gone',
      before: { enum: [1, 2, 3, 4, 5, 6, 7], type: 'integer' },
      after: { type: 'integer' },
      is: 'enum',
      compatibility: 'forward-breaking',
      why: /may be anything now/,
    },
    {
      name: 'a higher maximum',
      before: { type: 'number', maximum: 10 },
      after: { type: 'number', maximum: 20 },
      is: 'bounds',
      compatibility: 'forward-breaking',
      why: /`maximum` of x is 20 and was 10: what is made for the data before may meet values it does not know/,
    },
    {
      name: 'a bound that shuts its own value out',
      before: { type: 'number', minimum: 0 },
      after: { type: 'number', exclusiveMinimum: 0 },
      is: 'bounds',
      compatibility: 'backward-breaking',
      why: /`exclusiveMinimum` of x is 0 and was 0: data from before may lie outside/,
    },
    {
      name: 'an earlier first date',
      before: { type: 'date', minimum: '2020-01-01' },
      after: { type: 'date', minimum: '2019-12-31' },
      is: 'bounds',
      compatibility: 'forward-breaking',
      why: /is 2019-12-31 and was 2020-01-01/,
    },
    {
      name: 'a bound that is gone',
      before: { type: 'number', minimum: 0 },
      after: { type: 'number' },
      is: 'bounds',
      compatibility: 'forward-breaking',
      why: /`minimum` of x is gone \(it was 0\)/,
    },
    {
      name: 'shorter texts',
      before: { maxLength: 10 },
      after: { maxLength: 5 },
      is: 'bounds',
      compatibility: 'backward-breaking',
      why: /`maxLength` of x is 5 and was 10/,
    },
    {
      name: 'longer texts at the least',
      before: {},
      after: { minLength: 2 },
      is: 'bounds',
      compatibility: 'backward-breaking',
      why: /`minLength` of x is 2 now/,
    },
    {
      name: 'another pattern',
      before: { pattern: 'a+' },
      after: { pattern: 'b+' },
      is: 'pattern',
      compatibility: 'breaking',
      why: /`pattern` of x is another one/,
    },
    {
      name: 'a format where there was none',
      before: {},
      after: { format: 'email' },
      is: 'pattern',
      compatibility: 'backward-breaking',
      why: /has to have a `format` now/,
    },
    {
      name: 'values that may not repeat any more',
      before: {},
      after: { unique: true },
      is: 'unique',
      compatibility: 'backward-breaking',
      why: /No value of x may occur twice now/,
    },
    {
      name: 'values that may repeat now',
      before: { unique: true },
      after: {},
      is: 'unique',
      compatibility: 'forward-breaking',
      why: /what finds rows by it may find several/,
    },
    {
      name: 'another role',
      before: { role: 'feature' },
      after: { role: 'target' },
      is: 'role',
      compatibility: 'compatible',
      why: /The role of x is target and was feature/,
    },
  ];
  for (const { name, before, after, is, compatibility, why } of cases) {
    it(`${name}: ${compatibility}`, () => {
      const changes = schemaChanges(shape({ x: before }), shape({ x: after }));
      assert.deepEqual(
        changes.map((change) => [change.kind, change.column, change.compatibility]),
        [[is, 'x', compatibility]],
      );
      assert.match(changes[0]?.why ?? '', why);
    });
  }

  const storage: readonly [before: string, after: string, change: 'same' | 'widened' | 'narrowed' | 'other'][] = [
    ['INTEGER', 'BIGINT', 'widened'],
    ['BIGINT', 'INTEGER', 'narrowed'],
    ['UINTEGER', 'BIGINT', 'widened'],
    ['UINTEGER', 'INTEGER', 'other'],
    ['FLOAT', 'DOUBLE', 'widened'],
    ['DOUBLE', 'FLOAT', 'narrowed'],
    ['DECIMAL(5,2)', 'DECIMAL(7,3)', 'widened'],
    ['DECIMAL(5,2)', 'DECIMAL(5,3)', 'other'],
    ['TIMESTAMP_S', 'TIMESTAMP', 'widened'],
    ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'other'],
    ['INTEGER[]', 'BIGINT[]', 'widened'],
    ['FLOAT[3]', 'FLOAT[4]', 'other'],
    ['FLOAT[3]', 'FLOAT[]', 'widened'],
    ['STRUCT(a INTEGER)', 'STRUCT(a INTEGER, "b, c" VARCHAR)', 'widened'],
    ['STRUCT(a INTEGER, b VARCHAR)', 'STRUCT(a BIGINT)', 'other'],
    ['MAP(VARCHAR, INTEGER)', 'MAP(VARCHAR, BIGINT)', 'widened'],
    ["ENUM('a', 'b')", 'VARCHAR', 'widened'],
    ['what nobody knows', 'VARCHAR', 'other'],
  ];
  for (const [before, after, change] of storage) {
    it(`${before} stored as ${after}: ${change}`, () => {
      const column = (physicalType: string) => shape({ x: { type: 'any', physicalType } });
      const [found] = schemaChanges(column(before), column(after));
      assert.deepEqual([found?.kind, found?.values], ['retyped', change]);
    });
  }

  it('tells columns that are new and gone, and asks nothing of data from before unless they are required', () => {
    const before = shape({ a: {}, gone: { type: 'date', physicalType: 'DATE' } });
    const after = shape({ a: {}, optional: { nullable: false, nullableFrom: 'seen' }, needed: { required: true } });
    assert.deepEqual(told(schemaChanges(before, after)), [
      'removed gone forward-breaking',
      'added needed backward-breaking',
      'added optional compatible',
    ]);
  });

  it('takes another order for compatible', () => {
    const changes = schemaChanges(shape({ a: {}, b: {}, c: {} }), shape({ b: {}, a: {} }));
    assert.deepEqual(told(changes), ['removed c forward-breaking', 'order compatible']);
    assert.deepEqual(
      [changes[1]?.before, changes[1]?.after],
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    );
  });

  const keys: readonly [before: string[], after: string[], Compatibility | undefined][] = [
    [[], ['a'], 'backward-breaking'],
    [['a'], [], 'forward-breaking'],
    [['a'], ['a', 'b'], 'forward-breaking'],
    [['a', 'b'], ['a'], 'backward-breaking'],
    [['a'], ['b'], 'breaking'],
    [['a', 'b'], ['b', 'a'], undefined],
  ];
  for (const [before, after, compatibility] of keys) {
    it(`the primary key (${before.join(', ')}) as (${after.join(', ')}): ${compatibility ?? 'the same'}`, () => {
      const columns = { a: { required: true }, b: { required: true } };
      const changes = schemaChanges(shape(columns, { primaryKey: before }), shape(columns, { primaryKey: after }));
      assert.deepEqual(told(changes), compatibility === undefined ? [] : [`primaryKey ${compatibility}`]);
    });
  }

  it('tells foreign keys that are new and gone', () => {
    const key = (resource: string) => ({ foreignKeys: [{ fields: ['a'], reference: { resource, fields: ['id'] } }] });
    assert.deepEqual(told(schemaChanges(shape({ a: {} }, key('x')), shape({ a: {} }, key('y')))), [
      'foreignKeys forward-breaking',
      'foreignKeys backward-breaking',
    ]);
  });

  it('takes a suspected name for one column, and compares the rest of it', () => {
    const suspicions = {
      renamed: [{ before: 'a', after: 'b', evidence: { sharedValues: 1, sameName: false, samePlace: true } }],
      scaled: [{ column: 'n', evidence: { factor: 0.001, unit: 'metres to kilometres' } }],
    };
    const before = shape({ a: { enum: ['x'] }, n: { type: 'number' } });
    const after = shape({ b: {}, n: { type: 'number' } });
    const changes = schemaChanges(before, after, suspicions);
    assert.deepEqual(told(changes), ['renamed b breaking', 'scale n breaking', 'enum b enum widened forward-breaking']);
    assert.match(
      changes[0]?.why ?? '',
      /^a seems to be called b now, as 100 % of their values are the same, they stand/,
    );
    assert.match(changes[1]?.why ?? '', /they are 1\/1000 of what they were, as from metres to kilometres/);
  });

  it('finds nothing between a schema and itself, whatever the columns are called', () => {
    const names = ['__proto__', 'constructor', 'a"b', 'a\0b', '', '<<', 'null'];
    const columns = names.map((name): SchemaColumn => ({ name, type: 'string', enum: ['x'] }));
    const all: TableShape = { columns, primaryKey: ['__proto__'] };
    assert.deepEqual(schemaChanges(all, all), []);
    assert.deepEqual(
      told(schemaChanges({ columns: [], primaryKey: [] }, { columns, primaryKey: [] })),
      names.map((name) => `added ${name} compatible`),
    );
  });

  it('comes to breaking where both ways are broken, by one change or by two', () => {
    const of = (...all: Compatibility[]) => compatibilityOf(all.map((compatibility) => ({ compatibility })));
    assert.deepEqual(
      [of(), of('compatible'), of('forward-breaking'), of('backward-breaking', 'compatible')],
      ['compatible', 'compatible', 'forward-breaking', 'backward-breaking'],
    );
    assert.deepEqual([of('breaking'), of('forward-breaking', 'backward-breaking')], ['breaking', 'breaking']);
  });
});
