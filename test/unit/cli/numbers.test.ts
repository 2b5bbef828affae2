import assert from 'node:assert/strict';
import { duration } from '../../../src/cli/numbers';

describe('durations in the terminal', () => {
  for (const [milliseconds, shown] of [
    [999, '999 ms'],
    [1000, '1 s'],
    [59_940, '59.9 s'],
    [119_600, '2 min 0 s'],
    [3_599_600, '60 min 0 s'],
  ] as const) {
    it(`${milliseconds} ms are ${shown}`, () => {
      assert.equal(duration(milliseconds), shown);
    });
  }
});
