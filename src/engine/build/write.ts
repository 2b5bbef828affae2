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
  /** SQL that a session runs before it reads the relation. */
  readonly prepare?: string;
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

/**
 * The engine writes one format after the other. The largest split of a format comes first and alone, so that what is
 * done with it outside the engine (other codecs, hashing) goes on while the others are written.
 */
export async function writeParts(output: OutputSpec, parts: readonly Part[], context: WriteContext): Promise<void> {
  const paths = outputFiles(output, parts);
  const shares = paths.map(() => 0);
  const finishing: Promise<void>[] = [];
  const settled = async (work: readonly Promise<void>[]) => {
    // Nothing may still be writing when this ends, however it ends.
    const results = await Promise.allSettled(work);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  };
  try {
    for (const [order, { format, compression }] of output.formats.entries()) {
      const write = async (part: Part) => {
        const index = order * parts.length + parts.indexOf(part);
        const path = paths[index] ?? '';
        const onProgress = (share: number) => {
          shares[index] = share;
          context.onProgress(mean(shares), path);
        };
        const file = { path: `${context.folder}/${path}`, format, compression };
        const finish = await writePart(part, file, { ...context, onProgress });
        const finished = finish().then(() => {
          onProgress(1);
          context.onWritten({ path, format, rows: part.rows, ...(part.split !== undefined && { split: part.split }) });
        });
        finished.catch(() => undefined); // awaited below, with the others
        finishing.push(finished);
      };
      await settled(parts.map(write));
    }
  } catch (error) {
    await Promise.allSettled(finishing);
    throw error;
  }
  await settled(finishing);
}

interface PartFile {
  /** Absolute. */
  readonly path: string;
  readonly format: OutputFormat;
  readonly compression: Compression;
}

type PartContext = Omit<WriteContext, 'onProgress' | 'onWritten'> & { readonly onProgress: (share: number) => void };

/** Writes a file as far as the engine can; what remains to be done is returned. */
async function writePart(
  part: Part,
  { path, format, compression }: PartFile,
  context: PartContext,
): Promise<() => Promise<void>> {
  const { scratch, signal } = context;
  switch (format) {
    case 'parquet': {
      const level = compression.level === undefined ? '' : `, COMPRESSION_LEVEL ${compression.level}`;
      await copy(part, format, `FORMAT parquet, COMPRESSION ${parquetCodec(compression)}${level}`, path, context);
      return done;
    }
    case 'csv':
    case 'jsonl': {
      const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT json';
      if (compression.codec !== 'gzip') {
        await copy(part, format, `${options}, COMPRESSION ${compression.codec}`, path, context);
        return done;
      }
      // The engine's gzip knows no levels and starts members where its threads meet.
      const plain = `${scratch}/${part.name}.${format}`;
      await copy(part, format, `${options}, COMPRESSION none`, plain, context);
      return async () => {
        await gzip(plain, path, compression.level, signal);
        await rm(plain);
      };
    }
    case 'arrow': {
      const staged = `${scratch}/${part.name}.parquet`;
      await copy(part, format, 'FORMAT parquet, COMPRESSION snappy', staged, context);
      return async () => {
        const { parquetToArrow } = await import('../arrow');
        await parquetToArrow(staged, path, { signal });
        await rm(staged);
      };
    }
  }
}

const done = () => Promise.resolve();

async function copy(
  part: Part,
  format: OutputFormat,
  options: string,
  target: string,
  { database, columns, onProgress }: PartContext,
): Promise<void> {
  const list = columns.map((column) => `${outputForm(column, format)} AS ${identifier(column.name)}`).join(', ');
  const session = await database.connect();
  try {
    if (part.prepare !== undefined) await session.run(part.prepare);
    // Sorting by the row's number makes full row groups whatever the threads did. A plain filter keeps the order too, but
    // where it cuts depends on how threads filled the staged table.
    const query = `SELECT ${list} FROM ${part.relation} ORDER BY id`;
    const rows = await session.run(`COPY (${query}) TO ${targetLiteral(target)} (${options})`, { onProgress });
    if (rows !== part.rows) throw new Error(`${rows} rows were written to ${target} instead of ${part.rows}`);
  } finally {
    session.close();
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
