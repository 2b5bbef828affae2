/** Packages for PyTorch, as far as no Python is needed to see it: what is refused before anything is written, and what is in the folder. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, truncate } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SchemaDocument, SplitsDocument } from '../../src/engine/export/pytorch/documents';
import type { ExportRequest } from '../../src/protocol';
import { exportIn, filesIn, wholeExport } from './exported';
import { config, here, workspaces, type Workspace } from './support';

const ROWS = 60;
const csv = [
  'id,x,no,label',
  ...Array.from({ length: ROWS }, (_, row) => `${row},${row / 8},word ${row},${row % 3 ? 'a' : 'b'}`),
].join('\n');
const withTarget =
  'schema: { columns: { label: { role: target } } }\nsplit: { train: 0.8, validation: 0.1, test: 0.1, seed: 1 }';

describe('a package for PyTorch', () => {
  const workspace = workspaces(here);
  const built = async (more = withTarget): Promise<Workspace> => {
    const space = await workspace({ '.mldata.yaml': config('data.csv', more), 'data.csv': `${csv}\n` });
    assert.equal((await space.buildOne()).status, 'built');
    return space;
  };
  const packed = (space: Workspace, options: Partial<ExportRequest> = {}) =>
    exportIn(space, 'd', { framework: 'pytorch', ...options });
  const document = async <D>(space: Workspace, path: string): Promise<D> =>
    JSON.parse(await readFile(space.path('exports/d-pytorch/metadata', path), 'utf8')) as D;

  describe('whose data is fetched', () => {
    const dataUrl = 'https://example.org/a%20b/';

    it('names the files that an export without an address holds, and holds none', async () => {
      const space = await built();
      const held = await packed(space, { output: space.path('held') });
      await packed(space);
      const done = await packed(space, { dataUrl, force: true });
      await wholeExport(done.output);
      assert.deepEqual(
        (await filesIn(done.output)).filter((path) => path.startsWith('data/')),
        [],
      );
      const { splits } = await document<SplitsDocument>(space, 'splits.json');
      assert.deepEqual(
        splits.flatMap(({ files }) => files.map(({ url, sha256 }) => [url, sha256])).sort(),
        held.files
          .filter(({ kind }) => kind === 'data')
          .map(({ path, sha256 }) => [path.replace('data/', dataUrl), sha256])
          .sort(),
      );
    });

    for (const address of ['data', 'file:///tmp', 'https://me:secret@example.org/', 'https://example.org/?token=1']) {
      it(`is refused: ${address}`, async () => {
        const space = await built();
        await assert.rejects(packed(space, { dataUrl: address }), (error: Error & { code?: string }) => {
          assert.equal(error.code, 'data-url');
          assert.ok(!error.message.includes('secret'));
          return true;
        });
        assert.deepEqual(await filesIn(space.path('exports')), []);
      });
    }

    const unused: [string, Partial<ExportRequest>][] = [
      ['nothing is there to be tracked', { framework: 'pytorch', dataUrl, tracking: 'dvc' }],
      ['files are no package', { dataUrl }],
      ['files have nothing to predict', { targetColumn: 'label' }],
      ['the folder of another framework is none of Python', { framework: 'huggingface', packageName: 'x' }],
    ];
    for (const [what, options] of unused) {
      it(`is refused where that has no effect: ${what}`, async () => {
        const space = await built();
        await assert.rejects(exportIn(space, 'd', options), { code: 'wrong-usage' });
      });
    }
  });

  describe('with a column to predict', () => {
    it('that the config names since the build', async () => {
      const space = await built('');
      await assert.rejects(packed(space), { code: 'target-missing' });
      await space.write('.mldata.yaml', config('data.csv', 'schema: { columns: { label: { role: target } } }'));
      await packed(space);
      const { target, columns } = await document<SchemaDocument>(space, 'schema.json');
      assert.deepEqual(
        [target, columns.filter(({ role }) => role === 'target').map(({ name }) => name)],
        ['label', ['label']],
      );
    });

    it('that is text of its own in each of many rows: nothing is written for it', async () => {
      const rows = Array.from({ length: 1500 }, (_, row) => `${row},${row},word ${row},a`);
      const space = await built();
      await space.write('data.csv', `id,x,no,label\n${rows.join('\n')}\n`);
      assert.equal((await space.buildOne()).status, 'built');
      const steps: string[] = [];
      const refused = exportIn(space, 'd', { framework: 'pytorch', targetColumn: 'no' }, ({ step }) => {
        steps.push(step);
      });
      await assert.rejects(refused, (error: Error & { code?: string; findings?: readonly unknown[] }) => {
        assert.equal(error.code, 'target-type');
        assert.equal(error.findings?.length, 1);
        return true;
      });
      assert.ok(!steps.includes('write'), steps.join());
    });

    it('that would be no text in YAML as it stands', async () => {
      const space = await built('');
      const named = packed(space, { columns: ['x', 'no'] });
      await assert.rejects(named, (error: Error) => error.message.includes('`"no": { role: target }`'));
    });
  });

  describe('whose numbers become 32-bit ones', () => {
    const beyond = 2 ** 24 + 1;
    const cases: readonly (readonly [what: string, values: readonly string[], count: number, message?: RegExp])[] = [
      ['whole numbers up to 2^24', [`${beyond - 1}::BIGINT`], 0],
      ['whole numbers beyond 2^24', [`${beyond}::INTEGER`, `-${beyond}::INTEGER`, `${beyond + 1}::INTEGER`], 2],
      ['the largest of a type', ['9223372036854775807::BIGINT'], 1],
      ['whole numbers among doubles', [`${beyond}::DOUBLE`, '0.1::DOUBLE'], 1],
      ['decimals without a fraction', [`${beyond}::DECIMAL(12,2)`, '20000000.25::DECIMAL(12,2)'], 1],
      ['whole numbers in lists', [`[1, ${beyond}]::BIGINT[]`], 1],
      ['doubles that 32 bits hold, about', ['1.1e38::DOUBLE', "'nan'::DOUBLE", "'inf'::DOUBLE"], 0],
      ['doubles that are larger', ['1e300::DOUBLE', '-1e300::DOUBLE'], 2, /larger than 32-bit floats hold/],
      ['doubles in lists', ['[1e300::DOUBLE, NULL]'], 1, /larger than 32-bit floats hold/],
    ];
    for (const [what, values, count, message = /beyond 2\^24/] of cases) {
      it(`says how many are not kept: ${what}`, async () => {
        const space = await workspace({ '.mldata.yaml': config('data.csv') });
        const rows = [...values, 'NULL'].map((value) => `SELECT ${value} AS x`).join(' UNION ALL ');
        await space.query(`COPY (SELECT x, row_number() OVER () % 2 AS y FROM (${rows})) TO {in.parquet}`);
        const { findings } = await exportIn(space, 'in.parquet', { framework: 'pytorch', targetColumn: 'y' });
        const lossy = findings.filter(({ code }) => code === 'export-lossy');
        assert.deepEqual(
          lossy.map((finding) => [finding.column, finding.severity, finding.count]),
          count === 0 ? [] : [['x', 'warning', count]],
          JSON.stringify(findings),
        );
        for (const finding of lossy) assert.match(finding.message, message);
      });
    }

    it('says it of a number to predict, and not of what is no part of a sample', async () => {
      const space = await workspace({ '.mldata.yaml': config('data.csv') });
      const values = `range / 7 AS x, 16777217 + range AS id, 1e300 * (range + 1) AS y`;
      await space.write(
        '.mldata.yaml',
        config('raw.parquet', 'schema: { columns: { id: { role: id }, y: { role: target } } }'),
      );
      await space.query(`COPY (SELECT ${values} FROM range(30)) TO {raw.parquet}`);
      assert.equal((await space.buildOne()).status, 'built');
      const { findings } = await packed(space);
      assert.deepEqual(
        findings.filter(({ code }) => code === 'export-lossy').map(({ column, count }) => [column, count]),
        [['y', 30]],
      );
    });
  });

  it('comes through: columns without a value, of every kind', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv') });
    const types = ['INTEGER', 'DOUBLE', 'VARCHAR', 'BOOLEAN', 'DATE', 'TIME', 'TIMESTAMP_NS', 'DOUBLE[]', 'VARCHAR[]'];
    const columns = [...types, 'STRUCT(a INTEGER)', 'DECIMAL(10,2)'].map((type, index) => `NULL::${type} AS c${index}`);
    await space.query(`COPY (SELECT ${columns.join(', ')}, range % 2 AS y FROM range(8)) TO {in.parquet}`);
    await exportIn(space, 'in.parquet', {
      framework: 'pytorch',
      targetColumn: 'y',
      output: space.path('exports/d-pytorch'),
    });
    const { columns: known } = await document<SchemaDocument>(space, 'schema.json');
    assert.deepEqual(
      known.map(({ kind, nullable }) => (nullable ? kind : `${kind}, always`)),
      [
        ...['number', 'number', 'category', 'number', 'datetime', 'time', 'datetime', 'numbers', 'texts', 'object'],
        ...['number', 'class, always'],
      ],
    );
    await wholeExport(space.path('exports/d-pytorch'));
  });

  it('has row groups of 10,000 to 100,000 rows, which are what is shuffled and shared among workers', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv') });
    await space.query(`COPY (SELECT range AS x, range % 2 AS y FROM range(70000)) TO {in.parquet}`);
    const output = space.path('exports/d-pytorch');
    await exportIn(space, 'in.parquet', { framework: 'pytorch', targetColumn: 'y', output });
    const { splits } = await document<SplitsDocument>(space, 'splits.json');
    const groups = splits.flatMap(({ files }) => files.flatMap(({ rowGroups }) => rowGroups));
    assert.equal(
      groups.reduce((sum, rows) => sum + rows, 0),
      70_000,
    );
    assert.ok(
      groups.slice(0, -1).every((rows) => rows >= 10_000 && rows <= 100_000),
      groups.join(),
    );
  });

  describe('with images', () => {
    const photos = async (): Promise<Workspace> => {
      const space = await workspace({});
      await space.write(
        '.mldata.yaml',
        config('data.csv', 'schema: { columns: { photo: { type: image }, label: { role: target } } }'),
      );
      await space.write('data.csv', 'photo,label\nshots/a.png,x\nshots/a.png,y\nshots/gone.png,x\n../../secret,y\n');
      await space.write('shots/a.png', 'an image');
      assert.equal((await space.buildOne()).status, 'built');
      return space;
    };

    it('holds each that is there once, and says which are not', async () => {
      const space = await photos();
      const { files, findings, output } = await packed(space);
      assert.deepEqual(
        files.filter(({ path }) => path.startsWith('data/media/')).map(({ path, bytes }) => [path, bytes]),
        [['data/media/shots/a.png', 8]],
      );
      assert.deepEqual(
        findings.filter(({ code }) => code === 'export-media').map(({ count, samples }) => [count, samples]),
        [[2, ['../../secret', 'shots/gone.png']]],
      );
      await wholeExport(output);
    });

    const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
    it('that have no room on the disk is refused before any of them is copied', async function () {
      if (!canMount) this.skip(); // a system that allows no mounts
      const space = await photos();
      await truncate(space.path('shots/a.png'), 20e6);
      const script = 'mkdir disk && mount -t tmpfs -o size=8m tmpfs disk && exec "$@"';
      const args = ['export', 'd', '--framework', 'pytorch', '--output', 'disk/d'];
      const command = ['--mount', 'sh', '-c', script, 'sh', process.execPath, resolve('dist/cli.js'), ...args];
      const { status, stderr } = spawnSync('unshare', command, { cwd: space.folder, encoding: 'utf8' });
      assert.equal(status, 1, stderr);
      assert.match(stderr, /takes at least 20 MB .* are free/);
    });
  });

  describe('of few rows', () => {
    it('has splits without a row', async () => {
      const space = await built();
      await packed(space, { where: 'id < 12' });
      const { splits } = await document<SplitsDocument>(space, 'splits.json');
      assert.deepEqual(
        splits.map(({ name }) => name),
        ['train', 'validation', 'test'],
      );
      assert.ok(splits.some(({ rows }) => rows === 0));
      await wholeExport(space.path('exports/d-pytorch'));
    });

    const untrained: [string, Partial<ExportRequest>][] = [
      ['no row at all', { where: 'id < 0' }],
      ['no split `train`', { splits: ['test'] }],
    ];
    for (const [what, options] of untrained) {
      it(`is refused without training rows: ${what}`, async () => {
        const space = await built();
        await assert.rejects(packed(space, options), { code: 'export-no-training' });
        assert.deepEqual(await filesIn(space.path('exports')), []);
      });
    }
  });
});
