import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  IntervalDayTime,
  IntervalYearMonth,
  makeData,
  makeVector,
  Table,
  tableFromArrays,
  tableToIPC,
} from 'apache-arrow';
import type { Vector } from 'apache-arrow';
import type { DuckDBConnection } from '@duckdb/node-api';
import { arrowToParquet } from '../../../src/engine/arrow';
import type { CopyProgress } from '../../../src/engine/arrow';
import { fixtures, never, openDuckDB, readParquet, scratchFolder } from './files';

interface Expected {
  readonly name: string;
  readonly type: string;
  readonly duckdb: string;
  readonly values: readonly (string | null)[];
}

describe('copying Arrow into Parquet', () => {
  const scratch = scratchFolder();
  let duckdb: DuckDBConnection;
  before(async () => (duckdb = await openDuckDB()));
  after(() => duckdb.closeSync());

  const copy = (name: string) => arrowToParquet(join(fixtures, name), scratch(`${name}.parquet`), { signal: never });
  const rowsOf = async (sql: string) => (await duckdb.runAndReadAll(sql)).getRowsJson();

  const expected = JSON.parse(readFileSync(join(fixtures, 'types.json'), 'utf8')) as Expected[];
  for (const file of ['types.arrow', 'types.arrows', 'types.lz4.feather', 'types.zstd.feather']) {
    describe(`every type of ${file}`, () => {
      let actual: Expected[];
      before(async () => {
        const { rows, fields, files } = await copy(file);
        assert.equal(rows, 3);
        const table = await duckdb.runAndReadAll(`FROM ${readParquet(files)}`);
        const texts = (
          await duckdb.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${readParquet(files)}`)
        ).getColumnsJson();
        actual = fields.map(({ name, type }, i) => ({
          name,
          type,
          duckdb: String(table.columnType(i)),
          values: texts[i] as (string | null)[],
        }));
      });
      it('finds the columns', () =>
        assert.deepEqual(
          actual.map((c) => c.name),
          expected.map((c) => c.name),
        ));
      for (const [i, column] of expected.entries()) {
        it(`${column.type} → ${column.duckdb}`, () => assert.deepEqual(actual[i], column));
      }
    });
  }

  for (const file of [
    'rows.none.arrow',
    'rows.lz4.arrow',
    'rows.zstd.arrow',
    'rows.lz4.arrows',
    'rows.legacy.arrows',
  ]) {
    it(`${file}: all batches, in order`, async () => {
      const { rows, files } = await copy(file);
      assert.equal(rows, 2100);
      const wrong = await rowsOf(
        `FROM (SELECT row_number() OVER () - 1 AS n, * FROM ${readParquet(files)})
         WHERE id <> n OR text <> 'row ' || n OR code <> ['red', 'green', 'blue'][n % 3 + 1]`,
      );
      assert.deepEqual(wrong, []);
    });
  }

  for (const [file, words] of [
    ['dictionary-replaced.arrows', 'abcdde'],
    ['dictionary-grown.arrows', 'aaabac'],
    ['dictionary-grown.arrow', 'aaabac'],
  ] as const) {
    it(`${file}: values from the dictionary that holds at each batch`, async () => {
      const { files } = await copy(file);
      assert.deepEqual(await rowsOf(`SELECT string_agg(word, '') FROM ${readParquet(files)}`), [[words]]);
    });
  }

  it('keeps column names whatever they are', async () => {
    const { files, fields } = await copy('names.arrow');
    const names = ["it's", 'a "b"', 'new\nline', '🦆', '', 'x; drop table y', 'a.b', 'same', 'same'];
    assert.deepEqual(
      fields.map((f) => f.name),
      names,
    );
    const seen = await rowsOf(`SELECT name FROM parquet_schema('${(files[0] ?? '').replaceAll("'", "''")}') OFFSET 1`);
    assert.deepEqual(seen.flat(), names);
    assert.deepEqual(await rowsOf(`FROM ${readParquet(files)}`), [['0', '1', '2', '3', '4', '5', '6', '7', '8']]);
  });

  for (const file of ['no-batches.arrow', 'no-batches.arrows', 'no-rows.arrow']) {
    it(`${file}: a table without rows keeps its columns`, async () => {
      const { rows, files } = await copy(file);
      assert.equal(rows, 0);
      const described = await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE FROM ${readParquet(files)})`);
      assert.deepEqual(described, [
        ['a', 'INTEGER'],
        ['b', 'VARCHAR'],
      ]);
    });
  }

  it('keeps the nulls of a column that says it has none', async () => {
    const { files } = await copy('null-in-required.arrow');
    assert.deepEqual(await rowsOf(`FROM ${readParquet(files)}`), [[1], [null]]);
  });

  it('keeps intervals of months, and refuses those of days, whose negative times Parquet can’t hold', async () => {
    const write = (name: string, vector: Vector) =>
      writeFile(scratch(name), tableToIPC(new Table({ wait: vector }), 'file'));
    await write(
      'months.arrow',
      makeVector(makeData({ type: new IntervalYearMonth(), data: Int32Array.of(14, -1), length: 2 })),
    );
    const { files } = await arrowToParquet(scratch('months.arrow'), scratch('months.parquet'), { signal: never });
    assert.deepEqual(await rowsOf(`SELECT wait::VARCHAR FROM ${readParquet(files)}`), [
      ['1 year 2 months'],
      ['-1 month'],
    ]);
    await write(
      'days.arrow',
      makeVector(makeData({ type: new IntervalDayTime(), data: Int32Array.of(1, 500, -2, -5), length: 2 })),
    );
    await assert.rejects(
      arrowToParquet(scratch('days.arrow'), scratch('days.parquet'), { signal: never }),
      /column "wait" has the type day_time_interval/,
    );
  });

  it('cuts a large batch into several files, in order', async () => {
    const ids = Float64Array.from({ length: 9_000_000 }, (_, i) => i);
    await writeFile(scratch('large.arrow'), tableToIPC(tableFromArrays({ id: ids }), 'file'));
    const { files } = await arrowToParquet(scratch('large.arrow'), scratch('large.parquet'), { signal: never });
    assert.deepEqual(files, [scratch('large.parquet'), scratch('large.1.parquet')]);
    const wrong = await rowsOf(
      `SELECT count(*)::INTEGER, count(*) FILTER (id <> n)::INTEGER
       FROM (SELECT row_number() OVER () - 1 AS n, id FROM ${readParquet(files)})`,
    );
    assert.deepEqual(wrong, [[9_000_000, 0]]);
  });

  it('reports progress up to the last row and byte of data', async () => {
    const seen: CopyProgress[] = [];
    await arrowToParquet(join(fixtures, 'rows.none.arrow'), scratch('progress.parquet'), {
      signal: never,
      onProgress: (progress) => seen.push(progress),
    });
    assert.deepEqual(
      seen.slice(-3).map((p) => p.rows),
      [700, 1400, 2100],
    );
    assert.ok(seen.every(({ bytes }, i) => bytes > (seen[i - 1]?.bytes ?? 0)));
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const running = arrowToParquet(join(fixtures, 'rows.none.arrow'), scratch('cancelled.parquet'), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(running, { kind: 'cancelled' });
  });

  for (const [name, type] of [
    ['union', 'union<0: int64, 1: string>'],
    ['interval', 'month_day_nano_interval'],
    ['digits', 'decimal256(50, 2)'],
    ['scale', 'decimal128(20, -2)'],
    ['empty-struct', 'struct<>'],
    ['nested-dictionary', 'dictionary<values=list<item: int64>, indices=int8, ordered=0>'],
  ] as const) {
    it(`refuses ${type}, naming the column and the type`, async () => {
      await assert.rejects(copy(`refused-${name}.arrow`), (error: Error) => {
        assert.ok(error.message.includes(`column "${name} column"`), error.message);
        assert.ok(error.message.includes(type), error.message);
        return 'code' in error && error.code === 'arrow-unreadable';
      });
    });
  }
});
