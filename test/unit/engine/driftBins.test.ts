/** Over which bins numbers are compared. */
import assert from 'node:assert/strict';
import { above, areValues, binsOf, densityEdges, sharesFor } from '../../../src/engine/drift/bins';
import type { DriftBins } from '../../../src/protocol';

const deciles: DriftBins = { by: 'quantile', count: 10 };

function edgesOf(bins: DriftBins, quantiles: readonly number[], min: number, max: number, integer = false) {
  const found = binsOf(bins, quantiles, { min, max }, integer);
  return found.by === 'edges' ? found.edges : undefined;
}

describe('bins of a comparison', () => {
  it('are as many quantiles of the baseline as asked for, less one', () => {
    assert.deepEqual(sharesFor({ by: 'quantile', count: 4 }), [0.25, 0.5, 0.75]);
    assert.deepEqual(edgesOf({ by: 'quantile', count: 4 }, [2, 5, 9], 0, 20), [2, 5, 9]);
  });

  it('merge equal quantiles and give the value that they are a bin of its own', () => {
    assert.deepEqual(edgesOf(deciles, [0, 0, 0, 0, 1, 2, 3, 4, 5], 0, 9), [0, Number.MIN_VALUE, 1, 2, 3, 4, 5]);
    assert.deepEqual(edgesOf(deciles, [2, 2, 2, 4, 5, 6, 7, 8, 9], 0, 30, true), [2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('part what is larger than the largest value from it, where many are as large', () => {
    assert.deepEqual(edgesOf(deciles, [1, 2, 3, 4, 5, 6, 7, 8, 9], 0, 9, true), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('tell a constant from everything smaller and larger', () => {
    assert.deepEqual(edgesOf(deciles, Array<number>(9).fill(5), 5, 5), [5, above(5)]);
    assert.deepEqual(edgesOf({ by: 'width', count: 10 }, [5, 5], 5, 5), [5, above(5)]);
  });

  it('of equal width leave a far value to the open outer bin', () => {
    assert.deepEqual(edgesOf({ by: 'width', count: 4 }, [2, 4], 0, 8), [2, 4, 6]);
    assert.deepEqual(edgesOf({ by: 'width', count: 5 }, [2, 4], 0, 1e9), [2, 4, 6, 8]);
  });

  it('are as the config gives them, in their order', () => {
    assert.deepEqual(edgesOf({ by: 'edges', edges: [65, 18, 18] }, [], 0, 90), [18, 65]);
  });

  for (const [distinct, finite, expected] of [
    [3, 6, true],
    [20, 1000, true],
    [21, 1000, false],
    [15, 15, false],
    [1, 1, false],
  ] as const)
    it(`${expected ? 'are' : 'are not'} the values themselves where ${finite} numbers have ${distinct} of them`, () => {
      assert.equal(areValues({ distinct, finite }), expected);
    });

  for (const [value, next] of [
    [0, Number.MIN_VALUE],
    [1, 1 + Number.EPSILON],
    [-1, -1 + Number.EPSILON / 2],
  ] as const)
    it(`the double after ${value} is ${next}`, () => {
      assert.equal(above(value), next);
    });

  it('of a chart leave out what is far from the middle of both sides, and keep what is near', () => {
    const near = densityEdges([{ min: 0, max: 110, low: 1, high: 99 }], false);
    assert.deepEqual([near?.[0], near?.at(-1), near?.length], [0, 110, 41]);
    const far = densityEdges([{ min: 0, max: 1e9, low: 1, high: 99 }], false);
    assert.deepEqual([far?.[0], far?.at(-1)], [0, 148]);
    assert.equal(densityEdges([{ min: 3, max: 3, low: 3, high: 3 }], false), undefined);
  });

  for (const [min, max, width, bins] of [
    [0, 1, 1, 2],
    [20, 60, 1, 41],
    [0, 99, 2, 50],
    [1, 1000, 25, 40],
  ] as const)
    it(`of a chart of whole numbers from ${min} to ${max} hold ${width} of them each`, () => {
      const edges = densityEdges([{ min, max, low: min, high: max }], true);
      assert.deepEqual(
        edges,
        Array.from({ length: bins + 1 }, (_, at) => min + at * width),
      );
    });
});
