import { DateUnit, IntervalUnit, TimeUnit } from './flatbuffers';
import type { Columns } from './message';
import type { ArrowField, ArrowType } from './schema';
import { typeText } from './schema';
import { Malformed, quoteName, Unsupported } from './unreadable';

/**
 * Some Arrow types have no Parquet counterpart that keeps their meaning (the Parquet writer stores seconds and `date64` as bare
 * integers), and some dictionaries crash or corrupt its encoder. Here they are given the nearest form that is read back as the same values.
 */

const MILLIS_PER_DAY = 86_400_000;
const MAX_DECIMAL_DIGITS = 38;

/** The values a dictionary may hold here: all that are one cell, not a list or a struct. */
const dictionaryKinds: ReadonlySet<ArrowType['kind']> = new Set<ArrowType['kind']>([
  ...(['null', 'int', 'floatingPoint', 'decimal', 'bool', 'date', 'time', 'timestamp', 'duration'] as const),
  ...(['utf8', 'largeUtf8', 'utf8View', 'binary', 'largeBinary', 'binaryView', 'fixedSizeBinary'] as const),
]);

/**
 * The fields as Parquet holds them. Metadata is dropped, so an extension type is stored as the type beneath it.
 * Everything may be null: a file that declares a column non-null and has nulls is common, and the nulls are the truth.
 * Throws {@link Unsupported} for a column that can't be stored.
 */
export function parquetFields(fields: readonly ArrowField[]): ArrowField[] {
  return fields.map((field) => parquetField(field, field, true));
}

function parquetField(field: ArrowField, column: ArrowField, nullable: boolean): ArrowField {
  const problem = whyUnsupported(field);
  if (problem) {
    throw new Unsupported(`column ${quoteName(column.name)} has the type ${typeText(column)}; ${problem}`);
  }
  const isMap = field.type.kind === 'map';
  const isEntries = isMap || field.type.kind === 'runEndEncoded';
  return {
    name: field.name,
    nullable,
    type: parquetType(field),
    ...(field.dictionary && { dictionary: field.dictionary }),
    // A map's entries and keys, and run ends, are never null; the format says so.
    children: field.children.map((child, i) =>
      isMap
        ? {
            ...parquetField(child, column, false),
            children: child.children.map((c, j) => parquetField(c, column, j > 0)),
          }
        : parquetField(child, column, !(isEntries && i === 0)),
    ),
    metadata: [],
  };
}

function whyUnsupported(field: ArrowField): string | undefined {
  const { type, dictionary, children } = field;
  if (dictionary && !dictionaryKinds.has(type.kind)) return 'a dictionary of nested values can’t be stored in Parquet.';
  switch (type.kind) {
    case 'union':
      return 'a union can’t be stored in Parquet.';
    case 'struct':
      return children.length === 0 ? 'a struct without fields can’t be stored in Parquet.' : undefined;
    case 'interval':
      // Parquet counts an interval's milliseconds without a sign, and nothing finer.
      return type.unit === IntervalUnit.YEAR_MONTH ? undefined : 'Parquet can’t keep such intervals exactly.';
    case 'decimal':
      if (type.precision > MAX_DECIMAL_DIGITS) return `decimals have at most ${MAX_DECIMAL_DIGITS} digits here.`;
      return type.scale < 0 || type.scale > type.precision ? 'its scale is outside its digits.' : undefined;
    default:
      return undefined;
  }
}

function parquetType({ type, dictionary }: ArrowField): ArrowType {
  switch (type.kind) {
    case 'timestamp':
      return type.unit === TimeUnit.SECOND ? { ...type, unit: TimeUnit.MILLISECOND } : type;
    case 'time':
      return type.unit === TimeUnit.SECOND ? { ...type, unit: TimeUnit.MILLISECOND } : type;
    case 'date':
      return { kind: 'date', unit: DateUnit.DAY };
    case 'utf8View':
      return dictionary ? { kind: 'utf8' } : type;
    case 'binaryView':
    case 'fixedSizeBinary':
      return dictionary ? { kind: 'binary' } : type;
    default:
      return type;
  }
}

/** The values of every dictionary the fields refer to, by the dictionary's id. */
export function dictionaryValues(fields: readonly ArrowField[]): Map<bigint, ArrowField> {
  const found = new Map<bigint, ArrowField>();
  const visit = (field: ArrowField): void => {
    if (field.dictionary) found.set(field.dictionary.id, field);
    field.children.forEach(visit);
  };
  fields.forEach(visit);
  return found;
}

/** Rows of the columns `fields` (as read from the file) in the form {@link parquetFields} declares. */
export function parquetColumns(fields: readonly ArrowField[], columns: Columns): Columns {
  const walk = new Walk(columns);
  for (const field of fields) walk.field(field);
  return walk.finish();
}

/** The values of one dictionary, likewise. */
export function parquetDictionary(values: ArrowField, columns: Columns): Columns {
  const walk = new Walk(columns);
  walk.values(values, true);
  return walk.finish();
}

/** Goes through a batch's flattened buffers along its schema, and collects them anew. */
class Walk {
  private readonly buffers: Uint8Array[] = [];
  private readonly variadicCounts: bigint[] = [];
  private node = 0;
  private buffer = 0;
  private variadic = 0;

