import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { LocalEngine } from '../../src/engine';
import { parseConfig } from '../../src/config';
import type { InitRequest, InitResult } from '../../src/protocol';
import { codes, workspaces, type Workspace } from './support';

const workspace = workspaces();

async function init(space: Workspace, files: readonly string[], more: Partial<InitRequest> = {}): Promise<InitResult> {
  const request = {
    files: files.map((file) => space.path(file)),
    configPath: space.path('.mldata.yaml'),
    force: false,
  };
  return new LocalEngine().init({ ...request, threads: 2, ...more }, new AbortController().signal);
}

/** The only dataset of a first config; the config has nothing to complain about. */
function only({ text, configPath }: InitResult) {
  const { findings, datasets } = parseConfig(text, configPath);
  assert.deepEqual(findings, []);
  const [dataset] = datasets;
  assert.ok(dataset && datasets.length === 1);
  return dataset;
}

const towns = ['Oslo', 'Rome', 'Lima'];
const passengers =
  'PassengerId,Name,Age,Town,Since,Fare,Member,Class,Survived\n' +
  Array.from(
    { length: 60 },
    (_, n) =>
      `${n + 1},"Name ${n}, ${n % 7}",${n % 6 ? 20 + n : ''},${towns[n % 3]},2024-01-${String((n % 28) + 1).padStart(2, '0')},${n}.25,${n % 2 === 0},${(n % 3) + 1},${n % 2}\n`,
  ).join('');

