import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import { Database, type Row } from '../../../src/engine/duckdb';
import { ParquetJoin } from '../../../src/engine/parquet';
import { readStruct, writeStruct } from '../../../src/engine/parquet/thrift';

/** Columns of every kind of footer entry: dictionaries, nested values, statistics of either sign, booleans. */
const rows = (from: number, to: number) =>
  `SELECT i AS id, 'name ' || (i % 7) AS name, -i / 3.0 AS score, [i, i + 1] AS list, {'a': i, 'b': 'x'} AS struct, ` +
  `CASE WHEN i % 2 = 0 THEN i END AS sparse, make_date(2020, 1, 1) + (i % 900)::INTEGER AS day, i % 2 = 0 AS even FROM range(${from}, ${to}) AS t(i)`;

describe('joining Parquet files', () => {
  let folder: string;
  let database: Database;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
    database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: join(folder, 'spill') });
  });
  after(async () => {
    database.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function write(name: string, query: string): Promise<string> {
    const path = join(folder, name);
    await database.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
    return path;
  }

  async function joined(
    ...paths: readonly string[]
  ): Promise<{ path: string; bytes: number; sha256: string; md5: string }> {
    const path = join(folder, 'joined.parquet');
    const target = await ParquetJoin.create(path);
    try {
      for (const each of paths) await target.append(each);
      return { path, ...(await target.finish()) };
    } finally {
      await target.close();
    }
  }

  const groups = (path: string): Promise<Row[]> =>
    database.rows(
      `SELECT row_group_id::INTEGER AS id, any_value(row_group_num_rows)::INTEGER AS rows FROM parquet_metadata('${path}') GROUP BY ALL ORDER BY id`,
    );

  it('keeps every row and every row group, in order', async () => {
    const pieces = [
      await write('a.parquet', rows(0, 5000)),
      await write('b.parquet', rows(5000, 5001)),
      await write('c.parquet', rows(5001, 200_000)),
    ];
    const { path } = await joined(...pieces);
    assert.deepEqual(await groups(path), [
      { id: 0, rows: 5000 },
      { id: 1, rows: 1 },
      { id: 2, rows: 122_880 },
      { id: 3, rows: 72_119 },
    ]);
    const [differing] = await database.rows(
      `SELECT count(*)::INTEGER AS rows FROM (SELECT row_number() OVER () AS n, * FROM '${path}') AS a ` +
        `FULL JOIN (SELECT row_number() OVER () AS n, * FROM (${rows(0, 200_000)})) AS b USING (n) ` +
        `WHERE a::VARCHAR IS DISTINCT FROM b::VARCHAR OR a.id <> n - 1`,
    );
    assert.equal(differing?.['rows'], 0);
    // Filters find their rows by the statistics and bloom filters that moved along.
    const [found] = await database.rows(
      `SELECT count(*)::INTEGER AS rows FROM '${path}' WHERE name = 'name 3' AND id = 150104`,
    );
    assert.equal(found?.['rows'], 1);
  });

  it('makes a file that another reader takes', async () => {
    const { path } = await joined(
      await write('a.parquet', 'SELECT i AS id, i::VARCHAR AS name FROM range(0, 3000) AS t(i)'),
      await write('b.parquet', 'SELECT i AS id, i::VARCHAR AS name FROM range(3000, 4000) AS t(i)'),
    );
    const table = tableFromIPC(readParquet(await readFile(path)).intoIPCStream());
    assert.equal(table.numRows, 4000);
    assert.deepEqual(
      [0, 2999, 3000, 3999].map((index) => {
        const row = table.get(index)?.toJSON() as { id: bigint; name: string };
        return [Number(row.id), row.name];
      }),
      [0, 2999, 3000, 3999].map((id) => [id, String(id)]),
    );
  });

  it('hashes what it writes', async () => {
    const { path, bytes, sha256, md5 } = await joined(await write('a.parquet', rows(0, 10)));
    const content = await readFile(path);
    const hash = (name: string) => createHash(name).update(content).digest('hex');
    assert.deepEqual({ bytes, sha256, md5 }, { bytes: content.length, sha256: hash('sha256'), md5: hash('md5') });
  });

  it('keeps the schema of a file without rows', async () => {
    const { path } = await joined(await write('a.parquet', rows(0, 0)));
    assert.deepEqual(
      (await database.describe(`SELECT * FROM '${path}'`)).map(({ name }) => name),
      ['id', 'name', 'score', 'list', 'struct', 'sparse', 'day', 'even'],
    );
  });

  it('writes a footer back byte for byte', async () => {
    const content = await readFile(await write('a.parquet', rows(0, 150_000)));
    const length = content.readUInt32LE(content.length - 8);
    const footer = content.subarray(content.length - 8 - length, content.length - 8);
    assert.ok(writeStruct(readStruct(footer)).equals(footer));
  });

  it('refuses what is no whole Parquet file', async () => {
    const whole = await readFile(await write('a.parquet', rows(0, 10)));
    const broken: [string, Buffer][] = [
      ['empty', Buffer.alloc(0)],
      ['cut', whole.subarray(0, -1)],
      [
        'with a footer that is too long',
        Buffer.concat([whole.subarray(0, -8), Buffer.from('ffffff7f', 'hex'), Buffer.from('PAR1')]),
      ],
    ];
    for (const [name, content] of broken) {
      const path = join(folder, 'broken.parquet');
      await writeFile(path, content);
      await assert.rejects(joined(path), RangeError, name);
    }
    await assert.rejects(joined(), RangeError);
  });
});
