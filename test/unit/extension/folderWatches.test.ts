import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FolderWatches } from '../../../src/extension/datasets/folderWatches';

describe('folders that are watched by themselves', function () {
  let home: string;
  let seen = 0;
  let watches: FolderWatches;

  before(function () {
    if (process.platform !== 'linux') this.skip(); // there VS Code misses none
  });
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'mldata-'));
    await mkdir(path.join(home, 'data'));
    watches = new FolderWatches(() => seen++);
    watches.watch([path.join(home, 'data'), path.join(home, 'data'), path.join(home, 'missing')]);
  });
  afterEach(async () => {
    watches.dispose();
    await rm(home, { recursive: true });
  });

  /** Whether it is told of what `work` does. */
  async function sees(work: Promise<unknown>): Promise<boolean> {
    const before = seen;
    await work;
    for (const end = Date.now() + 2000; seen === before && Date.now() < end;)
      await new Promise((resume) => setTimeout(resume, 10));
    return seen > before;
  }

  it('tell of files that come, change and go', async () => {
    const file = path.join(home, 'data', 'train.csv');
    assert.ok(await sees(writeFile(file, '1')));
    assert.ok(await sees(writeFile(file, '2')));
    assert.ok(await sees(rm(file)));
  });

  it('are those that stand there once they are named again', async () => {
    await rename(path.join(home, 'data'), path.join(home, 'old'));
    await mkdir(path.join(home, 'data'));
    watches.watch([path.join(home, 'data')]);
    assert.ok(await sees(writeFile(path.join(home, 'data', 'train.csv'), '1')));
    assert.ok(!(await sees(writeFile(path.join(home, 'old', 'train.csv'), '1'))));
  });

  it('are left alone afterwards', async () => {
    watches.dispose();
    assert.ok(!(await sees(writeFile(path.join(home, 'data', 'train.csv'), '1'))));
  });
});
