/**
 * Every value of a column once, with how often it occurs: what the exact figures are read from. One sort or one grouping
 * is all that they cost; each of them is then a look at a place of the table.
 */
import { literal, type Row } from '../../duckdb';
import type { ColumnContext } from '../context';
import { LOOKED, LOOKED_ROWS } from './firstPass';

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
  /** Whether each is greater than the one before, as the relation has them. */
  readonly rising?: boolean;
  /** About how many are different, where that was counted for a sample. */
  readonly estimate?: number;
  /** How often a row counts, where that is not once; SQL. */
  readonly times?: string;
  /** SQL of `v` as it is listed, where the most frequent value is wanted. */
  readonly listed?: string;
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
  /** The smallest value of that `n`, as it is listed, where that was wanted and is had in passing. */
  readonly most?: string;
  /** Values of the column for each that is counted: 1, but where the table is of a sample. */
  readonly weight: number;
}

/** Values of a sample. */
const SAMPLE = 100_000;
/** Where sketches are allowed. */
export const FAST_SAMPLE = 20_000;
/** Different values of a column that is grouped all the same, where sketches are allowed: in all rows, and in a sample. */
const FAST_FEW = 10_000;
export const FEW_DRAWN = 2_000;
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
function oneInOf(
  { fast, rows, drawn }: ColumnContext,
  { count, few, bytes = 0 }: { readonly count: number; readonly few: boolean; readonly bytes?: number },
): number {
  if (few || count === 0) return 1;
  const sample = fast ? FAST_SAMPLE : SAMPLE;
  const bounded = (bytes / count) * Math.min(count, sample) > SAMPLE_BYTES;
  if (!fast && count <= EXACT_VALUES && bytes <= EXACT_BYTES) return 1;
  const values = bounded ? Math.max(100, (SAMPLE_BYTES / bytes) * count) : sample;
  // Of rows, of which some have no value.
  const oneIn = Math.max(1, Math.floor(Math.min(rows, count) / values));
  return drawn && oneIn > 1 ? Math.ceil(oneIn / drawn.oneIn) * drawn.oneIn : oneIn;
}

/**
 * SQL aggregates for a first look: whether values are mostly different, by those of about 10,000 rows or by a sketch of all.
 * @param id of the column, where they are its values
 */
export function firstLook(
  { fast, rows, drawn }: Pick<ColumnContext, 'fast' | 'rows' | 'drawn'>,
  value: string,
  id?: string,
): Readonly<Record<string, string>> {
  if (id !== undefined && drawn?.few.has(id)) return {};
  if (fast || rows <= LOOKED_ROWS) return { estimate: `approx_count_distinct(${value})` };
  const some = `FILTER (WHERE ${LOOKED})`;
  return { seen_distinct: `count(DISTINCT ${value}) ${some}`, seen: `count(${value}) ${some}` };
}

/** What a first look says of so many values. */
export function looked(
  context: ColumnContext,
  row: Row,
  count: number,
  bytes = 0,
): Pick<Values, 'few' | 'oneIn' | 'estimate'> {
  const { estimate, seen_distinct: distinct, seen } = row;
  const sketched = estimate !== undefined;
  // What is known already is not asked again.
  const isKnown = !sketched && distinct === undefined;
  const few =
    isKnown ||
    (sketched && context.fast
      ? Number(estimate) <= FAST_FEW
      : Number(sketched ? estimate : distinct) * 4 <= Number(sketched ? count : seen));
  const oneIn = oneInOf(context, { count, few, bytes });
  return { few, oneIn, ...(sketched && { estimate: Number(estimate) }) };
}

