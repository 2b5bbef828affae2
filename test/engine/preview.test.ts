/** Trying steps on the first rows: what they change, and that nothing is written. */
import assert from 'node:assert/strict';
import { previewSchema, type Preview } from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';

const rows = (count: number) =>
  `id,x,city\n${Array.from({ length: count }, (_, index) => `${index},${index % 7 === 0 ? '' : index},Ulm`).join('\n')}\n`;
const steps =
  'transforms:\n  - drop_missing: { columns: x }\n  - derive: { column: x, expression: "CASE WHEN x > 10 THEN 10 ELSE x END" }\n' +
  '  - drop: { columns: city }\n  - derive: { column: twice, expression: x * 2 }';

describe('preview', () => {
  const workspace = workspaces();
  const preview = (space: Workspace): Promise<Preview> =>
    here.preview({ configPath: space.path('.mldata.yaml'), dataset: 'd', threads: 2 }, new AbortController().signal);

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

  it('shows rows as they were and as they are, of each kind the first, and counts all of them', async () => {
    const space = await workspace({ '.mldata.yaml': config('rows.csv', steps), 'rows.csv': rows(700) });
    const { changes, rows: shown, before, after } = await preview(space);
    assert.deepEqual(changes, { same: 9, changed: 591, added: 0, removed: 100 });
    assert.equal(shown.length, 200);
    assert.equal(shown.filter(({ status }) => status === 'same').length, 9);
    assert.ok(shown.filter(({ status }) => status === 'removed').length >= 29);
    assert.deepEqual(
      [before, after].map(({ columns }) => columns.map(({ name }) => name)),
      [
        ['id', 'x', 'city'],
        ['id', 'x', 'twice'],
      ],
    );
    assert.deepEqual(shown.slice(0, 2), [
      { status: 'removed', before: { row: 1, values: ['0', null, 'Ulm'] }, changed: [] },
      {
        status: 'same',
        before: { row: 2, values: ['1', '1', 'Ulm'] },
        after: { row: 1, values: ['1', '1', '2'] },
        changed: [],
      },
    ]);
    assert.deepEqual(
      shown.find(({ status }) => status === 'changed'),
      {
        status: 'changed',
        before: { row: 12, values: ['11', '11', 'Ulm'] },
        after: { row: 10, values: ['11', '10', '20'] },
        changed: ['x'],
      },
    );
    const { stderr } = await space.cli(['preview', 'd']);
    assert.match(stderr, /rows: 591 changed, 100 removed, 0 added, 9 the same\n {2}~ row 12: x 11 → 10\n/);
    assert.match(stderr, /\n {2}- row 1: id 0, x missing, city Ulm\n/);
  });

  for (const [what, transforms, expected] of [
    [
      'rows that are only moved are the same',
      '- sort: { by: [{ column: x, order: desc }] }',
      ['same 1→3', 'same 2→2', 'same 3→1'],
    ],
    [
      'rows of a union are added, also after the last row was removed',
      '- filter: { expression: x < 3 }\n  - union: { file: more.csv }',
      ['same 1→1', 'same 2→2', 'removed 3→', 'added →3', 'added →4'],
    ],
    [
      'of the rows that a join makes of one, the others are added',
      '- join: { file: twice.csv, on: id, how: inner, many: true }',
      ['same 1→1', 'added →2', 'same 2→3', 'removed 3→'],
    ],
    [
      'rows of a query are new',
      '- sql: { query: "SELECT x FROM input WHERE x > 1" }',
      ['removed 1→', 'removed 2→', 'removed 3→', 'added →1', 'added →2'],
    ],
    [
      'a column that takes the place of a dropped one is compared by its name',
      '- drop: { columns: y }\n  - derive: { column: y, expression: x }',
      ['changed 1→1 y', 'changed 2→2 y', 'changed 3→3 y'],
    ],
    [
      'a renamed column is no change of a value',
      '- rename: { columns: { y: z } }',
      ['same 1→1', 'same 2→2', 'same 3→3'],
    ],
  ] as const)
    it(`pairs rows over steps: ${what}`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('rows.csv', `transforms:\n  ${transforms}`),
        'rows.csv': 'id,x,y\n1,1,a\n2,2,b\n3,3,c\n',
        'more.csv': 'id,x,y\n8,8,h\n9,9,i\n',
        'twice.csv': 'id,n\n1,1\n1,2\n2,3\n',
      });
      const { rows: shown, changes } = await preview(space);
      assert.deepEqual(
        shown.map(({ status, before, after, changed }) =>
          [status, `${before?.row ?? ''}→${after?.row ?? ''}`, ...changed].join(' '),
        ),
        expected,
      );
      assert.equal(changes.same + changes.changed + changes.added + changes.removed, shown.length);
    });

  it('shortens values that no screen would show, and rows of very many columns', async () => {
    const wide = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    const space = await workspace({
      '.mldata.yaml': config('rows.csv', 'transforms:\n  - trim: { columns: c0 }'),
      'rows.csv': `${wide.join(',')}\n${Array.from({ length: 60 }, () => `${'x'.repeat(5000)},${wide.slice(1).join(',')}`).join('\n')}\n`,
    });
    const { rows: shown } = await preview(space);
    assert.equal(shown.length, 20);
    assert.equal(shown[0]?.before?.values[0], `${'x'.repeat(199)}…`);
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
    const { code, stdout, stderr } = await space.cli(['preview', 'd', '--step', '2', '--json']);
    assert.equal(code, 0, stderr);
    const { steps: tried, before, after } = previewSchema.parse(JSON.parse(stdout));
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

  for (const [where, city] of [
    ['among the records that it is opened by', 'Ulm'],
    ['beyond its first megabyte', 'Ulm'.repeat(100)],
  ] as const)
    it(`reads a file whose line ends change ${where}`, async () => {
      const lines = rows(9000).replaceAll('Ulm', city).split('\n');
      const mixed = `${lines.slice(0, 6000).join('\n')}\n${lines.slice(6000).join('\r\n')}`;
      const space = await workspace({ '.mldata.yaml': config('rows.csv', steps), 'rows.csv': mixed });
      const { sample } = await preview(space);
      assert.deepEqual(sample, { rows: 9000, complete: true });
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
