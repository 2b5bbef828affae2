/**
 * Every value of a column once, with how often it occurs: what the exact figures are read from. One sort or one grouping
 * is all that they cost; each of them is then a look at a place of the table.
 */
import { literal } from '../../duckdb';
import type { ProfileContext } from '../context';

/** Which values of the relation are described. */
export interface Values {
  /** Of the table that holds them. */
  readonly name: string;
  /** SQL of the value. */
  readonly value: string;
  /** SQL condition: which rows have one. */
  readonly where: string;
  /** How many there are. */
  readonly count: number;
  /** Whether most of them are equal to others, as a first look has it. */
  readonly few: boolean;
  /** One of so many rows is looked at; 1: all of them. */
  readonly oneIn: number;
  /** How often a row counts, where that is not once; SQL. */
  readonly times?: string;
}

export interface Frequencies {
  /** Has `v`, `n` and, where it is in order, `upto`: how many values there are up to this one and with it. */
  readonly table: string;
  /** Sum of `n`. */
  readonly values: number;
  /** Rows of the table. */
  readonly distinct: number;
  /** Largest `n`. */
  readonly highest: number;
  /** Values of the column for each that is counted: 1, but where the table is of a sample. */
  readonly weight: number;
}

/** Values of a sample. */
const SAMPLE = 100_000;
/** A column of more values, most of them different, is described by a sample. */
const EXACT_VALUES = 50_000_000;
/** As is one whose different texts have more bytes. */
const EXACT_BYTES = 256 << 20;
/** Bytes that the texts of a sample may have. */
const SAMPLE_BYTES = 32 << 20;

/**
 * One of how many rows to look at, 1 for all: exact up to a budget, a sample where sketches are allowed.
 * @param bytes of all texts
 */
export function oneInOf(
  { fast, rows }: ProfileContext,
  { count, few, bytes = 0 }: { readonly count: number; readonly few: boolean; readonly bytes?: number },
): number {
  if (few || count === 0) return 1;
  const bounded = (bytes / count) * Math.min(count, SAMPLE) > SAMPLE_BYTES;
  if (!fast && count <= EXACT_VALUES && bytes <= EXACT_BYTES) return 1;
  const values = bounded ? Math.max(100, (SAMPLE_BYTES / bytes) * count) : SAMPLE;
  // Of rows, of which some have no value.
  return Math.max(1, Math.floor(Math.min(rows, count) / values));
}

/** SQL aggregate for a first look: whether the values of about 10,000 rows are mostly different, and how many it saw. */
export function firstLook({ rows }: ProfileContext, value: string): string {
  // An odd step keeps out of step with most that repeats itself.
  const seen = `__row % ${rows > 20_000 ? Math.ceil(rows / 20_000) * 2 + 1 : 1} = 0`;
  const looked = `CASE WHEN ${seen} THEN ${value} END`;
  return `count(DISTINCT ${looked}) FILTER (WHERE ${seen}) AS seen_distinct, count(${looked}) AS seen`;
}

export function isFew({ seen_distinct: distinct, seen }: { readonly [key: string]: unknown }): boolean {
  return Number(distinct) * 4 <= Number(seen);
}

/** Holds the table while `work` goes on. */
export async function withFrequencies<T>(
  context: ProfileContext,
  values: Values,
  ordered: boolean,
  work: (frequencies: Frequencies) => Promise<T>,
): Promise<T> {
  const { database } = context;
  const table = `frequencies_${values.name}`;
  await database.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${tableOf(context, values, ordered)}`);
  try {
    return await work(await summed(context, table, values.count));
  } finally {
    await database.run(`DROP TABLE ${table}`);
  }
}

async function summed({ database }: ProfileContext, table: string, count: number): Promise<Frequencies> {
  const row = await database.row(
    `SELECT count(*) AS different, CAST(coalesce(sum(n), 0) AS BIGINT) AS counted, coalesce(max(n), 0) AS highest FROM ${table}`,
  );
  const values = Number(row['counted']);
  return {
    table,
    values,
    distinct: Number(row['different']),
    highest: Number(row['highest']),
    weight: values === 0 ? 1 : count / values,
  };
}

function tableOf(context: ProfileContext, { value, where, few, oneIn, times }: Values, ordered: boolean): string {
  const some = oneIn > 1 ? ` AND hash(__row, ${literal(context.seed)}) % ${oneIn} = 0` : '';
  const from = `FROM ${context.relation} WHERE ${where}${some}`;
  const counted = times === undefined ? 'count(*)' : `CAST(sum(${times}) AS BIGINT)`;
  const grouped = `SELECT ${value} AS v, ${counted} AS n ${from} GROUP BY ${value}`;
  if (!ordered) return grouped;
  // Few values are grouped first. Of many, sorting all and keeping the last of equal ones takes half the time.
  if (few) return `SELECT v, n, CAST(sum(n) OVER (ORDER BY v) AS BIGINT) AS upto FROM (${grouped}) ORDER BY v`;
  return (
    'SELECT v, upto - lag(upto, 1, 0) OVER () AS n, upto FROM (SELECT v, row_number() OVER () AS upto, lead(v) OVER () AS next ' +
    `FROM (SELECT ${value} AS v ${from} ORDER BY v)) WHERE next IS DISTINCT FROM v`
  );
}

export interface Place {
  /** As a double; NaN where it is no number. */
  readonly value: number;
  /** As the engine writes it. */
  readonly text: string;
  readonly n: number;
  readonly upto: number;
}

/**
 * The first place of an ordered table for which each condition holds; undefined where there is none.
 * @param text SQL of `v` as text
 */
export async function places(
  { database }: ProfileContext,
  table: string,
  conditions: readonly string[],
  text = 'CAST(v AS VARCHAR)',
): Promise<(Place | undefined)[]> {
  const found = new Map<number, Place>();
  // Each stops at its first row, and leaves out what lies before it by the bounds that the engine keeps of each block.
  const looks = conditions.map(
    (condition, i) =>
      `(SELECT ${i} AS i, try_cast(v AS DOUBLE) AS d, ${text} AS t, n, upto FROM ${table} WHERE ${condition} LIMIT 1)`,
  );
  if (looks.length === 0) return [];
  for (const { i, d, t, n, upto } of await database.rows(looks.join(' UNION ALL '))) {
    found.set(Number(i), { value: typeof d === 'number' ? d : NaN, text: String(t), n: Number(n), upto: Number(upto) });
  }
  return conditions.map((_, i) => found.get(i));
}

/** Rows of a table that is read as a whole in less time than many looks at it take to prepare. */
const SMALL = 100_000;

/** How many values stand before the first one for which each condition holds. */
export async function countsBefore(
  context: ProfileContext,
  { table, values, distinct }: Frequencies,
  conditions: readonly string[],
): Promise<number[]> {
  if (distinct > SMALL)
    return (await places(context, table, conditions)).map((place) => (place ? place.upto - place.n : values));
  if (conditions.length === 0) return [];
  const before = conditions.map((condition, i) => `min(upto - n) FILTER (WHERE ${condition}) AS b${i}`);
  const row = await context.database.row(`SELECT ${before.join(', ')} FROM ${table}`);
  return conditions.map((_, i) => Number(row[`b${i}`] ?? values));
}
