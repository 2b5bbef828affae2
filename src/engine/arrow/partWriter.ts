import { writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type * as Encoder from 'parquet-wasm';
import { cancelled } from '../../protocol';
import { byteLength, encodeMessage, END_OF_STREAM } from './message';
import type { Columns } from './message';
import { dictionaryValues, parquetColumns, parquetDictionary, parquetFields } from './parquetForm';
import type { ArrowField, ArrowSchema } from './schema';
import { canSlice, sliceColumns } from './slice';
import { Malformed } from './unreadable';

/** Batches are gathered into parts of about this many bytes: memory stays small, and the parts are few. */
const PART_BYTES = 32 * 1024 * 1024;
const ROW_GROUP_ROWS = 122_880;
const DICTIONARY_PAGE_BYTES = 64 * 1024 * 1024;

/**
 * Writes Arrow record batches as Parquet files, one per part. The encoder takes Arrow streams, so each part is a small stream of
 * its own that repeats the schema and the dictionaries known by then.
 * (parquet-wasm could write one file from a stream of batches, but it drops an error on the way and ends the file early.)
 */
export class PartWriter {
  /** Rows taken so far. */
  rows = 0;
  readonly files: string[] = [];

  private readonly fields: readonly ArrowField[];
  private readonly stored: readonly ArrowField[];
  private readonly sliceable: boolean;
  private readonly values: ReadonlyMap<bigint, ArrowField>;
  private readonly schema: readonly Uint8Array[];
  /** For each dictionary its values and the additions since, as messages. */
  private readonly dictionaries = new Map<bigint, readonly Uint8Array[]>();
  private part: Uint8Array[] = [];
  private partBytes = 0;
  private firstRow = 0;

  constructor(
    schema: ArrowSchema,
    private readonly output: string,
    private readonly signal: AbortSignal,
  ) {
    this.fields = schema.fields;
    this.values = dictionaryValues(schema.fields);
    this.stored = parquetFields(schema.fields);
    this.sliceable = canSlice(this.stored);
    this.schema = encodeMessage({ kind: 'schema', schema: { fields: this.stored, metadata: [] } }).pieces;
  }

  /** Sets a dictionary's values, or adds to them. */
  addDictionary(id: bigint, delta: boolean, columns: Columns): void {
    const values = this.values.get(id);
    if (!values) throw new Malformed('it has a dictionary that no column uses.');
    const { pieces } = encodeMessage({ kind: 'dictionary', id, delta, columns: parquetDictionary(values, columns) });
    this.dictionaries.set(id, delta ? [...(this.dictionaries.get(id) ?? []), ...pieces] : pieces);
    if (this.part.length > 0) this.append(pieces);
  }

  /** Takes a batch, and writes a part whenever enough has come. A large batch is cut, since the encoder needs several times its size. */
  async addBatch(columns: Columns): Promise<void> {
    const batch = parquetColumns(this.fields, columns);
    const pieces = this.sliceable ? Math.ceil(byteLength(batch.buffers) / PART_BYTES) : 1;
    const step = Math.ceil(columns.rows / Math.max(1, pieces) / 8) * 8;
    if (step >= columns.rows) return this.addRows(batch);
    for (let start = 0; start < columns.rows; start += step) {
      await this.addRows(sliceColumns(this.stored, batch, start, Math.min(step, columns.rows - start)));
    }
  }

  private async addRows(columns: Columns): Promise<void> {
    if (this.signal.aborted) throw cancelled();
    if (this.part.length === 0) this.begin();
    this.append(encodeMessage({ kind: 'batch', columns }).pieces);
    this.rows += columns.rows;
    // Every part repeats the dictionaries, so large ones make for larger parts.
    if (this.partBytes >= PART_BYTES + byteLength([...this.dictionaries.values()].flat())) await this.flush();
  }

  /** Writes what is left. A table without batches still gets one file, which holds its columns. */
  async finish(): Promise<void> {
    if (this.part.length === 0 && this.files.length === 0) this.begin();
    if (this.part.length > 0) await this.flush();
  }

  private begin(): void {
    this.append([...this.schema, ...[...this.dictionaries.values()].flat()]);
  }

  private append(pieces: readonly Uint8Array[]): void {
    this.part.push(...pieces);
    this.partBytes += byteLength(pieces);
  }

  private async flush(): Promise<void> {
    const stream = Buffer.concat([...this.part, END_OF_STREAM]);
    const parquet = await this.encode(stream);
    this.part = [];
    this.partBytes = 0;
    this.firstRow = this.rows;
    const { dir, name, ext } = parse(this.output);
    const path = this.files.length === 0 ? this.output : join(dir, `${name}.${this.files.length}${ext}`);
    this.files.push(path);
    await writeFile(path, parquet);
  }

  private async encode(stream: Uint8Array): Promise<Uint8Array> {
    const encoder = await import('parquet-wasm'); // it takes a while to load, and few need it
    try {
      // Both calls take over their argument's WebAssembly memory and free it.
      return encoder.writeParquet(encoder.Table.fromIPCStream(stream), this.properties(encoder));
    } catch (cause) {
      throw new Malformed(`the data of rows ${this.firstRow + 1} to ${this.rows} contradict the schema.`, { cause });
    }
  }

  private properties({
    Compression,
    EnabledStatistics,
    WriterPropertiesBuilder,
  }: typeof Encoder): Encoder.WriterProperties {
    // Looking for repeated values costs more than half of the speed: only where the file itself says that they repeat, and there
    // it keeps a column of small codes from growing into a large one of long strings. The writer knows columns by top-level name.
    const builder = new WriterPropertiesBuilder()
      .setCompression(Compression.SNAPPY)
      .setDictionaryEnabled(this.fields.some((field) => field.children.some(hasRepeats)))
      .setDictionaryPageSizeLimit(DICTIONARY_PAGE_BYTES)
      .setStatisticsEnabled(EnabledStatistics.None)
      .setMaxRowGroupSize(ROW_GROUP_ROWS);
    return this.fields
      .filter(hasRepeats)
      .reduce((properties, field) => properties.setColumnDictionaryEnabled(field.name, true), builder)
      .build();
  }
}

/** Whether the column's layout stores equal values once. */
function hasRepeats(field: ArrowField): boolean {
  return field.dictionary !== undefined || field.type.kind === 'runEndEncoded' || field.children.some(hasRepeats);
}
