/** Whether the values of one type are values of another: by what columns are, and by how they are stored. */
import { parsePhysical, type PhysicalType, type StructField } from './physicalTypes';
import type { ColumnType } from '../../protocol';

/**
 * `widened`: each value before is one of those after, and there are more of them. `narrowed`: the other way round.
 * `other`: some values before cannot be after, and some after could not be before.
 */
export type ValuesChange = 'same' | 'widened' | 'narrowed' | 'other';

interface Typed {
  readonly type: ColumnType;
  readonly physicalType?: string | undefined;
}

/** Types whose values are among those of another. What is told by its place in a file is text as well. */
const within: Partial<Record<ColumnType, readonly ColumnType[]>> = {
  integer: ['number'],
  date: ['datetime'],
  duration: ['string'],
  geopoint: ['string'],
  image: ['string'],
  audio: ['string'],
};

export function typeChange(before: Typed, after: Typed): ValuesChange {
  if (isUnknown(before) || isUnknown(after)) return 'same';
  if (before.type !== after.type) {
    if (within[before.type]?.includes(after.type)) return 'widened';
    if (within[after.type]?.includes(before.type)) return 'narrowed';
    // Any value is kept as it came, but only where it was stored as that.
    if (after.type === 'any' && before.physicalType === after.physicalType) return 'widened';
    if (before.type === 'any' && before.physicalType === after.physicalType) return 'narrowed';
    return 'other';
  }
  if (before.physicalType === undefined || after.physicalType === undefined) return 'same';
  return storageChange(before.physicalType, after.physicalType);
}

/** Of a text without any value nothing says what its values are. */
function isUnknown({ type, physicalType }: Typed): boolean {
  return type === 'any' && physicalType === undefined;
}

function storageChange(before: string, after: string): ValuesChange {
  if (before === after) return 'same';
  const [was, is] = [parsePhysical(before), parsePhysical(after)];
  return was && is ? compared(was, is) : 'other';
}

function compared(before: PhysicalType, after: PhysicalType): ValuesChange {
  if (before.kind === 'list' && after.kind === 'list') {
    const sizes = before.size === after.size ? 'same' : sizeChange(before.size, after.size);
    return both(sizes, compared(before.element, after.element));
  }
  if (before.kind === 'struct' && after.kind === 'struct') return structChange(before.fields, after.fields);
  if (before.kind === 'map' && after.kind === 'map')
    return both(compared(before.key, after.key), compared(before.value, after.value));
  // Of an enum it is not told which values it has; their texts are among all texts.
  if (before.kind === 'enum') return isText(after) ? 'widened' : 'other';
  if (after.kind === 'enum') return isText(before) ? 'narrowed' : 'other';
  if (before.kind !== 'scalar' || after.kind !== 'scalar') return 'other';
  if (holdsAll(before, after)) return holdsAll(after, before) ? 'same' : 'widened';
  return holdsAll(after, before) ? 'narrowed' : 'other';
}

function sizeChange(before: number | undefined, after: number | undefined): ValuesChange {
  if (after === undefined) return 'widened';
  return before === undefined ? 'narrowed' : 'other';
}

/** By the names of fields: one that is new is more than before, one that is gone less. */
function structChange(before: readonly StructField[], after: readonly StructField[]): ValuesChange {
  let change: ValuesChange = 'same';
  for (const { name, type } of before) {
    const now = after.find((field) => field.name === name);
    change = both(change, now ? compared(type, now.type) : 'narrowed');
  }
  return after.some(({ name }) => !before.some((field) => field.name === name)) ? both(change, 'widened') : change;
}

/** What two changes together come to. */
function both(one: ValuesChange, other: ValuesChange): ValuesChange {
  if (one === 'same') return other;
  return other === 'same' || one === other ? one : 'other';
}

type ScalarType = Extract<PhysicalType, { kind: 'scalar' }>;

function isText(type: PhysicalType): boolean {
  return type.kind === 'scalar' && type.name === 'VARCHAR';
}

/** Names of whole numbers, and how many bits they have. */
const integers: Readonly<Record<string, number>> = {
  TINYINT: 8,
  SMALLINT: 16,
  INTEGER: 32,
  BIGINT: 64,
  HUGEINT: 128,
};
/** Bits of the fraction of a float: whole numbers up to that many bits are exact. */
const floats: Readonly<Record<string, number>> = { FLOAT: 24, DOUBLE: 53 };
/** Coarse first: each time of the one is a time of the next. Those of `TIMESTAMP_NS` span fewer years. */
const clocks = ['TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP'];

/** Whether every value of the one is a value of the other, exactly. */
function holdsAll(from: ScalarType, to: ScalarType): boolean {
  if (from.name === to.name && from.parameters.join() === to.parameters.join()) return true;
  if (isText(to)) return from.name === 'UUID';
  const [whole, room] = [integerRange(from), integerRange(to)];
  if (whole && room)
    return whole.bits <= room.bits && (whole.signed ? room.signed : whole.bits < room.bits || !room.signed);
  const [exact, toExact] = [floats[from.name], floats[to.name]];
  if (toExact !== undefined) {
    if (exact !== undefined) return exact <= toExact;
    return whole !== undefined && whole.bits - (whole.signed ? 1 : 0) <= toExact;
  }
  const [decimal, wider] = [decimalDigits(from), decimalDigits(to)];
  if (decimal && wider) return decimal.whole <= wider.whole && decimal.fraction <= wider.fraction;
  const at = clocks.indexOf(from.name);
  return at >= 0 && at < clocks.indexOf(to.name);
}

function integerRange({ name }: ScalarType): { readonly bits: number; readonly signed: boolean } | undefined {
  const signed = integers[name];
  if (signed !== undefined) return { bits: signed, signed: true };
  const bits = name.startsWith('U') ? integers[name.slice(1)] : undefined;
  return bits === undefined ? undefined : { bits, signed: false };
}

function decimalDigits({
  name,
  parameters,
}: ScalarType): { readonly whole: number; readonly fraction: number } | undefined {
  if (name !== 'DECIMAL') return undefined;
  const [digits = 18, fraction = 3] = parameters;
  return { whole: digits - fraction, fraction };
}
