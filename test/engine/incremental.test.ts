/** Builds that have nothing to do do nothing, and everything that would come out otherwise is noticed. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, stat, symlink, truncate, utimes } from 'node:fs/promises';
import { HashCache } from '../../src/engine/incremental';
import { stampOf } from '../../src/engine/incremental/stamp';
import { versionId } from '../../src/engine/manifest';
import { buildReportSchema, type DatasetBuild } from '../../src/protocol';
import { config, workspaces, type Workspace } from './support';
import { leftovers, table, wholeBuild } from './whole';

const CACHE = '.mldata/cache/hashes/d.json';
const ARTIFACT = 'datasets/d/data/data.parquet';
const cities = 'id,city\n1,Oslo\n2,Rome\n3,Aix\n';
const more = 'id,city\n4,Lima\n';
const files = { '.mldata.yaml': config('"raw/*.csv"'), 'raw/a.csv': cities, 'raw/b.csv': more };

/** Long enough ago that no clock of a file system takes it for now. */
const SETTLED = 10_000;

async function edit(space: Workspace, path: string, change: (text: string) => string): Promise<void> {
  await space.write(path, change(await readFile(space.path(path), 'utf8')));
}

const digests = ({ artifacts }: DatasetBuild): string[] => artifacts.map(({ path, sha256 }) => `${path} ${sha256}`);

