/** Writes the artifacts: every format, one file per split. The same rows give the same bytes on any number of threads. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { mean } from 'simple-statistics';
import { identifier, targetLiteral, type Database } from '../duckdb';
import { outputFiles } from '../plan';
import { cancelled, type Compression, type OutputFormat, type OutputSpec } from '../../protocol';
import type { StageColumn } from '../schema';
import { outputForm } from './outputForm';

/** Rows that become one file. */
export interface Part {
  /** `train`, or `data` where there is no split. */
  readonly name: string;
  readonly split?: string;
  readonly rows: number;
  /** SQL with the staged columns and `id`. */
  readonly relation: string;
}

export interface WrittenFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  readonly format: OutputFormat;
  readonly split?: string;
  readonly rows: number;
}

export interface WriteContext {
  readonly database: Database;
  readonly columns: readonly StageColumn[];
  /** Absolute path of a folder that stands for the output folder. */
  readonly folder: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number, file: string) => void;
  /** Told of every file once it is whole, while others are still being written. */
  readonly onWritten: (file: WrittenFile) => void;
}

/** Formats one after the other; the splits of a format at the same time, for sorting leaves cores idle now and then. */
export async function writeParts(output: OutputSpec, parts: readonly Part[], context: WriteContext): Promise<void> {
  const paths = outputFiles(output, parts);
  const shares = paths.map(() => 0);
  let first = 0;
  for (const { format, compression } of output.formats) {
    const offset = first;
    const results = await Promise.allSettled(
      parts.map(async (part, index) => {
        const path = paths[offset + index] ?? '';
        const database = await context.database.connect();
        try {
          await writePart(part, format, compression, `${context.folder}/${path}`, { ...context, database }, (share) => {
            shares[offset + index] = share;
            context.onProgress(mean(shares), path);
          });
        } finally {
          database.close();
        }
        shares[offset + index] = 1;
        context.onWritten({ path, format, rows: part.rows, ...(part.split !== undefined && { split: part.split }) });
      }),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    first += parts.length;
  }
}

async function writePart(
  part: Part,
  format: OutputFormat,
  compression: Compression,
  path: string,
  context: WriteContext,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { database, columns, scratch, signal } = context;
  switch (format) {
    case 'parquet': {
      const level = compression.level === undefined ? '' : `, COMPRESSION_LEVEL ${compression.level}`;
      await copy(`FORMAT parquet, COMPRESSION ${parquetCodec(compression)}${level}`, path);
      return;
    }
    case 'csv':
    case 'jsonl': {
      const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT json';
      if (compression.codec === 'gzip') {
        // The engine's gzip knows no levels and starts members where its threads meet.
        const plain = `${scratch}/${part.name}.${format}`;
        await copy(`${options}, COMPRESSION none`, plain);
        await gzip(plain, path, compression.level, signal);
        await rm(plain);
      } else {
        await copy(`${options}, COMPRESSION ${compression.codec}`, path);
      }
      return;
    }
    case 'arrow': {
      const parquet = `${scratch}/${part.name}.parquet`;
      await copy('FORMAT parquet, COMPRESSION snappy', parquet);
      const { parquetToArrow } = await import('../arrow');
      await parquetToArrow(parquet, path, { signal });
      await rm(parquet);
      return;
    }
  }

  async function copy(options: string, target: string): Promise<void> {
    const list = columns.map((column) => `${outputForm(column, format)} AS ${identifier(column.name)}`).join(', ');
    // Sorting by the row's number makes full row groups whatever the threads did; a plain filter does not.
    const query = `SELECT ${list} FROM ${part.relation} ORDER BY id`;
    const rows = await database.run(`COPY (${query}) TO ${targetLiteral(target)} (${options})`, { onProgress });
    if (rows !== part.rows) throw new Error(`${rows} rows were written to ${target} instead of ${part.rows}`);
  }
}

function parquetCodec({ codec }: Compression): string {
  if (codec === 'none') return 'uncompressed';
  // Only the "raw" form of LZ4 is in the Parquet specification that other readers follow.
  return codec === 'lz4' ? 'lz4_raw' : codec;
}

async function gzip(from: string, to: string, level: number | undefined, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(createReadStream(from), createGzip(level === undefined ? {} : { level }), createWriteStream(to), {
      signal,
    });
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}
