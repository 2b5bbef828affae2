/** What the editor is told of a source: its columns, and where the config contradicts them. */
import assert from 'node:assert/strict';
import { readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LocalEngine } from '../../src/engine';
import type { SourceLook } from '../../src/protocol';
import { config, workspaces, type Workspace } from './support';

const never = new AbortController().signal;
const people = 'id,name,age,town\n1,Ada,36,Oslo\n2,Alan,41,Rome\n3,Grace,,Oslo\n';

describe('a look at a source', () => {
  const workspace = workspaces();
  const engine = new LocalEngine(resolve('dist/job.js'));

  async function look(space: Workspace, text?: string): Promise<SourceLook> {
    const request = {
      configPath: space.path('.mldata.yaml'),
      dataset: 'd',
      threads: 2,
      ...(text !== undefined && { text }),
    };
    return engine.look(request, never);
  }
  const told = ({ findings }: SourceLook) =>
    findings.map(
      ({ severity, code, message, configPath }) => `${severity} ${code} ${configPath?.slice(2).join('.')}: ${message}`,
    );

  it('tells the columns with their types, gaps, ends and few values, most frequent first', async () => {
    const space = await workspace({ 'a.csv': people, '.mldata.yaml': config('a.csv') });
    const { rows, partial, columns, findings } = await look(space);
    assert.deepEqual([rows, partial, findings], [3, false, []]);
    assert.deepEqual(
      columns.map(({ name, type, nulls, distinct, min, max }) => [name, type, nulls, distinct, min, max]),
      [
        ['id', 'integer', 0, 3, '1', '3'],
        ['name', 'string', 0, 3, 'Ada', 'Grace'],
        ['age', 'integer', 1, 2, '36', '41'],
        ['town', 'string', 0, 2, 'Oslo', 'Rome'],
      ],
    );
    assert.deepEqual(columns[3]?.values, [
      { value: 'Oslo', count: 2 },
      { value: 'Rome', count: 1 },
    ]);
  });

  it('lists no values where there are more than fifty', async () => {
    const rows = Array.from({ length: 51 }, (_, index) => `${index},${index % 50}`).join('\n');
    const space = await workspace({ 'a.csv': `a,b\n${rows}\n`, '.mldata.yaml': config('a.csv') });
    const [a, b] = (await look(space)).columns;
    assert.deepEqual([a?.distinct, a?.values, b?.values?.length], [51, undefined, 50]);
  });

  const contradictions: [name: string, more: string, told: string[]][] = [
    [
      'a declared column that the file has under another name',
      'schema: { columns: { Age: integer, twon: string } }',
      ['error column-missing schema.columns.twon: The declared column twon is in no file.'],
    ],
    [
      'a type that cells contradict, with the first of them',
      'schema: { columns: { name: integer } }',
      ['error cast-failed schema.columns.name: 3 values of name cannot be read as whole numbers, such as `Ada`.'],
    ],
    [
      'values that the enum lacks, and one that nobody has',
      'schema: { columns: { town: { type: string, enum: [Oslo, Bern] } } }',
      [
        'error constraint-enum schema.columns.town.enum: 1 value of town is none of Oslo, Bern, such as `Rome`.',
        'info enum-unseen schema.columns.town.enum.1: No row has `Bern` as town.',
      ],
    ],
    [
      'bounds and gaps',
      'schema: { columns: { age: { type: integer, required: true, maximum: 40 } } }',
      [
        'error constraint-required schema.columns.age.required: 1 value of age is missing.',
        'error constraint-maximum schema.columns.age.maximum: 1 value of age is above 40, such as `41`.',
      ],
    ],
    [
      'a bound that values of the type it turns out to have cannot be compared with',
      'schema: { columns: { name: { minimum: 3 } } }',
      [
        'error constraint-type schema.columns.name.minimum: `minimum` of name says `3`, but the values of name are texts.',
      ],
    ],
    [
      'columns that are not declared, where the config minds',
      'schema: { columns: { id: integer, name: string, age: integer }, extraColumns: warn }',
      ['warning column-extra schema.extraColumns: The column town is not declared.'],
    ],
    [
      'a column of the split that is not in the data',
      'split: { train: 1, stratify: city }',
      ['error split-column-missing split.stratify: The split is by city, which is no column of the data.'],
    ],
    [
      'a column of a step that is not in the data',
      'transforms:\n  - derive: { column: older, expression: age + 1 }\n  - clip: { columns: [older, aeg], minimum: 0 }',
      ['error transform-column transforms.1.clip.columns.1: There is no column `aeg` at this step.'],
    ],
    ['nothing where it is as declared', 'schema: { columns: { town: { type: string, enum: [Oslo, Rome] } } }', []],
  ];
  for (const [name, more, expected] of contradictions) {
    it(`tells of ${name}`, async () => {
      const space = await workspace({ 'a.csv': people.replace('age', name.includes('another') ? 'Age' : 'age') });
      assert.deepEqual(told(await look(space, config('a.csv', more))), expected);
    });
  }

  it('names the column that is probably meant', async () => {
    const space = await workspace({ 'a.csv': people });
    const { findings } = await look(space, config('a.csv', 'schema: { columns: { twon: string } }'));
    assert.match(findings[0]?.suggestion ?? '', /^Did you mean `town`\?/);
  });

  const unread: [name: string, source: string, files: Record<string, string>, told: string[]][] = [
    [
      'a pattern without a match',
      'raw/*.csv',
      {},
      ['error source-not-found source.0: The source raw/*.csv matches no data file.'],
    ],
    ['an empty file', 'a.csv', { 'a.csv': '' }, ['error source-empty source: The file is empty.']],
    ['a path that leaves the folder', '../a.csv', {}, ['error path-outside source.0: The path']],
  ];
  for (const [name, source, files, expected] of unread) {
    it(`tells of ${name}`, async () => {
      const found = await look(await workspace(files), config(source));
      assert.deepEqual(found.columns, []);
      assert.deepEqual(
        told(found).map((line, index) => line.slice(0, expected[index]?.length)),
        expected,
      );
    });
  }

  it('says nothing of a dataset whose source is not built yet', async () => {
    const space = await workspace({ 'a.csv': people });
    const found = await look(space, `${config('dataset://e')}  e:\n    source: a.csv\n`);
    assert.deepEqual([found.columns, found.findings], [[], []]);
  });

  it('looks at what is sound of a config that is being written', async () => {
    const space = await workspace({ 'a.csv': people });
    const found = await look(space, config('a.csv', 'schema: { columns: { town: { type: strin }, name: integer } }'));
    assert.deepEqual([found.columns.length, found.findings.map(({ code }) => code)], [4, ['cast-failed']]);
  });

  it('reads Parquet and lines of JSON too', async () => {
    const space = await workspace({ 'b.jsonl': '{"a": 1, "b": [1]}\n{"a": 2}\n' });
    await space.query(`COPY (SELECT 1 AS a, DATE '2024-01-02' AS b) TO {a.parquet} (FORMAT parquet)`);
    const types = async (source: string) =>
      (await look(space, config(source))).columns.map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(await types('b.jsonl'), ['a integer', 'b array']);
    assert.deepEqual(await types('a.parquet'), ['a integer', 'b date']);
  });

  describe('that is large', () => {
    const many = (rows: number) =>
      `id,town\n${Array.from({ length: rows }, (_, row) => `${row},${row % 2 ? 'Oslo' : 'Rome'}`).join('\n')}\n`;

    it('takes the first rows, says so, and nothing of what the others may hold', async () => {
      const space = await workspace({ 'a.csv': many(150_000) });
      const more =
        'schema: { columns: { id: { type: integer, maximum: 9 }, town: { type: string, enum: [Oslo, Rome, Bern] }, no: string } }';
      const found = await look(space, config('a.csv', more));
      assert.deepEqual([found.partial, found.rows], [true, 100_000]);
      assert.deepEqual(told(found), [
        'error column-missing schema.columns.no: The declared column no is in no file.',
        'error constraint-maximum schema.columns.id.maximum: 99990 values of id are above 9, such as `10`, among the first rows.',
      ]);
    });

    it('takes the first rows of Parquet without reading the others', async () => {
      const space = await workspace({});
      await space.query(`COPY (SELECT range AS id, 'x' AS kind FROM range(300000)) TO {a.parquet} (FORMAT parquet)`);
      const found = await look(
        space,
        config('a.parquet', 'schema: { columns: { id: { type: integer, minimum: 1 } } }'),
      );
      assert.deepEqual([found.partial, found.rows], [true, 100_000]);
      assert.deepEqual(told(found), [
        'error constraint-minimum schema.columns.id.minimum: 1 value of id is below 1, such as `0`, among the first rows.',
      ]);
    });

    it('misses no column that one of the many other files may have', async () => {
      const files = Array.from(
        { length: 25 },
        (_, index) => [`raw/${String(index).padStart(2, '0')}.csv`, 'a\n1\n'] as const,
      );
      const space = await workspace({ ...Object.fromEntries(files), 'raw/24.csv': 'a,late\n1,2\n' });
      const more = 'schema: { columns: { late: integer } }\nsplit: { train: 1, stratify: later }';
      const found = await look(space, config('raw/*.csv', more));
      assert.deepEqual([found.partial, found.rows, found.findings], [true, 20, []]);
    });

    for (const encoding of ['utf16le', 'latin1'] as const)
      it(`cuts ${encoding} between lines`, async () => {
        // In UTF-16 the first byte of this character is that of a line feed.
        const letter = encoding === 'utf16le' ? '上' : 'ä';
        const line = `${letter.repeat(500)}\n`;
        const space = await workspace({
          'a.csv': Buffer.from(`${encoding === 'utf16le' ? '\ufeff' : ''}text\n${line.repeat(70_000)}`, encoding),
        });
        const found = await look(space, config('a.csv'));
        assert.deepEqual([found.partial, found.findings], [true, []]);
        // What is cut within a line would be another value.
        assert.equal(found.columns[0]?.distinct, 1);
      });

    it('unpacks no more of a file than it takes', async () => {
      const line = `${'x'.repeat(1000)}\n`;
      const space = await workspace({ 'a.csv.gz': gzipSync(`text\n${line.repeat(60_000)}`) });
      const found = await look(space, config('a.csv.gz'));
      assert.deepEqual([found.columns.map(({ name }) => name), found.partial], [['text'], true]);
      assert.ok(found.rows > 30_000 && found.rows < 60_000, `${found.rows} rows`);
    });
  });

  describe('that is taken again', () => {
    it('reads nothing while the files and the schema are as they were', async () => {
      const space = await workspace({ 'a.csv': people });
      const first = await look(space, config('a.csv'));
      const before = new Date('2001-01-01');
      await utimes(space.path('a.csv'), before, before);
      const touched = await look(space, config('a.csv'));
      const again = await look(space, config('a.csv', 'split: { train: 1 }'));
      assert.notEqual(touched.fingerprint, first.fingerprint);
      assert.equal(again.fingerprint, touched.fingerprint);
      assert.equal(again.columns, touched.columns, 'it is what was seen before');
      const other = await look(space, config('a.csv', 'schema: { columns: { id: string } }'));
      assert.notEqual(other.fingerprint, touched.fingerprint);
    });

    it('sees that a file changed', async () => {
      const space = await workspace({ 'a.csv': people });
      await look(space, config('a.csv'));
      await space.write('a.csv', `${people}4,Edsger,72,Delft\n`);
      assert.equal((await look(space, config('a.csv'))).rows, 4);
    });
  });

  it('stops when it is cancelled, and leaves nothing behind', async () => {
    const space = await workspace({ 'a.csv': people, '.mldata.yaml': config('a.csv') });
    const controller = new AbortController();
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('mldata-data-'));
    const looking = engine.look({ configPath: space.path('.mldata.yaml'), dataset: 'd' }, controller.signal);
    controller.abort();
    await assert.rejects(looking, { kind: 'cancelled' });
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('mldata-data-'));
    assert.deepEqual(
      after.filter((name) => !before.includes(name)),
      [],
    );
    assert.deepEqual(await space.files(), ['.mldata.yaml', 'a.csv']);
  });
});
