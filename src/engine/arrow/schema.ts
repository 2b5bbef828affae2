import type { Builder, Offset } from 'flatbuffers';
import * as fb from './flatbuffers';
import { Malformed } from './unreadable';

/** A column, or a part of a nested one, as Arrow declares it. */
export interface ArrowField {
  readonly name: string;
  readonly nullable: boolean;
  /** For a dictionary-encoded column this is the type of the dictionary's values. */
  readonly type: ArrowType;
  readonly dictionary?: ArrowDictionary;
  readonly children: readonly ArrowField[];
  readonly metadata: readonly Metadata[];
}

export interface ArrowSchema {
  readonly fields: readonly ArrowField[];
  readonly metadata: readonly Metadata[];
}

export interface ArrowDictionary {
  readonly id: bigint;
  readonly index: IntType;
  readonly ordered: boolean;
}

export type Metadata = readonly [key: string, value: string];

interface IntType {
  readonly kind: 'int';
  readonly bits: number;
  readonly signed: boolean;
}

/** Arrow's types; the kinds are the names of the format's own tables. */
export type ArrowType =
  | IntType
  | { readonly kind: PlainKind }
  | { readonly kind: 'floatingPoint'; readonly precision: fb.Precision }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number; readonly bits: number }
  | { readonly kind: 'date'; readonly unit: fb.DateUnit }
  | { readonly kind: 'time'; readonly unit: fb.TimeUnit; readonly bits: number }
  | { readonly kind: 'timestamp'; readonly unit: fb.TimeUnit; readonly timezone: string | null }
  | { readonly kind: 'duration'; readonly unit: fb.TimeUnit }
  | { readonly kind: 'interval'; readonly unit: fb.IntervalUnit }
  | { readonly kind: 'fixedSizeBinary'; readonly width: number }
  | { readonly kind: 'fixedSizeList'; readonly size: number }
  | { readonly kind: 'map'; readonly keysSorted: boolean };

type PlainKind = (typeof plainKinds)[number][1];

/** The types that have no parameters, with their number in the format. */
const plainKinds = [
  [fb.Type.Null, 'null'],
  [fb.Type.Binary, 'binary'],
  [fb.Type.Utf8, 'utf8'],
  [fb.Type.Bool, 'bool'],
  [fb.Type.List, 'list'],
  [fb.Type.Struct_, 'struct'],
  [fb.Type.Union, 'union'],
  [fb.Type.LargeBinary, 'largeBinary'],
  [fb.Type.LargeUtf8, 'largeUtf8'],
  [fb.Type.LargeList, 'largeList'],
  [fb.Type.RunEndEncoded, 'runEndEncoded'],
  [fb.Type.BinaryView, 'binaryView'],
  [fb.Type.Utf8View, 'utf8View'],
  [fb.Type.ListView, 'listView'],
  [fb.Type.LargeListView, 'largeListView'],
] as const;

const MAX_DEPTH = 64;
const EXTENSION_NAME = 'ARROW:extension:name';

/** Reads a schema; a damaged one throws {@link Malformed} or an error of the flatbuffers reader. */
export function readSchema(schema: fb.Schema): ArrowSchema {
  if (schema.endianness() !== fb.Endianness.Little) throw new Malformed('its numbers are stored big-endian.');
  // Every field takes some bytes, so a damaged count can't make us loop for long.
  const budget = { fields: schema.bb?.capacity() ?? 0 };
  return {
    fields: readList(schema.fieldsLength(), budget, (i) => readField(schema.fields(i), 0, budget)),
    metadata: readMetadata(schema, budget),
  };
}

function readField(field: fb.Field | null, depth: number, budget: { fields: number }): ArrowField {
  if (!field) throw new Malformed('its schema has a hole.');
  if (depth > MAX_DEPTH) throw new Malformed(`its columns nest more than ${MAX_DEPTH} levels deep.`);
  const encoding = field.dictionary();
  return {
    name: field.name() ?? '',
    nullable: field.nullable(),
    type: readType(field),
    ...(encoding && {
      dictionary: {
        id: encoding.id(),
        // The format's default when no index type is given.
        index: readInt(encoding.indexType()) ?? { kind: 'int', bits: 32, signed: true },
        ordered: encoding.isOrdered(),
      },
    }),
    children: readList(field.childrenLength(), budget, (i) => readField(field.children(i), depth + 1, budget)),
    metadata: readMetadata(field, budget),
  };
}

function readList<T>(length: number, budget: { fields: number }, read: (index: number) => T): T[] {
  budget.fields -= length;
  if (budget.fields < 0) throw new Malformed('its schema is damaged.');
  return Array.from({ length }, (_, i) => read(i));
}

function readMetadata(owner: fb.Schema | fb.Field, budget: { fields: number }): Metadata[] {
  return readList(owner.customMetadataLength(), budget, (i) => {
    const pair = owner.customMetadata(i);
    return [pair?.key() ?? '', pair?.value() ?? ''] as const;
  });
}

