/** What a comparison holds against each other, from how people name it. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { driftSides } from '../../src/engine/driftSides';
import { versionId } from '../../src/engine/manifest';
import type { RowsTarget } from '../../src/engine/rows';
import type { DriftRequest, MldataError } from '../../src/protocol';
import { config, here, Workspace } from './support';

const csv = (rows: number) => `x,y\n${Array.from({ length: rows }, (_, row) => `${row},${row % 3}\n`).join('')}`;
const body = 'split: { train: 0.5, test: 0.5, seed: 1 }\ndrift: { baseline: previous, share: 0.2 }';

describe('sides of a comparison', () => {
  let space: Workspace;
  const ids: string[] = [];

  before(async () => {
    space = await Workspace.create(
      { '.mldata.yaml': config('d.csv', body), 'd.csv': csv(20), 'other.csv': csv(5) },
      here,
    );
    await space.build();
    ids.push(versionId(await space.manifest('d')));
    await here.tag(
      {
        configPath: space.path('.mldata.yaml'),
        folder: space.folder,
        reference: 'd',
        tag: 'production',
        action: 'move',
      },
      new AbortController().signal,
    );
    await space.write('d.csv', csv(30));
    await space.build();
    ids.push(versionId(await space.manifest('d')));
  });
  after(() => space.remove());

  const find = (current: string, more: Partial<DriftRequest> = {}) =>
    driftSides({
      configPath: space.path('.mldata.yaml'),
      ...{ current, folder: space.folder, metrics: 'deciding' },
      ...more,
    });
  const refusal = (current: string, more: Partial<DriftRequest> = {}) =>
    find(current, more).then(
      () => assert.fail('it was found'),
      (error: unknown) => error as MldataError,
    );
  const idOf = (target: RowsTarget) => (target.of === 'build' ? versionId(target.manifest) : target.of);

  const named: readonly (readonly [
    string,
    string | undefined,
    string,
    () => readonly [string | undefined, string | undefined],
  ])[] = [
    ['what the config says, where one side is named', undefined, 'd', () => [ids[0], ids[1]]],
    ['an alias of the dataset on the other side', 'previous', 'd', () => [ids[0], ids[1]]],
    ['a tag of the dataset on the other side', 'production', 'd', () => [ids[0], ids[1]]],
    ['an id of the dataset on the other side', '<first>', 'd', () => [ids[0], ids[1]]],
    ['a version with its dataset, whatever the other side is', 'd@production', 'other.csv', () => [ids[0], 'files']],
    ['a version as the current side', 'd', 'previous', () => [ids[1], ids[0]]],
    ['a build by its folder', 'previous', 'datasets/d', () => [ids[0], ids[1]]],
    ['the same side twice', 'd', 'd', () => [ids[1], ids[1]]],
    ['files', 'other.csv', '*.csv', () => ['files', 'files']],
    ['a file against a dataset', 'd', 'other.csv', () => [ids[1], 'files']],
  ];
  for (const [what, baseline, current, expected] of named) {
    it(`are ${what}`, async () => {
      const asked = baseline === '<first>' ? ids[0]?.slice(0, 9) : baseline;
      const sides = await find(current, asked === undefined ? {} : { baseline: asked });
      assert.deepEqual([idOf(sides.baseline), idOf(sides.current)], expected());
    });
  }

  it('follow the config of the dataset on either side', async () => {
    for (const [baseline, current] of [
      ['d', 'other.csv'],
      ['other.csv', 'd@previous'],
      ['other.csv', 'datasets/d'],
    ] as const) {
      assert.equal((await find(current, { baseline })).spec?.drift?.share, 0.2, `${baseline} and ${current}`);
    }
    assert.equal((await find('d.csv', { baseline: 'other.csv' })).spec, undefined);
  });

  it('are two splits of one dataset, or one of a version', async () => {
    const splits = await find('d', { baselineSplit: 'train', currentSplit: 'test' });
    assert.deepEqual([idOf(splits.baseline), idOf(splits.current)], [ids[1], ids[1]]);
    assert.ok(splits.baseline.of === 'build' && splits.current.of === 'build');
    assert.deepEqual([splits.baseline.split, splits.current.split], ['train', 'test']);
    const version = await find('d', { baseline: 'previous', baselineSplit: 'train' });
    assert.ok(version.baseline.of === 'build');
    assert.equal(version.baseline.split, 'train');
  });

  it('are read from the files of their version', async () => {
    const { baseline } = await find('d');
    assert.ok(baseline.of === 'build');
    assert.deepEqual(Object.keys(baseline.files).sort(), baseline.manifest.artifacts.map(({ path }) => path).sort());
    assert.equal(baseline.manifest.rows, 20);
  });

  const refused: readonly (readonly [string, string, Partial<DriftRequest>, string, RegExp])[] = [
    ['nothing of this name', 'd', { baseline: 'nope' }, 'target-unknown', /no file, folder or build at nope/],
    ['a version that there is not', 'd', { baseline: 'd@staging' }, 'version-unknown', /d has no version staging/],
    ['digits of no version', 'd', { baseline: 'ffff' }, 'version-unknown', /d has no version ffff/],
    [
      'a split that there is not',
      'd',
      { baseline: 'previous', baselineSplit: 'validation' },
      'split-unknown',
      /d@previous has no split validation. It has train, test/,
    ],
    [
      'a split of a file',
      'other.csv',
      { baseline: 'd', currentSplit: 'train' },
      'split-unknown',
      /leave the split out/,
    ],
    ['one side without a dataset', 'other.csv', {}, 'baseline-missing', /mldata drift previous other.csv/],
  ];
  for (const [what, current, more, code, says] of refused) {
    it(`refuse ${what}`, async () => {
      const error = await refusal(current, more);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, says);
    });
  }

  it('refuse a first version whose config names the previous one, and say what to do', async () => {
    const first = await Workspace.create({ '.mldata.yaml': config('d.csv', body), 'd.csv': csv(20) }, here);
    try {
      await first.build();
      const asked = { configPath: first.path('.mldata.yaml'), folder: first.folder, current: 'd' } as const;
      await assert.rejects(driftSides({ ...asked, metrics: 'deciding' }), {
        code: 'baseline-missing',
        message: /d has no previous version.*name another baseline/,
      });
    } finally {
      await first.remove();
    }
  });

  it('refuse a path of the config that leaves the workspace', async () => {
    const outside = await Workspace.create({ 'a.csv': csv(3) });
    try {
      const path = outside.path('a.csv');
      await space.write('.mldata.yaml', config('d.csv', body.replace('previous', path)));
      assert.equal((await refusal('d')).code, 'path-outside');
      assert.equal((await find('d', { allowOutsidePaths: true })).baseline.of, 'files');
    } finally {
      await outside.remove();
      await space.write('.mldata.yaml', config('d.csv', body));
    }
  });

  it('say which bytes of a version are gone', async () => {
    await rm(space.path('.mldata/versions/d/objects'), { recursive: true });
    const error = await refusal('d');
    assert.equal(error.code, 'version-bytes-missing');
    assert.match(error.message, /not all of it is on this machine: data\/train.parquet/);
  });
});
