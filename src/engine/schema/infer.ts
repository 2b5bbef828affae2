/**
 * Types of undeclared text columns, from every row: a type is chosen only when it holds each value without loss,
 * so an inferred column never rejects a row.
 */
import { columnGroups, type Database } from '../duckdb';
import { matches, patterns } from './types';
import type { ColumnType } from '../../protocol';

/** Narrowest first; the first that fits all values wins, else the column is text. */
const candidates: readonly { type: ColumnType; zoned: boolean; fits: (expression: string) => string }[] = [
  { type: 'integer', zoned: false, fits: (x) => matches(x, patterns.plainInteger) },
  // The empty alternative of the pattern is no number.
  {
    type: 'number',
    zoned: false,
    fits: (x) => `(${matches(x, patterns.plainNumber)} AND try_cast(${x} AS DOUBLE) IS NOT NULL)`,
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

export interface InferredType {
  readonly type: ColumnType;
  readonly zoned: boolean;
}

/** A column of a relation of texts. */
export interface TextColumn {
  readonly relation: string;
  readonly expression: string;
}

const SAMPLE_ROWS = 2000;
const TEXT: InferredType = { type: 'string', zoned: false };

/**
 * The type of each column, given every relation it stands in (one per file); undefined where it has no values.
 * Candidates that a first sample rules out are not tried on the whole.
 */
export async function inferTypes(
  database: Database,
  columns: readonly (readonly TextColumn[])[],
): Promise<(InferredType | undefined)[]> {
  const possible = columns.map(() => candidates.map((_, index) => index));
  const present = columns.map(() => false);
  for (const limit of [`LIMIT ${SAMPLE_ROWS}`, '']) {
    for (const { relation, members } of byRelation(columns)) {
      const tests = members.flatMap(({ column, expression }) =>
        (possible[column] ?? []).map((candidate) => ({ column, candidate, expression })),
      );
      if (tests.length === 0) continue;
      const figures = [
        ...tests.map(
          ({ candidate, expression }) =>
            `bool_and(${candidates[candidate]?.fits(expression) ?? 'false'}) FILTER (WHERE ${expression} IS NOT NULL)`,
        ),
        ...members.map(({ expression }) => `count(${expression}) > 0`),
      ];
      const aliased = figures.map((figure, index) => `${figure} AS f${index}`);
      const row = await database.row(`SELECT ${aliased.join(', ')} FROM (SELECT * FROM ${relation} ${limit})`);
      tests.forEach(({ column, candidate }, index) => {
        if (row[`f${index}`] === false)
          possible[column] = (possible[column] ?? []).filter((other) => other !== candidate);
      });
      members.forEach(({ column }, index) => {
        if (row[`f${tests.length + index}`] === true) present[column] = true;
      });
    }
  }
  return possible.map((indices, column) => {
    const chosen = candidates[indices[0] ?? -1];
    if (!present[column]) return undefined;
    return chosen ? { type: chosen.type, zoned: chosen.zoned } : TEXT;
  });
}

interface Group {
  readonly relation: string;
  readonly members: readonly { readonly column: number; readonly expression: string }[];
}

/** What is asked of one relation at once. */
function byRelation(columns: readonly (readonly TextColumn[])[]): Group[] {
  const groups = new Map<string, { column: number; expression: string }[]>();
  columns.forEach((places, column) => {
    for (const { relation, expression } of places) {
      const members = groups.get(relation) ?? [];
      members.push({ column, expression });
      groups.set(relation, members);
    }
  });
  return [...groups].flatMap(([relation, members]) =>
    columnGroups(members).map((some) => ({ relation, members: some })),
  );
}
