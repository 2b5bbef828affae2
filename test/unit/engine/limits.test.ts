import assert from 'node:assert/strict';
import os from 'node:os';
import { engineMemory, limitsOf } from '../../../src/engine/limits';

describe('the limits of a run', () => {
  for (const memoryLimit of ['512MB', '4GB', '1.5GiB', '200 MB', '300000KB', '1tb']) {
    it(`take ${memoryLimit} as it is`, () => {
      assert.equal(limitsOf({ memoryLimit }).memoryLimit, memoryLimit);
    });
  }

  for (const memoryLimit of ['', '512', '512M', 'MB', '-1GB', '0MB', '0.0GB', '1e3MB', '80%', "1GB'; DROP TABLE t"]) {
    it(`refuse ${memoryLimit || 'nothing'} as an amount of memory`, () => {
      assert.throws(() => limitsOf({ memoryLimit }), { kind: 'usage', code: 'limit-invalid', message: /512MB or 4GB/ });
    });
  }

  for (const threads of [1, 2, 1024]) {
    it(`take ${threads} threads`, () => {
      assert.equal(limitsOf({ threads }).threads, threads);
    });
  }

  for (const threads of [0, -1, 1.5, NaN, 1025]) {
    it(`refuse ${threads} threads`, () => {
      assert.throws(() => limitsOf({ threads }), { kind: 'usage', code: 'limit-invalid', message: /from 1 to 1024/ });
    });
  }

  it('are all cores and a share of the memory where nothing is said', () => {
    const { threads, memoryLimit } = limitsOf({});
    assert.equal(threads, os.availableParallelism());
    const megabytes = Number(/^(\d+)MB$/.exec(memoryLimit)?.[1]);
    assert.ok(megabytes >= 536 && megabytes <= 4294, memoryLimit);
    assert.ok(megabytes * 1e6 <= Math.max(os.totalmem() / 2, 0.54e9), memoryLimit);
  });
});

describe('the part of a memory limit that the engine counts on', () => {
  for (const [amount, part] of [
    ['4GB', '3800000000B'],
    ['512MB', '312000000B'],
    ['1 GiB', '873741824B'],
    ['200mb', '120000000B'],
  ] as const) {
    it(`leaves room for the rest of the process: ${part} of ${amount}`, () => {
      assert.equal(engineMemory(amount), part);
    });
  }
});
