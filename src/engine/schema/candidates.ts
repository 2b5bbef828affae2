/** The types that undeclared text may have. */
import { isUsualTime, matches, patterns, physicalType } from './types';
import type { ColumnType } from '../../protocol';

/** Narrowest first; the first that fits all values wins, else the column is text. */
export const candidates: readonly { type: ColumnType; zoned: boolean; fits: (expression: string) => string }[] = [
  { type: 'integer', zoned: false, fits: (x) => matches(x, patterns.plainInteger) },
  {
    type: 'number',
    zoned: false,
    fits: isExactNumber,
  },
  { type: 'boolean', zoned: false, fits: (x) => matches(x, booleans.join('|')) },
  { type: 'date', zoned: false, fits: (x) => `(${matches(x, patterns.date)} AND try_cast(${x} AS DATE) IS NOT NULL)` },
  {
    type: 'datetime',
    zoned: false,
    fits: (x) => `(${matches(x, patterns.datetime)} AND try_cast(${x} AS TIMESTAMP) IS NOT NULL)`,
  },
  {
    type: 'datetime',
    zoned: true,
    fits: (x) => `(${matches(x, patterns.zonedDatetime)} AND try_cast(${x} AS TIMESTAMPTZ) IS NOT NULL)`,
  },
];

/**
 * Whether a text is a number of which a double keeps every digit. It does up to fifteen; beyond, programs that keep
 * doubles write the shortest text that leads back to the double (`0.30000000000000004`) or its first digits
 * (`1.000000000000000056e-01`), and what is neither would be rounded.
 */
function isExactNumber(x: string): string {
  const double = `try_cast(${x} AS DOUBLE)`;
  const digits = (value: string) => `ltrim(translate(split_part(lower(${value}), 'e', 1), '-.', ''), '0')`;
  const asLong = `format('{:.{}e}', ${double}, greatest(length(${digits(x)}), 1) - 1)`;
  // The empty alternative of the pattern is no number.
  const plain = `(${matches(x, patterns.plainNumber)} AND ${double} IS NOT NULL)`;
  // Sixteen characters that match the pattern hold fifteen digits at most. The shortest text needs no pattern.
  return (
    `CASE WHEN strlen(${x}) <= 16 THEN ${plain} WHEN CAST(${double} AS VARCHAR) = ${x} THEN true ` +
    `WHEN ${plain} THEN ${digits(x)} = ${digits(asLong)} ELSE false END`
  );
}

/**
 * SQL for the value of a text where the candidate of this type fits, else NULL: what {@link candidates} and `castText` say
 * together, for one reading of the data. The usual forms come first and are told without regular expressions.
 */
export function fittingCast(x: string, type: ColumnType, zoned: boolean): string {
  const found = candidates.find((candidate) => candidate.type === type && candidate.zoned === zoned);
  if (!found) throw new Error(`${type} is never inferred`);
  const cast = `try_cast(${x} AS ${physicalType(type, zoned)})`;
  const otherwise = `WHEN ${found.fits(x)} THEN ${cast} END`;
  switch (type) {
    case 'integer':
      // Digits as the engine itself writes them.
      return `CASE WHEN strlen(${x}) <= 18 AND CAST(${cast} AS VARCHAR) = ${x} THEN ${cast} ${otherwise}`;
    case 'number':
      return `CASE WHEN strlen(${x}) <= 16 THEN CASE WHEN ${matches(x, patterns.plainNumber)} THEN ${cast} END ${otherwise}`;
    case 'boolean':
      // Not by IN: the engine makes a join of a longer list, after which rows no longer come in the order of the file.
      return `CASE ${x} ${booleans.map((written) => `WHEN '${written}' THEN ${written}`).join(' ')} END`;
    case 'datetime':
      return zoned ? `CASE ${otherwise}` : `CASE WHEN ${isUsualTime(x)} THEN ${cast} ${otherwise}`;
    default:
      return `CASE ${otherwise}`;
  }
}

/** The commonest first: they are compared with one after another. */
const booleans = ['true', 'false', 'True', 'False', 'TRUE', 'FALSE'];

export interface InferredType {
  readonly type: ColumnType;
  readonly zoned: boolean;
}

/** SQL for whether a candidate fits every value of a group of rows; null where there is none. */
export function testOf(candidate: number, expression: string): string {
  return `bool_and(${candidates[candidate]?.fits(expression) ?? 'false'}) FILTER (WHERE ${expression} IS NOT NULL)`;
}

/** Tests of one statement. The planner's time grows with the square of their number. */
export const MAX_TESTS = 150;

/** What is known so far of one column of one file. */
export interface Inference {
  /** Candidates that no value has ruled out. */
  readonly possible: Set<number>;
  /** Whether it has a value at all. */
  present: boolean;
}

export interface Place {
  readonly name: string;
  readonly inference: Inference;
  readonly expression: string;
}
