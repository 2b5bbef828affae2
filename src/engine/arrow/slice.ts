import { DateUnit } from './flatbuffers';
import type { Columns } from './message';
import type { ArrowField } from './schema';
import { Malformed } from './unreadable';

/**
 * Whether rows can be cut out of such columns cheaply. A list view may point anywhere in its values, so a slice of it would have to
 * carry them all.
 */
export function canSlice(fields: readonly ArrowField[]): boolean {
  return fields.every(
    ({ type, children }) => type.kind !== 'listView' && type.kind !== 'largeListView' && canSlice(children),
  );
}

/** Rows `start` to `start + count` of the columns; shares their bytes where nothing has to move. See {@link canSlice}. */
export function sliceColumns(fields: readonly ArrowField[], columns: Columns, start: number, count: number): Columns {
  const slicer = new Slicer(columns);
  for (const field of fields) slicer.field(field, start, count);
  return { rows: count, nodes: slicer.nodes, buffers: slicer.buffers, variadicCounts: slicer.variadicCounts };
}

/** Goes through a batch's flattened nodes and buffers along its schema, and collects those of the slice. */
class Slicer {
  readonly nodes: [length: bigint, nulls: bigint][] = [];
  readonly buffers: Uint8Array[] = [];
  readonly variadicCounts: bigint[] = [];
  private buffer = 0;
  private variadic = 0;

  constructor(private readonly columns: Columns) {}

  field(field: ArrowField, start: number, count: number): void {
    const { type, dictionary, children } = field;
    if (dictionary) {
      this.validity(start, count);
      this.fixed(dictionary.index.bits / 8, start, count);
      return;
    }
    switch (type.kind) {
      case 'null':
        this.nodes.push([BigInt(count), BigInt(count)]);
        return;
      case 'bool':
        this.validity(start, count);
        this.buffers.push(sliceBits(this.take(), start, count));
        return;
      case 'utf8':
      case 'binary':
      case 'largeUtf8':
      case 'largeBinary': {
        this.validity(start, count);
        const [from, to] = this.offsets(type.kind.startsWith('large'), start, count);
        this.buffers.push(part(this.take(), from, to));
        return;
      }
      case 'utf8View':
      case 'binaryView':
        this.validity(start, count);
        this.views(start, count);
        return;
      case 'list':
      case 'map':
      case 'largeList': {
        this.validity(start, count);
        const [from, to] = this.offsets(type.kind === 'largeList', start, count);
        this.children(children, from, to - from);
        return;
      }
      case 'fixedSizeList':
        this.validity(start, count);
        this.children(children, start * type.size, count * type.size);
        return;
      case 'struct':
        this.validity(start, count);
        this.children(children, start, count);
        return;
      case 'runEndEncoded':
        this.nodes.push([BigInt(count), 0n]);
        this.runs(children, start, count);
        return;
      default:
        this.validity(start, count);
        this.fixed(widthOf(field), start, count);
    }
  }

  private children(children: readonly ArrowField[], start: number, count: number): void {
    for (const child of children) this.field(child, start, count);
  }

  private take(): Uint8Array {
    const buffer = this.columns.buffers[this.buffer++];
    if (!buffer) throw new Malformed('a record batch has too few columns.');
    return buffer;
  }

  private validity(start: number, count: number): void {
    const bits = this.take();
    const slice = bits.length > 0 ? sliceBits(bits, start, count) : bits;
    this.buffers.push(slice);
    this.nodes.push([BigInt(count), bits.length > 0 ? BigInt(count - countBits(slice)) : 0n]);
  }

  private fixed(width: number, start: number, count: number): void {
    this.buffers.push(part(this.take(), start * width, (start + count) * width));
  }

  /** Offsets begin at zero in the slice; returns which values they span. */
  private offsets(large: boolean, start: number, count: number): [from: number, to: number] {
    const width = large ? 8 : 4;
    const view = viewOf(this.take());
    const moved = new Uint8Array((count + 1) * width);
    this.buffers.push(moved);
    // Writers may leave out the one offset of a column without rows.
    if (count === 0 && view.byteLength === 0) return [0, 0];
    if ((start + count + 1) * width > view.byteLength) throw new Malformed('a record batch has too few offsets.');
    const at = (i: number): number =>
      large ? Number(view.getBigInt64((start + i) * 8, true)) : view.getInt32((start + i) * 4, true);
    const target = viewOf(moved);
    const from = at(0);
    for (let i = 0; i <= count; i++) {
      if (large) target.setBigInt64(i * 8, BigInt(at(i) - from), true);
      else target.setInt32(i * 4, at(i) - from, true);
    }
    return [from, at(count)];
  }

