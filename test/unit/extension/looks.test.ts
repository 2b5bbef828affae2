import assert from 'node:assert/strict';
import { Looks } from '../../../src/extension/datasets/looks';

describe('looking at the workspace', () => {
  /** Looks that end when they are told to. */
  function held() {
    const ends: { resolve: () => void; reject: (reason: Error) => void }[] = [];
    const looks = new Looks(() => new Promise((resolve, reject) => ends.push({ resolve, reject })));
    return { looks, ends };
  }

  it('happens once more, for all who ask during a look', async () => {
    const { looks, ends } = held();
    const all = [looks.again(), looks.again(), looks.again()];
    assert.equal(ends.length, 1);
    ends[0]?.resolve();
    await all[0];
    assert.equal(ends.length, 2);
    ends[1]?.resolve();
    await Promise.all(all);
    assert.equal(ends.length, 2);
  });

  it('goes on after a look that failed', async () => {
    const { looks, ends } = held();
    const first = looks.again();
    const second = looks.again();
    ends[0]?.reject(new Error('no disk'));
    await assert.rejects(first, /no disk/);
    ends[1]?.resolve();
    await second;
    const third = looks.again();
    ends[2]?.resolve();
    await third;
  });
});
