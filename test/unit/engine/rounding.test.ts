import assert from 'node:assert/strict';
import { controlledRounding } from '../../../src/engine/build/split/rounding';
import { seeded } from '../../host/random';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const totals = (cells: readonly (readonly number[])[]): number[] =>
  (cells[0] ?? []).map((_, split) => sum(cells.map((row) => row[split] ?? 0)));

describe('controlled rounding', () => {
  const thirds = [1 / 3, 1 / 3, 1 / 3];
  const usual = [0.8, 0.1, 0.1];
  const cases: [string, number[], number[], number[]][] = [
    ['40 classes of 5 at 80/10/10', Array.from({ length: 40 }, () => 5), usual, [160, 20, 20]],
    ['10 classes of 4 at 80/10/10', Array.from({ length: 10 }, () => 4), usual, [32, 4, 4]],
    ['3 classes of 2 in thirds', [2, 2, 2], thirds, [2, 2, 2]],
    ['one class', [10], usual, [8, 1, 1]],
    ['one class with rows left over', [11], [0.5, 0.5], [6, 5]],
    ['shares that are whole', [100, 50], usual, [120, 15, 15]],
    ['a split without a share', [5, 5], [0.8, 0, 0.2], [8, 0, 2]],
    ['only one split', [3, 1, 4], [1, 0, 0], [8, 0, 0]],
    ['empty classes', [0, 10, 0], usual, [8, 1, 1]],
    ['no class at all', [], usual, []],
    ['classes of one go to the first split with a share', [1, 1, 1], [0, 0.5, 0.5], [0, 3, 0]],
    ['a share that floating point cannot hold (0.7 × 10)', [10], [0.7, 0.2, 0.1], [7, 2, 1]],
  ];
  for (const [name, sizes, ratios, expected] of cases) {
    it(`gives ${expected.join('/') || 'nothing'} for ${name}`, () => {
      const cells = controlledRounding(sizes, ratios);
      assert.deepEqual(totals(cells), expected);
      assert.deepEqual(cells.map(sum), sizes);
    });
  }

  it('puts every cell and every total within one row of its share, whatever the table', () => {
    const next = seeded(7);
    for (let round = 0; round < 2000; round++) {
      const splits = 2 + Math.floor(next() * 3);
      const weights = Array.from({ length: splits }, () => (next() < 0.1 ? 0 : 0.02 + next()));
      weights[0] = 1;
      const ratios = weights.map((weight) => weight / sum(weights));
      const largest = next() < 0.5 ? 6 : 500;
      const sizes = Array.from({ length: 1 + Math.floor(next() * 25) }, () => 2 + Math.floor(next() * largest));
      const cells = controlledRounding(sizes, ratios);
      const table = JSON.stringify({ sizes, ratios, cells });
      for (const [row, size] of sizes.entries()) {
        assert.equal(sum(cells[row] ?? []), size, `rows of class ${row} of ${table}`);
        for (const [split, ratio] of ratios.entries()) {
          const off = Math.abs((cells[row]?.[split] ?? NaN) - size * ratio);
          assert.ok(off < 1, `class ${row}, split ${split} of ${table}`);
        }
      }
      for (const [split, total] of totals(cells).entries()) {
        assert.ok(Math.abs(total - (ratios[split] ?? 0) * sum(sizes)) < 1, `total of split ${split} of ${table}`);
      }
      assert.deepEqual(controlledRounding(sizes, ratios), cells, `the same again for ${table}`);
    }
  });

  it('keeps the cells of larger classes within one row when there are classes of one', () => {
    const sizes = [1, 20, 1, 7, 1];
    const cells = controlledRounding(sizes, usual);
    assert.deepEqual(
      [cells[0], cells[2], cells[4]],
      [
        [1, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
      ],
    );
    for (const row of [1, 3]) {
      for (const [split, ratio] of usual.entries()) {
        assert.ok(Math.abs((cells[row]?.[split] ?? NaN) - (sizes[row] ?? 0) * ratio) < 1);
      }
    }
  });

  it('is quick for ten thousand classes', () => {
    const cells = controlledRounding(
      Array.from({ length: 10_000 }, (_, index) => 2 + (index % 9)),
      usual,
    );
    assert.equal(cells.length, 10_000);
  }).timeout(5000);
});
