/** What tries at a build leave behind that came to nothing. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt } from '../../src/engine/attempt';

describe('tries at a build that came to nothing', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mldata-test-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Resolves once it has made its folders; `fail` ends it. */
  async function begun(id: string, output: string): Promise<{ fail: () => Promise<void> }> {
    let fail = (_: Error): void => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    let ended: Promise<unknown> | undefined;
    await new Promise<void>((begins) => {
      ended = attempt({ id, scratch: join(root, '.scratch', id), output: join(root, output) }, () => {
        begins();
        return failed;
      });
      ended.catch(() => undefined);
    });
    return {
      fail: async () => {
        fail(new Error('came to nothing'));
        await assert.rejects(Promise.resolve(ended), /came to nothing/);
      },
    };
  }

  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    it(`leave none of the folders they shared, ended in the order ${order.join(', ')}`, async () => {
      const tries = [
        await begun('a', 'datasets/a'),
        await begun('b', 'datasets/deep/b'),
        await begun('c', 'datasets/deep/c'),
      ];
      for (const index of order) await tries[index]?.fail();
      assert.equal(existsSync(join(root, 'datasets')), false);
    });
  }

  it('leave the folders that stood there before', async () => {
    await mkdir(join(root, 'datasets', 'b'), { recursive: true });
    const a = await begun('a', 'datasets/a');
    const b = await begun('b', 'datasets/b/within');
    await a.fail();
    await b.fail();
    assert.deepEqual(await readdir(join(root, 'datasets'), { recursive: true }), ['b']);
  });
});
