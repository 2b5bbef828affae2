/**
 * Parquet files, written row group by row group by several sessions and joined: no row is sorted, every core has work,
 * and where a row group ends is decided by counting, not by threads.
 */
import { rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import { mean } from 'simple-statistics';
import { targetLiteral, type Database } from '../duckdb';
import { ParquetJoin, type JoinedFile } from '../parquet';
import { ROW_GROUP_ROWS, rowGroupStarts } from './rowGroups';

export interface ParquetFile {
  /** Absolute. */
  readonly path: string;
  readonly rows: number;
  /** SQL that a session runs before it reads the relation. */
  readonly prepare?: string;
  /** SQL with `id`, in its order. */
  readonly relation: string;
  /** SQL of what `blocksOf` counts of the same rows. */
  readonly blocks: string;
  /** SQL for the columns as they are written. */
  readonly columns: string;
}

export interface ParquetContext {
  readonly database: Database;
  /** For `COPY`, such as `COMPRESSION zstd`. */
  readonly options: string;
  readonly scratch: string;
  /** About how many rows a row group has; absent: as many as the engine's own have. */
  readonly rowGroupRows?: number;
  /** Files by their place among those that are written. */
  readonly onProgress: (index: number, share: number) => void;
  /** Told of every file once it is whole and on disk, while others are still being written. */
  readonly onWritten: (index: number, joined: JoinedFile) => void;
}

/**
 * Beyond so many values for each row a column of a full row group gets no dictionary. The engine's own limit is twice
 * that: it fills twice the table before it gives up, for columns that a dictionary makes hardly smaller once they are
 * compressed. Of fewer rows its own is lower, and so are the tables it makes at once for every column.
 */
const MOST_DICTIONARY_VALUES = 1 / 10;

interface Piece {
  readonly file: ParquetFile;
  readonly path: string;
  /** SQL condition on `id`. */
  readonly range: string;
  /** Whether it has as many rows as a row group has. */
  readonly full: boolean;
}

/** A session, and the files it is prepared for. */
interface Writer {
  readonly session: Database;
  readonly prepared: Set<ParquetFile>;
}

let copies = 0;

export function writeParquet(files: readonly ParquetFile[], context: ParquetContext): Promise<void> {
  return context.database.onePerSession(() => writePieces(files, context));
}

async function writePieces(files: readonly ParquetFile[], context: ParquetContext): Promise<void> {
  const limit = pLimit({ concurrency: context.database.threads, rejectOnClear: true });
  const idle: Writer[] = [];
  const joins = files.map(async (file, order) => {
    const pieces = await piecesOf(file, context);
    const shares = pieces.map(() => 0);
    const written = pieces.map((piece, index) =>
      limit(async () => {
        const writer = idle.pop() ?? { session: await context.database.connect(), prepared: new Set() };
        try {
          const rows = await writePiece(piece, writer, context, (share) => {
            shares[index] = share;
            context.onProgress(order, mean(shares));
          });
          return { path: piece.path, rows };
        } finally {
          idle.push(writer);
        }
      }),
    );
    // Whatever fails first is awaited; the others must not count as unhandled.
    for (const piece of written) piece.catch(() => undefined);
    try {
      context.onWritten(order, await join(file, written));
    } catch (error) {
      limit.clearQueue();
      // Nothing may still be writing when this ends.
      await Promise.allSettled(written);
      throw error;
    }
  });
  const results = await Promise.allSettled(joins);
  for (const { session } of idle) session.close();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function piecesOf(file: ParquetFile, { database, scratch, rowGroupRows }: ParquetContext): Promise<Piece[]> {
  const starts = await rowGroupStarts(database, file.blocks, rowGroupRows);
  const ranges = starts.map((start, index) => {
    const next = starts[index + 1];
    return `id >= ${start}${next === undefined ? '' : ` AND id < ${next}`}`;
  });
  // A file without rows still has a schema.
  return (ranges.length > 0 ? ranges : ['true']).map((range, index) => ({
    file,
    path: `${scratch}/piece-${++copies}.parquet`,
    range,
    full: index + 1 < ranges.length,
  }));
}

/** Returns the number of rows. */
async function writePiece(
  { file, path, range, full }: Piece,
  { session, prepared }: Writer,
  { options, rowGroupRows = ROW_GROUP_ROWS }: ParquetContext,
  onProgress: (share: number) => void,
): Promise<number> {
  if (file.prepare !== undefined && !prepared.has(file)) await session.run(file.prepare);
  prepared.add(file);
  const dictionary = full ? `DICTIONARY_SIZE_LIMIT ${Math.ceil(rowGroupRows * MOST_DICTIONARY_VALUES)}, ` : '';
  const rows = await session.run(
    // The size is out of reach: the piece is one row group.
    `COPY (SELECT ${file.columns} FROM ${file.relation} WHERE ${range}) TO ${targetLiteral(path)} ` +
      `(FORMAT parquet, ROW_GROUP_SIZE 10000000, ${dictionary}${options})`,
    { onProgress },
  );
  onProgress(1);
  return rows;
}

/** Joins the pieces in their order, each as soon as it is there. */
async function join(
  file: ParquetFile,
  pieces: readonly Promise<{ readonly path: string; readonly rows: number }>[],
): Promise<JoinedFile> {
  const target = await ParquetJoin.create(file.path);
  let rows = 0;
  try {
    for (const piece of pieces) {
      const written = await piece;
      await target.append(written.path);
      await rm(written.path);
      rows += written.rows;
    }
    if (rows !== file.rows) throw new Error(`${rows} rows were written to ${file.path} instead of ${file.rows}`);
    return await target.finish();
  } finally {
    await target.close();
  }
}
