/** Pages of rows: order, ties, filters of every type, and what stays behind. */
import assert from 'node:assert/strict';
import { readdir, utimes } from 'node:fs/promises';
import { resolve } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { LocalEngine } from '../../src/engine';
import { MldataError, type GridFilter, type GridPage, type GridView, type OpenedGrid } from '../../src/protocol';
import { workspaces, type Workspace } from './support';

const never = new AbortController().signal;
const whole: GridView = { filters: [], sort: [] };

interface Read {
  readonly rows: readonly number[];
  readonly values: readonly (string | null)[][];
}

/** By rows. */
function read({ arrow }: GridPage): Read {
  const table = tableFromIPC(Buffer.from(arrow, 'base64'));
  const columns = table.schema.fields.slice(1).map((_, index): unknown[] => [...(table.getChildAt(index + 1) ?? [])]);
  return {
    rows: [...(table.getChild('row') ?? [])].map(Number),
    values: Array.from({ length: table.numRows }, (_, row) =>
      columns.map((column) => (column[row] as string | null) ?? null),
    ),
  };
}

describe('a grid', () => {
  const workspace = workspaces();
  const engine = new LocalEngine(resolve('dist/job.js'));
  afterEach(async () => engine.close());

  async function open(space: Workspace, target: string): Promise<OpenedGrid> {
    return engine.openGrid({ target, folder: space.folder, threads: 2 }, never);
  }
  async function rowsOf(grid: OpenedGrid, view: Partial<GridView>, limit = 200): Promise<readonly number[]> {
    return read(await engine.gridPage({ id: grid.id, view: { ...whole, ...view }, offset: 0, limit }, never)).rows;
  }
  /** A Parquet file of what SQL selects. */
  async function parquet(space: Workspace, query: string): Promise<void> {
    await space.query(`COPY (${query}) TO {data.parquet} (FORMAT parquet)`);
  }
  async function codeOf(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(
      () => assert.fail('it went well'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof MldataError, String(error));
    return error.code;
  }

  describe('in order', () => {
    it('shows rows as they stand in the data, with their positions', async () => {
      const space = await workspace({ 'a.csv': 'name,age\nAda,36\nAlan,41\nGrace,\n' });
      const grid = await open(space, 'a.csv');
      assert.deepEqual(
        [grid.rows, grid.columns.map(({ name, type }) => `${name} ${type}`)],
        [3, ['name string', 'age integer']],
      );
      const page = await engine.gridPage({ id: grid.id, view: whole, offset: 1, limit: 10 }, never);
      assert.deepEqual([page.rows, page.offset], [3, 1]);
      assert.deepEqual(read(page), {
        rows: [1, 2],
        values: [
          ['Alan', '41'],
          ['Grace', null],
        ],
      });
    });

    const sorts: readonly (readonly [what: string, GridView['sort'], readonly number[]])[] = [
      ['upwards, missing values last', [{ column: 'x', descending: false }], [1, 3, 0, 4, 5, 2]],
      [
        'downwards, NaN before every number and missing values last',
        [{ column: 'x', descending: true }],
        [5, 0, 4, 1, 3, 2],
      ],
      [
        'by two columns',
        [
          { column: 'g', descending: false },
          { column: 'x', descending: true },
        ],
        [0, 4, 2, 5, 1, 3],
      ],
      ['texts by their characters, capitals first', [{ column: 't', descending: false }], [3, 0, 4, 1, 5, 2]],
    ];
    for (const [what, sort, expected] of sorts) {
      it(`sorts ${what}; rows that are equal keep their order`, async () => {
        const space = await workspace({});
        await parquet(
          space,
          "SELECT * FROM (VALUES (2.0, 'a', 'b'), (1.0, 'b', 'c'), (NULL, 'a', NULL), (1.0, 'b', 'B'), (2.0, 'a', 'b'), ('NaN'::DOUBLE, 'b', 'ä')) AS t(x, g, t)",
        );
        assert.deepEqual(await rowsOf(await open(space, 'data.parquet'), { sort }), expected);
      });
    }

    it('gives page by page what it gives at once, sorted, filtered and both, also where a page crosses runs', async () => {
      const space = await workspace({});
      await parquet(
        space,
        "SELECT i AS id, hash(i) % 100 AS bucket, 'text ' || (hash(i) % 997) AS t FROM range(60000) AS r(i)",
      );
      const grid = await open(space, 'data.parquet');
      const filters: GridFilter[] = [{ column: 'bucket', operator: 'less', values: ['50'] }];
      const sort = [{ column: 't', descending: true }];
      for (const [view, sql] of [
        [whole, ''],
        [{ filters, sort: [] }, 'WHERE hash(i) % 100 < 50'],
        [{ filters: [], sort }, "ORDER BY 'text ' || (hash(i) % 997) DESC, i"],
        [{ filters, sort }, "WHERE hash(i) % 100 < 50 ORDER BY 'text ' || (hash(i) % 997) DESC, i"],
      ] as const) {
        const expected = (await space.query(`SELECT i FROM range(60000) AS r(i) ${sql}`)).map((row) =>
          Number(row['i']),
        );
        for (const offset of [0, 4900, 4999, 9993, expected.length - 130]) {
          const page = await engine.gridPage({ id: grid.id, view, offset, limit: 200 }, never);
          assert.equal(page.rows, expected.length);
          assert.deepEqual(read(page).rows, expected.slice(offset, offset + 200), `${sql} at ${offset}`);
        }
      }
    });

    it('copies a large view in its order, and pages of it are the same before and after', async () => {
      const space = await workspace({});
      await parquet(space, 'SELECT i AS id, hash(i) AS h FROM range(300000) AS r(i)');
      const grid = await open(space, 'data.parquet');
      const request = { id: grid.id, view: { filters: [], sort: [{ column: 'h', descending: false }] }, limit: 200 };
      const before = await engine.gridPage({ ...request, offset: 123_456 }, never);
      for (let round = 0; round < 20; round++) {
        const page = await engine.gridPage({ ...request, offset: 123_456 }, never);
        assert.deepEqual(read(page), read(before));
        await new Promise((done) => setTimeout(done, 50));
      }
    });
  });

  describe('filters', () => {
    const query =
      "SELECT * FROM (VALUES (1, 1.5, 'Oslo', true, DATE '2020-01-01', TIMESTAMP '2020-01-01 10:00:00', 12.30::DECIMAL(9,2), [1, 2], struct_pack(a := 1)), " +
      "(2, 'NaN'::DOUBLE, '', false, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59', -1.00, [], struct_pack(a := 2)), " +
      "(9223372036854775807, '-Infinity'::DOUBLE, ' \t', NULL, NULL, NULL, NULL, NULL, NULL), " +
      "(NULL, NULL, NULL, true, DATE '2021-06-30', TIMESTAMP '2021-06-30 00:00:00', 12.31, [3], struct_pack(a := 3)), " +
      "(-3, 2.5, 'oslo'' OR 1=1 --', false, DATE '2020-01-02', TIMESTAMP '2020-01-01 10:00:01', 0.00, [NULL], struct_pack(a := NULL))) " +
      'AS t(i, d, s, b, day, moment, money, list, thing)';
    const cases: readonly (readonly [column: string, GridFilter['operator'], string[], readonly number[]])[] = [
      ['i', 'equals', ['2'], [1]],
      ['i', 'equals', ['9223372036854775807'], [2]],
      ['i', 'notEquals', ['2'], [0, 2, 4]],
      ['i', 'less', ['1.5'], [0, 4]],
      ['i', 'greater', ['1'], [1, 2]],
      ['i', 'between', ['-3', '2'], [0, 1, 4]],
      ['i', 'oneOf', ['1', '2', '7'], [0, 1]],
      ['i', 'missing', [], [3]],
      ['i', 'present', [], [0, 1, 2, 4]],
      ['i', 'contains', ['22'], [2]],
      ['d', 'greater', ['1'], [0, 4]],
      ['d', 'less', ['2'], [0, 2]],
      ['d', 'between', ['1.5', '2.5'], [0, 4]],
      ['d', 'nan', [], [1]],
      ['d', 'present', [], [0, 1, 2, 4]],
      ['s', 'equals', ['Oslo'], [0]],
      ['s', 'equals', ["oslo' OR 1=1 --"], [4]],
      ['s', 'contains', ['OSLO'], [0, 4]],
      ['s', 'contains', ['%'], []],
      ['s', 'startsWith', ["oslo' "], [4]],
      ['s', 'blank', [], [1, 2]],
      ['s', 'equals', [''], [1]],
      ['s', 'missing', [], [3]],
      ['s', 'oneOf', ['Oslo', ''], [0, 1]],
      ['s', 'less', ['P'], [0, 1, 2]],
      ['b', 'equals', ['true'], [0, 3]],
      ['b', 'equals', ['FALSE'], [1, 4]],
      ['day', 'equals', ['2020-01-01'], [0]],
      ['day', 'less', ['1970-01-01'], [1]],
      ['day', 'between', ['2020-01-01', '2020-12-31'], [0, 4]],
      ['moment', 'greater', ['2020-01-01 10:00:00'], [3, 4]],
      ['moment', 'less', ['2020-01-01'], [1]],
      ['money', 'equals', ['12.3'], [0]],
      ['money', 'greater', ['12.30'], [3]],
      ['list', 'contains', ['2'], [0]],
      ['list', 'equals', ['[3]'], [3]],
      ['thing', 'equals', ['{"a":2}'], [1]],
    ];
    for (const [column, operator, values, expected] of cases) {
      it(`${column} ${operator} ${values.join(', ')}`, async () => {
        const space = await workspace({});
        await parquet(space, query);
        const grid = await open(space, 'data.parquet');
        assert.deepEqual(await rowsOf(grid, { filters: [{ column, operator, values }] }), expected);
      });
    }

    const refused: readonly (readonly [column: string, GridFilter['operator'], string[], RegExp])[] = [
      ['i', 'equals', ['two'], /values of i are whole numbers; "two" is not/],
      ['i', 'between', ['1'], /takes 2 values/],
      ['d', 'less', [''], /are numbers/],
      ['b', 'equals', ['maybe'], /true or false/],
      ['b', 'less', ['true'], /true or false/],
      ['day', 'equals', ['2020-02-31'], /are dates/],
      ['moment', 'less', ['noon'], /are date-times/],
      ['i', 'nan', [], /No value of i can be NaN/],
      ['list', 'less', ['[1]'], /are lists/],
      ['i', 'oneOf', [], /takes at least 1 value/],
      ['nothing', 'missing', [], /no column nothing/],
    ];
    for (const [column, operator, values, message] of refused) {
      it(`says what is expected for ${column} ${operator} ${values.join(', ')}`, async () => {
        const space = await workspace({});
        await parquet(space, query);
        const grid = await open(space, 'data.parquet');
        const page = rowsOf(grid, { filters: [{ column, operator, values }] });
        await assert.rejects(page, { code: 'filter-invalid', message });
      });
    }

    it('hold together, and may leave nothing', async () => {
      const space = await workspace({ 'a.csv': 'x,y\n1,a\n2,a\n3,b\n' });
      const grid = await open(space, 'a.csv');
      const a: GridFilter = { column: 'y', operator: 'equals', values: ['a'] };
      const big: GridFilter = { column: 'x', operator: 'greater', values: ['1'] };
      assert.deepEqual(await rowsOf(grid, { filters: [a, big] }), [1]);
      const none = { filters: [a, { ...big, values: ['2'] }], sort: [] };
      const page = await engine.gridPage({ id: grid.id, view: none, offset: 0, limit: 200 }, never);
      assert.deepEqual([page.rows, read(page).rows], [0, []]);
    });
  });

  describe('values', () => {
    it('are texts: null, empty and blank texts, NaN and infinities are told apart', async () => {
      const space = await workspace({});
      await parquet(
        space,
        "SELECT * FROM (VALUES (NULL, NULL), ('', 'NaN'::DOUBLE), (' ', 'Infinity'), ('NaN', '-Infinity'), ('null', 0.1)) AS t(s, d)",
      );
      const grid = await open(space, 'data.parquet');
      const page = await engine.gridPage({ id: grid.id, view: whole, offset: 0, limit: 10 }, never);
      assert.deepEqual(read(page).values, [
        [null, null],
        ['', 'NaN'],
        [' ', 'Infinity'],
        ['NaN', '-Infinity'],
        ['null', '0.1'],
      ]);
    });

    it('that are long are shortened in a page, longer for copying, and whole by themselves', async () => {
      const space = await workspace({});
      await parquet(
        space,
        "SELECT repeat('🦊', 1000) AS long, range(5000) AS list, [1.5, NULL] AS short, struct_pack(a := 'x', b := [1]) AS thing, repeat('y', 200) AS exactly, array_value(1.0::FLOAT, 2.0) AS fixed, map(['k'], [1]) AS map",
      );
      const grid = await open(space, 'data.parquet');
      const page = await engine.gridPage({ id: grid.id, view: whole, offset: 0, limit: 10 }, never);
      const [values = []] = read(page).values;
      assert.deepEqual(page.cut, [
        [0, 0],
        [0, 1],
      ]);
      assert.equal(values[0], '🦊'.repeat(200));
      assert.equal(values[1]?.length, 200);
      assert.ok(values[1].startsWith('[0,1,2,'));
      assert.deepEqual(values.slice(2), ['[1.5,null]', '{"a":"x","b":[1]}', 'y'.repeat(200), '[1.0,2.0]', '{"k":1}']);
      const long = await engine.gridPage(
        { id: grid.id, view: whole, offset: 0, limit: 1, columns: [0], long: true },
        never,
      );
      assert.deepEqual([read(long).values[0]?.[0], long.cut], ['🦊'.repeat(1000), []]);
      const cell = await engine.gridCell({ id: grid.id, row: 0, column: 1 }, never);
      assert.deepEqual([(JSON.parse(cell.text ?? '') as number[]).length, cell.cut], [5000, false]);
    });

    it('of a million characters are cut, and say so', async () => {
      const space = await workspace({});
      await parquet(space, "SELECT repeat('x', 1500000) AS t");
      const grid = await open(space, 'data.parquet');
      const cell = await engine.gridCell({ id: grid.id, row: 0, column: 0 }, never);
      assert.deepEqual([cell.text?.length, cell.cut], [1_000_000, true]);
    });

    it('and names that are hostile stay text', async () => {
      const name = `"; DROP TABLE data_rows; --<script>\u202e`;
      const space = await workspace({});
      await parquet(space, `SELECT '<script>alert(1)</script>' AS "${name.replaceAll('"', '""')}", 'a' AS b`);
      const grid = await open(space, 'data.parquet');
      assert.equal(grid.columns[0]?.name, name);
      const view = {
        filters: [{ column: name, operator: 'contains' as const, values: ['<SCRIPT>alert'] }],
        sort: [{ column: name, descending: true }],
      };
      const page = await engine.gridPage({ id: grid.id, view, offset: 0, limit: 5 }, never);
      assert.deepEqual(read(page).values, [['<script>alert(1)</script>', 'a']]);
    });

    it('come by columns, where only some are asked for', async () => {
      const space = await workspace({});
      const names = Array.from({ length: 1500 }, (_, index) => `i + ${index} AS "column ${index}"`);
      await parquet(space, `SELECT ${names.join(', ')} FROM range(300) AS r(i)`);
      const grid = await open(space, 'data.parquet');
      const view = { filters: [], sort: [{ column: 'column 7', descending: true }] };
      const page = await engine.gridPage({ id: grid.id, view, offset: 298, limit: 5, columns: [1499, 0] }, never);
      assert.deepEqual(read(page), {
        rows: [1, 0],
        values: [
          ['1500', '1'],
          ['1499', '0'],
        ],
      });
    });
  });

  describe('files', () => {
    it('that are empty have columns and no rows', async () => {
      const space = await workspace({ 'a.csv': 'x,y\n' });
      const grid = await open(space, 'a.csv');
      assert.deepEqual([grid.rows, grid.columns.length, await rowsOf(grid, {})], [0, 2, []]);
    });

    it('that change are told apart from those that were opened', async () => {
      const space = await workspace({});
      await parquet(space, 'SELECT i FROM range(10) AS r(i)');
      const grid = await open(space, 'data.parquet');
      assert.equal((await rowsOf(grid, {})).length, 10);
      await parquet(space, 'SELECT i FROM range(20) AS r(i)');
      await utimes(space.path('data.parquet'), new Date(), new Date(Date.now() + 5000));
      await new Promise((done) => setTimeout(done, 600));
      assert.equal(await codeOf(rowsOf(grid, {})), 'source-changed');
      assert.equal((await open(space, 'data.parquet')).rows, 20);
    });

    it('of a dataset that was built are its own', async () => {
      const space = await workspace({
        '.mldata.yaml':
          'version: 1\ndatasets:\n  d:\n    source: a.csv\n    split: { train: 0.5, test: 0.5, seed: 1 }\n',
        'a.csv': `x\n${Array.from({ length: 20 }, (_, index) => index).join('\n')}\n`,
      });
      await space.buildOne();
      const request = { configPath: space.path('.mldata.yaml'), target: 'd', folder: space.folder, threads: 2 };
      const all = await engine.openGrid(request, never);
      const test = await engine.openGrid({ ...request, split: 'test' }, never);
      assert.deepEqual([all.rows, test.rows], [20, 10]);
    });

    it('leave nothing behind once they are closed', async () => {
      const space = await workspace({
        '.mldata.yaml': 'version: 1\ndatasets:\n  d:\n    source: a.csv\n',
        'a.csv': 'x\n1\n',
      });
      const request = { configPath: space.path('.mldata.yaml'), target: 'd', folder: space.folder, threads: 2 };
      const grid = await engine.openGrid(request, never);
      const sorted = { sort: [{ column: 'x', descending: true }] };
      assert.deepEqual(await rowsOf(grid, sorted), [0]);
      assert.equal((await readdir(space.path('.mldata/tmp'))).length, 1);
      await engine.closeGrid(grid.id);
      assert.deepEqual(await readdir(space.path('.mldata/tmp')), []);
      assert.equal(await codeOf(rowsOf(grid, sorted)), 'grid-closed');
      await engine.closeGrid(grid.id);
    });

    it('remove what a process left that was killed', async () => {
      const space = await workspace({
        '.mldata.yaml': 'version: 1\ndatasets:\n  d:\n    source: a.csv\n',
        'a.csv': 'x\n1\n',
        '.mldata/tmp/999999999-0123abcd/spill/rows.tmp': 'rows',
      });
      await engine.openGrid({ configPath: space.path('.mldata.yaml'), target: 'd', folder: space.folder }, never);
      assert.ok(!(await readdir(space.path('.mldata/tmp'))).includes('999999999-0123abcd'));
    });

    it('that are not there leave nothing behind either', async () => {
      const space = await workspace({});
      assert.equal(await codeOf(open(space, 'none.csv')), 'target-unknown');
    });
  });

  describe('asked for something else', () => {
    it('gives up what it was doing', async () => {
      const space = await workspace({});
      await parquet(space, 'SELECT i, hash(i) AS h FROM range(2000000) AS r(i)');
      const grid = await open(space, 'data.parquet');
      const view = (descending: boolean) => ({ filters: [], sort: [{ column: 'h', descending }] });
      const first = codeOf(engine.gridPage({ id: grid.id, view: view(true), offset: 0, limit: 10 }, never));
      const second = engine.gridPage({ id: grid.id, view: view(false), offset: 0, limit: 10 }, never);
      assert.equal(await first, 'cancelled');
      assert.equal((await second).rows, 2_000_000);
    });

    it('stops when it is told to, and answers the next question', async () => {
      const space = await workspace({});
      await parquet(space, 'SELECT i, hash(i) AS h FROM range(2000000) AS r(i)');
      const grid = await open(space, 'data.parquet');
      const stop = new AbortController();
      const view = { filters: [], sort: [{ column: 'h', descending: true }] };
      const page = codeOf(engine.gridPage({ id: grid.id, view, offset: 0, limit: 10 }, stop.signal));
      setTimeout(() => stop.abort(), 20);
      assert.equal(await page, 'cancelled');
      assert.equal((await rowsOf(grid, view, 10)).length, 10);
    });

    it('closes while it is busy', async () => {
      const space = await workspace({});
      await parquet(space, 'SELECT i, hash(i) AS h FROM range(2000000) AS r(i)');
      const grid = await open(space, 'data.parquet');
      const page = codeOf(rowsOf(grid, { sort: [{ column: 'h', descending: true }] }));
      await new Promise((done) => setTimeout(done, 20));
      await engine.closeGrid(grid.id);
      assert.equal(await page, 'cancelled');
    });
  });
});
