/** Lineage: what came from what, by which steps, in the terminal, as JSON and as a chart. */
import assert from 'node:assert/strict';
import { lineageSchema } from '../../src/protocol';
import { config, workspaces } from './support';

const rows = `id,x\n${Array.from({ length: 20 }, (_, index) => `${index},${index * 2}`).join('\n')}\nbad,1\n`;
const files = {
  '.mldata.yaml': config(
    'rows.csv',
    'schema: { onError: quarantine, columns: { id: integer } }\n' +
      'transforms:\n  - filter: { expression: "id < 18" }\n  - standard_scale: { columns: x }\n' +
      'split: { train: 0.5, test: 0.5, seed: 7 }',
  ),
  'rows.csv': rows,
};

describe('lineage', () => {
  const workspace = workspaces();

  it('leads from the inputs through every step to the outputs, with the rows before and after', async () => {
    const space = await workspace(files);
    await space.buildOne();
    const { code, stdout } = await space.cli(['lineage', '--json']);
    assert.equal(code, 0);
    const [lineage] = lineageSchema.parse(JSON.parse(stdout)).datasets;
    const { inputs, artifacts } = await space.manifest('d');
    assert.deepEqual(
      lineage?.inputs.map(({ path, sha256, rows: read }) => [path, sha256, read]),
      [['rows.csv', inputs[0]?.sha256, 21]],
    );
    assert.deepEqual(
      lineage.steps.map(({ step, rowsIn, rowsOut }) => [step, rowsIn, rowsOut]),
      [
        ['read', 21, 20],
        ['filter', 20, 18],
        ['split', 18, 18],
        ['standard_scale', 18, 18],
        ['write', 18, 18],
      ],
    );
    assert.deepEqual(lineage.steps[2]?.parameters, { train: 0.5, test: 0.5, seed: 7 });
    assert.deepEqual(
      lineage.outputs.map(({ path, split, rows: written, sha256 }) => [path, split, written, sha256]),
      artifacts.filter(({ kind }) => kind === 'data').map((file) => [file.path, file.split, file.rows, file.sha256]),
    );
  });

  it('has steps that may learn before the split where they do not', async () => {
    const space = await workspace({
      ...files,
      '.mldata.yaml': config(
        'rows.csv',
        'transforms:\n  - clip: { columns: x, minimum: 0 }\nsplit: { train: 0.5, test: 0.5 }',
      ),
    });
    await space.buildOne();
    const [lineage] = lineageSchema.parse(JSON.parse((await space.cli(['lineage', '--json'])).stdout)).datasets;
    assert.deepEqual(
      lineage?.steps.map(({ step }) => step),
      ['read', 'clip', 'split', 'write'],
    );
  });

  for (const target of ['d', 'datasets/d', 'datasets/d/manifest.yaml'])
    it(`is found by ${target}`, async () => {
      const space = await workspace(files);
      await space.buildOne();
      const { stderr } = await space.cli(['lineage', target]);
      assert.match(stderr, /from {4}rows\.csv {2}21 rows.*filter {2}20 → 18 rows.*to {6}data\/train\.parquet/s);
    });

  it('is a flowchart in which nothing of a name is markup', async () => {
    const name = '"]-->x[<b>.csv';
    const space = await workspace({ '.mldata.yaml': config(JSON.stringify(name)), [name]: 'id\n1\n' });
    await space.buildOne();
    const { stdout } = await space.cli(['lineage', '--mermaid']);
    assert.deepEqual(stdout.split('\n'), [
      'flowchart LR',
      '  subgraph d0["d"]',
      '    d0i0[("#34;#93;--#62;x#91;#60;b#62;.csv<br/>1 rows")] --> d0s0',
      '    d0s0["read<br/>1 rows"] --> d0s1',
      '    d0s1["write<br/>1 rows"]',
      '    d0s1 --> d0o0[("data/data.parquet<br/>1 rows")]',
      '  end',
      '',
    ]);
  });

  for (const [what, args, code, says] of [
    ['a dataset that was not built', ['d'], 1, /d has no manifest that can be read\. Build it first: `mldata build d`/],
    ['a dataset that is not there', ['e'], 64, /has no dataset e\. It has d\./],
  ] as const)
    it(`says what to do about ${what}`, async () => {
      const space = await workspace(files);
      const result = await space.cli(['lineage', ...args]);
      assert.equal(result.code, code);
      assert.match(result.stderr, says);
    });
});
