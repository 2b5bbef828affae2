/** A profile as a whole: of which rows it is, what it says on the way, and what it does where something fails. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import {
  profileSchema,
  type MldataError,
  type Profile,
  type ProfileListener,
  type ProfileProgress,
  type ProfileRequest,
  type ProfileUpdate,
} from '../../src/protocol';
import { profileOf } from './profileSupport';
import { config, workspaces, type Workspace } from './support';

const engine = new LocalEngine(resolve('dist/job.js'));
const silent: ProfileListener = { onProgress: () => undefined, onUpdate: () => undefined };

describe('profile', () => {
  const workspace = workspaces();
  const ask = (space: Workspace, target: string, more: Partial<ProfileRequest> = {}): ProfileRequest => ({
    ...{ target, folder: space.folder, threads: 2 },
    ...more,
  });
  const profile = profileOf;
  const column = ({ columns }: Pick<Profile, 'columns'>, name: string) => {
    const found = columns.find((each) => each.name === name);
    assert.ok(found, `there is no column ${name}`);
    return found;
  };
  const figures = ({ generatedAt: _at, durationMs: _ms, ...rest }: Profile) => rest;
  const many = `id,x,y\n${Array.from({ length: 3000 }, (_, row) => `${row},${(row * 7919) % 1000},${'abc'[row % 3] ?? ''}`).join('\n')}\n`;

  it('tells the rows, files, columns and first rows of what was asked for', async () => {
    const space = await workspace({ 'a.csv': 'x,y\n1,a\n,b\n3,\n', 'b.csv': 'x,y\n4,d\n' });
    const found = await profile(space, '*.csv');
    assert.deepEqual(
      [found.kind, found.dataset, found.of, found.rows, found.sample, found.fast],
      ['mldata/profile', '*.csv', 'files', 4, undefined, false],
    );
    assert.deepEqual(found.files, [
      { path: 'a.csv', bytes: 14 },
      { path: 'b.csv', bytes: 8 },
    ]);
    assert.deepEqual(
      found.columns.map(({ name, type, nulls }) => [name, type, nulls]),
      [
        ['x', 'integer', 1],
        ['y', 'string', 1],
      ],
    );
    assert.deepEqual(found.head, [
      ['1', 'a'],
      [null, 'b'],
      ['3', null],
      ['4', 'd'],
    ]);
    assert.deepEqual([found.missing.cells, found.missing.completeRows], [2, 2]);
  });

  it('describes a build together and each of its splits by itself, or one split alone', async () => {
    const yaml = config(
      'd.csv',
      'schema: { columns: { y: { role: target } } }\nsplit: { train: 0.5, test: 0.5, seed: 1 }',
    );
    const space = await workspace({ '.mldata.yaml': yaml, 'd.csv': many });
    await space.build();
    const configPath = space.path('.mldata.yaml');
    const found = await profile(space, 'd', { configPath });
    assert.deepEqual([found.of, found.rows, typeof found.builtAt], ['build', 3000, 'string']);
    assert.deepEqual(
      found.splits?.map(({ name, rows, columns }) => [name, rows, columns.length]),
      [
        ['train', 1500, 3],
        ['test', 1500, 3],
      ],
    );
    assert.equal(found.target?.column, 'y');
    const train = found.splits[0];
    assert.ok(train);
    const alone = await profile(space, 'd', { configPath, split: 'train' });
    assert.deepEqual([alone.split, alone.rows, alone.splits], ['train', 1500, undefined]);
    assert.deepEqual(column(alone, 'x').numeric, column(train, 'x').numeric);
  });

  it('says the same for any number of threads, but for when', async () => {
    const space = await workspace({ 'a.csv': many });
    const first = figures(await profile(space, 'a.csv'));
    for (const threads of [1, 4]) assert.deepEqual(figures(await profile(space, 'a.csv', { threads })), first);
  });

  describe('of a sample', () => {
    it('has exactly as many rows as asked for, the same ones for the same seed, and says so', async () => {
      const space = await workspace({ 'a.csv': many });
      const first = await profile(space, 'a.csv', { sample: { rows: 200 } });
      assert.deepEqual([first.rows, first.sample], [3000, { rows: 200, seed: 42, by: 'rows' }]);
      assert.deepEqual(figures(await profile(space, 'a.csv', { sample: { rows: 200 }, threads: 4 })), figures(first));
      const other = await profile(space, 'a.csv', { sample: { rows: 200 }, seed: 43 });
      assert.notDeepEqual(other.head, first.head);
    });

    it('takes a share of the rows, and all where there are no more', async () => {
      const space = await workspace({ 'a.csv': many });
      assert.equal((await profile(space, 'a.csv', { sample: { share: 0.01 } })).sample?.rows, 30);
      assert.equal((await profile(space, 'a.csv', { sample: { rows: 5000 } })).sample, undefined);
    });
  });

  const hardly: [string, string, number, number][] = [
    ['no row', 'x,y\n', 0, 2],
    ['one row', 'x,y\n1,a\n', 1, 2],
    ['one column that is always missing', 'x\n""\n""\n', 2, 1],
  ];
  for (const [what, content, rows, columns] of hardly) {
    it(`is whole of ${what}`, async () => {
      const found = await profile(await workspace({ 'a.csv': content }), 'a.csv');
      assert.deepEqual([found.rows, found.columns.length], [rows, columns]);
      assert.deepEqual(
        found.alerts.filter(({ code }) => code.endsWith('-failed')),
        [],
      );
    });
  }

  it('reads many Parquet files by a glob', async () => {
    const space = await workspace({});
    for (let file = 10; file < 40; file++)
      await space.query(
        `COPY (SELECT i + ${file * 100} AS x, 'f${file}' AS f FROM range(100) AS t(i)) TO {${file}.parquet} (FORMAT parquet)`,
      );
    const found = await profile(space, '*.parquet');
    assert.deepEqual([found.rows, found.files.length, column(found, 'f').distinct], [3000, 30, 30]);
    assert.deepEqual(
      [column(found, 'x').numeric?.min, column(found, 'x').numeric?.order],
      [1000, 'strictlyIncreasing'],
    );
  });

  it('describes more columns than one statement takes', async () => {
    const names = Array.from({ length: 230 }, (_, index) => `n${index}`);
    const rows = Array.from({ length: 5 }, (_, row) => names.map((_name, index) => row * index).join(','));
    const space = await workspace({ 'a.csv': `${names.join(',')}\n${rows.join('\n')}\n` });
    const found = await profile(space, 'a.csv');
    assert.deepEqual(
      found.columns.map(({ name }) => name),
      names,
    );
    assert.equal(column(found, 'n229').numeric?.max, 4 * 229);
    assert.equal(found.head[4]?.[229], String(4 * 229));
  });

  it('has the figures of a sketch from one sample of all columns, and counts from all rows', async () => {
    const space = await workspace({});
    const values =
      "i AS a, nullif(i % 1000, 7) / 8.0 + hash(i) % 1000000 AS b, ['x', 'y', 'z'][1 + i % 3] AS c, 't' || hash(i) AS d";
    await space.query(`COPY (SELECT ${values} FROM range(150000) AS t(i)) TO {a.parquet} (FORMAT parquet)`);
    const [exact, fast] = [await profile(space, 'a.parquet'), await profile(space, 'a.parquet', { fast: true })];
    for (const name of ['a', 'b', 'c', 'd']) {
      const [all, some] = [column(exact, name), column(fast, name)];
      assert.deepEqual([some.nulls, some.semantic], [all.nulls, all.semantic]);
      assert.ok(Math.abs(some.distinct - all.distinct) < 0.2 * all.distinct, `${name}: ${some.distinct}`);
    }
    const [all, some] = [column(exact, 'b').numeric, column(fast, 'b').numeric];
    assert.ok(all?.sum && some?.sum && all.stddev && some.stddev);
    assert.ok(Math.abs(some.sum / all.sum - 1) < 1e-9 && Math.abs(some.stddev / all.stddev - 1) < 0.02);
    assert.deepEqual([some.min, some.max], [all.min, all.max]);
    assert.equal(
      some.histogram.counts.reduce((sum, count) => sum + count),
      150_000 - column(exact, 'b').nulls,
    );
    assert.deepEqual(column(fast, 'c'), column(exact, 'c'));
    assert.equal(column(fast, 'd').text?.maxLength, column(exact, 'd').text?.maxLength);
    assert.ok(fast.correlations.every(({ sampled }) => sampled?.of === 150_000));
    assert.deepEqual([fast.duplicates, fast.head], [exact.duplicates, exact.head]);
    const other = await profile(space, 'a.parquet', { fast: true, threads: 3 });
    assert.deepEqual(figures(other), figures(fast));
  });

  describe('of a CSV, with sketches,', () => {
    const many = (value: (row: number) => unknown) => Array.from({ length: 3000 }, (_, row) => String(value(row)));
    const whole = many((row) => row);
    const halves = many((row) => row / 2 + 0.25);
    /** Values of which the first do not tell what the last is. */
    const late: { values: readonly string[]; exact: string; fast: string; guessed?: true }[] = [
      { values: whole, exact: 'integer', fast: 'integer', guessed: true },
      { values: halves, exact: 'number', fast: 'number', guessed: true },
      { values: many((row) => row % 2 === 0), exact: 'boolean', fast: 'boolean', guessed: true },
      { values: [...whole, '007'], exact: 'string', fast: 'integer', guessed: true },
      { values: [...halves, 'NaN'], exact: 'string', fast: 'number', guessed: true },
      { values: [...whole, '1.5'], exact: 'number', fast: 'number' },
      { values: [...whole, '9007199254740993'], exact: 'integer', fast: 'integer' },
      { values: many((row) => 9007199254740993n + BigInt(row)), exact: 'integer', fast: 'integer' },
      { values: [...halves, 'inf'], exact: 'string', fast: 'string' },
      { values: [...halves, '1e400'], exact: 'string', fast: 'string' },
      { values: [...whole, 'none of them'], exact: 'string', fast: 'string' },
      { values: [...many((row) => row % 2 === 0), 'perhaps'], exact: 'string', fast: 'string' },
    ];
    for (const { values, exact, fast, guessed } of late) {
      it(`takes ${values[0]} … ${values.at(-1)} for ${fast}, and says where it was guessed`, async () => {
        const space = await workspace({ 'a.csv': ['x', ...values, ''].join('\n') });
        const found = await profile(space, 'a.csv');
        const some = await profile(space, 'a.csv', { fast: true });
        assert.deepEqual([column(found, 'x').type, column(some, 'x').type], [exact, fast]);
        assert.equal(column(some, 'x').approximate?.includes('type') ?? false, guessed ?? false);
        assert.equal(some.rows, values.length);
        if (exact !== fast) return;
        const [all, same] = [column(found, 'x'), column(some, 'x')];
        assert.deepEqual([same.numeric?.min, same.numeric?.max], [all.numeric?.min, all.numeric?.max]);
        assert.deepEqual([same.numeric?.exact, same.nulls], [all.numeric?.exact, all.nulls]);
      });
    }
  });

  it('says of no type that it was guessed where each text was held against it', async () => {
    const space = await workspace({
      'a.jsonl': '{"x":"1"}\n{"x":"2"}\n',
      'a.csv': Buffer.from('x\n1\n2\n', 'utf16le'),
    });
    for (const file of ['a.jsonl', 'a.csv']) {
      const { approximate } = column(await profile(space, file, { fast: true }), 'x');
      assert.equal(approximate, undefined, file);
    }
  });

  it('is whole but for a column that cannot be read, which says why', async () => {
    const space = await workspace({});
    const query = 'SELECT i AS a, hash(i) AS b, i % 7 AS c FROM range(5000) AS t(i)';
    await space.query(`COPY (${query}) TO {a.parquet} (FORMAT parquet, COMPRESSION zstd)`);
    const [chunk] = await space.query("SELECT * FROM parquet_metadata({a.parquet}) WHERE path_in_schema = 'b'");
    const content = await readFile(space.path('a.parquet'));
    const at = Number(chunk?.['data_page_offset']);
    content.fill(0xee, at, at + 60);
    await space.write('a.parquet', content);
    const found = await profile(space, 'a.parquet');
    assert.deepEqual(
      found.columns.map(({ name, alerts }) => [name, alerts.some(({ code }) => code === 'column-unreadable')]),
      [
        ['a', false],
        ['b', true],
        ['c', false],
      ],
    );
    assert.deepEqual([column(found, 'a').numeric?.max, column(found, 'c').distinct, found.rows], [4999, 7, 5000]);
    assert.deepEqual(found.head[1], ['1', null, '1']);
    assert.equal(found.alerts.find(({ code }) => code === 'column-unreadable')?.column, 'b');
  });

  it('says which columns have another name because theirs differ in letter case only', async () => {
    const space = await workspace({});
    // The engine writes no such file: another name of as many letters is put into one.
    const query =
      'SELECT struct_pack(x := i, y := i) AS s, i AS "Age", i * 2 AS agf, i * 3 AS "age_1" FROM range(30) AS t(i)';
    await space.query(`COPY (${query}) TO {a.parquet} (FORMAT parquet)`);
    const content = await readFile(space.path('a.parquet'), 'latin1');
    await space.write('a.parquet', Buffer.from(content.replaceAll('agf', 'age'), 'latin1'));
    const found = await profile(space, 'a.parquet');
    const renamed = found.alerts.filter(({ code }) => code === 'column-renamed');
    assert.deepEqual(
      renamed.map(({ column: name, message }) => [name, /^The column (\S+) differs/.exec(message)?.[1]]),
      found.columns.slice(2).map(({ name }, index) => [name, ['age', 'age_1'][index]]),
    );
    assert.equal(column(found, renamed[0]?.column ?? '').numeric?.max, 58);
  });

  it('counts the cells that are none of their declared type, and goes on', async () => {
    const yaml = config('d.csv', 'schema: { columns: { x: integer } }');
    const space = await workspace({ '.mldata.yaml': yaml, 'd.csv': 'x,y\n1,2\nmany,3\n4,5\n' });
    const found = await profile(space, 'd', { configPath: space.path('.mldata.yaml') });
    assert.deepEqual([found.rows, column(found, 'x').nulls], [3, 1]);
    const alert = found.alerts.find(({ code }) => code === 'cast-failed');
    assert.deepEqual([alert?.column, alert?.count], ['x', 1]);
  });

  it('is refused where a file changes meanwhile', async () => {
    const space = await workspace({ 'a.csv': many });
    const onUpdate = () => {
      appendFileSync(space.path('a.csv'), '1,2,a\n');
    };
    await assert.rejects(profile(space, 'a.csv', {}, { ...silent, onUpdate }), { code: 'source-changed' });
  });

  it('gives a first look at much data before it is read, marked as such', async () => {
    const space = await workspace({});
    const wide = Array.from({ length: 60 }, (_, index) => `hash(i + ${index}) AS h${index}`).join(', ');
    await space.query(
      `COPY (SELECT i, ${wide} FROM range(200000) AS t(i)) TO {a.parquet} (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    const updates: ProfileUpdate[] = [];
    const controller = new AbortController();
    const onUpdate = (update: ProfileUpdate) => {
      updates.push(update);
      if (update.type === 'columns') controller.abort();
    };
    await assert.rejects(engine.profile(ask(space, 'a.parquet'), { ...silent, onUpdate }, controller.signal), {
      code: 'cancelled',
    });
    const [first] = updates;
    assert.ok(first?.type === 'first');
    const { rows, sample, columns } = profileSchema.parse(first.profile);
    assert.deepEqual([rows, sample?.by, columns.length], [200_000, 'blocks', 61]);
    const { min, max } = column(first.profile, 'i').numeric ?? {};
    assert.ok((min ?? 1e9) < 2000 && (max ?? 0) > 100_000, 'the blocks are spread over the file');
  });

  describe('in a process of its own', () => {
    const leftOvers = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith(`mldata-data-${process.pid}-`));

    it('tells how far it is and of every column that is done, and leaves nothing behind', async () => {
      const space = await workspace({ 'a.csv': many });
      const told: ProfileProgress[] = [];
      const columns = new Set<string>();
      const listener: ProfileListener = {
        onProgress: (progress) => told.push(progress),
        onUpdate: (update) => {
          if (update.type === 'columns') for (const { name } of update.columns) columns.add(name);
        },
      };
      const found = await engine.profile(ask(space, 'a.csv'), listener, new AbortController().signal);
      assert.equal(found.rows, 3000);
      assert.deepEqual([...columns].sort(), ['id', 'x', 'y']);
      const fractions = told.map(({ fraction }) => fraction);
      assert.deepEqual(
        fractions,
        [...fractions].sort((a, b) => a - b),
      );
      assert.deepEqual([...new Set(told.map(({ step }) => step))], ['read', 'columns', 'pairs', 'rows']);
      assert.deepEqual(await leftOvers(), []);
    });

    it('stops when it is cancelled, and leaves nothing behind', async () => {
      const space = await workspace({ 'a.csv': many });
      const controller = new AbortController();
      const onProgress = () => {
        controller.abort();
      };
      await assert.rejects(
        engine.profile(ask(space, 'a.csv'), { ...silent, onProgress }, controller.signal),
        (error: MldataError) => {
          assert.equal(error.kind, 'cancelled');
          return true;
        },
      );
      assert.deepEqual(await leftOvers(), []);
    });

    it('holds two columns against each other, and refuses one that is not there', async () => {
      const space = await workspace({ 'a.csv': many });
      const request = { target: 'a.csv', folder: space.folder, threads: 2, a: 'y', b: 'x' };
      const { signal } = new AbortController();
      const pair = await engine.pair(request, signal);
      assert.deepEqual([pair.kind, pair.rows], ['boxes', 3000]);
      await assert.rejects(engine.pair({ ...request, b: 'z' }, signal), { code: 'column-unknown' });
    });
  });
});
