/** What a name or a path stands for, when somebody looks at data. */
import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataTarget } from '../../src/engine/dataTarget';
import { filesOf } from '../../src/engine/rows/filesOf';
import type { DataRequest, MldataError } from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';

const csv = 'x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n7,a\n8,b\n9,a\n10,b\n';
const split = 'split: { train: 0.8, test: 0.2, seed: 1 }';

describe('what data is asked for', () => {
  const workspace = workspaces(here);
  const find = (space: Workspace, target: string, more: Partial<DataRequest> = {}) =>
    dataTarget({ configPath: space.path('.mldata.yaml'), target, folder: space.folder, ...more });
  const refusal = (space: Workspace, target: string, more: Partial<DataRequest> = {}) =>
    find(space, target, more).then(
      () => assert.fail('it was found'),
      (error: unknown) => error as MldataError,
    );
  const built = async (more = split) => {
    const space = await workspace({ '.mldata.yaml': config('d.csv', more), 'd.csv': csv });
    await space.build();
    return space;
  };

  it('is the build of a dataset where one stands, else the files that the config names', async () => {
    const space = await workspace({ '.mldata.yaml': config('d.csv', split), 'd.csv': csv });
    const before = await find(space, 'd');
    assert.ok(before.of === 'source');
    assert.equal(before.spec.name, 'd');
    assert.equal(before.root, space.folder);
    await space.build();
    const after = await find(space, 'd');
    assert.ok(after.of === 'build');
    assert.deepEqual(
      Object.keys(after.files),
      after.manifest.artifacts.map(({ path }) => path),
    );
    assert.equal((await find(space, 'd', { source: true })).of, 'source');
  });

  it('is one split of a build, named by its dataset, its folder or its manifest', async () => {
    const space = await built();
    for (const target of ['d', 'datasets/d', 'datasets/d/manifest.yaml', space.path('datasets/d')]) {
      const found = await find(space, target, { split: 'test' });
      assert.ok(found.of === 'build');
      assert.deepEqual([found.split, found.configFolder], ['test', space.folder]);
    }
  });

  it('is the source of a build that is named by its folder', async () => {
    const found = await find(await built(), 'datasets/d', { source: true });
    assert.ok(found.of === 'source');
    assert.equal(found.spec.name, 'd');
  });

  const files = { 'a.csv': csv, 'more/b.csv': csv, 'more/c.txt': 'no data' };
  for (const target of ['a.csv', 'more', 'more/*.csv', '*.csv']) {
    it(`is files: ${target}`, async () => {
      const space = await workspace(files);
      const { configPath: _, ...request } = { configPath: '', target, folder: space.folder };
      const found = await dataTarget(request);
      assert.ok(found.of === 'files');
      assert.equal(found.source[0]?.path, target);
    });
  }

  it('is a file by its absolute path, wherever it lies and whatever is wrong with the config', async () => {
    const space = await workspace({ '.mldata.yaml': 'datasets: [', 'a.csv': csv });
    const inner = space.path('inner');
    await mkdir(inner);
    assert.equal((await find(space, space.path('a.csv'), { folder: inner })).of, 'files');
    assert.equal((await find(space, join('..', 'a.csv'), { folder: inner })).of, 'files');
  });

  it('is no folder of the name of a dataset whose config has errors', async () => {
    const space = await workspace({ '.mldata.yaml': config('d.csv', 'splitt: 1'), 'd.csv': csv, 'd/e.csv': csv });
    const { code } = await refusal(space, 'd');
    assert.equal(code, 'config-invalid');
    assert.equal((await find(space, 'd/e.csv')).of, 'files');
  });

  it('is the files of a folder without the builds below it', async () => {
    const space = await built();
    await space.write('e.csv', csv);
    await space.write('notes/manifest.yaml', 'kind: ConfigMap\n');
    await space.write('notes/f.csv', csv);
    const found = await find(space, '.');
    const { files } = await filesOf(found, new AbortController().signal);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['d.csv', 'e.csv', 'notes/f.csv'],
    );
  });

  it('is the files of several paths together, each once, as a shell makes them of a pattern', async () => {
    const space = await workspace({ 'a.csv': csv, 'b.csv': csv, 'more/c.csv': csv });
    const found = await dataTarget({ target: 'b.csv', others: ['a.csv', 'more', 'b.csv'], folder: space.folder });
    assert.equal(found.name, 'b.csv and 3 others');
    const { files } = await filesOf(found, new AbortController().signal);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['a.csv', 'b.csv', 'more/c.csv'],
    );
  });

  const refusals: [string, string, Partial<DataRequest>, string, RegExp][] = [
    ['neither a dataset nor a path', 'nothing', {}, 'target-unknown', /no dataset of this name/],
    ['a folder without data', 'empty', {}, 'target-unknown', /holds no data file/],
    ['a glob without data', '*.none', {}, 'target-unknown', /There is no file/],
    ['a split that the build lacks', 'd', { split: 'validation' }, 'split-unknown', /It has train, test\./],
    [
      'one of several paths that is not there',
      'd.csv',
      { others: ['d'] },
      'target-unknown',
      /no file or folder at d\./,
    ],
    ['a build among several paths', 'd.csv', { others: ['datasets/d'] }, 'target-unknown', /datasets\/d is a build/],
    ['a folder with nothing but builds', 'datasets', {}, 'target-unknown', /builds below a folder are left out/],
    ['a split of files', 'd.csv', { split: 'train' }, 'split-unknown', /It has none/],
  ];
  for (const [what, target, more, code, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const space = await built();
      await mkdir(space.path('empty'));
      const error = await refusal(space, target, more);
      assert.equal(error.code, code);
      assert.match(error.message, message);
    });
  }

  it('refuses a split of what is not built, and a build whose manifest cannot be read', async () => {
    const space = await built();
    await space.write('datasets/d/manifest.yaml', '{');
    assert.equal((await refusal(space, 'datasets/d')).code, 'not-built');
    await rm(space.path('datasets'), { recursive: true });
    assert.equal((await refusal(space, 'd', { split: 'train' })).code, 'not-built');
  });

  it('says what is wrong with the config of a dataset', async () => {
    const space = await workspace({ '.mldata.yaml': config('d.csv', 'split: 7'), 'd.csv': csv });
    assert.equal((await refusal(space, 'd')).code, 'config-invalid');
  });
});
