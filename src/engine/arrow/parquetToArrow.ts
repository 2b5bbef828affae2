import { openAsBlob } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { ParquetFile } from 'parquet-wasm';
import { cancelled } from '../../protocol';
import { ArrowFileWriter } from './arrowFileWriter';
import type { CopyOptions } from './arrowToParquet';
import { messagesIn } from './message';
import type { ArrowField } from './schema';
import { quoteName, Unsupported, worded } from './unreadable';

/** A record batch holds at most this many rows; DuckDB's row groups are of this size. */
const BATCH_ROWS = 122_880;
/** A row group whose data take more bytes than this is read in slices. */
const SLICE_BYTES = 128 * 1024 * 1024;

/**
 * Writes a Parquet file as an Arrow IPC file (which is Feather v2), uncompressed, row group by row group: memory is bounded by one
 * row group. The same Parquet file always gives the same bytes. `output` is replaced.
 *
 * Throws `arrow-unreadable` for a damaged input, `cancelled` when the signal fires (what was written by then is left for the caller
 * to remove), and errors of the file system as they come.
 */
export async function parquetToArrow(input: string, output: string, options: CopyOptions): Promise<{ rows: number }> {
  // A missing file has its own error here; as a blob it would be an invalid argument.
  await stat(input);
  const file = await open(output, 'w');
  try {
    const { ParquetFile } = await import('parquet-wasm'); // it takes a while to load, and few need it
    const parquet = await ParquetFile.fromFile(await openAsBlob(input));
    try {
      return { rows: await copyRowGroups(parquet, new ArrowFileWriter(file), options) };
    } finally {
      parquet.free();
    }
  } catch (error) {
    throw worded(input, error);
  } finally {
    await file.close();
  }
}

async function copyRowGroups(parquet: ParquetFile, writer: ArrowFileWriter, options: CopyOptions): Promise<number> {
  for (const message of messagesIn(parquet.schema().intoIPCStream())) {
    if (message.kind === 'schema') refuseIntervals(message.schema.fields, message.schema.fields);
    await writer.add(message);
  }
  const groups = rowGroupsOf(parquet);
  let rows = 0;
  let bytes = 0;
  for (const [index, group] of groups.entries()) {
    const slice = Math.ceil(group.rows / Math.max(1, Math.ceil(group.bytes / SLICE_BYTES)));
    for (let offset = 0; offset < group.rows; offset += slice) {
      if (options.signal.aborted) throw cancelled();
      const limit = Math.min(slice, group.rows - offset);
      const table = await parquet.read({ rowGroups: [index], offset, limit, batchSize: Math.min(limit, BATCH_ROWS) });
      for (const message of messagesIn(table.intoIPCStream())) await writer.add(message);
      rows += limit;
    }
    bytes += group.compressed;
    options.onProgress?.({ bytes, rows });
  }
  await writer.finish();
  return rows;
}

/** parquet-wasm reads an interval's days and milliseconds and forgets its months. */
function refuseIntervals(fields: readonly ArrowField[], columns: readonly ArrowField[]): void {
  for (const [i, field] of fields.entries()) {
    const column = columns[i] ?? field;
    if (field.type.kind === 'interval') {
      throw new Unsupported(`column ${quoteName(column.name)} holds intervals, which Arrow output can’t keep exactly.`);
    }
    refuseIntervals(
      field.children,
      field.children.map(() => column),
    );
  }
}

interface RowGroup {
  readonly rows: number;
  /** Encoded, before and after compression. */
  readonly bytes: number;
  readonly compressed: number;
}

function rowGroupsOf(parquet: ParquetFile): RowGroup[] {
  const metadata = parquet.metadata();
  const groups = metadata.rowGroups().map((group) => {
    const sizes = { rows: group.numRows(), bytes: group.totalByteSize(), compressed: group.compressedSize() };
    group.free();
    return sizes;
  });
  metadata.free();
  return groups;
}
