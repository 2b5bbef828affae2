/** Types of MariaDB and MySQL, and what they are here. */
import { Types, type FieldPacket } from 'mysql2';
import {
  asBytes,
  asJson,
  asText,
  checked,
  decimalForms,
  plain,
  type Form,
  type Forms,
  type ServerColumn,
} from './forms';

export interface Definition extends FieldPacket {
  /** What MariaDB says beside the type. */
  readonly extendedTypeName?: string;
  readonly extendedFormat?: string;
}

const UNSIGNED = 32;
const ENUM = 256;
const SET = 2048;
/** The character set of bytes that are no text. */
const BINARY = 63;

const integers: Readonly<Record<number, { readonly name: string; readonly type: string }>> = {
  [Types.TINY]: { name: 'tinyint', type: 'TINYINT' },
  [Types.SHORT]: { name: 'smallint', type: 'SMALLINT' },
  [Types.INT24]: { name: 'mediumint', type: 'INTEGER' },
  [Types.LONG]: { name: 'int', type: 'INTEGER' },
  [Types.LONGLONG]: { name: 'bigint', type: 'BIGINT' },
};

/** MySQL and MariaDB take dates that no calendar has. */
function dated(type: string, suffix = ''): Form {
  return {
    type,
    value: (text) => `CAST(${text} || '${suffix}' AS ${type})`,
    empty: (text) => `regexp_matches(${text}, '^0000-|-00')`,
  };
}

/** Durations from -838 to 838 hours; where all are times of a day, they are that. */
const timeOfDay: Form = { ...plain('TIME'), fits: (text) => `regexp_matches(${text}, '^([01][0-9]|2[0-3]):')` };

export function columnOf(definition: Definition): ServerColumn {
  const { name, sourceType, forms } = { name: definition.name, ...typeOf(definition) };
  return { name, sourceType, forms };
}

function typeOf(definition: Definition): { sourceType: string; forms: Forms } {
  const { columnType: type = 0, flags, columnLength = 0, decimals, characterSet } = definition;
  const bits = Number(flags);
  const unsigned = (bits & UNSIGNED) !== 0;
  const integer = integers[type];
  if (integer) {
    const { name } = integer;
    return {
      sourceType: unsigned ? `${name} unsigned` : name,
      forms: [plain(unsigned ? `U${integer.type}` : integer.type)],
    };
  }
  if (definition.extendedFormat === 'json' || type === Types.JSON) return { sourceType: 'json', forms: asJson };
  if (definition.extendedTypeName === 'uuid') return { sourceType: 'uuid', forms: [plain('UUID')] };
  switch (type) {
    case Types.FLOAT:
      return { sourceType: 'float', forms: [plain('FLOAT')] };
    case Types.DOUBLE:
      return { sourceType: 'double', forms: [plain('DOUBLE')] };
    case Types.DECIMAL:
    case Types.NEWDECIMAL: {
      const precision = columnLength - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1);
      return { sourceType: `decimal(${precision},${decimals})`, forms: decimalForms(precision, decimals) };
    }
    case Types.YEAR:
      return { sourceType: 'year', forms: [plain('USMALLINT')] };
    case Types.DATE:
    case Types.NEWDATE:
      return { sourceType: 'date', forms: [checked(dated('DATE')), asText] };
    case Types.DATETIME:
      return { sourceType: 'datetime', forms: [checked(dated('TIMESTAMP')), asText] };
    case Types.TIMESTAMP:
      return { sourceType: 'timestamp', forms: [checked(dated('TIMESTAMPTZ', '+00')), asText] };
    case Types.TIME:
      return { sourceType: 'time', forms: [timeOfDay, asText] };
    case Types.BIT:
      return { sourceType: `bit(${columnLength})`, forms: [plain(columnLength === 1 ? 'BOOLEAN' : 'UBIGINT')] };
    case Types.GEOMETRY:
      return { sourceType: definition.extendedTypeName ?? 'geometry', forms: [asBytes] };
  }
  if (bits & ENUM) return { sourceType: 'enum', forms: [asText] };
  if (bits & SET) return { sourceType: 'set', forms: [asText] };
  if (characterSet === BINARY) return { sourceType: 'binary', forms: type === Types.NULL ? [asText] : [asBytes] };
  return { sourceType: definition.extendedTypeName ?? 'text', forms: [asText] };
}

/** A value of the client as the text that the forms read. */
export function textOf(value: unknown, definition: Definition | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) {
    const hex = value.toString('hex');
    return definition?.columnType === Types.BIT ? BigInt(`0x${hex}`).toString() : hex;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw new TypeError(`A value of the column ${definition?.name ?? ''} came as ${typeof value}`);
}
