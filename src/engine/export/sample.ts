/** What the rows come to in a format, estimated from some of them. The same rows give the same estimate. */
import { stat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identifier } from '../duckdb';
import { writeFormat } from '../output';
import type { Compression, ExportFormat } from '../../protocol';
import type { ReadData } from './exported';
import { formOf } from './forms';
import { between } from './shards';

/** Values that are written for it, at most, and rows. */
const VALUES = 2_000_000;
const ROWS = 20_000;
/** Neighbours from here and there: the first rows of sorted data are like no others. */
const BLOCKS = 8;

/** Bytes of a row on average; undefined where there is none. */
export async function rowBytes(
  { database, scratch, signal, columns, rows }: ReadData,
  format: ExportFormat,
  compression: Compression,
): Promise<number | undefined> {
  const length = Math.ceil(Math.min(rows, ROWS, Math.max(BLOCKS, VALUES / columns.length)) / BLOCKS);
  if (length === 0) return undefined;
  const starts = Array.from({ length: BLOCKS }, (_, block) => Math.floor((block * rows) / BLOCKS));
  const blocks = starts.map((start, block) => ({ start, end: Math.min(start + length, starts[block + 1] ?? rows) }));
  const condition = blocks.map(({ start, end }) => `(__row >= ${start} AND __row < ${end})`).join(' OR ');
  const sampled = blocks.reduce((sum, { start, end }) => sum + end - start, 0);
  const path = join(scratch, `sample.${format}`);
  const part = { name: 'sample', rows: sampled, ...between(`(${condition})`) };
  const done = { onProgress: () => undefined, onWritten: () => undefined };
  const finish = await writeFormat([{ part, path, ...done }], {
    ...{ database, format, compression, scratch, signal },
    columns: columnsAs(columns, format),
  });
  for (const work of finish) await work();
  const { size } = await stat(path);
  await rm(path);
  return size / sampled;
}

/** SQL for the columns as Parquet takes them on the way to the format, and as the format does. */
export function columnsAs(columns: ReadData['columns'], format: ExportFormat): { parquet: string; own: string } {
  const list = (as: ExportFormat) =>
    columns.map((column) => `${formOf(column, as)} AS ${identifier(column.name)}`).join(', ');
  return { parquet: list(format === 'arrow' ? 'arrow' : 'parquet'), own: list(format) };
}
