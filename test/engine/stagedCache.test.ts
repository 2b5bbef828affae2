/** Of many files only those that changed are parsed again, and what comes out is what a build from nothing gives. */
import assert from 'node:assert/strict';
import { cp, readFile, rename, rm, stat, truncate, utimes } from 'node:fs/promises';
import { stampOf } from '../../src/engine/incremental/stamp';
import { cacheReportSchema, type DatasetBuild } from '../../src/protocol';
import { config, inProcesses, workspaces, type Workspace } from './support';
import { leftovers, wholeBuild } from './whole';

const CACHE = '.mldata/cache/staged';

/** Files of a few rows; the cells of `odd` ones are in each file. */
function files(count: number, more = '', odd = ''): Record<string, string> {
  const named = Array.from({ length: count }, (_, index) => [`raw/${index}.csv`, rows(index) + odd] as const);
  return { '.mldata.yaml': config('raw', more), ...Object.fromEntries(named) };
}

const rows = (index: number): string => `id,city,at\n${index + 1}0,Oslo,2024-01-0${index + 1}\n${index + 1}1,Rome,\n`;

const outcome = ({ rows: total, rejected, inputs, splits, findings, artifacts }: DatasetBuild): unknown => ({
  ...{ total, rejected, inputs, splits, findings },
  artifacts: artifacts.map(({ path, sha256 }) => `${path} ${sha256}`),
});

const parquet = async (space: Workspace): Promise<string[]> =>
  (await space.files(CACHE)).filter((name) => name.endsWith('.parquet')).map((name) => `${CACHE}/${name}`);