  /** Each 16-byte view holds a length and the bytes themselves (up to 12), or a buffer's number and an offset. Long ones are gathered. */
  private views(start: number, count: number): void {
    const views = Uint8Array.from(part(this.take(), start * 16, (start + count) * 16));
    const data = Array.from({ length: Number(this.columns.variadicCounts[this.variadic++] ?? 0n) }, () => this.take());
    const view = viewOf(views);
    const gathered: Uint8Array[] = [];
    let end = 0;
    for (let i = 0; i < count; i++) {
      const size = view.getInt32(i * 16, true);
      if (size <= 12) continue;
      const source = data[view.getInt32(i * 16 + 8, true)];
      const from = view.getInt32(i * 16 + 12, true);
      if (!source) throw new Malformed('a string points outside its own bytes.');
      gathered.push(part(source, from, from + size));
      view.setInt32(i * 16 + 8, 0, true);
      view.setInt32(i * 16 + 12, end, true);
      end += size;
    }
    this.buffers.push(views, Buffer.concat(gathered, end));
    this.variadicCounts.push(1n);
  }

  private runs(children: readonly ArrowField[], start: number, count: number): void {
    const [endsField, valuesField] = children;
    if (endsField?.type.kind !== 'int' || !valuesField) throw new Malformed('its run-end encoding is damaged.');
    const { bits } = endsField.type;
    const width = bits / 8;
    // Run ends are never null, and have an empty validity buffer.
    this.take();
    const view = viewOf(this.take());
    const endAt = (i: number): number =>
      bits === 16
        ? view.getInt16(i * 2, true)
        : bits === 32
          ? view.getInt32(i * 4, true)
          : Number(view.getBigInt64(i * 8, true));
    const all = Math.floor(view.byteLength / width);
    let first = 0;
    while (first < all && endAt(first) <= start) first++;
    let last = first;
    while (last < all && endAt(last) < start + count) last++;
    const runs = count > 0 ? Math.min(last, all - 1) - first + 1 : 0;
    const ends = new Uint8Array(runs * width);
    const target = viewOf(ends);
    for (let i = 0; i < runs; i++) {
      const end = Math.min(endAt(first + i) - start, count);
      if (bits === 16) target.setInt16(i * 2, end, true);
      else if (bits === 32) target.setInt32(i * 4, end, true);
      else target.setBigInt64(i * 8, BigInt(end), true);
    }
    this.nodes.push([BigInt(runs), 0n]);
    this.buffers.push(new Uint8Array(0), ends);
    this.field(valuesField, first, runs);
  }
}

function widthOf({ type }: ArrowField): number {
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'time':
      return type.bits / 8;
    case 'floatingPoint':
      return 2 << type.precision;
    case 'date':
      return type.unit === DateUnit.DAY ? 4 : 8;
    case 'timestamp':
    case 'duration':
      return 8;
    case 'interval':
      return [4, 8, 16][type.unit] ?? 0;
    case 'fixedSizeBinary':
      return type.width;
    default:
      throw new Malformed(`a column of the type ${type.kind} can’t be cut.`);
  }
}

function part(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (!(from >= 0 && from <= to && to <= bytes.length))
    throw new Malformed('a record batch points outside its own bytes.');
  return bytes.subarray(from, to);
}

/** Bits are numbered from the lowest of the first byte. */
function sliceBits(bits: Uint8Array, start: number, count: number): Uint8Array {
  const length = Math.ceil(count / 8);
  const from = Math.floor(start / 8);
  const shift = start % 8;
  const slice = Uint8Array.from(part(bits, from, Math.min(bits.length, from + length)));
  if (slice.length < length) throw new Malformed('a record batch points outside its own bytes.');
  if (shift > 0) {
    for (let i = 0; i < length; i++) {
      slice[i] = ((bits[from + i] ?? 0) >> shift) | ((bits[from + i + 1] ?? 0) << (8 - shift));
    }
  }
  // The bits behind the last row are cleared, for counting and for equal bytes.
  if (count % 8 > 0) slice[length - 1] = (slice[length - 1] ?? 0) & ((1 << (count % 8)) - 1);
  return slice;
}

function countBits(bits: Uint8Array): number {
  let count = 0;
  for (let byte of bits) for (; byte > 0; byte &= byte - 1) count++;
  return count;
}

function viewOf(buffer: Uint8Array): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
