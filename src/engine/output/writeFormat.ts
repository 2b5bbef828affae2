/** Writes files of one format. The same rows give the same bytes on any number of threads. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { targetLiteral, type Database } from '../duckdb';
import type { JoinedFile } from '../parquet';
import { cancelled, type Compression, type ExportFormat } from '../../protocol';
import { writeParquet } from './writeParquet';

/** Rows that become one file. */
export interface FileRows {
  /** Tells it from the others that are written at the same time. */
  readonly name: string;
  readonly rows: number;
  /** SQL that a session runs before it reads the relation. */
  readonly prepare?: string;
  /** SQL with the columns and `id`, in the order of `id`. */
  readonly relation: string;
  /** SQL of what `blocksOf` counts of the same rows. */
  readonly blocks: string;
}

export interface FormatFile {
  readonly part: FileRows;
  /** Absolute. */
  readonly path: string;
  readonly onProgress: (share: number) => void;
  /** Told once the file is whole; what is known of it where it was hashed as it was written, and is on disk. */
  readonly onWritten: (known?: JoinedFile) => void;
}

export interface FormatContext {
  readonly database: Database;
  readonly format: ExportFormat;
  readonly compression: Compression;
  /** SQL for the columns as Parquet takes them, and as the format does. */
  readonly columns: { readonly parquet: string; readonly own: string };
  /** Of Parquet; absent: as many rows as the engine's own row groups have. */
  readonly rowGroupRows?: number;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Writes the files of a format as far as the engine can; what remains to be done is returned. */
export async function writeFormat(
  files: readonly FormatFile[],
  context: FormatContext,
): Promise<(() => Promise<void>)[]> {
  const { format, compression, scratch, signal } = context;
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
      const staged = ({ part }: FormatFile) => `${scratch}/${part.name}.parquet`;
      await parquet(files, staged, 'COMPRESSION snappy', context);
      return files.map((file) => async () => {
        const { parquetToArrow } = await import('../arrow');
        await parquetToArrow(staged(file), file.path, { signal });
        await rm(staged(file));
        file.onWritten();
      });
    }
    case 'csv':
    case 'jsonl':
    case 'json': {
      const options = textOptions[format];
      if (compression.codec !== 'gzip') {
        await settled(
          files.map(async (file) => {
            await copyText(file, file.path, `${options}, COMPRESSION ${compression.codec}`, context);
            file.onWritten();
          }),
        );
        return [];
      }
      // The engine's gzip knows no levels and starts members where its threads meet.
      const plain = ({ part }: FormatFile) => `${scratch}/${part.name}.${format}`;
      await settled(files.map((file) => copyText(file, plain(file), `${options}, COMPRESSION none`, context)));
      return files.map((file) => async () => {
        await gzip(plain(file), file.path, compression.level, signal);
        await rm(plain(file));
        file.onWritten();
      });
    }
  }
}

async function parquet(
  files: readonly FormatFile[],
  target: (file: FormatFile) => string,
  options: string,
  { database, columns, scratch, rowGroupRows }: FormatContext,
  onWritten?: (file: FormatFile, joined: JoinedFile) => void,
): Promise<void> {
  const written = files.map((file) => ({ ...file.part, path: target(file), columns: columns.parquet }));
  await writeParquet(written, {
    database,
    options,
    scratch,
    ...(rowGroupRows !== undefined && { rowGroupRows }),
    onProgress: (index, share) => files[index]?.onProgress(share),
    onWritten: (index, joined) => {
      const file = files[index];
      if (file) onWritten?.(file, joined);
    },
  });
}

/** For `COPY`. */
const textOptions = { csv: 'FORMAT csv, HEADER', jsonl: 'FORMAT json', json: 'FORMAT json, ARRAY' };

/** Waits until all has ended, and throws what failed first. */
export async function settled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Text has no row groups: the rows in their order are the same bytes whatever the threads did. */
async function copyText(
  { part, onProgress }: FormatFile,
  target: string,
  options: string,
  { database, columns }: FormatContext,
): Promise<void> {
  const session = await database.connect();
  try {
    if (part.prepare !== undefined) await session.run(part.prepare);
    const query = `SELECT ${columns.own} FROM ${part.relation}`;
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