function readInt(type: fb.Int | null): IntType | undefined {
  return type ? { kind: 'int', bits: type.bitWidth(), signed: type.isSigned() } : undefined;
}

function readType(field: fb.Field): ArrowType {
  const number = field.typeType();
  const plain = plainKinds.find(([type]) => type === number);
  if (plain) return { kind: plain[1] };
  const type = typeReaders[number]?.(field);
  if (!type) throw new Malformed(`its schema has a type that is not known here, number ${number}.`);
  return type;
}

const typeReaders: { readonly [number: number]: (field: fb.Field) => ArrowType } = {
  [fb.Type.Int]: (f) => {
    const t = f.type(new fb.Int()) as fb.Int;
    return { kind: 'int', bits: t.bitWidth(), signed: t.isSigned() };
  },
  [fb.Type.FloatingPoint]: (f) => ({
    kind: 'floatingPoint',
    precision: (f.type(new fb.FloatingPoint()) as fb.FloatingPoint).precision(),
  }),
  [fb.Type.Decimal]: (f) => {
    const t = f.type(new fb.Decimal()) as fb.Decimal;
    return { kind: 'decimal', precision: t.precision(), scale: t.scale(), bits: t.bitWidth() };
  },
  [fb.Type.Date]: (f) => ({ kind: 'date', unit: (f.type(new fb.Date()) as fb.Date).unit() }),
  [fb.Type.Time]: (f) => {
    const t = f.type(new fb.Time()) as fb.Time;
    return { kind: 'time', unit: t.unit(), bits: t.bitWidth() };
  },
  [fb.Type.Timestamp]: (f) => {
    const t = f.type(new fb.Timestamp()) as fb.Timestamp;
    return { kind: 'timestamp', unit: t.unit(), timezone: t.timezone() };
  },
  [fb.Type.Duration]: (f) => ({ kind: 'duration', unit: (f.type(new fb.Duration()) as fb.Duration).unit() }),
  [fb.Type.Interval]: (f) => ({ kind: 'interval', unit: (f.type(new fb.Interval()) as fb.Interval).unit() }),
  [fb.Type.FixedSizeBinary]: (f) => ({
    kind: 'fixedSizeBinary',
    width: (f.type(new fb.FixedSizeBinary()) as fb.FixedSizeBinary).byteWidth(),
  }),
  [fb.Type.FixedSizeList]: (f) => ({
    kind: 'fixedSizeList',
    size: (f.type(new fb.FixedSizeList()) as fb.FixedSizeList).listSize(),
  }),
  [fb.Type.Map]: (f) => ({ kind: 'map', keysSorted: (f.type(new fb.Map()) as fb.Map).keysSorted() }),
};

/** Writes a schema into a flatbuffer under construction. Metadata is sorted, so that equal schemas have equal bytes. */
export function writeSchema(builder: Builder, schema: ArrowSchema): Offset {
  const fields = fb.Schema.createFieldsVector(
    builder,
    schema.fields.map((field) => writeField(builder, field)),
  );
  const metadata = fb.Schema.createCustomMetadataVector(builder, writeMetadata(builder, schema.metadata));
  fb.Schema.startSchema(builder);
  fb.Schema.addEndianness(builder, fb.Endianness.Little);
  fb.Schema.addFields(builder, fields);
  fb.Schema.addCustomMetadata(builder, metadata);
  return fb.Schema.endSchema(builder);
}

function writeField(builder: Builder, field: ArrowField): Offset {
  const children = fb.Field.createChildrenVector(
    builder,
    field.children.map((child) => writeField(builder, child)),
  );
  const name = builder.createString(field.name);
  const metadata = fb.Field.createCustomMetadataVector(builder, writeMetadata(builder, field.metadata));
  const [number, type] = writeType(builder, field.type);
  const dictionary = field.dictionary && writeDictionary(builder, field.dictionary);
  fb.Field.startField(builder);
  fb.Field.addName(builder, name);
  fb.Field.addNullable(builder, field.nullable);
  fb.Field.addTypeType(builder, number);
  fb.Field.addType(builder, type);
  if (dictionary !== undefined) fb.Field.addDictionary(builder, dictionary);
  fb.Field.addChildren(builder, children);
  fb.Field.addCustomMetadata(builder, metadata);
  return fb.Field.endField(builder);
}

function writeMetadata(builder: Builder, metadata: readonly Metadata[]): Offset[] {
  return [...metadata]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => fb.KeyValue.createKeyValue(builder, builder.createString(key), builder.createString(value)));
}

function writeDictionary(builder: Builder, dictionary: ArrowDictionary): Offset {
  const index = fb.Int.createInt(builder, dictionary.index.bits, dictionary.index.signed);
  fb.DictionaryEncoding.startDictionaryEncoding(builder);
  fb.DictionaryEncoding.addId(builder, dictionary.id);
  fb.DictionaryEncoding.addIndexType(builder, index);
  fb.DictionaryEncoding.addIsOrdered(builder, dictionary.ordered);
  return fb.DictionaryEncoding.endDictionaryEncoding(builder);
}

