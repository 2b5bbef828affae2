/** The lines that the editor gives to load an export: run as they are, by the real pyarrow, datasets and PyTorch. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { absoluteFolder, folderFrom, loaderSnippet } from '../../src/extension/export/loaderSnippet';
import type { Export, ExportRequest } from '../../src/protocol';
import { exportIn } from '../engine/exported';
import { config, here, Workspace } from '../engine/support';
import { table } from '../engine/whole';
import { run } from '../host/processes';
import { testPython } from '../host/python';
import { trainingPython } from '../host/trainingPython';

const ROWS = 300;
const hostile = `a "b' ü\\n 😀; import os`;

describe('the lines that load an export', function () {
  this.timeout(300_000);
  let space: Workspace;
  before(async () => {
    const more =
      'schema: { columns: { label: { type: string, role: target } } }\nsplit: { train: 0.8, test: 0.2, seed: 7 }';
    space = await Workspace.create({ '.mldata.yaml': config('data.csv', more), 'data.csv': table(ROWS) }, here);
    assert.equal((await space.buildOne()).status, 'built');
  });
  after(() => space.remove());

  const made = (request: Partial<ExportRequest>): Promise<Export> =>
    exportIn(space, 'd', { ...request, output: space.path(hostile), force: true });
  /** What a file of Python with these lines prints, started from anywhere. */
  const printed = async (lines: string | undefined, python: Promise<string>, more = ''): Promise<string> => {
    assert.ok(lines !== undefined);
    const file = space.path('train.py');
    await writeFile(file, `${lines}${more}\n`);
    return run(await python, [file], { cwd: path.parse(file).root });
  };

  for (const format of ['parquet', 'arrow', 'csv', 'jsonl'] as const) {
    it(`reads ${format}, by the folder's whole path and as the file sees it`, async () => {
      const done = await made({ formats: [format] });
      const count = '\nprint({name: each.count_rows() for name, each in data.items()}, table.num_rows)';
      const expected = `{'train': ${ROWS * 0.8}, 'test': ${ROWS * 0.2}} ${ROWS * 0.8}`;
      for (const folder of [absoluteFolder(done.output), folderFrom(space.path('train.py'), done.output)])
        assert.equal((await printed(loaderSnippet(done, folder), testPython(), count)).trim(), expected);
    });
  }

  it('reads nothing of formats that Python does not read at once', async () => {
    assert.equal(loaderSnippet(await made({ formats: ['json'] }), 'Path()'), undefined);
  });

  it('iterates over the batches of a package', async () => {
    const done = await made({ framework: 'pytorch' });
    const lines = loaderSnippet(done, absoluteFolder(done.output));
    assert.match(await printed(lines, trainingPython()), /'target': 'Tensor'/);
  });

  it('takes no name of a package that is none', () => {
    const files = [{ path: 'src/a; import os/__init__.py', kind: 'code' as const }];
    assert.equal(loaderSnippet({ framework: 'pytorch', output: '/x', files }, 'Path()'), undefined);
  });

  it('is seen from a notebook by the folder that it runs in', () => {
    assert.equal(folderFrom('/w/notebooks/look.ipynb', '/w/exports/d'), 'Path("../exports/d")');
  });
});
