import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { RecordBatchReader, tableFromIPC } from 'apache-arrow';
import { arrowToParquet, parquetToArrow } from '../../../src/engine/arrow';
import type { CopyProgress } from '../../../src/engine/arrow';
import { never, openDuckDB, readParquet, scratchFolder } from './files';

const everything = `
  SELECT n AS id, n % 2 = 0 AS even, n::UTINYINT AS small, n / 4 AS quarter, (n / 4)::FLOAT AS single,
    (n / 4)::DECIMAL(12, 2) AS money, 'row ' || n AS text, ('b' || n)::BLOB AS bytes,
    DATE '2024-01-01' + n::INTEGER AS day, TIME '10:00' AS at, TIMESTAMP '2024-01-01' + to_seconds(n) AS moment,
    TIMESTAMPTZ '2024-01-01 00:00:00+00' AS instant, ('2024-01-01')::TIMESTAMP_NS AS nanos,
    [n, NULL] AS list, {'a': n, 'b': text} AS struct, map {text: n} AS map,
    (['low', 'high'][n % 2 + 1])::ENUM ('low', 'high') AS level, NULLIF(n, 1) AS gap
  FROM range(0, 250) t(n)`;

describe('writing Parquet as Arrow', () => {
  const scratch = scratchFolder();
  let duckdb: DuckDBConnection;
  before(async () => (duckdb = await openDuckDB()));
  after(() => duckdb.closeSync());

  async function parquetOf(name: string, sql: string, options = ''): Promise<string> {
    await duckdb.run(`COPY (${sql}) TO '${scratch(name)}' (FORMAT parquet ${options})`);
    return scratch(name);
  }

  it('brings every row back as it was', async () => {
    const parquet = await parquetOf('all.parquet', everything);
    assert.deepEqual(await parquetToArrow(parquet, scratch('all.arrow'), { signal: never }), { rows: 250 });
    const { files } = await arrowToParquet(scratch('all.arrow'), scratch('back.parquet'), { signal: never });
    const [source, back] = [readParquet([parquet]), readParquet(files)];
    const different = await duckdb.runAndReadAll(
      `(FROM ${source} EXCEPT ALL FROM ${back}) UNION ALL (FROM ${back} EXCEPT ALL FROM ${source})`,
    );
    assert.deepEqual(different.getRowsJson(), []);
    const types = (from: string) =>
      duckdb.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE FROM ${from})`);
    assert.deepEqual((await types(back)).getRowsJson(), (await types(source)).getRowsJson());
  });

  it('writes a file that apache-arrow reads, one batch per row group, rows in order', async () => {
    const parquet = await parquetOf(
      'groups.parquet',
      'SELECT n AS id FROM range(0, 5000) t(n)',
      ', ROW_GROUP_SIZE 2048',
    );
    await parquetToArrow(parquet, scratch('groups.arrow'), { signal: never });
    const bytes = await readFile(scratch('groups.arrow'));
    const batches = [...RecordBatchReader.from(bytes)];
    assert.deepEqual(
      batches.map((batch) => batch.numRows),
      [2048, 2048, 904],
    );
    const ids = tableFromIPC(bytes).getChild('id');
    for (const row of [0, 2047, 2048, 4999]) assert.equal(ids?.get(row), BigInt(row));
  });

  it('gives the same bytes for the same input', async () => {
    const parquet = await parquetOf('same.parquet', everything);
    await parquetToArrow(parquet, scratch('one.arrow'), { signal: never });
    await parquetToArrow(parquet, scratch('two.arrow'), { signal: never });
    assert.ok((await readFile(scratch('one.arrow'))).equals(await readFile(scratch('two.arrow'))));
  });

  it('keeps the columns of a table without rows', async () => {
    const parquet = await parquetOf('none.parquet', `${everything} WHERE false`);
    assert.deepEqual(await parquetToArrow(parquet, scratch('none.arrow'), { signal: never }), { rows: 0 });
    const table = tableFromIPC(await readFile(scratch('none.arrow')));
    assert.equal(table.numRows, 0);
    assert.deepEqual(table.schema.names.slice(0, 3), ['id', 'even', 'small']);
  });

  it('refuses intervals, whose months it would lose', async () => {
    const parquet = await parquetOf('interval.parquet', "SELECT [{'wait': INTERVAL 1 MONTH}] AS waits");
    await assert.rejects(
      parquetToArrow(parquet, scratch('interval.arrow'), { signal: never }),
      /column "waits" holds intervals/,
    );
  });

  it('reports progress per row group and stops when it is cancelled', async () => {
    const parquet = await parquetOf('long.parquet', 'SELECT n AS id FROM range(0, 5000) t(n)', ', ROW_GROUP_SIZE 2048');
    const seen: CopyProgress[] = [];
    const controller = new AbortController();
    const running = parquetToArrow(parquet, scratch('long.arrow'), {
      signal: controller.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.rows >= 4096) controller.abort();
      },
    });
    await assert.rejects(running, { kind: 'cancelled' });
    assert.deepEqual(
      seen.map((p) => p.rows),
      [2048, 4096],
    );
  });
});
