/** Casts from one engine type to another that lose nothing. The engine's own round, cut off and forget zones. */
import { castText, columnTypeOf, fits, isNested, ZONED } from './types';
import type { ColumnType } from '../../protocol';

/** SQL that turns a typed value into the declared type; NULL where that would lose something. */
export function castTyped(expression: string, from: string, type: ColumnType, physical: string): string {
  if (from === physical) return expression;
  // A zone is neither made up nor forgotten.
  if (from.startsWith('TIMESTAMP') && physical.startsWith('TIMESTAMP') && (from === ZONED) !== (physical === ZONED))
    return `CAST(NULL AS ${physical})`;
  const sameKind = fits(from, columnTypeOf(physical)) || (isNumeric(from) && isNumeric(physical));
  if (sameKind && physical !== 'VARCHAR') return exactly(expression, from, physical);
  return castText(asVarchar(expression, from), type, physical);
}

/** SQL for a value as text. The engine writes nested ones in a form of its own, of which not all can be read again. */
export function asVarchar(expression: string, physical: string): string {
  if (physical === 'VARCHAR') return expression;
  return isNested(physical) ? `CAST(to_json(${expression}) AS VARCHAR)` : `CAST(${expression} AS VARCHAR)`;
}

/** Whether every value of one type has its equal in the other. */
export function alwaysExact(from: string, physical: string): boolean {
  if (from === physical || physical === 'VARCHAR') return true;
  const held = digitsOf(from);
  // Numbers of fifteen digits come back from a double as they were.
  if (physical === 'DOUBLE') return from === 'FLOAT' || (held !== undefined && held.whole + held.fraction <= 15);
  const room = digitsOf(physical);
  if (!held || !room || held.fraction > room.fraction) return false;
  if (physical.startsWith('DECIMAL')) return held.whole <= room.whole;
  // The largest number of an integer type has fewer than all numbers of its digits, and an unsigned type no negative ones.
  return held.whole < room.whole && (isUnsigned(from) || !isUnsigned(physical));
}

function exactly(expression: string, from: string, physical: string): string {
  const cast = `try_cast(${expression} AS ${physical})`;
  const [held, room] = [columnTypeOf(from), columnTypeOf(physical)];
  // Between whole numbers the engine overflows and never rounds.
  if (alwaysExact(from, physical) || (held === 'integer' && (room === 'integer' || physical === WIDE))) return cast;
  if (room === 'integer') return `CASE WHEN ${expression} = trunc(${expression}) THEN ${cast} END`;
  // Of what nanoseconds cannot reach, `try_cast` makes an error.
  if (physical === 'TIMESTAMP_NS')
    return `CASE WHEN ${expression} BETWEEN TIMESTAMP '1678-01-01' AND TIMESTAMP '2262-04-11' THEN ${cast} END`;
  return `CASE WHEN try_cast(${cast} AS ${from}) = ${expression} THEN ${cast} END`;
}

/** What holds whole numbers beyond 64 bits. The engine's own 128-bit integers become doubles in Parquet. */
export const WIDE = 'DECIMAL(38,0)';

const integerDigits: Readonly<Record<string, number>> = {
  TINYINT: 3,
  UTINYINT: 3,
  SMALLINT: 5,
  USMALLINT: 5,
  INTEGER: 10,
  UINTEGER: 10,
  BIGINT: 19,
  UBIGINT: 20,
  HUGEINT: 39,
  UHUGEINT: 39,
};

/** Decimal digits that an exact number type needs before and after the point; undefined for other types. */
export function digitsOf(physical: string): { whole: number; fraction: number } | undefined {
  const whole = integerDigits[physical];
  if (whole !== undefined) return { whole, fraction: 0 };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(physical);
  return decimal ? { whole: Number(decimal[1]) - Number(decimal[2]), fraction: Number(decimal[2]) } : undefined;
}

export function isNumeric(physical: string): boolean {
  const type = columnTypeOf(physical);
  return type === 'integer' || type === 'number';
}

function isUnsigned(physical: string): boolean {
  return physical.startsWith('U');
}
