import { open } from 'node:fs/promises';
import { PartWriter } from './partWriter';
import { formOf, readMessages } from './reader';
import type { ArrowSchema } from './schema';
import { typeText } from './schema';
import { Malformed, unreadable, worded } from './unreadable';

/** What a copy reports while it runs: bytes of the input and rows done so far. */
export interface CopyProgress {
  readonly bytes: number;
  readonly rows: number;
}

export interface CopyOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: CopyProgress) => void;
}

export interface ArrowCopy {
  readonly rows: number;
  /** The columns with their Arrow types in pyarrow's words; an extension type by its name. */
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  /** The Parquet files, in row order. */
  readonly files: readonly string[];
}

/**
 * Copies every record batch of an Arrow IPC file or stream, or Feather v2 file, into Parquet files; rows keep their order. The first
 * part is `output`, further ones stand beside it as `name.1.parquet`, …. Memory is bounded by the largest batch, plus the dictionaries
 * and some 300 MB.
 *
 * What has no Parquet counterpart is stored in the nearest form: seconds as milliseconds, `date64` as a date, an extension type
 * as the type beneath it, a duration as an integer in its unit (the returned `fields` say so).
 *
 * Throws `arrow-unreadable` for a damaged file or a column that Parquet can't hold, `cancelled` when the signal fires,
 * and errors of the file system as they come. Parts already written are left for the caller to remove.
 */
export async function arrowToParquet(input: string, output: string, options: CopyOptions): Promise<ArrowCopy> {
  const file = await open(input, 'r');
  try {
    const form = await formOf(file);
    if (form === undefined) {
      throw unreadable(
        input,
        'this is not an Arrow file or stream.',
        'Check the file, or name its format in the source.',
      );
    }
    if (form === 'feather-v1') {
      throw unreadable(
        input,
        'this is a Feather version 1 file, a format that was retired.',
        'Write it again with pyarrow.feather.write_feather or as Parquet.',
      );
    }
    let schema: ArrowSchema | undefined;
    let parts: PartWriter | undefined;
    for await (const { message, position } of readMessages(file, form)) {
      if (message.kind === 'schema') {
        schema = message.schema;
        if (schema.fields.length === 0) throw unreadable(input, 'it has no columns.', 'Check what wrote it.');
        parts = new PartWriter(schema, output, options.signal);
        continue;
      }
      if (!parts) throw new Malformed('it doesn’t begin with a schema.');
      if (message.kind === 'dictionary') parts.addDictionary(message.id, message.delta, message.columns);
      else await parts.addBatch(message.columns);
      options.onProgress?.({ bytes: position, rows: parts.rows });
    }
    if (!parts || !schema) throw new Malformed('it holds no schema.');
    await parts.finish();
    const fields = schema.fields.map((field) => ({ name: field.name, type: typeText(field) }));
    return { rows: parts.rows, fields, files: parts.files };
  } catch (error) {
    throw worded(input, error);
  } finally {
    await file.close();
  }
}
