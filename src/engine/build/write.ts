/** Writes the artifacts: every format, one file per split. The same rows give the same bytes on any number of threads. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { mean } from 'simple-statistics';
import { identifier, targetLiteral, type Database } from '../duckdb';
import type { JoinedFile } from '../parquet';
import { outputFiles } from '../plan';
import { cancelled, type Compression, type OutputFormat, type OutputSpec } from '../../protocol';
import type { StageColumn } from '../schema';
import { outputForm } from './outputForm';
import { writeParquet } from './writeParquet';

/** Rows that become one file. */
export interface Part {
  /** `train`, or `data` where there is no split. */
  readonly name: string;
  readonly split?: string;
  readonly rows: number;
  /** SQL that a session runs before it reads the relation. */
  readonly prepare?: string;
  /** SQL of what holds for the `id` of one of them; absent: they are all that are kept. */
  readonly condition?: string;
  /** SQL with the staged columns and `id`, in the order of `id`. */
  readonly relation: string;
  /** SQL with the `id` of the same rows. */
  readonly ids: string;
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
  readonly onWritten: (file: WrittenFile, known?: JoinedFile) => void;
}

/** The engine writes one format after the other; what other codecs do goes on beside it. */
export async function writeParts(output: OutputSpec, parts: readonly Part[], context: WriteContext): Promise<void> {
  const paths = outputFiles(output, parts);
  const shares = paths.map(() => 0);
  const finishing: Promise<void>[] = [];
  try {
    for (const [order, { format, compression }] of output.formats.entries()) {
      const files = parts.map((part, index): PartFile => {
        const at = order * parts.length + index;
        const path = paths[at] ?? '';
        return {
          part,
          path: `${context.folder}/${path}`,
          onProgress: (share) => {
            shares[at] = share;
            context.onProgress(mean(shares), path);
          },
          onWritten: (known) => {
            shares[at] = 1;
            const { split, rows } = part;
            context.onWritten({ path, format, rows, ...(split !== undefined && { split }) }, known);
          },
        };
      });
      const finish = await writeFormat(files, format, compression, context);
      finishing.push(...finish.map((work) => work()));
      for (const work of finishing) work.catch(() => undefined); // awaited below
    }
  } catch (error) {
    // Nothing may still be writing when this ends.
    await Promise.allSettled(finishing);
    throw error;
  }
  await settled(finishing);
}

async function settled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

interface PartFile {
  readonly part: Part;
  /** Absolute. */
  readonly path: string;
  readonly onProgress: (share: number) => void;
  readonly onWritten: (known?: JoinedFile) => void;
}

/** Writes the files of a format as far as the engine can; what remains to be done is returned. */
async function writeFormat(
  files: readonly PartFile[],
  format: OutputFormat,
  compression: Compression,
  context: WriteContext,
): Promise<(() => Promise<void>)[]> {
  const { scratch, signal } = context;
  switch (format) {
    case 'parquet': {
      const level = compression.level === undefined ? '' : `, COMPRESSION_LEVEL ${compression.level}`;
      const options = `COMPRESSION ${parquetCodec(compression)}${level}`;
      await parquet(
        files,
        ({ path }) => path,
        options,
        context,
        (file, joined) => {
          file.onWritten(joined);
        },
      );
      return [];
    }
    case 'arrow': {
      const staged = ({ part }: PartFile) => `${scratch}/${part.name}.parquet`;
      await parquet(files, staged, 'COMPRESSION snappy', context);
      return files.map((file) => async () => {
        const { parquetToArrow } = await import('../arrow');
        await parquetToArrow(staged(file), file.path, { signal });
        await rm(staged(file));
        file.onWritten();
      });
    }
    case 'csv':
    case 'jsonl': {
      const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT json';
      if (compression.codec !== 'gzip') {
        await settled(
          files.map(async (file) => {
            await copyText(file, file.path, format, `${options}, COMPRESSION ${compression.codec}`, context);
            file.onWritten();
          }),
        );
        return [];
      }
      // The engine's gzip knows no levels and starts members where its threads meet.
      const plain = ({ part }: PartFile) => `${scratch}/${part.name}.${format}`;
      await settled(files.map((file) => copyText(file, plain(file), format, `${options}, COMPRESSION none`, context)));
      return files.map((file) => async () => {
        await gzip(plain(file), file.path, compression.level, signal);
        await rm(plain(file));
        file.onWritten();
      });
    }
  }
}

async function parquet(
  files: readonly PartFile[],
  target: (file: PartFile) => string,
  options: string,
  { database, columns, scratch }: WriteContext,
  onWritten?: (file: PartFile, joined: JoinedFile) => void,
): Promise<void> {
  const list = columnList(columns, 'parquet');
  const written = files.map((file) => ({ ...file.part, path: target(file), columns: list }));
  await writeParquet(written, {
    database,
    options,
    scratch,
    onProgress: (index, share) => files[index]?.onProgress(share),
    onWritten: (index, joined) => {
      const file = files[index];
      if (file) onWritten?.(file, joined);
    },
  });
}

/** Text has no row groups: the rows in their order are the same bytes whatever the threads did. */
async function copyText(
  { part, onProgress }: PartFile,
  target: string,
  format: OutputFormat,
  options: string,
  { database, columns }: WriteContext,
): Promise<void> {
  const session = await database.connect();
  try {
    if (part.prepare !== undefined) await session.run(part.prepare);
    const query = `SELECT ${columnList(columns, format)} FROM ${part.relation}`;
    const rows = await session.run(`COPY (${query}) TO ${targetLiteral(target)} (${options})`, { onProgress });
    if (rows !== part.rows) throw new Error(`${rows} rows were written to ${target} instead of ${part.rows}`);
  } finally {
    session.close();
  }
}

function columnList(columns: readonly StageColumn[], format: OutputFormat): string {
  return columns.map((column) => `${outputForm(column, format)} AS ${identifier(column.name)}`).join(', ');
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
