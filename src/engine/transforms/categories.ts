/** Values as categories: a category is the text of a value, the same for values that are equal. */
import { text, type Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { StepError } from './stepError';
import type { TransformContext } from './transform';

/** SQL of the category of a row of `t`; NULL where the value is missing. */
export function categoryOf({ id, type }: StageColumn): string {
  // 0 and -0 are equal, and have other texts.
  return `CAST(${type === 'number' ? `t.${id} + 0` : `t.${id}`} AS VARCHAR)`;
}

/** Categories, and what each becomes. */
export interface Encoded {
  readonly category: string | null;
  readonly number: number | null;
}

/**
 * What each category becomes, as JSON of two lists. It is one text of the manifest: there may be as many categories as
 * rows, and a YAML document of so many parts would take seconds to read.
 */
export function lookupOf(encoded: readonly Encoded[]): string {
  return JSON.stringify({
    categories: encoded.map(({ category }) => category),
    numbers: encoded.map(({ number }) => number),
  });
}

export interface Lookup {
  /** SQL that stands behind the table `t`. */
  readonly join: string;
  /** SQL of the number; NULL where the category is none of the lookup's. */
  readonly number: string;
  /** SQL condition that the category is one of the lookup's. */
  readonly known: string;
}

/** Looks the categories of a column up, in a table: an expression would grow with their number. */
export async function lookUp(
  column: StageColumn,
  lookup: string,
  { database, freshName }: TransformContext,
): Promise<Lookup> {
  const name = freshName();
  const lists = `from_json(${text(lookup)}, '{"categories": ["VARCHAR"], "numbers": ["DOUBLE"]}')`;
  await database.run(
    `CREATE TABLE ${name} AS SELECT unnest(lists.categories) AS category, unnest(lists.numbers) AS number, true AS known ` +
      `FROM (SELECT ${lists} AS lists)`,
  );
  return {
    join: `LEFT JOIN ${name} ON ${name}.category IS NOT DISTINCT FROM ${categoryOf(column)}`,
    number: `${name}.number`,
    known: `${name}.known IS NOT NULL`,
  };
}

/** The categories of a column with their rows; a missing value is one of them. */
export async function countCategories(
  column: StageColumn,
  training: string,
  database: Database,
): Promise<{ category: string | null; rows: number }[]> {
  const counted = await database.rows(`${grouped(column, training)} ORDER BY value NULLS LAST, category`);
  return counted.map(({ category, rows }) => ({
    category: category === null ? null : String(category),
    rows: Number(rows),
  }));
}

/**
 * The categories that values have, in the order of the values (texts by code points).
 * @param most only so many, the most frequent ones; of equally frequent ones the first
 */
export async function listCategories(
  column: StageColumn,
  training: string,
  database: Database,
  most?: number,
): Promise<string[]> {
  const limit = most === undefined ? '' : `ORDER BY rows DESC, value, category LIMIT ${most}`;
  const listed = await database.rows(
    `SELECT category FROM (${grouped(column, training)} HAVING category IS NOT NULL ${limit}) ORDER BY value, category`,
  );
  return listed.map(({ category }) => String(category));
}

function grouped(column: StageColumn, training: string): string {
  return (
    `SELECT ${categoryOf(column)} AS category, min(t.${column.id}) AS value, count(*) AS rows ` +
    `FROM ${training} AS t GROUP BY category`
  );
}

/**
 * Throws when a row has a category that is not known.
 * @param from SQL of the rows, called `t`, with what the condition needs
 */
export async function refuseUnknown(
  column: StageColumn,
  from: string,
  known: string,
  database: Database,
): Promise<void> {
  const category = categoryOf(column);
  const found = await database.row(
    `SELECT count(*) AS rows, min(${category}) AS example FROM ${from} WHERE ${category} IS NOT NULL AND NOT (${known})`,
  );
  const count = Number(found['rows']);
  if (count === 0) return;
  throw new StepError({
    code: 'transform-values',
    message: `${count} rows have a category of \`${column.name}\` that is not known, such as ${JSON.stringify(found['example'])}.`,
    suggestion: 'Choose what becomes of such a category with `unknown`, or correct the data.',
    at: ['unknown'],
    column: column.name,
    count,
  });
}