describe('an incremental build', () => {
  const workspace = workspaces();

  const changes: [what: string, expected: 'upToDate' | 'built', change: (space: Workspace) => Promise<unknown>][] = [
    ['nothing changed', 'upToDate', () => Promise.resolve()],
    ['an input was touched', 'upToDate', (space) => utimes(space.path('raw/a.csv'), 1, 1)],
    ['an input was copied over itself', 'upToDate', (space) => edit(space, 'raw/a.csv', (text) => text)],
    ['the config has a new comment', 'upToDate', (space) => edit(space, '.mldata.yaml', (text) => `# why\n${text}`)],
    [
      'the config says the default',
      'upToDate',
      (space) => space.write('.mldata.yaml', config('"raw/*.csv"', 'output: { formats: [parquet] }')),
    ],
    [
      'the config says otherwise how it is profiled',
      'upToDate',
      (space) => space.write('.mldata.yaml', config('"raw/*.csv"', 'profile: { missing: 50%, skew: 9 }')),
    ],
    ['a file was added that the source leaves out', 'upToDate', (space) => space.write('raw/c.txt', 'id\n')],
    ['its cache is gone', 'upToDate', (space) => rm(space.path('.mldata'), { recursive: true })],
    ['an input was edited', 'built', (space) => space.write('raw/a.csv', `${cities}5,Bonn\n`)],
    [
      'an input was edited to the same size, and its date put back',
      'built',
      async (space) => {
        const { atime, mtime } = await stat(space.path('raw/a.csv'));
        await edit(space, 'raw/a.csv', (text) => text.replace('Oslo', 'Bonn'));
        await utimes(space.path('raw/a.csv'), atime, mtime);
      },
    ],
    ['an input was added', 'built', (space) => space.write('raw/c.csv', more)],
    ['an input was removed', 'built', (space) => rm(space.path('raw/b.csv'))],
    ['an input was renamed', 'built', (space) => rename(space.path('raw/a.csv'), space.path('raw/z.csv'))],
    [
      'two inputs swapped their names',
      'built',
      async (space) => {
        await rename(space.path('raw/a.csv'), space.path('raw/c'));
        await rename(space.path('raw/b.csv'), space.path('raw/a.csv'));
        await rename(space.path('raw/c'), space.path('raw/b.csv'));
      },
    ],
    [
      'the config says something else',
      'built',
      (space) => space.write('.mldata.yaml', config('"raw/*.csv"', 'output: { compression: gzip }')),
    ],
    ['an artifact was deleted', 'built', (space) => rm(space.path(ARTIFACT))],
    [
      'an artifact was cut short',
      'built',
      async (space) => space.write(ARTIFACT, (await readFile(space.path(ARTIFACT))).subarray(0, 20)),
    ],
    [
      'an artifact was edited to the same size',
      'built',
      async (space) => {
        const bytes = await readFile(space.path(ARTIFACT));
        bytes[10] = (bytes[10] ?? 0) ^ 1;
        await space.write(ARTIFACT, bytes);
      },
    ],
    ['the report was deleted', 'built', (space) => rm(space.path('datasets/d/reports/build.json'))],
    [
      'the manifest is of another version of mldata',
      'built',
      (space) =>
        edit(space, 'datasets/d/manifest.yaml', (text) => text.replace(/(name: mldata\n +version: ).*/, '$10.0.1')),
    ],
    [
      'the manifest is of another engine',
      'built',
      (space) => edit(space, 'datasets/d/manifest.yaml', (text) => text.replace(/duckdb: .*/, 'duckdb: v1.0.0')),
    ],
    [
      'the manifest names an artifact elsewhere',
      'built',
      async (space) => {
        await rename(space.path(ARTIFACT), space.path('datasets/data.parquet'));
        const text = (old: string) => old.replace('path: data/data.parquet', 'path: ../data.parquet');
        await edit(space, 'datasets/d/manifest.yaml', text);
      },
    ],
  ];
  for (const [what, expected, change] of changes) {
    it(`${expected === 'built' ? 'builds' : 'does nothing'} when ${what}`, async () => {
      const space = await workspace(files);
      const first = await space.buildOne();
      const { createdAt } = await space.manifest('d');
      await change(space);
      const second = await space.buildOne();
      assert.equal(second.status, expected, second.error?.message);
      const manifest = await wholeBuild(space.path('datasets/d'));
      assert.equal(manifest.createdAt === createdAt, expected === 'upToDate');
      if (expected === 'upToDate') assert.deepEqual(digests(second), digests(first));
      assert.equal((await space.buildOne()).status, 'upToDate');
      assert.deepEqual(await leftovers(space.folder), []);
    });
  }

  it('is the same version however it is profiled', async () => {
    const ids: string[] = [];
    for (const more of ['', 'profile: { missing: 50% }', 'profile: { outliers: 1% }']) {
      const space = await workspace({ ...files, '.mldata.yaml': config('"raw/*.csv"', more) });
      await space.buildOne();
      const manifest = await space.manifest('d');
      assert.ok(!('profile' in manifest.config));
      ids.push(versionId(manifest));
    }
    assert.equal(new Set(ids).size, 1);
  });

  it('follows the order of the columns, which objects are equal without', async () => {
    const columns = (names: string) => config('a.csv', `schema: { columns: { ${names} } }`);
    const space = await workspace({ '.mldata.yaml': columns('id: integer, city: string'), 'a.csv': cities });
    await space.buildOne();
    await space.write('.mldata.yaml', columns('city: string, id: integer'));
    assert.equal((await space.buildOne()).status, 'built');
  });

  it('follows the file of indices that a split names', async () => {
    const indices = (split: string) => `row,split\n1,train\n2,test\n3,${split}\n`;
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'split: { indices: rows.csv }'),
      'a.csv': cities,
      'rows.csv': indices('test'),
    });
    assert.equal((await space.buildOne()).status, 'built');
    assert.equal((await space.buildOne()).status, 'upToDate');
    await space.write('rows.csv', indices('train'));
    const build = await space.buildOne();
    assert.deepEqual([build.status, build.splits.map(({ rows }) => rows)], ['built', [2, 1]]);
  });

  it('is of what the command line overrides, too', async () => {
    const space = await workspace(files);
    assert.equal((await space.buildOne({ format: 'csv' })).status, 'built');
    assert.equal((await space.buildOne({ format: 'csv' })).status, 'upToDate');
    assert.equal((await space.buildOne()).status, 'built');
  });

  it('tells of the build that stands what that build told', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { onError: quarantine, columns: { id: integer } }'),
      'a.csv': `${cities}x,Bonn\n`,
    });
    const told = ({ rows, rejected, inputs, splits, artifacts, findings, manifest }: DatasetBuild) => ({
      ...{ rows, rejected, inputs, splits, artifacts, findings, manifest },
    });
    const built = await space.buildOne();
    const skipped = await space.buildOne();
    assert.deepEqual([built.rejected, skipped.status], [1, 'upToDate']);
    assert.deepEqual(told(skipped), told(built));
  });

  it('still says what is wrong once its source is gone', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': cities });
    await space.buildOne();
    await rm(space.path('a.csv'));
    const build = await space.buildOne();
    assert.deepEqual([build.status, build.error?.code], ['failed', 'source-not-found']);
    await wholeBuild(space.path('datasets/d'));
  });

  it('builds with `force` what is up to date', async () => {
    const space = await workspace(files);
    const first = await space.buildOne();
    const again = await space.buildOne({ force: true });
    assert.equal(again.status, 'built');
    assert.deepEqual(digests(again), digests(first));
  });

  it('refuses a source that changes while it is read, and leaves the build before', async () => {
    const slow = config('a.csv', 'output: { formats: [parquet, csv], compression: { parquet: zstd:15, csv: gzip:9 } }');
    const space = await workspace({ '.mldata.yaml': slow, 'a.csv': table(100) });
    await space.buildOne();
    await space.write('a.csv', table(100_000));
    let changed: Promise<void> | undefined;
    const { datasets } = await space.build({}, ({ step }) => {
      if (step === 'write') changed ??= utimes(space.path('a.csv'), 1, 1);
    });
    await changed;
    assert.deepEqual([datasets[0]?.status, datasets[0]?.error?.code], ['failed', 'source-changed']);
    assert.equal((await wholeBuild(space.path('datasets/d'))).rows, 100);
    assert.equal((await space.buildOne()).status, 'built');
  });

  it('is what the command line says, with exit code 0 and what was skipped', async () => {
    const space = await workspace({ ...files, '.mldata.yaml': `${files['.mldata.yaml']}  e: { source: raw/a.csv }\n` });
    await space.cli(['build']);
    await space.write('raw/b.csv', `${more}5,Bonn\n`);
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^d: built in /m);
    assert.match(
      stderr,
      /^e: up to date, compared in .*\n {2}skipped {2}reading 1 file, 28 B; writing 1 file, .* in datasets\/e$/m,
    );
    assert.match(stderr, /^Skipped e, because nothing changed\. To build anyway, add --force\.$/m);
    const { stdout } = await space.cli(['build', '--json']);
    const statuses = buildReportSchema.parse(JSON.parse(stdout)).datasets.map(({ status }) => status);
    assert.deepEqual(statuses, ['upToDate', 'upToDate']);
    assert.match((await space.cli(['build', '--force', 'e'])).stderr, /^e: built in /m);
  });
});