describe('the cache of staged files', () => {
  const workspace = workspaces();
  const besides = workspaces(inProcesses);

  /** A workspace that was built once. */
  async function built(content: Record<string, string>): Promise<Workspace> {
    const space = await workspace(content);
    const build = await space.buildOne();
    assert.deepEqual([build.status, build.reused], ['built', 0], build.error?.message);
    return space;
  }

  /** Builds, and compares with a build that reads every file. */
  async function reused(space: Workspace): Promise<number | undefined> {
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const manifest = await wholeBuild(space.path('datasets/d'));
    const anew = await space.buildOne({ force: true, cache: false });
    assert.equal(anew.reused, undefined);
    assert.deepEqual(outcome(build), outcome(anew));
    // Reports are files: what they say stands in one order.
    assert.equal(JSON.stringify(build.findings), JSON.stringify(anew.findings));
    assert.deepEqual(manifest.columns, (await space.manifest('d')).columns);
    assert.deepEqual(await leftovers(space.folder), []);
    return build.reused;
  }

  const edits: [what: string, expected: number, edit: (space: Workspace) => Promise<unknown>][] = [
    ['one has other rows', 4, (space) => space.write('raw/2.csv', `${rows(2)}5,Bonn,\n`)],
    ['one has a cell that makes a column text', 0, (space) => space.write('raw/2.csv', `${rows(2)}x,Bonn,\n`)],
    ['one has the values of another', 4, (space) => space.write('raw/2.csv', rows(3))],
    ['one was added before the others', 5, (space) => space.write('raw/00.csv', rows(7))],
    ['one was deleted', 4, (space) => rm(space.path('raw/2.csv'))],
    ['one was renamed', 4, (space) => rename(space.path('raw/2.csv'), space.path('raw/y.csv'))],
    ['one uses other delimiters', 4, (space) => space.write('raw/2.csv', rows(2).replaceAll(',', ';'))],
    ['one has a column more', 0, (space) => space.write('raw/2.csv', 'id,city,at,more\n1,Rome,,2\n')],
    ['one mixes line ends', 4, (space) => space.write('raw/2.csv', rows(2).replace('\n', '\r\n'))],
    [
      'a step was added',
      5,
      (space) => space.write('.mldata.yaml', config('raw', 'transforms: [{ drop: { columns: [city] } }]')),
    ],
    [
      'a type was declared',
      0,
      (space) => space.write('.mldata.yaml', config('raw', 'schema: { columns: { id: number } }')),
    ],
    [
      'the options say how to read them',
      0,
      (space) => space.write('.mldata.yaml', config('[{ path: raw, options: { nullValues: [Oslo] } }]')),
    ],
  ];
  for (const [what, expected, edit] of edits) {
    it(`serves ${expected} of five files when ${what}`, async () => {
      const space = await built(files(5));
      await edit(space);
      assert.equal(await reused(space), expected);
    });
  }

  for (const [what, damage] of [
    ['is gone', (path: string) => rm(path)],
    ['was cut short', async (path: string) => truncate(path, (await stat(path)).size - 9)],
    [
      'has a bit that is wrong',
      async (path: string, space: Workspace) => {
        const bytes = await readFile(path);
        bytes[20] = (bytes[20] ?? 0) ^ 1;
        await space.write(path.slice(space.folder.length + 1), bytes);
      },
    ],
  ] as const) {
    it(`parses a file again whose entry ${what}`, async () => {
      const space = await built(files(3));
      const [first = ''] = await parquet(space);
      await damage(space.path(first), space);
      await rm(space.path('datasets/d/data'), { recursive: true });
      assert.equal(await reused(space), 2);
    });
  }

  it('parses everything again when what it knows of the files is damaged', async () => {
    const space = await built(files(3));
    const index = `${CACHE}/d.json`;
    await space.write(index, (await readFile(space.path(index), 'utf8')).replace('"bad":0', '"bad":1'));
    await space.write(`${index}.stamp`, (await stampOf(space.path(index)))?.text ?? '');
    await rm(space.path('datasets/d/data'), { recursive: true });
    assert.equal(await reused(space), 0);
  });

  it('takes nothing from a cache that was brought along', async () => {
    const space = await built(files(3));
    await cp(space.path(CACHE), space.path('copy'), { recursive: true, preserveTimestamps: true });
    await rm(space.path(CACHE), { recursive: true });
    await cp(space.path('copy'), space.path(CACHE), { recursive: true, preserveTimestamps: true });
    await rm(space.path('datasets/d/data'), { recursive: true });
    assert.equal(await reused(space), 0);
  });

  it('brings along bad cells, broken records and what is to be said of a file', async () => {
    const schema = 'schema: { onError: quarantine, columns: { id: integer } }';
    const odd = files(3, schema, 'x,Bonn,\n1,2,3,4,5\n7,Lima,\nshort\n');
    const space = await built({ ...odd, 'raw/nameless.csv': 'id,\n1,2\n' });
    await space.write('raw/1.csv', rows(1));
    assert.equal(await reused(space), 3);
  });

  it('is not read by a build with `force`, which fills it, and neither with `cache: false`', async () => {
    const space = await workspace(files(3));
    await space.buildOne({ cache: false });
    assert.deepEqual(await space.files(CACHE), []);
    assert.equal((await space.buildOne({ force: true })).reused, 0);
    const kept = await parquet(space);
    assert.equal(kept.length, 3);
    assert.equal((await space.buildOne({ force: true })).reused, 0);
    await space.write('raw/1.csv', rows(5));
    assert.equal((await space.buildOne({ cache: false })).reused, undefined);
    assert.deepEqual(await parquet(space), kept);
    await space.write('raw/1.csv', rows(6));
    assert.equal(await reused(space), 2);
  });

  it('keeps nothing of a dataset of one file', async () => {
    const space = await workspace(files(1));
    assert.equal((await space.buildOne()).reused, undefined);
    assert.deepEqual(await space.files(CACHE), []);
  });

  it('holds what it may hold, and what was used last', async () => {
    const space = await built(files(4));
    const kept = await parquet(space);
    const { size } = await stat(space.path(kept[0] ?? ''));
    await rm(space.path('datasets/d/data'), { recursive: true });
    assert.equal((await space.buildOne({ cacheSize: `${(size * 3.5) / 1000}KB` })).reused, 4);
    assert.equal((await parquet(space)).length, 3, 'a build that keeps nothing new makes room too');
    for (const path of await parquet(space)) await utimes(space.path(path), 1, 1);
    await space.write('raw/4.csv', rows(4));
    await space.buildOne({ cacheSize: `${(size * 2.5) / 1000}KB` });
    const left = await parquet(space);
    assert.equal(left.length, 2);
    await rm(space.path('datasets/d/data'), { recursive: true });
    assert.equal(await reused(space), 2);
  });

  it('serves builds that run at the same time, also while it is cleared', async () => {
    const more = (name: string) => `  ${name}: { source: raw }\n`;
    const content = files(4);
    const space = await besides({ ...content, '.mldata.yaml': `${content['.mldata.yaml']}${more('e')}` });
    await space.build();
    await space.write('raw/1.csv', rows(6));
    const [first, second] = await Promise.all([
      space.build({ names: ['d'] }),
      space.build({ names: ['e'] }),
      space.cli(['cache', 'clear']),
    ]);
    const digests = [first, second].map(({ datasets: [one] }) => one?.artifacts.map(({ sha256 }) => sha256));
    assert.deepEqual(digests[0], digests[1]);
    const anew = await space.build({ force: true, cache: false });
    for (const { artifacts } of anew.datasets)
      assert.deepEqual(
        artifacts.map(({ sha256 }) => sha256),
        digests[0],
      );
  });

  it('is shown, pruned and cleared by the command line', async () => {
    const space = await built(files(4));
    await space.write('raw/1.csv', rows(6));
    assert.match((await space.cli(['build'])).stderr, /^ {2}reused {3}3 of 4 files, as staged before$/m);
    const report = async (...args: string[]) =>
      cacheReportSchema.parse(JSON.parse((await space.cli(['cache', ...args, '--json'])).stdout));
    const { folder, entries, bytes, maxBytes } = await report();
    assert.deepEqual([folder, entries, maxBytes], [space.path('.mldata/cache'), 5, 10e9]);
    const pruned = await report('prune', '--cache-size', `${bytes / 2000}KB`);
    assert.equal(pruned.entries + pruned.removed.entries, 5);
    assert.ok(pruned.bytes <= bytes / 2 && pruned.entries > 0);
    assert.match((await space.cli(['cache'])).stderr, /rows of 2 files, .* of at most /);
    const { removed, ...cleared } = await report('clear');
    assert.deepEqual([removed.entries, cleared.entries, await space.files('.mldata/cache')], [pruned.entries, 0, []]);
    assert.equal((await space.cli(['cache', '--cache-size', 'lots'])).code, 64);
  });
});
