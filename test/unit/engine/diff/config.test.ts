import assert from 'node:assert/strict';
import { configChanges } from '../../../../src/engine/diff/config';

describe('config changes', () => {
  for (const [what, before, after, changes] of [
    ['nothing where only the order of keys is another', { a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }, []],
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: ['a', 'b'], before: 1, after: 2 }]],
    ['a key that is new', {}, { a: { b: 1 } }, [{ path: ['a'], after: { b: 1 } }]],
    ['a key that is gone', { a: null, b: 1 }, { b: 1 }, [{ path: ['a'], before: null }]],
    ['a list of plain values as one', { a: [1, 2] }, { a: [2] }, [{ path: ['a'], before: [1, 2], after: [2] }]],
    [
      'what is another in a list of steps',
      { steps: [{ name: 'trim' }, { name: 'clip', to: 3 }] },
      { steps: [{ name: 'trim' }, { name: 'clip', to: 4 }, { name: 'drop' }] },
      [
        { path: ['steps', 1, 'to'], before: 3, after: 4 },
        { path: ['steps', 2], after: { name: 'drop' } },
      ],
    ],
    ['a value of another kind', { a: [1] }, { a: 'x' }, [{ path: ['a'], before: [1], after: 'x' }]],
    ['a key that every object inherits', {}, { toString: 1 }, [{ path: ['toString'], after: 1 }]],
  ] as const)
    it(`are ${what}`, () => {
      assert.deepEqual(configChanges(before, after), changes);
    });
});