describe('the cache of hashes', () => {
  const workspace = workspaces();
  const signal = new AbortController().signal;
  const lie = 'f'.repeat(64);

  /** A workspace whose cache was filled at a moment after the file was written, and then made to say something else. */
  async function lying(afterMs: number): Promise<{ space: Workspace; hash: () => Promise<string | undefined> }> {
    const space = await workspace({ 'a.csv': cities });
    await mkdir(space.path('.mldata/cache/hashes'), { recursive: true });
    const place = { folder: space.folder, file: space.path(CACHE) };
    const hash = async (now?: () => number) => {
      const cache = await HashCache.open(place, now);
      const stamp = await stampOf(space.path('a.csv'));
      assert.ok(stamp);
      const sha256 = await cache.hashOf(space.path('a.csv'), stamp, signal);
      await cache.save(space.path('.mldata/tmp/x'));
      return sha256;
    };
    const { mtimeMs } = await stat(space.path('a.csv'));
    await hash(() => mtimeMs + afterMs);
    await edit(space, CACHE, (text) => text.replace(/[0-9a-f]{64}/, lie));
    return { space, hash };
  }

  it('spares reading a file that nobody touched', async () => {
    const { hash } = await lying(SETTLED);
    assert.equal(await hash(), lie);
  });

  for (const [what, afterMs] of [
    ['was written just before it was hashed', 1500],
    ['has a date to come', -60_000],
  ] as const) {
    it(`reads again a file that ${what}: a later edit may have the same date`, async () => {
      const { hash } = await lying(afterMs);
      assert.notEqual(await hash(), lie);
    });
  }

  for (const [what, change] of [
    ['has another date', (space: Workspace) => utimes(space.path('a.csv'), 1, 1)],
    ['was replaced by its copy', (space: Workspace) => copied(space)],
  ] as const) {
    it(`reads again a file that ${what}`, async () => {
      const { space, hash } = await lying(SETTLED);
      await change(space);
      assert.notEqual(await hash(), lie);
    });
  }

  for (const [what, damage] of [
    ['is empty', (space: Workspace) => space.write(CACHE, '')],
    ['is cut short', (space: Workspace) => truncate(space.path(CACHE), 30)],
    ['is of another version', (space: Workspace) => edit(space, CACHE, (text) => text.replace(':1', ':2'))],
    ['holds no hash', (space: Workspace) => edit(space, CACHE, (text) => text.replace(lie, 'f'))],
    ['is a folder', (space: Workspace) => replaced(space, (path) => mkdir(path))],
    ['is a link to nothing', (space: Workspace) => replaced(space, (path) => symlink('/nowhere', path))],
    ['nests deeply', (space: Workspace) => space.write(CACHE, '['.repeat(1_000_000))],
  ] as const) {
    it(`is as if it were not there when it ${what}`, async () => {
      const { space, hash } = await lying(SETTLED);
      await damage(space);
      const sha256 = await hash();
      assert.ok(sha256 !== undefined && sha256 !== lie);
    });
  }

  it('is filled by a build with what it read, and is neither read nor written with `cache: false`', async () => {
    const space = await workspace(files);
    await space.buildOne({ cache: false });
    assert.deepEqual(await space.files('.mldata/cache'), []);
    // Nobody can set the date of the last change of a file: it has to grow old enough.
    await new Promise((grown) => setTimeout(grown, 2500));
    await space.buildOne({ force: true });
    const paths = async () =>
      Object.keys((JSON.parse(await readFile(space.path(CACHE), 'utf8')) as { files: object }).files);
    assert.deepEqual(await paths(), ['raw/a.csv', 'raw/b.csv']);
    await edit(space, CACHE, (text) => text.replaceAll(/[0-9a-f]{64}/g, lie));
    assert.equal((await space.buildOne({ cache: false })).status, 'upToDate');
    assert.ok((await readFile(space.path(CACHE), 'utf8')).includes(lie));
    assert.equal((await space.buildOne()).status, 'built');
  });

  it('is not written through a link that the workspace came with', async () => {
    const space = await workspace(files);
    await mkdir(space.path('elsewhere'));
    await mkdir(space.path('.mldata'));
    await symlink(space.path('elsewhere'), space.path('.mldata/cache'));
    await assert.rejects(space.build(), { code: 'output-blocked' });
    assert.deepEqual(await space.files('elsewhere'), []);
  });
});

async function copied(space: Workspace): Promise<void> {
  await cp(space.path('a.csv'), space.path('b.csv'), { preserveTimestamps: true });
  await rename(space.path('b.csv'), space.path('a.csv'));
}

async function replaced(space: Workspace, make: (path: string) => Promise<unknown>): Promise<void> {
  await rm(space.path(CACHE));
  await make(space.path(CACHE));
}
