/** Values written in the config, measured by the type of their column. */
import type { ColumnType, Scalar } from '../protocol';

const orderedTypes: ReadonlySet<ColumnType> = new Set(['integer', 'number', 'date', 'datetime', 'time', 'duration']);

/** Whether a type has a smaller and a larger. */
export function isOrdered(type: ColumnType): boolean {
  return orderedTypes.has(type);
}

/** How a value of a type is written; completes "Write …". */
export const literalForms: Readonly<Partial<Record<ColumnType, string>>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  date: 'a date such as 2024-12-31',
  datetime: 'a date and time such as 2024-12-31T23:59:00',
  time: 'a time such as 23:59:00',
  duration: 'a duration such as P1DT12H',
};

/**
 * Where a value stands in the order of its type, in units of the type (milliseconds for dates and times), 0 for
 * types without an order; undefined when the value isn't one of the type.
 */
export function positionOf(type: ColumnType, value: Scalar): number | bigint | undefined {
  switch (type) {
    case 'integer':
      if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
      return typeof value === 'string' && /^[-+]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
    case 'number':
      if (typeof value === 'number') return value;
      return typeof value === 'string' && value.trim() !== '' ? finite(Number(value)) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'date':
      return typeof value === 'string' ? datePosition(value) : undefined;
    case 'datetime':
      return typeof value === 'string' ? datetimePosition(value) : undefined;
    case 'time':
      return typeof value === 'string' ? timePosition(value) : undefined;
    case 'duration':
      return typeof value === 'string' ? durationPosition(value) : undefined;
    case 'any':
      return 0;
    case 'string':
    case 'object':
    case 'array':
    case 'geopoint':
    case 'image':
    case 'audio':
      return typeof value === 'string' ? 0 : undefined;
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function datePosition(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const position = finite(Date.parse(`${text}T00:00:00Z`));
  // JavaScript takes 31 February for the 3rd of March.
  return position !== undefined && new Date(position).getUTCDate() === Number(match[3]) ? position : undefined;
}

function timePosition(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/.exec(text);
  return match ? (Number(match[1]) * 60 + Number(match[2])) * 60_000 + Number(match[3] ?? 0) * 1000 : undefined;
}

function datetimePosition(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ]([\d:.]+)(Z|[-+]\d{2}(?::?\d{2})?)?)?$/.exec(text);
  const day = match?.[1] === undefined ? undefined : datePosition(match[1]);
  if (!match || day === undefined) return undefined;
  const time = match[2] === undefined ? 0 : timePosition(match[2]);
  return time === undefined ? undefined : day + time - zoneOffset(match[3]);
}

/** Milliseconds that a zone such as `+02:00` is ahead of UTC. */
function zoneOffset(zone: string | undefined): number {
  const match = /^([-+])(\d{2}):?(\d{2})?$/.exec(zone ?? '');
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

/** ISO 8601; years and months by their mean length, which is exact enough to order bounds. */
function durationPosition(text: string): number | undefined {
  const number = '(\\d+(?:\\.\\d+)?)';
  const unit = (letter: string): string => `(?:${number}${letter})?`;
  const form = `^(-)?P(?=.)${['Y', 'M', 'W', 'D'].map(unit).join('')}(?:T(?=.)${['H', 'M', 'S'].map(unit).join('')})?$`;
  const match = new RegExp(form).exec(text);
  if (!match) return undefined;
  const lengths = [365.2425, 30.436875, 7, 1, 1 / 24, 1 / 1440, 1 / 86_400];
  const days = lengths.reduce((sum, length, index) => sum + length * Number(match[index + 2] ?? 0), 0);
  return days * 86_400_000 * (match[1] ? -1 : 1);
}
