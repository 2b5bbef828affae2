import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { RecordBatchStreamWriter, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { openDuckDB, readParquet, scratchFolder } from './files';

interface Figures {
  readonly rows: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

const BATCHES = 260;
const BATCH_ROWS = 65_536;
/** Some 500 MB are taken, of a file of any size; 600 where the collector of garbage has little time beside others. */
const LIMIT = 750e6;

describe('Arrow files larger than the memory they may take', function () {
  this.timeout(300_000);
  const scratch = scratchFolder();

  async function copyAlone(direction: string, input: string, output: string): Promise<Figures> {
    const script = join(__dirname, 'copyAlone.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      script,
      direction,
      input,
      output,
    ]);
    const figures = JSON.parse(stdout) as Figures;
    const megabytes = (await stat(direction === 'arrowToParquet' ? input : output)).size / 1e6;
    const [peak, speed] = [figures.peakBytes / 1e6, megabytes / figures.seconds].map((n) => n.toFixed(0));
    console.log(`      ${direction}: ${megabytes.toFixed(0)} MB of Arrow, ${peak} MB peak, ${speed} MB/s`);
    return figures;
  }

  it('goes through 880 MB both ways with a peak below that', async () => {
    const texts = Array.from({ length: BATCH_ROWS }, (_, i) => `row ${i}, with a text of some length`);
    const [batch] = new Table({
      id: vectorFromArray(BigInt64Array.from(texts, (_, i) => BigInt(i))),
      x: vectorFromArray(Float64Array.from(texts, (_, i) => Math.sqrt(i))),
      text: vectorFromArray(texts, new Utf8()),
    }).batches;
    assert.ok(batch);
    const copies = Array.from({ length: BATCHES }, () => batch);
    await pipeline(RecordBatchStreamWriter.writeAll(copies).toNodeStream(), createWriteStream(scratch('large.arrows')));
    const { size } = await stat(scratch('large.arrows'));
    assert.ok(size > 880e6, String(size));

    const read = await copyAlone('arrowToParquet', scratch('large.arrows'), scratch('large.parquet'));
    assert.equal(read.rows, BATCHES * BATCH_ROWS);
    assert.ok(read.peakBytes < LIMIT, `peak ${read.peakBytes}`);

    const duckdb = await openDuckDB();
    const glob = scratch('large*.parquet');
    await duckdb.run(`COPY (FROM '${glob}') TO '${scratch('one.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
    const count = `SELECT count(*)::INTEGER, count(DISTINCT id)::INTEGER, sum(id)::BIGINT FROM ${readParquet([scratch('one.parquet')])}`;
    const sum = (BATCHES * BATCH_ROWS * (BATCH_ROWS - 1)) / 2;
    assert.deepEqual((await duckdb.runAndReadAll(count)).getRowsJson(), [[read.rows, BATCH_ROWS, String(sum)]]);
    duckdb.closeSync();

    const written = await copyAlone('parquetToArrow', scratch('one.parquet'), scratch('one.arrow'));
    assert.equal(written.rows, read.rows);
    assert.ok(written.peakBytes < LIMIT, `peak ${written.peakBytes}`);
  });
});
