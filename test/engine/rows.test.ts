/** The rows of a target as one relation: what is in it, in what order, and what is said of what is not. */
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataTarget } from '../../src/engine/dataTarget';
import { Database, type Row } from '../../src/engine/duckdb';
import { openRows, sampleRows, type FirstRows, type Rows } from '../../src/engine/rows';
import type { DataRequest, MldataError } from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';

describe('rows', () => {
  const workspace = workspaces(here);
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  const open = async (
    space: Workspace,
    target: string,
    more: Partial<DataRequest & { threads: number; onFirst: (first: FirstRows) => Promise<void> }> = {},
  ): Promise<{ database: Database; rows: Rows; values: (sql?: string) => Promise<Row[]> }> => {
    const { threads = 2, onFirst, ...request } = more;
    const scratch = await mkdtemp(join(tmpdir(), 'mldata-rows-'));
    const database = await Database.open({ threads, memoryLimit: '1GB', spillFolder: join(scratch, 'spill') });
    ends.push(async () => {
      database.close();
      await rm(scratch, { recursive: true, force: true });
    });
    const found = await dataTarget({ target, folder: space.folder, ...request });
    const { signal } = new AbortController();
    const rows = await openRows(found, {
      database,
      scratch,
      signal,
      onProgress: () => undefined,
      ...(onFirst && { onFirst }),
    });
    const ids = rows.columns.map(({ id }) => `${id}, `).join('');
    return {
      database,
      rows,
      values: (where = 'true') =>
        database.rows(`SELECT ${ids}__row FROM ${rows.relation} WHERE ${where} ORDER BY __row`),
    };
  };
  const typesOf = ({ columns }: Rows) =>
    Object.fromEntries(columns.map(({ name, physicalType }) => [name, physicalType]));
  const codes = ({ findings }: Rows) => findings.map(({ code }) => code);
  const parquet = async (space: Workspace, path: string, select: string) => {
    await space.query(`COPY (${select}) TO {${path}} (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  };

  it('shows no row twice at first, where few and long ones are much data', async () => {
    const space = await workspace({});
    for (const file of [0, 1, 2, 3, 4, 5]) {
      const select = `SELECT i, repeat(md5(i::VARCHAR), 800) AS long FROM range(${500 * file}, ${500 * (file + 1)}) AS t(i)`;
      await space.query(`COPY (${select}) TO {${file}.parquet} (FORMAT parquet, COMPRESSION uncompressed)`);
    }
    const shown: number[] = [];
    const onFirst = ({ rows }: FirstRows) => Promise.resolve(void shown.push(rows.rows));
    const { database } = await open(space, '*.parquet', { onFirst });
    const { different } = await database.row('SELECT count(DISTINCT __row)::INTEGER AS different FROM first_rows');
    assert.deepEqual(shown, [different]);
  });

  it('reads the files of a glob one after the other, uniting their columns by name', async () => {
    const space = await workspace({ 'a.csv': 'x,y\n1,a\n2,b\n', 'b.csv': 'y,z\nc,true\n' });
    const { rows, values } = await open(space, '*.csv');
    assert.deepEqual(typesOf(rows), { x: 'BIGINT', y: 'VARCHAR', z: 'BOOLEAN' });
    assert.deepEqual(await values(), [
      { c0: 1n, c1: 'a', c2: null, __row: 0n },
      { c0: 2n, c1: 'b', c2: null, __row: 1n },
      { c0: null, c1: 'c', c2: true, __row: 2n },
    ]);
    assert.deepEqual([rows.rows, rows.stored], [3, 'table']);
  });

  it('keeps the order of a large file, whatever the types that are guessed', async () => {
    const lines = Array.from(
      { length: 500_000 },
      (_, n) => `${n},${n % 3 === 0},2020-01-01 00:00:${String(n % 60).padStart(2, '0')},${n}.5,t${n}\n`,
    );
    const space = await workspace({ 'long.csv': `n,b,t,x,s\n${lines.join('')}` });
    const { rows, database } = await open(space, 'long.csv');
    assert.deepEqual(Object.values(typesOf(rows)), ['BIGINT', 'BOOLEAN', 'TIMESTAMP', 'DOUBLE', 'VARCHAR']);
    const { misplaced } = await database.row(
      `SELECT count(*) FILTER (WHERE c0 <> __row) AS misplaced FROM ${rows.relation}`,
    );
    assert.equal(misplaced, 0n);
  });

  it('leaves Parquet where it is, with columns by name and positions over all files', async () => {
    const space = await workspace({});
    await parquet(space, 'a.parquet', 'SELECT 1::INTEGER AS x, 2.5 AS y UNION ALL SELECT 2, 3.5');
    await parquet(space, 'b.parquet', "SELECT 'u' AS z, 3::INTEGER AS x");
    await parquet(space, 'c.parquet', "SELECT 'v' AS z, 4::INTEGER AS x");
    const { rows, values } = await open(space, '*.parquet');
    assert.equal(rows.stored, 'parquet');
    assert.deepEqual(
      (await values()).map((row) => [row['c0'], row['c2'], row['__row']]),
      [
        [1, null, 0n],
        [2, null, 1n],
        [3, 'u', 2n],
        [4, 'v', 3n],
      ],
    );
    for (const [first, last] of [
      [0, 0],
      [1, 2],
      [2, 2],
      [0, 3],
      [3, 9],
    ] as const) {
      const found = (await values(rows.between(first, last))).map((row) => Number(row['__row']));
      assert.deepEqual(
        found,
        [0, 1, 2, 3].filter((row) => row >= first && row <= last),
        `${first} to ${last}`,
      );
    }
  });

  it('reads text and Parquet together', async () => {
    const space = await workspace({ 'a.csv': 'x\n1\n' });
    await parquet(space, 'b.parquet', 'SELECT 2::BIGINT AS x');
    const { rows, values } = await open(space, '*.{csv,parquet}');
    assert.deepEqual(
      [typesOf(rows), await values()],
      [
        { x: 'BIGINT' },
        [
          { c0: 1n, __row: 0n },
          { c0: 2n, __row: 1n },
        ],
      ],
    );
  });

  describe('types that are not declared', () => {
    const many = (first: string, last: string) =>
      `x,y\n${Array.from({ length: 30_000 }, (_, row) => `${first},${row}`).join('\n')}\n${last},0\n`;
    const cases: [string, string, string, string][] = [
      ['whole numbers', '12', '34', 'BIGINT'],
      ['a fraction after many whole numbers', '12', '3.5', 'DOUBLE'],
      ['a code with a zero before it', '12', '007', 'VARCHAR'],
      ['a number with a sign', '12', '+7', 'VARCHAR'],
      ['more digits than fit', '12', '1234567890123456789', 'VARCHAR'],
      ['text after many numbers', '1.5', 'n/a', 'VARCHAR'],
      ['a number with all digits of a double', '1.5', '0.30000000000000004', 'DOUBLE'],
      ['a number that a double rounds', '1.5', '0.30000000000000000001', 'VARCHAR'],
      ['an exponent', '1.5', '-2E-7', 'DOUBLE'],
      ['other words for truth', 'true', 'FALSE', 'BOOLEAN'],
      ['a letter for truth', 'true', 't', 'VARCHAR'],
      ['a time after many dates', '2020-01-02', '2020-01-02 10:00:00', 'TIMESTAMP'],
      ['a date that is none', '2020-01-02', '2020-02-30', 'VARCHAR'],
      ['a fraction of a second', '2020-01-02 10:00:00', '2020-01-02T10:00:00.25', 'TIMESTAMP'],
      ['a blank within a time', '2020-01-02 10:00:00', '2 20-01-02 10:00:00', 'VARCHAR'],
      ['times with zones', '2020-01-02 10:00:00Z', '2020-01-02T10:00:00+02:00', 'TIMESTAMP WITH TIME ZONE'],
      ['a first value at the very end', '', '5', 'BIGINT'],
      ['no value at all', '', '', 'VARCHAR'],
    ];
    for (const [what, usual, last, type] of cases) {
      it(`hold every value: ${what}`, async () => {
        const space = await workspace({ 'a.csv': many(usual, last) });
        const { rows, values } = await open(space, 'a.csv');
        assert.deepEqual(typesOf(rows), { x: type, y: 'BIGINT' });
        assert.equal(rows.rows, 30_001);
        assert.deepEqual(codes(rows), []);
        const [row] = await values('__row = 30000');
        assert.equal(row?.['c0'] === null, last === '');
      });
    }
  });

  it('makes null what is none of its declared type, and says how many cells and where', async () => {
    const declared = 'schema: { columns: { x: integer } }';
    const csv = 'x,y\n1,1.5\nmany,2\n3,4\n';
    const space = await workspace({ '.mldata.yaml': config('d.csv', declared), 'd.csv': csv });
    const { rows, values } = await open(space, 'd', { configPath: space.path('.mldata.yaml') });
    assert.deepEqual(
      (await values()).map(({ c0 }) => c0),
      [1n, null, 3n],
    );
    const finding = rows.findings.find(({ code }) => code === 'cast-failed');
    assert.deepEqual(
      [finding?.code, finding?.severity, finding?.column, finding?.count, finding?.locations?.[0]?.line],
      ['cast-failed', 'warning', 'x', 1, 3],
    );
  });

  it('makes null what is none of its declared type in Parquet', async () => {
    const declared = 'schema: { columns: { x: integer } }';
    const space = await workspace({ '.mldata.yaml': config('d.parquet', declared) });
    await parquet(space, 'd.parquet', 'SELECT unnest([1.0, 2.5, NULL]::DOUBLE[]) AS x');
    const { rows, values } = await open(space, 'd', { configPath: space.path('.mldata.yaml') });
    assert.deepEqual(
      (await values()).map(({ c0 }) => c0),
      [1n, null, null],
    );
    assert.deepEqual(
      rows.findings.map(({ code, count }) => [code, count]),
      [['cast-failed', 1]],
    );
  });

  it('leaves out records that are no rows, and says so', async () => {
    const space = await workspace({ 'a.csv': 'x,y\n1,a\n2\n3,c\n', 'b.jsonl': '{"x":1}\n[2]\n{"x":3}\n' });
    const delimited = await open(space, 'a.csv');
    assert.deepEqual([delimited.rows.rows, codes(delimited.rows)], [2, ['record-too-short']]);
    const lines = await open(space, 'b.jsonl');
    assert.deepEqual(await lines.values(), [
      { c0: 1n, __row: 0n },
      { c0: 3n, __row: 1n },
    ]);
    assert.deepEqual([lines.rows.rows, codes(lines.rows)], [2, ['json-invalid']]);
  });

  describe('of a build', () => {
    const csv = `x,y\n${Array.from({ length: 40 }, (_, row) => `${row},"${row % 3 === 0 ? '' : `t${row}`}"`).join('\n')}\n`;
    const splits = 'split: { train: 0.5, validation: 0.25, test: 0.25, seed: 3 }';
    for (const format of ['parquet', 'arrow', 'jsonl', 'csv']) {
      it(`are those of its splits in ${format}, with the name of each`, async () => {
        const yaml = config('d.csv', `${splits}\noutput: { formats: [${format}] }`);
        const space = await workspace({ '.mldata.yaml': yaml, 'd.csv': csv });
        await space.build();
        const request = { configPath: space.path('.mldata.yaml') };
        const { rows, database } = await open(space, 'd', request);
        const counted = await database.rows(
          `SELECT __split AS name, count(*)::INTEGER AS rows, min(__row) AS first FROM ${rows.relation} GROUP BY name ORDER BY first`,
        );
        assert.deepEqual(
          rows.splits.map(({ name, rows: size }) => [name, size]),
          [
            ['train', 20],
            ['validation', 10],
            ['test', 10],
          ],
        );
        assert.deepEqual(
          counted.map(({ name, rows: size, first }) => [name, size, Number(first)]),
          [
            ['train', 20, 0],
            ['validation', 10, 20],
            ['test', 10, 30],
          ],
        );
        const one = await open(space, 'd', { ...request, split: 'test' });
        assert.deepEqual([one.rows.rows, one.rows.splits], [10, [{ name: 'test', rows: 10 }]]);
        assert.deepEqual(typesOf(one.rows), { x: 'BIGINT', y: 'VARCHAR' });
      });
    }

    it('are told to be missing with what to do', async () => {
      const space = await workspace({ '.mldata.yaml': config('d.csv'), 'd.csv': csv });
      await space.build();
      await rm(space.path('datasets/d/data/data.parquet'));
      await assert.rejects(open(space, 'datasets/d'), (error: MldataError) => {
        assert.equal(error.code, 'artifacts-missing');
        assert.match(error.message, /data\/data\.parquet.*Build it again/);
        return true;
      });
    });
  });

  describe('that are hardly any', () => {
    const cases: [string, string, number, string[]][] = [
      ['only.csv', 'x,y\n', 0, ['x', 'y']],
      ['one.csv', 'x,y\n1,2\n', 1, ['x', 'y']],
    ];
    for (const [file, content, count, names] of cases) {
      it(`open: ${file}`, async () => {
        const { rows, database } = await open(await workspace({ [file]: content }), file);
        assert.deepEqual([rows.rows, rows.columns.map(({ name }) => name)], [count, names]);
        const counted = await database.row(`SELECT count(*)::INTEGER AS rows FROM ${rows.relation}`);
        assert.equal(counted['rows'], count);
      });
    }

    it('open from Parquet without a row', async () => {
      const space = await workspace({});
      await parquet(space, 'a.parquet', 'SELECT 1 AS x WHERE false');
      const { rows, values } = await open(space, 'a.parquet');
      assert.deepEqual([rows.rows, await values(rows.between(0, 10))], [0, []]);
    });
  });

  const broken: [string, (space: Workspace) => Promise<unknown>, string][] = [
    ['an empty file', (space) => space.write('a.parquet', ''), 'source-empty'],
    [
      'a Parquet file that is cut short',
      async (space) => {
        await parquet(space, 'a.parquet', 'SELECT i, hash(i) AS h FROM range(10000) AS t(i)');
        await truncate(space.path('a.parquet'), 60_000);
      },
      'source-unreadable',
    ],
    [
      'a Parquet file whose middle is missing',
      async (space) => {
        await parquet(space, 'a.parquet', 'SELECT i, hash(i) AS h FROM range(10000) AS t(i)');
        const content = await readFile(space.path('a.parquet'));
        await space.write('a.parquet', Buffer.concat([content.subarray(0, 30_000), content.subarray(31_000)]));
      },
      'source-unreadable',
    ],
    ['a list of no records', (space) => space.write('a.parquet', '[]'), 'source-empty'],
    ['records without columns', (space) => space.write('a.parquet', '{}\n{}\n'), 'source-empty'],
    ['text that calls itself Parquet', (space) => space.write('a.parquet', '\u0001\u0002no'), 'source-unreadable'],
  ];
  for (const [what, prepare, code] of broken) {
    it(`refuse ${what}`, async () => {
      const space = await workspace({});
      await prepare(space);
      await assert.rejects(open(space, 'a.parquet'), (error: MldataError) => {
        assert.equal(error.code, code);
        return true;
      });
    });
  }

  it('are no longer trusted once a file has changed', async () => {
    const space = await workspace({ 'a.csv': 'x\n1\n' });
    const { rows } = await open(space, 'a.csv');
    await rows.assertUnchanged();
    await appendFile(space.path('a.csv'), '2\n');
    await assert.rejects(rows.assertUnchanged(), { code: 'source-changed' });
    await utimes(space.path('a.csv'), 0, 0);
    await assert.rejects(rows.assertUnchanged(), { code: 'source-changed' });
  });

  describe('in a sample', () => {
    const drawn = async (path: string, wanted: number, seed: number, threads: number) => {
      const { rows, database } = await open(await source, path, { threads });
      const sample = await sampleRows(database, rows, wanted, seed);
      const found = await database.rows(`SELECT __row, c0 FROM ${sample.relation} ORDER BY __row`);
      assert.equal(sample.rows, found.length);
      return found.map((row) => `${String(row['__row'])} ${String(row['c0'])}`);
    };
    let source: Promise<Workspace>;
    beforeEach(() => {
      source = workspace({ 'a.csv': `x\n${Array.from({ length: 20_000 }, (_, row) => row * 2).join('\n')}\n` });
    });

    it('are exactly as many as asked for, the same for any number of threads, others for another seed', async () => {
      await parquet(await source, 'a.parquet', 'SELECT 2 * i AS x FROM range(20000) AS t(i)');
      const first = await drawn('a.csv', 500, 7, 2);
      assert.equal(first.length, 500);
      assert.ok(first.every((each) => Number(each.split(' ')[1]) === 2 * Number(each.split(' ')[0])));
      for (const threads of [1, 4]) assert.deepEqual(await drawn('a.csv', 500, 7, threads), first);
      assert.deepEqual(await drawn('a.parquet', 500, 7, 3), first);
      assert.notDeepEqual(await drawn('a.csv', 500, 8, 2), first);
    });

    it('are drawn from everywhere', async () => {
      const rows = (await drawn('a.csv', 2000, 1, 2)).map((each) => Number(each.split(' ')[0]));
      for (let tenth = 0; tenth < 10; tenth++) {
        const within = rows.filter((row) => Math.floor(row / 2000) === tenth).length;
        assert.ok(within > 140 && within < 260, `${within} of 200 in part ${tenth}`);
      }
    });

    it('are all where there are no more', async () => {
      assert.equal((await drawn('a.csv', 30_000, 1, 2)).length, 20_000);
    });
  });
});
