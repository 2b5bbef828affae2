/** Writes the artifacts: every format, one file per split. The same rows give the same bytes on any number of threads. */
import { mean } from 'simple-statistics';
import { identifier, type Database } from '../duckdb';
import { outputForm, settled, writeFormat, type FileRows, type FormatFile } from '../output';
import type { JoinedFile } from '../parquet';
import { outputFiles } from '../plan';
import type { OutputFormat, OutputSpec } from '../../protocol';
import type { StageColumn } from '../schema';

/** Rows that become one file, `train`, or `data` where there is no split. */
export interface Part extends FileRows {
  readonly split?: string;
  /** SQL of what holds for the `id` of one of them; absent: they are all that are kept. */
  readonly condition?: string;
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
      const files = parts.map((part, index): FormatFile => {
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
      const columns = {
        parquet: columnList(context.columns, 'parquet'),
        own: columnList(context.columns, format),
      };
      const { database, scratch, signal } = context;
      const finish = await writeFormat(files, { database, format, compression, columns, scratch, signal });
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

function columnList(columns: readonly StageColumn[], format: OutputFormat): string {
  return columns.map((column) => `${outputForm(column, format)} AS ${identifier(column.name)}`).join(', ');
}
