/** `mldata track` that is killed at any moment: DVC trusts what lies in its cache, so nothing wrong may lie there. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startCli, until } from '../engine/commandLine';
import { withoutRecording } from '../host/recording';
import { remove } from '../host/workspace';
import { writeAll } from './gitHome';
import { RealDvc } from './realDvc';
import { dataIn, md5Of, whatIsIn } from './trackedTrees';

describe('tracking with DVC, killed', function () {
  this.timeout(5 * 60_000);
  withoutRecording();
  let real: RealDvc;
  before(async () => {
    real = await RealDvc.start();
  });
  after(() => real.stop());

  const args = ['track', 'data', '--dvc', '--dvc-mode', 'native'];
  const trackAll = async (folder: string) => {
    const run = startCli({ folder }, args);
    assert.equal(await run.ended(), 0, run.stderr);
  };

  for (const type of ['copy', 'hardlink', 'symlink']) {
    it(`leaves no bad .dvc file and no object that is not verified: ${type}`, async () => {
      const small = Array.from({ length: 120 }, (_, index) => [`data/${index % 7}/${index}.bin`, randomBytes(200_000)]);
      const files = {
        ...(Object.fromEntries(small) as Record<string, Buffer>),
        'data/large.bin': randomBytes(40_000_000),
      };
      const folder = await real.repository(files);
      await real.dvc(folder, 'config', '--quiet', 'cache.type', type);
      const data = await dataIn(folder);
      const cache = join(folder, '.dvc', 'cache');
      const file = join(folder, 'data.dvc');
      let killed = 0;
      for (const milliseconds of [0, 15, 40, 80, 140, 220]) {
        // The data too: where the last one came that far, it is links into the cache.
        for (const made of [cache, file, join(folder, '.mldata'), join(folder, 'data')])
          await rm(made, { recursive: true, force: true });
        await writeAll(folder, files);
        const run = startCli({ folder }, args);
        await until(() => existsSync(cache) || run.child.exitCode !== null);
        await wait(milliseconds);
        if (run.child.exitCode === null) run.signalGroup('SIGKILL');
        if ((await run.ended()) === 'SIGKILL') killed++;
        await until(async () => (await run.alive()).length === 0);
        await assertVerified(join(cache, 'files'));
        assert.deepEqual(await dataIn(folder), data);
        if (existsSync(file)) assert.deepEqual(await real.json(folder, 'status'), {});
      }
      assert.ok(killed > 2, `${killed} were killed`);
      await trackAll(folder);
      assert.deepEqual(await readdir(cache), ['files']);
      assert.deepEqual(await dataIn(folder), data);
      assert.deepEqual(await real.json(folder, 'status'), {});
      const strays = Object.keys(await whatIsIn(folder, ['.git', 'cache'])).filter((path) => /\.mldata-/.test(path));
      assert.deepEqual(strays, []);
      await remove(join(folder, '..'));
    });
  }
});

/** What has the mode of an object is the object that its name says. */
async function assertVerified(objects: string): Promise<void> {
  const entries = existsSync(objects) ? await readdir(objects, { recursive: true, withFileTypes: true }) : [];
  for (const { name, parentPath } of entries.filter((entry) => entry.isFile())) {
    const path = join(parentPath, name);
    if (((await stat(path)).mode & 0o777) !== 0o444) continue;
    const named = path
      .replace(/\.dir$/, '')
      .slice(-33)
      .replace('/', '');
    assert.equal(await md5Of(path), named, path);
  }
}