function writeType(builder: Builder, type: ArrowType): [number: fb.Type, offset: Offset] {
  switch (type.kind) {
    case 'int':
      return [fb.Type.Int, fb.Int.createInt(builder, type.bits, type.signed)];
    case 'floatingPoint':
      return [fb.Type.FloatingPoint, fb.FloatingPoint.createFloatingPoint(builder, type.precision)];
    case 'decimal':
      return [fb.Type.Decimal, fb.Decimal.createDecimal(builder, type.precision, type.scale, type.bits)];
    case 'date':
      return [fb.Type.Date, fb.Date.createDate(builder, type.unit)];
    case 'time':
      return [fb.Type.Time, fb.Time.createTime(builder, type.unit, type.bits)];
    case 'timestamp': {
      const timezone = type.timezone === null ? 0 : builder.createString(type.timezone);
      return [fb.Type.Timestamp, fb.Timestamp.createTimestamp(builder, type.unit, timezone)];
    }
    case 'duration':
      return [fb.Type.Duration, fb.Duration.createDuration(builder, type.unit)];
    case 'interval':
      return [fb.Type.Interval, fb.Interval.createInterval(builder, type.unit)];
    case 'fixedSizeBinary':
      return [fb.Type.FixedSizeBinary, fb.FixedSizeBinary.createFixedSizeBinary(builder, type.width)];
    case 'fixedSizeList':
      return [fb.Type.FixedSizeList, fb.FixedSizeList.createFixedSizeList(builder, type.size)];
    case 'map':
      return [fb.Type.Map, fb.Map.createMap(builder, type.keysSorted)];
    default: {
      // Types without parameters are empty tables.
      const number = plainKinds.find(([, kind]) => kind === type.kind)?.[0] ?? fb.Type.NONE;
      builder.startObject(0);
      return [number, builder.endObject()];
    }
  }
}

const units = ['s', 'ms', 'us', 'ns'];

/** A column's type in the words pyarrow prints, e.g. `timestamp[us, tz=UTC]` or `dictionary<values=string, indices=int8, ordered=0>`. */
export function typeText(field: ArrowField): string {
  const extension = field.metadata.find(([key]) => key === EXTENSION_NAME);
  if (extension) return `extension<${extension[1]}>`;
  if (!field.dictionary) return valueText(field);
  const { index, ordered } = field.dictionary;
  return `dictionary<values=${valueText(field)}, indices=${intText(index)}, ordered=${ordered ? 1 : 0}>`;
}

function valueText({ type, children }: ArrowField): string {
  const [first, second] = children;
  const nested = (prefix: string): string => `${prefix}<${children.map(childText).join(', ')}>`;
  switch (type.kind) {
    case 'int':
      return intText(type);
    case 'floatingPoint':
      return ['halffloat', 'float', 'double'][type.precision] ?? 'float';
    case 'decimal':
      return `decimal${type.bits}(${type.precision}, ${type.scale})`;
    case 'date':
      return type.unit === fb.DateUnit.DAY ? 'date32[day]' : 'date64[ms]';
    case 'time':
      return `time${type.bits}[${units[type.unit]}]`;
    case 'timestamp':
      return `timestamp[${units[type.unit]}${type.timezone === null ? '' : `, tz=${type.timezone}`}]`;
    case 'duration':
      return `duration[${units[type.unit]}]`;
    case 'interval':
      return ['month_interval', 'day_time_interval', 'month_day_nano_interval'][type.unit] ?? 'interval';
    case 'fixedSizeBinary':
      return `fixed_size_binary[${type.width}]`;
    case 'fixedSizeList':
      return `${nested('fixed_size_list')}[${type.size}]`;
    case 'map': {
      const [key, value] = first?.children ?? [];
      return `map<${key ? typeText(key) : '?'}, ${value ? typeText(value) : '?'}>`;
    }
    case 'runEndEncoded':
      return `run_end_encoded<run_ends: ${first ? typeText(first) : '?'}, values: ${second ? typeText(second) : '?'}>`;
    default: {
      const name = plainNames[type.kind] ?? type.kind;
      return children.length > 0 || type.kind === 'struct' ? nested(name) : name;
    }
  }
}

const plainNames: Partial<Record<PlainKind, string>> = {
  utf8: 'string',
  largeUtf8: 'large_string',
  utf8View: 'string_view',
  largeBinary: 'large_binary',
  binaryView: 'binary_view',
  largeList: 'large_list',
  listView: 'list_view',
  largeListView: 'large_list_view',
};

function childText(child: ArrowField): string {
  return `${child.name}: ${typeText(child)}${child.nullable ? '' : ' not null'}`;
}

function intText(type: IntType): string {
  return `${type.signed ? '' : 'u'}int${type.bits}`;
}
