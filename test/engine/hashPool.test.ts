/** Files are hashed in threads of their own, with the same result. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { hashFile, hashIn, HashPool } from '../../src/engine/text';
import { workspaces } from './support';

const never = new AbortController().signal;

describe('hashing in threads', () => {
  const workspace = workspaces();
  const pool = new HashPool(resolve('dist/hash.worker.js'), 2);

  it('gives the digests of every file, more of them than there are threads', async () => {
    const contents = ['', 'abc', ...['d', 'e', 'f'].map((letter) => letter.repeat(3 << 20))];
    const space = await workspace(Object.fromEntries(contents.map((content, index) => [`${index}`, content])));
    assert.ok(pool.usable);
    const hashed = await Promise.all(
      contents.map((_, index) => hashIn(pool, space.path(`${index}`), ['sha256', 'md5'], never)),
    );
    const digest = (name: string, text: string) => createHash(name).update(text).digest('hex');
    assert.deepEqual(
      hashed,
      contents.map((text) => ({ bytes: text.length, sha256: digest('sha256', text), md5: digest('md5', text) })),
    );
    assert.deepEqual(await hashFile(space.path('1'), ['md5'], never), { bytes: 3, md5: digest('md5', 'abc') });
  });

  it('says what is wrong with a file in the same words, and goes on with the next', async () => {
    const space = await workspace({ a: 'abc' });
    for (const missing of ['none', '.']) {
      await assert.rejects(hashIn(pool, space.path(missing), ['sha256'], never), { code: 'source-unreadable' });
    }
    assert.equal((await hashIn(pool, space.path('a'), ['sha256'], never)).bytes, 3);
  });

  it('starts another thread for one that died while it had nothing to do', async () => {
    const space = await workspace({
      'dies.js':
        "const { parentPort } = require('node:worker_threads');" +
        "parentPort.on('message', () => { parentPort.postMessage({ bytes: 1, digests: [] }); setImmediate(process.exit); });",
    });
    const dying = new HashPool(space.path('dies.js'), 1);
    for (let turn = 0; turn < 2; turn++) {
      assert.equal((await dying.hash('any', [], never)).bytes, 1);
      while (dying.warm) await new Promise(setImmediate);
    }
  });

  it('stops in the middle of a file', async () => {
    const space = await workspace({ big: new Uint8Array(256 << 20) });
    const controller = new AbortController();
    const hashing = hashIn(pool, space.path('big'), ['sha256', 'md5'], controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 50);
    await assert.rejects(hashing, { code: 'cancelled' });
    await assert.rejects(hashIn(pool, space.path('big'), ['md5'], AbortSignal.abort()), { code: 'cancelled' });
  });
});
