import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { codes, config, workspaces, type Workspace } from './support';

describe('what a format cannot say', () => {
  const workspace = workspaces();

  /** A workspace with one Parquet file, built to the formats. */
  async function build(
    select: string,
    formats: string,
  ): Promise<[Workspace, Awaited<ReturnType<Workspace['buildOne']>>]> {
    const space = await workspace({ '.mldata.yaml': config('a.parquet', `output: { formats: ${formats} }`) });
    await space.query(`COPY (${select}) TO '${space.path('a.parquet')}' (FORMAT parquet)`);
    return [space, await space.buildOne()];
  }

  it('NaN and infinity become null in JSON Lines, counted by column', async () => {
    const [space, result] = await build(
      `SELECT * FROM (VALUES (1.5, [1.0, 2.0]::FLOAT[]), ('NaN'::DOUBLE, ['Infinity'::FLOAT, 1]), (2.5, NULL)) AS t(x, v)`,
      '[jsonl, parquet]',
    );
    const lines = (await readFile(space.path('datasets/d/data/data.jsonl'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [
        { x: 1.5, v: [1, 2] },
        { x: null, v: [null, 1] },
        { x: 2.5, v: null },
      ],
    );
    assert.deepEqual(
      result.findings.map(({ code, column, count }) => [code, column, count]),
      [
        ['not-in-json', 'x', 1],
        ['not-in-json', 'v', 1],
      ],
    );
    const [row] = await space.query(
      'SELECT count(*) FILTER (WHERE isnan(x)) AS nan FROM {datasets/d/parquet/data.parquet}',
    );
    assert.equal(Number(row?.['nan']), 1);
  });

  it('nothing is said of numbers that JSON can say', async () => {
    const [, result] = await build('SELECT 1.5::DOUBLE AS x', '[jsonl]');
    assert.deepEqual(codes(result), []);
  });

  it('intervals are refused for Arrow by the name of their column', async () => {
    const [space, result] = await build(`SELECT 1 AS id, INTERVAL '1 day' AS took`, '[arrow]');
    assert.equal(result.error?.code, 'output-type');
    assert.match(result.error.message, /^took holds intervals.*string, or write Parquet/);
    assert.deepEqual(await space.files('datasets'), []);
  });
});

describe('row groups', () => {
  const workspace = workspaces();
  const rowGroups = async (space: Workspace, file: string) => {
    const rows = await space.query(
      `SELECT any_value(row_group_num_rows)::INTEGER AS rows FROM parquet_metadata({datasets/d/data/${file}.parquet}) GROUP BY row_group_id ORDER BY row_group_id`,
    );
    return rows.map((row) => row['rows']);
  };
  const numbers = (from: number, to: number) =>
    `id\n${Array.from({ length: to - from }, (_, index) => ((from + index) % 1000 === 7 ? 'x' : from + index)).join('\n')}\n`;

  it('are full but for the last of a file, across source files and rows in quarantine, and the same on any number of threads', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        '"*.csv"',
        'schema: { onError: quarantine, columns: { id: integer } }\nsplit: { train: 0.9, test: 0.1, seed: 1 }',
      ),
      'a.csv': numbers(0, 100_001),
      'b.csv': numbers(100_001, 300_000),
    });
    const seen: (readonly [string, string])[][] = [];
    for (const threads of [1, 2, 5]) {
      const build = await space.buildOne({ threads });
      assert.equal(build.rejected, 300);
      seen.push(build.artifacts.map(({ path, sha256 }) => [path, sha256] as const));
    }
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
    // 90 % of 299,700 rows.
    const sizes = (await rowGroups(space, 'train')).map(Number);
    assert.equal(
      sizes.reduce((sum, rows) => sum + rows, 0),
      269_730,
    );
    assert.equal(sizes.length, 3);
    for (const rows of sizes.slice(0, 2)) assert.ok(rows >= 122_880 && rows < 122_880 + 2048, `${rows} rows`);
    assert.deepEqual(await rowGroups(space, 'test'), [29_970]);
    const [order] = await space.query(
      'SELECT count(*)::INTEGER AS wrong FROM (SELECT id, lag(id) OVER () AS before FROM {datasets/d/data/train.parquet}) WHERE id <= before',
    );
    assert.equal(order?.['wrong'], 0);
  });

  it('are none in a split without rows, which still has its columns', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'split: { train: 0.9, test: 0.1, seed: 1 }'),
      'a.csv': 'id,name\n1,a\n',
    });
    await space.buildOne();
    assert.deepEqual(await rowGroups(space, 'test'), []);
    assert.deepEqual(await space.query('SELECT * FROM {datasets/d/data/test.parquet}'), []);
  });
});

/** Windows allows fewer. */
const odd = process.platform === 'win32' ? 'br[1]x' : 'br[1]*?x';

describe('a workspace with characters that are patterns elsewhere', () => {
  const workspace = workspaces();

  it('is built to every format, with quarantine and row indices', async () => {
    const space = await workspace({
      [`${odd}/.mldata.yaml`]: config(
        'a.csv',
        'schema: { onError: quarantine, columns: { id: integer } }\n' +
          'split: { train: 0.5, test: 0.5, writeIndices: true }\noutput: { formats: [parquet, csv, jsonl, arrow] }',
      ),
      [`${odd}/a.csv`]: 'id\n1\n2\nx\n',
    });
    const { datasets } = await space.build({ configPath: space.path(odd, '.mldata.yaml') });
    assert.equal(datasets[0]?.status, 'built', datasets[0]?.error?.message);
    assert.equal(datasets[0].rejected, 1);
  });
});
