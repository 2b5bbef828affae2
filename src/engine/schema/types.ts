/**
 * Column types: which engine type holds each, and the SQL that turns text into a value without losing anything.
 *
 * DuckDB's own casts are generous (`1.5` becomes the integer 2, `2020-01-01T10:00+02:00` loses its offset, `1e400`
 * becomes infinity), so every cast from text is guarded by a pattern of what the type may look like.
 */
import { text } from '../duckdb';
import type { ColumnType } from '../../protocol';

/** The engine type of instants. */
export const ZONED = 'TIMESTAMP WITH TIME ZONE';

/** The engine type of a declared column; date-times with a zone are instants. */
export function physicalType(type: ColumnType, zoned = false): string {
  switch (type) {
    case 'integer':
      return 'BIGINT';
    case 'number':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'datetime':
      return zoned ? ZONED : 'TIMESTAMP';
    case 'time':
      return 'TIME';
    case 'string':
    case 'duration':
    case 'object':
    case 'array':
    case 'geopoint':
    case 'any':
    case 'image':
    case 'audio':
      return 'VARCHAR';
  }
}

/** ISO 8601, with a group for the sign and one for each unit. */
function durationPattern(): string {
  const unit = (letter: string) => `(?:([0-9]+(?:\\.[0-9]+)?)${letter})?`;
  return `(-?)P${['Y', 'M', 'W', 'D'].map(unit).join('')}(?:T${['H', 'M', 'S'].map(unit).join('')})?`;
}

/** RE2 patterns for the whole text of a value. */
export const patterns = {
  integer: String.raw`\s*[+-]?[0-9]+(_[0-9]+)*(\.0*)?\s*`,
  /** As numbers are written by programs: no leading zeros, so that codes like `007` stay text when types are inferred. */
  plainInteger: String.raw`0|-?[1-9][0-9]{0,17}`,
  plainNumber: String.raw`-?(0|[1-9][0-9]{0,14})?(\.[0-9]{1,100})?([eE][+-]?[0-9]{1,2})?`,
  infinity: String.raw`(?i)\s*[+-]?inf(inity)?\s*`,
  date: '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}',
  datetime: String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?)?`,
  zonedDatetime: String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?\s*(Z|[+-][0-9]{2}(:?[0-9]{2})?)`,
  nanosecondDatetime: String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9}0*)?)?)?`,
  time: String.raw`[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?`,
  duration: durationPattern(),
  geopoint: String.raw`\s*[+-]?[0-9]+(\.[0-9]+)?\s*,\s*[+-]?[0-9]+(\.[0-9]+)?\s*`,
} as const;

/** `value` when the whole of `expression` matches, else NULL. */
function when(expression: string, pattern: string, value: string): string {
  return `CASE WHEN ${matches(expression, pattern)} THEN ${value} END`;
}

/** SQL condition that the whole of a text matches. */
export function matches(expression: string, pattern: string): string {
  return `regexp_full_match(${expression}, ${text(pattern)})`;
}

/**
 * SQL: whether a text has the usual form of a time, which is told without a regular expression. What else has it, such as
 * letters between the digits, the engine cannot read.
 */
export function isUsualTime(expression: string): string {
  return `${expression} GLOB '[0-9]???-??-?[0-9] [0-9]?:??:?[0-9]'`;
}

/** SQL for the value that a text stands for; NULL where it is not a value of the type. */
export function castText(expression: string, type: ColumnType, physical: string): string {
  const cast = `try_cast(${expression} AS ${physical})`;
  switch (type) {
    case 'integer':
      // As the engine itself writes them, the usual case, they are told without the regular expression.
      return `CASE WHEN CAST(${cast} AS VARCHAR) = ${expression} OR ${matches(expression, patterns.integer)} THEN ${cast} END`;
    case 'number':
      if (physical !== 'DOUBLE') return cast;
      // An overflow to infinity is not what was written.
      return (
        `CASE WHEN isinf(${cast}) AND NOT regexp_full_match(${expression}, ${text(patterns.infinity)}) ` +
        `THEN NULL ELSE ${cast} END`
      );
    case 'boolean':
      return cast;
    case 'date':
      return when(expression, patterns.date, cast);
    case 'datetime':
      if (physical === ZONED) return when(expression, patterns.zonedDatetime, cast);
      if (physical === 'TIMESTAMP_NS') return when(expression, patterns.nanosecondDatetime, cast);
      return `CASE WHEN ${isUsualTime(expression)} OR ${matches(expression, patterns.datetime)} THEN ${cast} END`;
    case 'time':
      return when(expression, patterns.time, cast);
    case 'duration':
      return `CASE WHEN regexp_full_match(${expression}, ${text(patterns.duration)}) AND NOT suffix(${expression}, 'P') AND NOT suffix(${expression}, 'T') THEN ${expression} END`;
    case 'object':
    case 'array':
      // Not AND, whose sides may be tried in any order: the type of what is no JSON is an error.
      return (
        `CASE WHEN CASE WHEN json_valid(${expression}) THEN json_type(${expression}) = ${text(type.toUpperCase())} ELSE false END ` +
        `THEN ${expression} END`
      );
    case 'geopoint':
      return when(expression, patterns.geopoint, expression);
    case 'string':
    case 'any':
    case 'image':
    case 'audio':
      return expression;
  }
}

/** The declared type that an engine type is closest to. */
export function columnTypeOf(physical: string): ColumnType {
  // First, for `DOUBLE[]` begins like a number.
  if (/\[\d*\]$/.test(physical)) return 'array';
  if (/^(STRUCT|MAP|UNION)/.test(physical)) return 'object';
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(physical)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(physical)) return 'number';
  if (physical === 'BOOLEAN') return 'boolean';
  if (physical === 'DATE') return 'date';
  if (physical.startsWith('TIMESTAMP')) return 'datetime';
  if (physical.startsWith('TIME')) return 'time';
  if (physical === 'INTERVAL') return 'duration';
  if (/^(VARCHAR|ENUM|UUID)/.test(physical)) return 'string';
  return 'any';
}

/** Whether values of the engine type already are values of the declared one. */
export function fits(physical: string, type: ColumnType): boolean {
  if (type === 'any') return true;
  const held = columnTypeOf(physical);
  return held === type || (held === 'string' && (type === 'image' || type === 'audio'));
}

/** Whether values hold other values. */
export function isNested(physical: string): boolean {
  const type = columnTypeOf(physical);
  return type === 'array' || type === 'object';
}
