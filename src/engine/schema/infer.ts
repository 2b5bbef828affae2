/**
 * Types of undeclared text columns, from every row: a type is chosen only when it holds each value without loss,
 * so an inferred column never rejects a row.
 */
import type { Database } from '../duckdb';
import { matches, patterns } from './types';
import type { ColumnType } from '../../protocol';

/** Narrowest first; the first that fits all values wins, else the column is text. */
const candidates: readonly { type: ColumnType; zoned: boolean; fits: (expression: string) => string }[] = [
  { type: 'integer', zoned: false, fits: (x) => matches(x, patterns.plainInteger) },
  {
    type: 'number',
    zoned: false,
    fits: isExactNumber,
  },
  { type: 'boolean', zoned: false, fits: (x) => matches(x, patterns.plainBoolean) },
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

export interface InferredType {
  readonly type: ColumnType;
  readonly zoned: boolean;
}

/** A column of a relation of texts. */
export interface TextColumn {
  readonly relation: string;
  /** The relation for whoever takes its first rows only. */
  readonly head: string;
  readonly expression: string;
}

/** Values that a first look takes, over all columns; and rows, at most and at least. */
const SAMPLE_VALUES = 200_000;
const SAMPLE_ROWS = { most: 2000, least: 100 };
/** Of one statement. The planner's time grows with the square of their number. */
const MAX_TESTS = 150;
const TEXT: InferredType = { type: 'string', zoned: false };

/** What is known so far of one column. */
interface Inference {
  /** Candidates that no value has ruled out. */
  readonly possible: Set<number>;
  /** Whether it has a value at all. */
  present: boolean;
}

/** One column in one relation. */
interface Place {
  readonly inference: Inference;
  readonly expression: string;
}

/**
 * The type of each column, given every relation it stands in (one per file); undefined where it has no values.
 * Candidates that a first sample rules out are not tried on the whole.
 */
export async function inferTypes(
  database: Database,
  columns: readonly (readonly TextColumn[])[],
): Promise<(InferredType | undefined)[]> {
  const inferences = columns.map((): Inference => ({ possible: new Set(candidates.keys()), present: false }));
  const unfinished: [string, Place[]][] = [];
  for (const [relation, { head, places }] of byRelation(columns, inferences)) {
    const { complete } = await trySample(database, head, places);
    if (!complete) unfinished.push([relation, places]);
  }
  for (const [relation, places] of unfinished) await tryAll(database, relation, places);
  return inferences.map(({ possible, present }) => {
    if (!present) return undefined;
    const chosen = candidates[Math.min(...possible)];
    return chosen ? { type: chosen.type, zoned: chosen.zoned } : TEXT;
  });
}

function byRelation(
  columns: readonly (readonly TextColumn[])[],
  inferences: readonly Inference[],
): Map<string, { head: string; places: Place[] }> {
  const relations = new Map<string, { head: string; places: Place[] }>();
  for (const [index, inference] of inferences.entries()) {
    for (const { relation, head, expression } of columns[index] ?? []) {
      const known = relations.get(relation) ?? { head, places: [] };
      known.places.push({ inference, expression });
      relations.set(relation, known);
    }
  }
  return relations;
}

/**
 * Tries every candidate on the first rows and says whether they are all there are. The columns stand below each other,
 * so that the statement stays short however many they are.
 */
async function trySample(
  database: Database,
  relation: string,
  places: readonly Place[],
): Promise<{ complete: boolean }> {
  const limit = Math.max(SAMPLE_ROWS.least, Math.min(SAMPLE_ROWS.most, Math.floor(SAMPLE_VALUES / places.length)));
  const fitting = candidates.map(
    ({ fits }, index) => `bool_and(${fits('value')}) FILTER (WHERE value IS NOT NULL) AS f${index}`,
  );
  const values = places.map(({ expression }) => expression).join(', ');
  const rows = await database.rows(
    `SELECT place, count(*) AS rows, count(value) > 0 AS present, ${fitting.join(', ')} FROM ` +
      `(SELECT unnest(range(${places.length})) AS place, unnest([${values}]) AS value ` +
      `FROM (SELECT * FROM ${relation} LIMIT ${limit})) GROUP BY place`,
  );
  for (const row of rows) {
    const inference = places[Number(row['place'])]?.inference;
    if (!inference) continue;
    inference.present ||= row['present'] === true;
    candidates.forEach((_, index) => {
      if (row[`f${index}`] === false) inference.possible.delete(index);
    });
  }
  return { complete: rows.every((row) => Number(row['rows']) < limit) };
}

/** Tries what is left on all rows. */
async function tryAll(database: Database, relation: string, places: readonly Place[]): Promise<void> {
  const tests = places.flatMap(({ inference, expression }) =>
    [...inference.possible].map((candidate) => ({ inference, candidate, expression })),
  );
  for (let start = 0; start < tests.length; start += MAX_TESTS) {
    const some = tests.slice(start, start + MAX_TESTS);
    const fitting = some.map(
      ({ candidate, expression }, index) =>
        `bool_and(${candidates[candidate]?.fits(expression) ?? 'false'}) FILTER (WHERE ${expression} IS NOT NULL) AS f${index}`,
    );
    const row = await database.row(`SELECT ${fitting.join(', ')} FROM ${relation}`);
    some.forEach(({ inference, candidate }, index) => {
      const fits = row[`f${index}`];
      if (fits === false) inference.possible.delete(candidate);
      if (fits !== null) inference.present = true;
    });
  }
}
