/** Values written in the config as SQL that compares with the values of a column, by the type the column came to have. */
import { literal, text } from '../duckdb';
import { isOrdered, positionOf } from '../../config';
import { digitsOf } from './exact';
import { columnTypeOf, patterns, ZONED } from './types';
import type { ColumnType, Scalar } from '../../protocol';

export interface TypedColumn {
  readonly type: ColumnType;
  readonly physicalType: string;
}

/** What the values of a column are to a comparison; types that are stored as text are texts, but for durations. */
export function comparedAs({ type, physicalType }: TypedColumn): ColumnType {
  const held = columnTypeOf(physicalType);
  if (held !== 'string' && held !== 'any') return held;
  return type === 'duration' ? 'duration' : 'string';
}

/** Why the values of the column cannot be compared with this one, after "the values of Age are"; undefined: they can. */
export function misfit(column: TypedColumn, value: Scalar, ordering: boolean): string | undefined {
  const type = comparedAs(column);
  if (ordering && !isOrdered(type)) return nouns[type];
  if (type === 'object' || type === 'array') return nouns[type];
  // Any value has a text.
  if (type === 'string') return undefined;
  if (positionOf(type, value) === undefined && !(type === 'integer' && typeof value === 'number')) return nouns[type];
  if (type === 'datetime' && column.physicalType !== ZONED && /(Z|[-+]\d{2}(:?\d{2})?)$/.test(String(value).slice(10)))
    return 'date-times without a zone';
  return undefined;
}

const nouns: Readonly<Record<ColumnType, string>> = {
  integer: 'whole numbers',
  number: 'numbers',
  string: 'texts',
  boolean: 'true or false',
  date: 'dates',
  datetime: 'date-times',
  time: 'times',
  duration: 'durations',
  object: 'objects',
  array: 'lists',
  geopoint: 'points',
  any: 'texts',
  image: 'paths',
  audio: 'paths',
};

/** SQL of both sides of a comparison. */
export interface Comparison {
  readonly value: string;
  readonly literals: readonly string[];
}

/** The column's value beside literals that fit it. */
export function comparison(
  expression: string,
  column: TypedColumn,
  values: readonly Scalar[],
  ordering: boolean,
): Comparison {
  const { physicalType } = column;
  const type = comparedAs(column);
  switch (type) {
    case 'integer':
    case 'number': {
      const numbers = values.map(numberLiteral);
      // An exact type is not widened beyond what it can hold.
      const tight = numbers.some((number) => exceeds(physicalType, number));
      return { value: tight ? `CAST(${expression} AS DOUBLE)` : expression, literals: numbers };
    }
    case 'boolean':
      return { value: expression, literals: values.map(literal) };
    case 'date':
    case 'time':
      return { value: expression, literals: values.map((value) => `CAST(${text(String(value))} AS ${physicalType})`) };
    case 'datetime':
      return { value: expression, literals: values.map((value) => datetimeLiteral(String(value), physicalType)) };
    case 'duration': {
      // As texts, PT24H and P1D are two values; in order they are one.
      if (!ordering && physicalType !== 'INTERVAL') return texts(expression, physicalType, values);
      const seconds = physicalType === 'INTERVAL' ? intervalSeconds(expression) : textSeconds(expression);
      return { value: seconds, literals: values.map((value) => textSeconds(text(String(value)))) };
    }
    default:
      return texts(expression, physicalType, values);
  }
}

function texts(expression: string, physicalType: string, values: readonly Scalar[]): Comparison {
  return {
    value: physicalType === 'VARCHAR' ? expression : `CAST(${expression} AS VARCHAR)`,
    literals: values.map((value) => text(String(value))),
  };
}

/** With all digits as they are written. */
function numberLiteral(value: Scalar): string {
  const written = String(value).replace(/^\+/, '');
  const digits = /^-?(\d+)(?:\.(\d+))?$/.exec(written);
  if (digits && (digits[1] ?? '').length + (digits[2] ?? '').length <= 38) return written;
  const number = Number(written);
  return Number.isFinite(number) ? number.toExponential() : `CAST('${number > 0 ? '' : '-'}inf' AS DOUBLE)`;
}

/** Whether the engine's common type of an exact number type and a literal would have more digits than any has. */
function exceeds(physicalType: string, number: string): boolean {
  const held = digitsOf(physicalType);
  const fraction = /\.(\d+)$/.exec(number)?.[1]?.length ?? 0;
  const whole = /^-?(\d+)(\.\d+)?$/.exec(number)?.[1]?.length;
  if (!held || whole === undefined) return false;
  return Math.max(held.whole, whole) + Math.max(held.fraction, fraction) > 38;
}

/** What a type of nanoseconds cannot reach stands at its end. */
function datetimeLiteral(written: string, physicalType: string): string {
  if (physicalType === ZONED) return `CAST(${text(written)} AS ${ZONED})`;
  if (physicalType !== 'TIMESTAMP_NS') return `CAST(${text(written)} AS TIMESTAMP)`;
  const day = written.slice(0, 10);
  const within = day < '1678-01-01' ? '1678-01-01' : day > '2262-04-10' ? '2262-04-11' : written;
  return `CAST(${text(within)} AS TIMESTAMP_NS)`;
}

/** Seconds of years, months, weeks, days, hours, minutes and seconds; years and months by their mean length, as in the config. */
const SECONDS = [365.2425 * 86_400, 30.436875 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1];

function textSeconds(value: string): string {
  const units = SECONDS.map((_, index) => `'u${index}'`);
  const parts = `regexp_extract(${value}, ${text(patterns.duration)}, ['sign', ${units.join(', ')}])`;
  const terms = SECONDS.map(
    (seconds, index) => `coalesce(try_cast(struct_extract(${parts}, 'u${index}') AS DOUBLE), 0) * ${seconds}`,
  );
  // A value that is none keeps no order.
  return `CASE WHEN ${value} IS NOT NULL THEN (${terms.join(' + ')}) * CASE WHEN struct_extract(${parts}, 'sign') = '-' THEN -1 ELSE 1 END END`;
}

function intervalSeconds(value: string): string {
  const [year = 0, month = 0, , day = 0, hour = 0, minute = 0] = SECONDS;
  const units = { year, month, day, hour, minute, microsecond: 1e-6 };
  const terms = Object.entries(units).map(([unit, seconds]) => `date_part('${unit}', ${value}) * ${seconds}`);
  return `(${terms.join(' + ')})`;
}
