/** Trying steps on the first rows: what they change, and that nothing is written. */
import assert from 'node:assert/strict';
import { previewSchema } from '../../src/protocol';
import { config, workspaces, type Workspace } from './support';

const rows = (count: number) =>
  `id,x,city\n${Array.from({ length: count }, (_, index) => `${index},${index % 7 === 0 ? '' : index},Ulm`).join('\n')}\n`;
const steps =
  'transforms:\n  - drop_missing: { columns: x }\n  - derive: { column: x, expression: "CASE WHEN x > 10 THEN 10 ELSE x END" }\n' +
  '  - drop: { columns: city }\n  - derive: { column: twice, expression: x * 2 }';

describe('preview', () => {
  const workspace = workspaces();
  const preview = async (space: Workspace, ...args: string[]) => {
    const { code, stdout, stderr } = await space.cli(['preview', 'd', '--json', ...args]);
    assert.equal(code, 0, stderr);
    return previewSchema.parse(JSON.parse(stdout));
  };

  it('tells for each step which rows and columns it adds, removes and changes', async () => {
    const space = await workspace({ '.mldata.yaml': config('rows.csv', steps), 'rows.csv': rows(21) });
    const { steps: tried, sample, before, after } = await preview(space);
    assert.deepEqual(sample, { rows: 21, complete: true });
    assert.deepEqual(
      tried.map(({ step, transform, rowsIn, rowsOut, rowsChanged, columnsAdded, columnsRemoved, columnsChanged }) => [
        step,
        transform,
        rowsIn,
        rowsOut,
        rowsChanged,
        columnsAdded,
        columnsRemoved,
        columnsChanged,
      ]),
      [
        [1, 'drop_missing', 21, 18, 0, [], [], []],
        [2, 'derive', 18, 18, 9, [], [], [{ name: 'x', rows: 9 }]],
        [3, 'drop', 18, 18, 0, [], ['city'], []],
        [4, 'derive', 18, 18, 0, ['twice'], [], []],
      ],
    );
    const x = (table: typeof before) => table.columns.find(({ name }) => name === 'x');
    assert.deepEqual(x(before), {
      name: 'x',
      type: 'integer',
      missing: 3,
      distinct: 18,
      minimum: '1',
      maximum: '20',
      mean: 189 / 18,
    });
    assert.deepEqual([x(after)?.missing, x(after)?.maximum], [0, '10']);
    assert.deepEqual(after.head[0], ['1', '1', '2']);
    assert.deepEqual(await space.files('datasets'), []);
  });

  it('does not call a number another because its type is', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'transforms:\n  - fill_missing: { columns: x, strategy: median }'),
      'rows.csv': rows(21),
    });
    const { steps: tried } = await preview(space);
    assert.deepEqual(tried[0]?.columnsChanged, [{ name: 'x', rows: 3 }]);
  });

  it('shows one step by itself, on what the steps before it left', async () => {
    const space = await workspace({ '.mldata.yaml': config('rows.csv', steps), 'rows.csv': rows(21) });
    const { steps: tried, before, after } = await preview(space, '--step', '2');
    assert.deepEqual(
      tried.map(({ step }) => step),
      [2],
    );
    assert.deepEqual([before.rows, after.rows], [18, 18]);
    assert.deepEqual(
      after.columns.map(({ name }) => name),
      ['id', 'x', 'city'],
    );
  });

  it('takes the first 10,000 rows over several files, and says that they are a sample', async () => {
    const space = await workspace({
      '.mldata.yaml': config('"*.csv"', 'transforms:\n  - standard_scale: { columns: x }'),
      'a.csv': rows(6000),
      'b.csv': rows(6000),
      'c.csv': 'broken',
    });
    const { sample } = await preview(space);
    assert.deepEqual(sample, { rows: 10_000, complete: false });
    const { stderr } = await space.cli(['preview', 'd']);
    assert.match(stderr, /^d: the first 10,000 rows, a sample: figures are of these rows only/);
    assert.match(stderr, /1 standard_scale: 10,000 rows; [\d,]+ rows changed; changes x/);
  });

  it('warns of a step that takes too much away, and goes on', async () => {
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'transforms:\n  - filter: { expression: id < 5 }'),
      'rows.csv': rows(21),
    });
    const { findings, after } = await preview(space);
    assert.deepEqual([findings.map(({ code }) => code), after.rows], [['rows-lost'], 5]);
  });

  for (const [what, args, code, says] of [
    ['a step that is not there', ['d', '--step', '9'], 64, /d has 4 steps; there is no step 9/],
    ['a dataset that is not there', ['e'], 64, /has no dataset e/],
    ['no number', ['d', '--step', 'two'], 64, /Give the number of a step/],
  ] as const)
    it(`says what is wrong with ${what}`, async () => {
      const space = await workspace({ '.mldata.yaml': config('rows.csv', steps), 'rows.csv': rows(21) });
      const result = await space.cli(['preview', ...args]);
      assert.equal(result.code, code);
      assert.match(result.stderr, says);
    });
});
