import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { Ticker } from '../../../src/extension/ticker';

describe('what changes by itself', () => {
  it('is brought up to date at once and again and again while somebody looks, and not after that', async () => {
    let ticks = 0;
    const ticker = new Ticker(() => (ticks += 1), 1);
    await wait(10);
    assert.equal(ticks, 0);
    ticker.run(true);
    assert.equal(ticks, 1);
    while (ticks < 3) await wait(1);
    ticker.run(false);
    const seen = ticks;
    await wait(10);
    assert.equal(ticks, seen);
    ticker.run(true);
    ticker.dispose();
    const disposed = ticks;
    await wait(10);
    assert.equal(ticks, disposed);
  });
});