describe('a first config', () => {
  it('declares what the data shows: types, gaps, keys, classes and the likely target', async () => {
    const space = await workspace({ 'raw/passengers.csv': passengers });
    const { schema, split, source, output, name } = only(await init(space, ['raw/passengers.csv']));
    assert.deepEqual(schema.columns, {
      PassengerId: { type: 'integer', required: true, unique: true },
      Name: { type: 'string', required: true },
      Age: { type: 'integer' },
      Town: { type: 'string', required: true, enum: ['Lima', 'Oslo', 'Rome'] },
      Since: { type: 'date', required: true },
      Fare: { type: 'number', required: true },
      Member: { type: 'boolean', required: true },
      Class: { type: 'integer', required: true, enum: [1, 2, 3], role: 'target' },
      Survived: { type: 'integer', required: true, enum: [0, 1] },
    });
    assert.equal(name, 'passengers');
    assert.deepEqual(source, [{ path: 'raw/passengers.csv', options: {} }]);
    assert.deepEqual(split?.ratios, { train: 0.8, validation: 0.1, test: 0.1 });
    assert.equal(split.stratify, 'Class');
    assert.equal(split.seedFrom, 'config');
    assert.deepEqual(output.formats, [{ format: 'parquet', compression: { codec: 'zstd', level: 3 } }]);
  });

  it('says why in comments, and builds', async () => {
    const space = await workspace({ 'raw/passengers.csv': passengers });
    const { text } = await init(space, ['raw/passengers.csv']);
    assert.equal(await readFile(space.path('.mldata.yaml'), 'utf8'), text);
    assert.match(text, /^# Datasets of this workspace/);
    assert.match(text, /Age: \{ type: integer \} # 10 of 60 values are missing/);
    assert.match(text, /role: target \} # likely the target/);
    assert.match(text, /# The seed makes the split the same everywhere/);
    const build = await space.buildOne();
    assert.deepEqual([build.status, build.rows, codes(build)], ['built', 60, []], build.error?.message);
  });

  it('takes texts that stand for missing values for what they are, and leaves the choice', async () => {
    const rows = Array.from({ length: 20 }, (_, n) => `${n},${n % 4 ? n * 1.5 : 'NA'},${n % 5 ? n : '-'}\n`).join('');
    const space = await workspace({ 'a.csv': `id,score,rank\n${rows}` });
    const result = await init(space, ['a.csv']);
    const { schema, source } = only(result);
    assert.deepEqual(source, [{ path: 'a.csv', options: { nullValues: ['NA', '-'] } }]);
    assert.deepEqual([schema.columns['score'], schema.columns['rank']], [{ type: 'number' }, { type: 'integer' }]);
    assert.match(result.text, /# These texts mean that a value is missing/);
    assert.deepEqual(codes(await space.buildOne()), []);
    assert.deepEqual(await space.query('SELECT count(score) AS n FROM {datasets/a/data/*.parquet}'), [{ n: 15n }]);
  });

  it('keeps nested values, long whole numbers and late keys of JSON lines', async () => {
    const lines = Array.from(
      { length: 30 },
      (_, n) =>
        `{"n": ${n % 2 ? '9007199254740993' : '9007199254740995'}, "at": {"x": ${n}}, "tags": ["a"]${n === 29 ? ', "late": true' : ''}}`,
    );
    const space = await workspace({ 'a.jsonl': lines.join('\n') });
    const { schema } = only(await init(space, ['a.jsonl']));
    assert.deepEqual(schema.columns, {
      n: { type: 'integer', required: true },
      at: { required: true },
      tags: { required: true },
      late: { type: 'boolean' },
    });
    const build = await space.buildOne();
    assert.deepEqual([build.status, codes(build)], ['built', []], build.error?.message);
    const columns = (await space.manifest('a')).columns.map(({ physicalType }) => physicalType);
    assert.deepEqual(columns, ['BIGINT', 'STRUCT(x BIGINT)', 'VARCHAR[]', 'BOOLEAN']);
  });

  it('survives column names and values that YAML would read otherwise', async () => {
    const names = [
      'id',
      'yes',
      'null',
      '1',
      '1.5',
      'a: b',
      '# c',
      '"q"',
      "it's",
      'two\nlines',
      '🦆',
      '- x',
      '{y}',
      '<<',
      ' p ',
      '*a',
      '__proto__',
    ];
    const quoted = (cells: readonly string[]) =>
      `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
    const values = ['yes', 'off', '2024-01-01x', '~x'];
    const rows = Array.from({ length: 40 }, (_, n) =>
      quoted(names.map((_, index) => (index === 0 ? String(n) : (values[n % 4] ?? '')))),
    );
    const space = await workspace({ 'a.csv': quoted(names) + rows.join('') });
    const { schema } = only(await init(space, ['a.csv']));
    assert.deepEqual(Object.keys(schema.columns).sort(), [...names].sort());
    assert.deepEqual(schema.columns['two\nlines'], { type: 'string', required: true, enum: [...values].sort() });
    const build = await space.buildOne();
    assert.deepEqual([build.status, codes(build)], ['built', []], build.error?.message);
  });

  it('takes a folder, a pattern and several files, with a dataset each and names of their own', async () => {
    const space = await workspace({
      'raw/sales.csv': 'a\n1\n',
      'other/sales.csv.gz': 'a\n1\n',
      'parts/1.csv': 'a\n1\n',
      'parts/2.csv': 'a\n2\n',
      'Größe & mehr.jsonl': '{"a": 1}\n',
    });
    const result = await init(space, [
      'raw/sales.csv',
      'other/sales.csv.gz',
      'parts',
      'parts/*.csv',
      'Größe & mehr.jsonl',
      'parts',
    ]);
    const { datasets, findings } = parseConfig(result.text, result.configPath);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      datasets.map(({ name, source }) => [name, source[0]?.path]),
      [
        ['Gr-e-mehr', 'Größe & mehr.jsonl'],
        ['sales', 'other/sales.csv.gz'],
        ['parts', 'parts'],
        ['dataset', 'parts/*.csv'],
        ['sales-2', 'raw/sales.csv'],
      ],
    );
    assert.deepEqual(
      result.datasets,
      datasets.map(({ name }) => name),
    );
    const built = await space.build();
    assert.deepEqual(
      built.datasets.map(({ status, rows }) => [status, rows]),
      [1, 1, 2, 2, 1].map((rows) => ['built', rows]),
    );
  });

  it('takes every data file and sub-folder of a folder, and passes over the rest', async () => {
    const space = await workspace({
      'raw/a.csv': 'a\n1\n',
      'raw/b/1.csv': 'a\n1\n',
      'raw/docs/readme.md': '#\n',
      'raw/notes.txt': 'x\n',
      'raw/.hidden/x.csv': 'a\n1\n',
    });
    const { datasets } = await init(space, [], { datasetsFolder: space.path('raw') });
    assert.deepEqual(datasets, ['a', 'b']);
  });

  it('leaves builds out, wherever they lie', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  made: { source: raw/a.csv, output: { path: raw/made } }\n',
      'raw/a.csv': 'a\n1\n',
      'raw/b.csv': 'a\nNA\n2\n',
    });
    await space.build();
    const whole = only(await init(space, ['raw'], { force: true }));
    assert.deepEqual(
      whole.source.map(({ path }) => path),
      ['raw/a.csv', 'raw/b.csv'],
    );
    assert.deepEqual(whole.schema.columns, { a: { type: 'integer' } });
    const { datasets } = await init(space, [], { datasetsFolder: space.path('raw'), force: true });
    assert.deepEqual(datasets, ['a', 'b']);
  });

  it('writes paths relative to the config, wherever it stands', async () => {
    const space = await workspace({ '.git/HEAD': 'ref: refs/heads/main\n', 'raw/a.csv': 'a\n1\n' });
    const result = await init(space, ['raw/a.csv'], { configPath: space.path('.mldata.yaml') });
    assert.equal(only(result).source[0]?.path, 'raw/a.csv');
    await space.write('work/keep', '');
    const inWork = await init(space, ['raw/a.csv'], { configPath: space.path('work/.mldata.yaml') });
    assert.equal(only(inWork).source[0]?.path, '../raw/a.csv');
  });

  it('never overwrites a config, unless that is asked for', async () => {
    const mine = '# mine\nversion: 1\n';
    const space = await workspace({ 'a.csv': 'a\n1\n', '.mldata.yaml': mine });
    await assert.rejects(init(space, ['a.csv']), { kind: 'usage', code: 'config-exists', message: /--force/ });
    assert.equal(await readFile(space.path('.mldata.yaml'), 'utf8'), mine);
    await init(space, ['a.csv'], { force: true });
    assert.notEqual(await readFile(space.path('.mldata.yaml'), 'utf8'), mine);
  });

  for (const [what, files, more, error] of [
    ['nothing', [], {}, { code: 'nothing-to-declare', message: /Name at least one data file/ }],
    ['a file that is not there', ['none.csv'], {}, { code: 'source-not-found', message: /none\.csv/ }],
    ['a folder that is not there', [], { datasetsFolder: 'none' }, { code: 'source-not-found', message: /none/ }],
    [
      'a folder without data',
      [],
      { datasetsFolder: 'empty' },
      { code: 'nothing-to-declare', message: /holds no data files/ },
    ],
    [
      'a file outside the workspace',
      ['../outside.csv'],
      {},
      { code: 'path-outside', message: /--allow-outside-paths/ },
    ],
  ] as const) {
    it(`is not written for ${what}: the message says what to do`, async () => {
      const outer = await workspace({ 'outside.csv': 'a\n1\n', 'work/empty/readme.md': '#\n' });
      const configPath = outer.path('work/.mldata.yaml');
      const folder = 'datasetsFolder' in more ? { datasetsFolder: outer.path('work', more.datasetsFolder) } : {};
      const request = {
        files: files.map((file) => outer.path('work', file)),
        configPath,
        force: false,
        threads: 2,
        ...folder,
      };
      await assert.rejects(new LocalEngine().init(request, new AbortController().signal), { kind: 'usage', ...error });
      assert.deepEqual(
        (await outer.files('work')).filter((file) => !file.startsWith('.mldata/')),
        ['empty/readme.md'],
      );
    });
  }

  it('declares a file whose line ends change beyond its first megabyte', async () => {
    const lines = Array.from({ length: 6000 }, (_, n) => `${n},${'x'.repeat(300)}`);
    const mixed = `id,text\n${lines.slice(0, 5000).join('\n')}\n${lines.slice(5000).join('\r\n')}\r\n`;
    const space = await workspace({ 'a.csv': mixed });
    const { schema } = only(await init(space, ['a.csv']));
    assert.deepEqual(schema.columns['id'], { type: 'integer', required: true, unique: true });
  });

  it('is not written for data that cannot be read, and says where', async () => {
    const space = await workspace({ 'a.csv': 'a,a\n1,2\n' });
    await assert.rejects(init(space, ['a.csv']), {
      kind: 'buildFailed',
      code: 'duplicate-column',
      message: /^a\.csv: /,
    });
    assert.deepEqual(await space.files(), ['.mldata/.gitignore', 'a.csv']);
  });
});
