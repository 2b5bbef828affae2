/** Packages for PyTorch, as far as no Python is needed to see it: what is refused before anything is written, and what is in the folder. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
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
