/** Arrow schemas: types as they are stored, and what Arrow has no place for in the metadata of fields. */
import {
  DateUnit,
  IntervalUnit,
  Precision,
  TimeUnit,
  typeText,
  type ArrowField,
  type ArrowSchema,
  type ArrowType,
} from '../../arrow';
import { parsePhysical, type PhysicalType } from '../physicalTypes';
import type { ColumnType, SchemaColumn, SchemaLoss, TableShape } from '../../../protocol';
import {
  carriedKeys,
  carriedLosses,
  carriedSpec,
  columnOf,
  isRequired,
  lost,
  specOf,
  withoutTwins,
  type Read,
  type Written,
} from './form';

const TOOL = 'Arrow';
const OWN = 'mldata';

export function toArrow(shape: TableShape): Written<ArrowSchema> {
  const losses: SchemaLoss[] = [];
  const fields = shape.columns.map((column): ArrowField => {
    const { type, ...spec } = specOf(column);
    const { required: _required, ...unspoken } = spec;
    const stored = fieldOf(column.name, storedType(column), !isRequired(column, shape));
    const isToldByType = typeHere(stored) === type;
    losses.push(...carriedLosses(column.name, { ...(!isToldByType && { type }), ...unspoken }, TOOL));
    const isTold = isToldByType && Object.keys(spec).length === 0;
    return isTold ? stored : { ...stored, metadata: [[OWN, JSON.stringify({ type, ...spec })]] };
  });
  const { primaryKey, foreignKeys } = shape;
  const keys = { ...(primaryKey.length > 0 && { primaryKey }), ...(foreignKeys && { foreignKeys }) };
  losses.push(...carriedLosses(undefined, keys, TOOL));
  return { content: { fields, metadata: Object.keys(keys).length > 0 ? [[OWN, JSON.stringify(keys)]] : [] }, losses };
}

export function fromArrow({ fields, metadata }: ArrowSchema): Read {
  const losses: SchemaLoss[] = [];
  const { primaryKey = [], foreignKeys } = carriedKeys(carried(metadata));
  const columns = fields.map((field): SchemaColumn => {
    const { name, nullable } = field;
    const spec = carriedSpec(carried(field.metadata));
    const type = typeHere(field);
    if (type === undefined && spec.type === undefined)
      losses.push(lost(name, 'type', `The type ${typeText(field)} of ${name} is any here.`));
    const isNeeded = !nullable && spec.type === undefined && !primaryKey.includes(name);
    return columnOf(name, type ?? 'any', { type: type ?? 'any', ...(isNeeded && { required: true }), ...spec });
  });
  losses.push(...withoutTwins(columns));
  return { shape: { columns, primaryKey, ...(foreignKeys && { foreignKeys }) }, losses };
}

function carried(metadata: ArrowField['metadata']): unknown {
  const text = metadata.find(([key]) => key === OWN)?.[1];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

const utf8: ArrowType = { kind: 'utf8' };
const integer = (bits: number, signed = true): ArrowType => ({ kind: 'int', bits, signed });

/** How values of a type are stored where nobody has stored them yet. */
const usual: Partial<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMP',
  time: 'TIME',
};

function storedType({ type, physicalType }: SchemaColumn): PhysicalType | undefined {
  return parsePhysical(physicalType ?? usual[type] ?? 'VARCHAR');
}

function fieldOf(name: string, type: PhysicalType | undefined, nullable: boolean): ArrowField {
  const field = (arrow: ArrowType, children: readonly ArrowField[] = []): ArrowField => ({
    name,
    nullable,
    type: arrow,
    children,
    metadata: [],
  });
  switch (type?.kind) {
    case 'scalar':
      return field(scalarThere(type.name, type.parameters));
    case 'list':
      return field(type.size === undefined ? { kind: 'list' } : { kind: 'fixedSizeList', size: type.size }, [
        fieldOf('item', type.element, true),
      ]);
    case 'struct':
      return field(
        { kind: 'struct' },
        type.fields.map((inner) => fieldOf(inner.name, inner.type, true)),
      );
    case 'map': {
      const entries = [fieldOf('key', type.key, false), fieldOf('value', type.value, true)];
      const inner = {
        name: 'entries',
        nullable: false,
        type: { kind: 'struct' },
        children: entries,
        metadata: [],
      } as const;
      return field({ kind: 'map', keysSorted: false }, [inner]);
    }
    default:
      return field(utf8);
  }
}

const scalars: Readonly<Record<string, ArrowType>> = {
  BOOLEAN: { kind: 'bool' },
  TINYINT: integer(8),
  SMALLINT: integer(16),
  INTEGER: integer(32),
  BIGINT: integer(64),
  UTINYINT: integer(8, false),
  USMALLINT: integer(16, false),
  UINTEGER: integer(32, false),
  UBIGINT: integer(64, false),
  HUGEINT: { kind: 'decimal', precision: 38, scale: 0, bits: 128 },
  UHUGEINT: { kind: 'decimal', precision: 38, scale: 0, bits: 128 },
  FLOAT: { kind: 'floatingPoint', precision: Precision.SINGLE },
  DOUBLE: { kind: 'floatingPoint', precision: Precision.DOUBLE },
  DATE: { kind: 'date', unit: DateUnit.DAY },
  TIME: { kind: 'time', unit: TimeUnit.MICROSECOND, bits: 64 },
  TIMESTAMP: { kind: 'timestamp', unit: TimeUnit.MICROSECOND, timezone: null },
  TIMESTAMP_S: { kind: 'timestamp', unit: TimeUnit.SECOND, timezone: null },
  TIMESTAMP_MS: { kind: 'timestamp', unit: TimeUnit.MILLISECOND, timezone: null },
  TIMESTAMP_NS: { kind: 'timestamp', unit: TimeUnit.NANOSECOND, timezone: null },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamp', unit: TimeUnit.MICROSECOND, timezone: 'UTC' },
  INTERVAL: { kind: 'interval', unit: IntervalUnit.MONTH_DAY_NANO },
  BLOB: { kind: 'binary' },
};

function scalarThere(name: string, [precision = 18, scale = 3]: readonly number[]): ArrowType {
  return name === 'DECIMAL' ? { kind: 'decimal', precision, scale, bits: 128 } : (scalars[name] ?? utf8);
}

const kindsHere: Partial<Record<ArrowType['kind'], ColumnType>> = {
  int: 'integer',
  floatingPoint: 'number',
  decimal: 'number',
  bool: 'boolean',
  utf8: 'string',
  largeUtf8: 'string',
  utf8View: 'string',
  date: 'date',
  timestamp: 'datetime',
  time: 'time',
  duration: 'duration',
  interval: 'duration',
  list: 'array',
  largeList: 'array',
  listView: 'array',
  largeListView: 'array',
  fixedSizeList: 'array',
  struct: 'object',
  map: 'object',
};

/** Undefined for kinds that no type here is close to. A dictionary is of the type of its values. */
function typeHere({ type, children }: ArrowField): ColumnType | undefined {
  const [, values] = children;
  return type.kind === 'runEndEncoded' && values ? typeHere(values) : kindsHere[type.kind];
}
