import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { config, codes, workspaces } from './support';

const cities = 'id,city,size\n1,Oslo,3.5\n2,Rome,\n3,"Aix, en Provence",1.25\n';

describe('a build', () => {
  const workspace = workspaces();

  it('leaves data, report and manifest where the design says, and nothing else', async () => {
    const { files, buildOne } = bound(await workspace({ '.mldata.yaml': config('cities.csv'), 'cities.csv': cities }));
    const build = await buildOne();
    assert.equal(build.status, 'built');
    assert.equal(build.rows, 3);
    assert.deepEqual(
      (await files()).filter((file) => !file.startsWith('.mldata/versions/')),
      [
        '.mldata.yaml',
        '.mldata/.gitignore',
        '.mldata/cache/hashes/d.json',
        'cities.csv',
        'datasets/d/data/data.parquet',
        'datasets/d/manifest.yaml',
        'datasets/d/reports/build.json',
        'datasets/d/versions.yaml',
      ],
    );
  });

  it('describes inputs, columns and artifacts in the manifest, with hashes that match the files', async () => {
    const space = await workspace({ '.mldata.yaml': config('cities.csv'), 'cities.csv': cities });
    await space.buildOne();
    const { inputs, columns, artifacts, config: resolved, engine } = await space.manifest('d');
    const digest = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
    assert.deepEqual(
      inputs.map(({ path, bytes, sha256, rows }) => ({ path, bytes, sha256, rows })),
      [{ path: 'cities.csv', bytes: cities.length, sha256: digest('sha256', Buffer.from(cities)), rows: 3 }],
    );
    assert.deepEqual(
      columns.map(({ name, type, physicalType }) => [name, type, physicalType]),
      [
        ['id', 'integer', 'BIGINT'],
        ['city', 'string', 'VARCHAR'],
        ['size', 'number', 'DOUBLE'],
      ],
    );
    const [artifact] = artifacts;
    const bytes = await readFile(space.path('datasets/d', artifact?.path ?? ''));
    assert.deepEqual(artifact, {
      path: 'data/data.parquet',
      kind: 'data',
      format: 'parquet',
      rows: 3,
      bytes: bytes.length,
      sha256: digest('sha256', bytes),
      md5: digest('md5', bytes),
    });
    assert.equal(resolved.name, 'd');
    assert.match(engine.duckdb, /^v\d/);
  });

  it('gives the same bytes again, and on any number of threads', async () => {
    const rows = Array.from(
      { length: 300_000 },
      (_, id) => `${id},${id % 7},${(id * 7919) % 1000}.25,text ${id % 1013}`,
    ).join('\n');
    const space = await workspace({
      '.mldata.yaml': config(
        'big.csv',
        'split: { train: 0.8, validation: 0.1, test: 0.1, stratify: label, seed: 7 }\noutput: { formats: [parquet, csv, jsonl, arrow], compression: { parquet: zstd, csv: gzip, jsonl: zstd } }',
      ),
      'big.csv': `id,label,value,note\n${rows}\n`,
    });
    const digests: string[][] = [];
    for (const options of [{ threads: 1 }, { threads: 2 }, { threads: 4 }, { threads: 3, memoryLimit: '200MB' }]) {
      const build = await space.buildOne({ ...options, force: true });
      assert.equal(build.status, 'built', build.error?.message);
      digests.push(build.artifacts.map(({ path, sha256 }) => `${path} ${sha256}`));
    }
    assert.equal(digests[0]?.length, 12);
    for (const other of digests.slice(1)) assert.deepEqual(other, digests[0]);
  }).timeout(120_000);

  for (const [format, compression, path, reader] of [
    ['parquet', 'none', 'data.parquet', 'read_parquet'],
    ['parquet', 'snappy', 'data.parquet', 'read_parquet'],
    ['parquet', 'gzip', 'data.parquet', 'read_parquet'],
    ['parquet', 'zstd:19', 'data.parquet', 'read_parquet'],
    ['parquet', 'lz4', 'data.parquet', 'read_parquet'],
    ['parquet', 'brotli', 'data.parquet', 'read_parquet'],
    ['csv', 'none', 'data.csv', 'read_csv'],
    ['csv', 'gzip:9', 'data.csv.gz', 'read_csv'],
    ['csv', 'zstd', 'data.csv.zst', 'read_csv'],
    ['jsonl', 'none', 'data.jsonl', 'read_json'],
    ['jsonl', 'gzip', 'data.jsonl.gz', 'read_json'],
    ['jsonl', 'zstd', 'data.jsonl.zst', 'read_json'],
  ] as const) {
    it(`writes ${format} with ${compression}, and reads it back`, async () => {
      const space = await workspace({ '.mldata.yaml': config('cities.csv'), 'cities.csv': cities });
      const build = await space.buildOne({ format, compression });
      assert.deepEqual(
        build.artifacts.map((artifact) => artifact.path),
        [`data/${path}`],
      );
      const rows = await space.query(`SELECT * FROM ${reader}({datasets/d/data/${path}}) ORDER BY id`);
      assert.deepEqual(rows, [
        { id: 1n, city: 'Oslo', size: 3.5 },
        { id: 2n, city: 'Rome', size: null },
        { id: 3n, city: 'Aix, en Provence', size: 1.25 },
      ]);
    });
  }

  it('really compresses gzip CSV', async () => {
    const space = await workspace({ '.mldata.yaml': config('cities.csv'), 'cities.csv': cities });
    await space.buildOne({ format: 'csv', compression: 'gzip' });
    const bytes = await readFile(space.path('datasets/d/data/data.csv.gz'));
    assert.deepEqual([...bytes.subarray(0, 2)], [0x1f, 0x8b]);
  });

  it('puts further formats in folders of their own name', async () => {
    const space = await workspace({
      '.mldata.yaml': config('cities.csv', 'output: { formats: [csv, parquet], path: out/here }'),
      'cities.csv': cities,
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.artifacts.map(({ path }) => path),
      ['data/data.csv', 'parquet/data.parquet'],
    );
    assert.equal(build.manifest, 'out/here/manifest.yaml');
  });

  it('removes what the build before left and this one no longer writes', async () => {
    const space = await workspace({
      '.mldata.yaml': config('cities.csv', 'output: { formats: [csv, jsonl] }'),
      'cities.csv': cities,
    });
    await space.buildOne();
    await space.write('datasets/d/data/notes.txt', 'mine');
    await space.write('.mldata.yaml', config('cities.csv'));
    await space.buildOne();
    assert.deepEqual(await space.files('datasets/d'), [
      'data/data.parquet',
      'data/notes.txt',
      'manifest.yaml',
      'reports/build.json',
      'versions.yaml',
    ]);
  });

  it('builds the other datasets when one fails and it is to go on', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  gone: { source: gone.csv }\n  here: { source: cities.csv }\n',
      'cities.csv': cities,
    });
    const { datasets } = await space.build({ keepGoing: true });
    assert.deepEqual(
      datasets.map(({ dataset, status }) => [dataset, status]),
      [
        ['gone', 'failed'],
        ['here', 'built'],
      ],
    );
    assert.deepEqual(codes(datasets[0] ?? never()), ['source-not-found']);
  });

  it('reports each step once and in order, with shares that never fall', async () => {
    const space = await workspace({ '.mldata.yaml': config('cities.csv'), 'cities.csv': cities });
    const seen: { step: string; fraction: number }[] = [];
    await space.build({}, ({ step, fraction }) => seen.push({ step, fraction }));
    assert.deepEqual(
      [...new Set(seen.map(({ step }) => step))],
      ['resolve', 'read', 'enforce', 'split', 'write', 'hash', 'publish'],
    );
    assert.ok(seen.every(({ fraction }, index) => fraction >= (seen[index - 1]?.fraction ?? 0) && fraction <= 1));
  });

  it('refuses a name that the config does not have, and says which it has', async () => {
    const space = await workspace({ '.mldata.yaml': config('cities.csv'), 'cities.csv': cities });
    await assert.rejects(space.build({ names: ['c'] }), { kind: 'usage', message: /no dataset c\. It has d\./ });
  });
});

function bound(space: Awaited<ReturnType<ReturnType<typeof workspaces>>>) {
  return { files: () => space.files(), buildOne: () => space.buildOne() };
}

function never(): never {
  throw new Error('There is no such dataset');
}
