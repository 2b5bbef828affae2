/** What the values of two sides say of columns with another name, and of values in another unit. */
import assert from 'node:assert/strict';
import { suspicionsOf, type ColumnSketch } from '../../../src/engine/evolution';
import type { SchemaColumn } from '../../../src/protocol';

const hashes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => (from + index).toString(16).padStart(16, '0'));

const sketch = (name: string, more: Partial<ColumnSketch> = {}): ColumnSketch => ({
  name,
  kind: 'texts',
  rows: 1000,
  missing: 0,
  distinct: more.hashes?.length ?? 100,
  hashes: hashes(0, 100),
  ...more,
});
const numbers = (name: string, quantiles: readonly number[], more: Partial<ColumnSketch> = {}): ColumnSketch =>
  sketch(name, { kind: 'numbers', quantiles, distinct: 500, hashes: [], ...more });
const side = (...sketches: ColumnSketch[]) => ({
  sketches,
  shape: {
    columns: sketches.map(({ name, kind }): SchemaColumn => ({ name, type: kind === 'numbers' ? 'number' : 'string' })),
    primaryKey: [],
  },
});
const names = (before: ReturnType<typeof side>, after: ReturnType<typeof side>) =>
  suspicionsOf(before, after).renamed.map((pair) => `${pair.before} → ${pair.after}`);

describe('a renamed column', () => {
  it('has the values of the one before, and says how many of them', () => {
    const before = side(sketch('city'), sketch('street', { hashes: hashes(500, 700) }));
    const after = side(sketch('town', { hashes: hashes(0, 98) }), sketch('road', { hashes: hashes(520, 700) }));
    assert.deepEqual(names(before, after), ['city → town', 'street → road']);
    const [first] = suspicionsOf(before, after).renamed;
    assert.equal(first?.evidence.sharedValues, 0.98);
  });

  it('is not one with other values, of another kind, or with far more missing values', () => {
    assert.deepEqual(names(side(sketch('a')), side(sketch('b', { hashes: hashes(90, 200) }))), []);
    assert.deepEqual(names(side(sketch('a')), side(sketch('b', { kind: 'times' }))), []);
    assert.deepEqual(names(side(sketch('a')), side(sketch('b', { missing: 400 }))), []);
  });

  it('needs more than values that stand in many columns, such as 0 and 1', () => {
    const flag = (name: string) => sketch(name, { hashes: hashes(0, 2) });
    // Between the same columns, it stands in its place; elsewhere it may be any.
    assert.deepEqual(names(side(sketch('x'), flag('a'), sketch('y')), side(sketch('x'), sketch('y'), flag('b'))), []);
    assert.deepEqual(names(side(sketch('x'), flag('a')), side(sketch('x'), flag('b'))), ['a → b']);
    assert.deepEqual(names(side(sketch('x'), flag('is_open')), side(flag('isOpen'), sketch('x'))), [
      'is_open → isOpen',
    ]);
  });

  it('of measurements is told by their quantiles together with the name or the place', () => {
    const before = side(sketch('x'), numbers('length', [1, 2, 3, 4, 5]));
    const near = [1.1, 2, 3.1, 4, 5.2];
    assert.deepEqual(names(before, side(sketch('x'), numbers('size', near))), ['length → size']);
    assert.deepEqual(names(before, side(numbers('size', near), sketch('x'))), []);
    assert.deepEqual(names(before, side(sketch('x'), numbers('size', [10, 20, 30, 40, 50]))), []);
  });

  it('goes with the one that is most like it, whatever the order of the columns', () => {
    const before = side(sketch('a'), sketch('b', { hashes: hashes(30, 130) }));
    const after = (...order: string[]) =>
      side(...order.map((name) => sketch(name, { hashes: name === 'c' ? hashes(30, 130) : hashes(0, 100) })));
    assert.deepEqual(names(before, after('c', 'd')).sort(), ['a → d', 'b → c']);
    assert.deepEqual(names(before, after('d', 'c')).sort(), ['a → d', 'b → c']);
  });
});

describe('values in another unit', () => {
  const scaled = (before: readonly number[], after: readonly number[], more: Partial<ColumnSketch> = {}) => {
    const [found] = suspicionsOf(side(numbers('n', before, more)), side(numbers('n', after, more))).scaled;
    return found && [found.evidence.factor, found.evidence.unit];
  };
  const usual = [1, 5, 10, 20, 40];
  const times = (factor: number, values: readonly number[] = usual) => values.map((value) => value * factor);

  const cases: readonly [name: string, factor: number, known: readonly [number, string | undefined]][] = [
    ['metres to millimetres', 1000, [1000, undefined]],
    ['per cent to shares', 0.01, [0.01, undefined]],
    ['inches', 2.54, [2.54, 'inches to centimetres']],
    ['seconds to minutes', 1 / 60, [1 / 60, 'seconds to minutes']],
    ['other rows of the same measurement', 1060, [1000, undefined]],
    ['kibibytes to bytes', 1024, [1024, 'kibibytes to bytes']],
  ];
  for (const [name, factor, known] of cases) {
    it(`are told by what all quantiles have grown by: ${name}`, () => {
      assert.deepEqual(scaled(usual, times(factor)), known);
    });
  }

  it('are told of values around 0 too', () => {
    assert.deepEqual(scaled([-2, -0.7, 0.01, 0.7, 2], [-2010, -690, 25, 702, 1990]), [1000, undefined]);
  });

  const none: readonly [name: string, before: readonly number[], after: readonly number[]][] = [
    ['the same values', usual, usual],
    ['values that doubled', usual, times(2)],
    ['values of which only some grew', usual, [1, 5, 10, 20_000, 40_000]],
    ['values that moved', usual, usual.map((value) => value + 1000)],
    ['values of another sign', usual, times(-1000)],
    ['one value', [1, 1, 1, 1, 1], [10, 10, 10, 10, 10]],
    ['zeros that are none any more', [0, 0, 0, 10, 20], [500, 600, 800, 10_000, 20_000]],
  ];
  for (const [name, before, after] of none) {
    it(`are not ${name}`, () => {
      assert.equal(scaled(before, after), undefined);
    });
  }

  it('are not a counter that counts more rows', () => {
    const rows = (count: number) => ({ rows: count, distinct: count });
    const before = side(numbers('id', [50, 250, 500, 750, 950], rows(1000)));
    const after = side(numbers('id', [500, 2500, 5000, 7500, 9500], rows(10_000)));
    assert.deepEqual(suspicionsOf(before, after).scaled, []);
  });
});