/** Holds the table while `work` goes on. */
export async function withFrequencies<T>(
  context: ColumnContext,
  values: Values,
  ordered: boolean,
  work: (frequencies: Frequencies) => Promise<T>,
): Promise<T> {
  const { database } = context;
  const table = `frequencies_${values.name}`;
  await database.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${tableOf(context, values, ordered)}`);
  try {
    return await work(await summed(context, table, values));
  } finally {
    await database.run(`DROP TABLE ${table}`);
  }
}

async function summed(
  { database }: ColumnContext,
  table: string,
  { count, listed }: Pick<Values, 'count' | 'listed'>,
): Promise<Frequencies> {
  const sums = 'count(*) AS different, CAST(coalesce(sum(n), 0) AS BIGINT) AS counted, coalesce(max(n), 0) AS highest';
  // Few values are put in order sooner than a statement is prepared.
  const row = await database.row(
    listed !== undefined && count <= RANKED
      ? `SELECT * REPLACE (${listed} AS v) FROM (SELECT ${sums}, first(v ORDER BY n DESC, v) AS v FROM ${table})`
      : `SELECT ${sums} FROM ${table}`,
  );
  const values = Number(row['counted']);
  return {
    table,
    values,
    distinct: Number(row['different']),
    highest: Number(row['highest']),
    ...(typeof row['v'] === 'string' && { most: row['v'] }),
    weight: values === 0 ? 1 : count / values,
  };
}

function tableOf(
  context: ColumnContext,
  { value, where, few, oneIn, times, rising }: Values,
  ordered: boolean,
): string {
  const { relation, drawn, seed } = context;
  // Divisible by the share that is in the table already, so that these are some of those.
  const some = oneIn > (drawn?.oneIn ?? 1) ? ` AND hash(__row, ${literal(seed)}) % ${oneIn} = 0` : '';
  const from = `FROM ${oneIn > 1 && drawn ? drawn.relation : relation} WHERE ${where}${some}`;
  const counted = times === undefined ? 'count(*)' : `CAST(sum(${times}) AS BIGINT)`;
  const grouped = `SELECT ${value} AS v, ${counted} AS n ${from} GROUP BY ${value}`;
  if (!ordered) return grouped;
  if (rising && oneIn === 1) return `SELECT ${value} AS v, 1::BIGINT AS n, row_number() OVER () AS upto ${from}`;
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
async function places(
  { database }: ColumnContext,
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
  for (const row of await database.rows(looks.join(' UNION ALL '))) found.set(Number(row['i']), placeOf(row));
  return conditions.map((_, i) => found.get(i));
}

/** The places in an ordered table where the values of these ranks (from 0) are; undefined beyond it. */
export async function placesOfRanks(
  context: ColumnContext,
  { table, distinct }: Pick<Frequencies, 'table' | 'distinct'>,
  ranks: readonly number[],
  text = 'CAST(v AS VARCHAR)',
): Promise<(Place | undefined)[]> {
  const conditions = ranks.map((rank) => `upto > ${rank}`);
  if (distinct > RANKED) return places(context, table, conditions, text);
  if (ranks.length === 0) return [];
  const wanted = [...new Set(ranks)];
  const rows = await context.database.rows(
    `SELECT rank, try_cast(v AS DOUBLE) AS d, ${text} AS t, n, upto FROM ${table}, ` +
      `(SELECT unnest([${wanted.join(', ')}]::BIGINT[]) AS rank) WHERE rank < upto AND rank >= upto - n`,
  );
  const found = new Map(rows.map((row) => [Number(row['rank']), placeOf(row)]));
  return ranks.map((rank) => found.get(rank));
}

function placeOf({ d, t, n, upto }: Row): Place {
  return { value: typeof d === 'number' ? d : NaN, text: String(t), n: Number(n), upto: Number(upto) };
}

/** Rows of a table that are held against ranks in less time than one look for each takes to prepare. */
const RANKED = 10_000;
/** Rows of a table that is read as a whole in less time than many looks at it take to prepare. */
const SMALL = 100_000;

/** SQL for how many of them hold, as a tree: few are looked at. */
function heldOf(conditions: readonly string[], first = 0): string {
  const middle = conditions.length >> 1;
  const condition = conditions[middle];
  if (condition === undefined) return String(first);
  const held = heldOf(conditions.slice(middle + 1), first + middle + 1);
  return `CASE WHEN ${condition} THEN ${held} ELSE ${heldOf(conditions.slice(0, middle), first)} END`;
}

/**
 * How many values stand before the first one for which each condition holds; where one does, all before it in its list
 * hold too.
 */
export async function countsBefore<Lists extends readonly (readonly string[])[]>(
  context: ColumnContext,
  { table, values, distinct }: Frequencies,
  ...lists: Lists
): Promise<{ [K in keyof Lists]: number[] }> {
  const before = lists.map((conditions) => conditions.map(() => 0));
  if (distinct > SMALL) {
    const found = await places(context, table, lists.flat());
    const counts = found.map((place) => (place ? place.upto - place.n : values));
    for (const list of before) list.splice(0, list.length, ...counts.splice(0, list.length));
  } else if (lists.flat().length > 0) {
    const held = lists.map((conditions, index) => `${heldOf(conditions)} AS h${index}`);
    const rows = await context.database.rows(
      `SELECT * REPLACE (CAST(n AS BIGINT) AS n) FROM (SELECT ${held.join(', ')}, sum(n) AS n FROM ${table} GROUP BY ALL)`,
    );
    for (const row of rows)
      for (const [index, list] of before.entries())
        for (let i = Number(row[`h${index}`]); i < list.length; i++) list[i] = (list[i] ?? 0) + Number(row['n']);
  }
  return before as { [K in keyof Lists]: number[] };
}
