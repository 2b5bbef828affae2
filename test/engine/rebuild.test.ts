/** Building again what a manifest describes: the same bytes, or every difference by name. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDataset } from '../../src/engine/build';
import { rebuildReportSchema, type DatasetRebuild, type RebuildRequest } from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';

const rows = (last: number) =>
  `id,x\n${Array.from({ length: 50 }, (_, index) => `${index},${index * last}`).join('\n')}\n`;
const files = {
  '.mldata.yaml': config(
    '"*.csv"',
    'transforms:\n  - standard_scale: { columns: x }\nsplit: { train: 0.5, test: 0.5 }\noutput: { formats: [parquet, csv] }',
  ),
  'a.csv': rows(2),
  'b.csv': rows(3),
};

const other = 'f'.repeat(64);

async function hashOf(space: Workspace, path: string): Promise<string> {
  return (await space.manifest('d')).artifacts.find((file) => file.path === path)?.sha256 ?? '';
}

async function edit(space: Workspace, ...edits: (readonly [string, string])[]): Promise<void> {
  const path = space.path('datasets/d/manifest.yaml');
  let text = await readFile(path, 'utf8');
  for (const [from, to] of edits) {
    assert.ok(from !== '' && text.includes(from), from);
    text = text.replace(from, to);
  }
  await writeFile(path, text);
}

describe('rebuild', () => {
  const workspace = workspaces();
  const built = async () => {
    const space = await workspace(files);
    await space.buildOne();
    return space;
  };

  const rebuilt = async (space: Workspace, request: Partial<RebuildRequest> = {}): Promise<DatasetRebuild> => {
    const all = { targets: [], folder: space.folder, configPath: space.path('.mldata.yaml'), verify: true, threads: 2 };
    const report = await here.rebuild({ ...all, ...request }, () => undefined, new AbortController().signal);
    const [dataset] = report.datasets;
    assert.ok(dataset && report.datasets.length === 1);
    return dataset;
  };

  for (const threads of [1, 2, 4])
    it(`gives every artifact again with ${threads} threads, and with --verify leaves what stands there`, async () => {
      const space = await built();
      const before = await space.manifest('d');
      const all = await space.files();
      const same = { dataset: 'd', status: 'same', comparedBy: 'bytes', differences: [] };
      assert.deepEqual(await rebuilt(space, { threads }), same);
      assert.deepEqual(await space.files(), all);
      assert.deepEqual(await space.manifest('d'), before);
    });

  it('follows the manifest, whatever the config has become, and puts the build in place without --verify', async () => {
    const space = await built();
    const before = await space.manifest('d');
    await space.write('.mldata.yaml', config('a.csv'));
    await rm(space.path('datasets/d/data/train.parquet'));
    const { code, stderr } = await space.cli(['rebuild', 'datasets/d/manifest.yaml']);
    assert.equal(code, 0, stderr);
    const after = await space.manifest('d');
    assert.deepEqual({ ...after, createdAt: '' }, { ...before, createdAt: '' });
    assert.ok((await space.files('datasets')).includes('d/data/train.parquet'));
  });

  it('makes the checks again, and says so of what was published without passing them', async () => {
    const space = await workspace({
      '.mldata.yaml': config('"*.csv"', 'checks: { row_count: 1000 }\ngates: { maxErrors: 0 }'),
      'a.csv': rows(2),
    });
    await space.buildOne({ publishFailing: true });
    const { checked } = await space.manifest('d');
    await space.write('.mldata.yaml', 'datasets: [');
    const { status } = await rebuilt(space, { targets: ['datasets/d'], verify: false });
    assert.equal(status, 'same');
    assert.equal(checked?.passed, false);
    assert.deepEqual((await space.manifest('d')).checked, checked);
    assert.ok((await space.files('datasets/d/reports')).includes('quality.json'));
  });

  it('names every input that is another, gone or new, and builds nothing', async () => {
    const space = await built();
    await space.write('a.csv', rows(5));
    await rm(space.path('b.csv'));
    await space.write('c.csv', rows(3));
    const { code, stdout } = await space.cli(['rebuild', '--json']);
    assert.equal(code, 2);
    const [dataset] = rebuildReportSchema.parse(JSON.parse(stdout)).datasets;
    assert.equal(dataset?.status, 'inputsDiffer');
    assert.deepEqual(
      dataset.differences.map(({ of, how, name }) => [of, how, name]),
      [
        ['input', 'changed', 'a.csv'],
        ['input', 'missing', 'b.csv'],
        ['input', 'added', 'c.csv'],
      ],
    );
  });

  it('names only the input that is gone where the source is a list', async () => {
    const space = await workspace({ ...files, '.mldata.yaml': config('[a.csv, b.csv]') });
    await space.buildOne();
    await rm(space.path('b.csv'));
    const { differences } = await rebuilt(space, { verify: false });
    assert.deepEqual(
      differences.map(({ how, name }) => [how, name]),
      [['missing', 'b.csv']],
    );
  });

  it('says that all inputs are gone', async () => {
    const space = await built();
    await rm(space.path('a.csv'));
    await rm(space.path('b.csv'));
    const { code, stderr } = await space.cli(['rebuild', '--verify']);
    assert.equal(code, 2);
    assert.match(stderr, /input a\.csv is missing.*input b\.csv is missing/s);
  });

  it('names files that are no longer as they were written', async () => {
    const space = await built();
    await space.write('datasets/d/csv/test.csv', `${await readFile(space.path('datasets/d/csv/test.csv'), 'utf8')}\n`);
    await rm(space.path('datasets/d/csv/train.csv'));
    const { code, stderr } = await space.cli(['rebuild', '--verify']);
    assert.equal(code, 2);
    assert.match(stderr, /file csv\/test\.csv is another.*\n {2}file csv\/train\.csv is missing/);
  });

  it('names every artifact that comes out differently', async () => {
    const space = await built();
    const hash = await hashOf(space, 'csv/test.csv');
    await edit(space, [hash, other]);
    const { code, stderr } = await space.cli(['rebuild', '--verify']);
    assert.equal(code, 2);
    assert.ok(
      stderr.includes(`artifact csv/test.csv is another: sha256 ${other.slice(0, 12)} → ${hash.slice(0, 12)}`),
      stderr,
    );
    assert.ok(!stderr.includes('artifact data') && !stderr.includes('built with'), stderr);
  });

  describe('where another version of the engine wrote the files', () => {
    /** As it would be: the bytes are others, the manifest and the files agree. */
    const foreign = async () => {
      const space = await built();
      const { engine } = await space.manifest('d');
      const hash = await hashOf(space, 'csv/test.csv');
      await space.write(
        'datasets/d/csv/test.csv',
        `${await readFile(space.path('datasets/d/csv/test.csv'), 'utf8')}\n`,
      );
      const bytes = await readFile(space.path('datasets/d/csv/test.csv'));
      const now = createHash('sha256').update(bytes).digest('hex');
      await edit(space, [hash, now], [engine.duckdb, 'v1.0.0']);
      return space;
    };
    const verified = async (space: Workspace) => {
      const { status, comparedBy, differences } = await rebuilt(space);
      return { status, comparedBy, differences: differences.map(({ of, how, name }) => `${of} ${name} ${how}`) };
    };

    it('compares by content, and says so', async () => {
      const space = await foreign();
      assert.deepEqual(await verified(space), {
        status: 'same',
        comparedBy: 'content',
        differences: ['tool DuckDB changed'],
      });
      const { code, stderr } = await space.cli(['rebuild', '--verify']);
      assert.equal(code, 0);
      assert.match(stderr, /d: every split came out with the rows that the manifest says/);
      assert.match(stderr, /built with DuckDB v1\.0\.0, rebuilt with DuckDB v\S+: compared by content/);
    });

    it('names the split whose rows are others', async () => {
      const space = await foreign();
      const digest = (await space.manifest('d')).digests?.['test'] ?? '';
      await edit(space, [digest, digest.replace(/:.*/, `:${other}`)]);
      assert.deepEqual(await verified(space), {
        status: 'differs',
        comparedBy: 'content',
        differences: ['tool DuckDB changed', 'rows test changed'],
      });
    });

    const withoutDigests = async (space: Workspace) => {
      const { digests = {} } = await space.manifest('d');
      const lines = Object.entries(digests).map(([name, digest]) => `  ${name}: ${digest}\n`);
      await edit(space, [`digests:\n${lines.join('')}`, '']);
    };
    const digestedOtherwise = (space: Workspace) => edit(space, ['train: rows1-', 'train: rows2-']);
    for (const [what, change] of [
      ['without digests', withoutDigests],
      ['with digests of another kind', digestedOtherwise],
    ] as const)
      it(`says that a manifest ${what} leaves only bytes to compare`, async () => {
        const space = await foreign();
        await change(space);
        assert.deepEqual(await verified(space), {
          status: 'differs',
          comparedBy: 'bytes',
          differences: ['tool DuckDB changed', 'artifact csv/test.csv changed'],
        });
        const { code, stderr } = await space.cli(['rebuild', '--verify']);
        assert.equal(code, 2);
        assert.match(stderr, /the manifest has no digests of its rows that this version of mldata can compare/);
      });
  });

  it('gives the same bytes at 1, 2 and 4 threads, five times each, whatever is learned on the way', async () => {
    const learned = `transforms:
  - target_encode: { columns: city }
  - standard_scale: { columns: x }
  - power: { columns: y }
schema: { columns: { label: { role: target } } }
split: { train: 0.5, test: 0.5 }`;
    const cities = ['Ulm', 'Rom', 'Oslo', 'Lima', ''];
    const lines = Array.from(
      { length: 3000 },
      (_, row) =>
        `${cities[(row * 7) % 5]},${Math.sin(row) * 1e9 + 0.1},${Math.cos(row) * row},${(row * row) % 3 === 0 ? 1 : 0}`,
    );
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', learned),
      'rows.csv': `city,x,y,label\n${lines.join('\n')}\n`,
    });
    await space.buildOne();
    const { config: spec } = await space.manifest('d');
    const seen = new Set<string>();
    for (const threads of [1, 2, 4])
      for (let time = 1; time <= 5; time++) {
        const scratch = space.path(`scratch-${threads}-${time}`);
        const place = {
          folder: space.folder,
          scratch,
          output: join(scratch, 'output'),
          staging: join(scratch, 'staging'),
        };
        await mkdir(place.staging, { recursive: true });
        await mkdir(place.output);
        const job = { spec, threads, memoryLimit: '500MB', ...place };
        const { build } = await buildDataset(job, () => undefined, new AbortController().signal);
        seen.add(JSON.stringify(build.artifacts.map(({ path, sha256 }) => [path, sha256])));
      }
    assert.equal(seen.size, 1);
  });
});