  constructor(private readonly columns: Columns) {}

  field(field: ArrowField): void {
    if (field.dictionary) {
      this.node++;
      this.keep(2);
    } else {
      this.values(field, false);
    }
  }

  values({ type, children }: ArrowField, inDictionary: boolean): void {
    const length = Number(this.columns.nodes[this.node++]?.[0] ?? 0n);
    switch (type.kind) {
      case 'null':
      case 'runEndEncoded':
        break;
      case 'struct':
      case 'fixedSizeList':
        this.keep(1);
        break;
      case 'utf8':
      case 'binary':
      case 'largeUtf8':
      case 'largeBinary':
      case 'listView':
      case 'largeListView':
        this.keep(3);
        break;
      case 'utf8View':
      case 'binaryView':
        this.views(length, inDictionary);
        break;
      case 'timestamp':
        this.keep(1);
        this.put(type.unit === TimeUnit.SECOND ? millisFromSeconds64(this.take()) : this.take());
        break;
      case 'time':
        this.keep(1);
        this.put(type.unit === TimeUnit.SECOND ? millisFromSeconds32(this.take()) : this.take());
        break;
      case 'date':
        this.keep(1);
        this.put(type.unit === DateUnit.DAY ? this.take() : daysFromMillis(this.take()));
        break;
      case 'fixedSizeBinary':
        this.keep(1);
        if (inDictionary) this.put(evenOffsets(length, type.width));
        this.keep(1);
        break;
      default:
        this.keep(2);
    }
    for (const child of children) this.field(child);
  }

  /** A view column has any number of data buffers; in a dictionary it becomes one run of bytes with offsets. */
  private views(length: number, inDictionary: boolean): void {
    const count = this.columns.variadicCounts[this.variadic++] ?? 0n;
    if (count > BigInt(this.columns.buffers.length)) throw new Malformed('a record batch is damaged.');
    this.keep(1);
    if (!inDictionary) {
      this.variadicCounts.push(count);
      this.keep(1 + Number(count));
      return;
    }
    const views = this.take();
    const data = Array.from({ length: Number(count) }, () => this.take());
    for (const buffer of bytesOfViews(length, views, data)) this.put(buffer);
  }

  finish(): Columns {
    const { rows, nodes } = this.columns;
    if (this.node !== nodes.length || this.buffer !== this.columns.buffers.length) {
      throw new Malformed('a record batch doesn’t fit the schema.');
    }
    return { rows, nodes, buffers: this.buffers, variadicCounts: this.variadicCounts };
  }

  private take(): Uint8Array {
    const buffer = this.columns.buffers[this.buffer++];
    if (!buffer) throw new Malformed('a record batch has too few columns.');
    return buffer;
  }

  private put(buffer: Uint8Array): void {
    this.buffers.push(buffer);
  }

  private keep(count: number): void {
    for (let i = 0; i < count; i++) this.put(this.take());
  }
}

function viewOf(buffer: Uint8Array): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function millisFromSeconds64(seconds: Uint8Array): Uint8Array {
  const millis = new BigInt64Array(Math.floor(seconds.length / 8));
  const view = viewOf(seconds);
  for (let i = 0; i < millis.length; i++) millis[i] = view.getBigInt64(i * 8, true) * 1000n;
  return new Uint8Array(millis.buffer);
}

function millisFromSeconds32(seconds: Uint8Array): Uint8Array {
  const millis = new Int32Array(Math.floor(seconds.length / 4));
  const view = viewOf(seconds);
  for (let i = 0; i < millis.length; i++) millis[i] = view.getInt32(i * 4, true) * 1000;
  return new Uint8Array(millis.buffer);
}

function daysFromMillis(millis: Uint8Array): Uint8Array {
  const days = new Int32Array(Math.floor(millis.length / 8));
  const view = viewOf(millis);
  for (let i = 0; i < days.length; i++) days[i] = Math.floor(Number(view.getBigInt64(i * 8, true)) / MILLIS_PER_DAY);
  return new Uint8Array(days.buffer);
}

function evenOffsets(length: number, width: number): Uint8Array {
  return new Uint8Array(Int32Array.from({ length: length + 1 }, (_, i) => i * width).buffer);
}

/** Each 16-byte view holds a length and either the bytes themselves (up to 12) or a buffer's number and an offset in it. */
function bytesOfViews(
  length: number,
  views: Uint8Array,
  data: readonly Uint8Array[],
): [offsets: Uint8Array, bytes: Uint8Array] {
  const view = viewOf(views);
  const offsets = new Int32Array(length + 1);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (let i = 0; i < length; i++) {
    const at = i * 16;
    const size = view.getInt32(at, true);
    const source = size <= 12 ? views.subarray(at + 4) : data[view.getInt32(at + 8, true)];
    const start = size <= 12 ? 0 : view.getInt32(at + 12, true);
    const part = source?.subarray(start, start + size);
    if (start < 0 || part?.length !== size) throw new Malformed('a string points outside its own bytes.');
    parts.push(part);
    end += size;
    if (end > 0x7fffffff) throw new Malformed('a dictionary is larger than 2 GB.');
    offsets[i + 1] = end;
  }
  return [new Uint8Array(offsets.buffer), Buffer.concat(parts, end)];
}
