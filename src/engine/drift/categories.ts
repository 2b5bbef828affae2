/** How often each category occurs on both sides: of any number of them, the most frequent ones by themselves. */
import { literal, type Database } from '../duckdb';
import { inBatches } from '../inBatches';
import { finiteOf, type Seen, type Values } from './variable';

/** So many are compared by themselves, those with the largest share of either side. */
export const MOST_CATEGORIES = 1000;

/** Statements that are one: the planner's time grows faster than their number. */
const AT_ONCE = 50;

export interface CategoryCounts {
  /** The most frequent of the baseline first, then by the current side, then by their text. */
  readonly categories: readonly { readonly text: string; readonly baseline: number; readonly current: number }[];
  /** Where there are more than that. */
  readonly rest?: {
    /** Rows of those that both sides have. */
    readonly other: CountPair;
    /**
     * Rows of those that the (other rows of the) baseline does not have: of the baseline, categories of one row, for if
     * nothing has changed, so many of the current side's are new (Good, The population frequencies of species, 1953).
     * Absent where no more are: rows that both sides share are no change.
     */
    readonly unseen?: CountPair;
  };
}

interface CountPair {
  readonly baseline: number;
  readonly current: number;
}

const none: CountPair = { baseline: 0, current: 0 };

/** Different values and how often each occurs, in a table. */
export interface Counted {
  readonly table: string;
  /** SQL of `v` as text. */
  readonly text: string;
}

/** Puts what is counted into tables, whose names begin with `name`. */
export async function countValues(
  database: Database,
  { relation }: Pick<Seen, 'relation'>,
  values: readonly Values[],
  name: string,
): Promise<Counted[]> {
  const counted = values.map((each, index) => ({ table: `${name}_${index}`, text: textOf(each) }));
  for (const batch of inBatches([...values.entries()], AT_ONCE)) {
    const statements = batch.map(([index, each]) => {
      const value = each.kind === 'numbers' ? finiteOf(each) : each.sql;
      return (
        `CREATE OR REPLACE TEMP TABLE ${name}_${index} AS SELECT v, count(*) AS n ` +
        `FROM (SELECT ${value} AS v FROM ${relation}) WHERE v IS NOT NULL GROUP BY v`
      );
    });
    await database.run(statements.join('; '));
  }
  return counted;
}

export async function dropCounted(database: Database, counted: readonly Counted[]): Promise<void> {
  for (const batch of inBatches(counted, AT_ONCE))
    await database.run(batch.map(({ table }) => `DROP TABLE IF EXISTS ${table}`).join('; '));
}

/** Whole numbers without a point, so that both sides write them the same way, whatever their types. */
function textOf({ kind }: Values): string {
  if (kind === 'categories') return 'v';
  return `coalesce(CASE WHEN v = trunc(v) THEN CAST(TRY_CAST(v AS BIGINT) AS VARCHAR) END, CAST(v AS VARCHAR))`;
}

export interface CountedPair {
  readonly baseline: Counted;
  readonly current: Counted;
  /** Rows with a value. */
  readonly rows: CountPair;
}

export async function categoriesOf(database: Database, pairs: readonly CountedPair[]): Promise<CategoryCounts[]> {
  const found: CategoryCounts[] = [];
  for (const batch of inBatches(pairs, AT_ONCE)) {
    const rows = await database.rows(
      batch.map((pair, index) => `SELECT ${index} AS place, * FROM (${mostFrequent(pair)})`).join(' UNION ALL '),
    );
    for (const index of batch.keys()) {
      const own = rows.filter(({ place }) => Number(place) === index);
      const pairOf = (row = {} as (typeof own)[number]) => ({
        baseline: Number(row['b'] ?? 0),
        current: Number(row['c'] ?? 0),
      });
      const categories = own
        .filter(({ sort }) => sort === 'one')
        .map((row) => ({ text: String(row['t']), ...pairOf(row) }));
      const rest = own.some(({ sort }) => sort !== 'one');
      found.push({
        categories: categories.sort(
          (a, b) => b.baseline - a.baseline || b.current - a.current || (a.text < b.text ? -1 : 1),
        ),
        ...(rest && {
          rest: restOf(
            pairOf(own.find(({ sort }) => sort === 'other')),
            pairOf(own.find(({ sort }) => sort === 'unseen')),
            batch[index]?.rows,
          ),
        }),
      });
    }
  }
  return found;
}

function restOf(other: CountPair, unseen: CountPair, rows: CountPair = none): NonNullable<CategoryCounts['rest']> {
  if (unseen.current * rows.baseline > unseen.baseline * rows.current) return { other, unseen };
  return { other: { baseline: other.baseline + unseen.baseline, current: other.current + unseen.current } };
}

/** Of a value that one row of the baseline has, that row counts as unseen, and rows of the current side as others. */
function mostFrequent({ baseline, current, rows }: CountedPair): string {
  const sized = `greatest(b::HUGEINT * ${literal(Math.max(1, rows.current))}, c::HUGEINT * ${literal(Math.max(1, rows.baseline))})`;
  const joined =
    `SELECT coalesce(x.v, y.v) AS v, coalesce(x.n, 0) AS b, coalesce(y.n, 0) AS c ` +
    `FROM ${baseline.table} x FULL JOIN ${current.table} y ON x.v = y.v`;
  const ranked = `SELECT *, row_number() OVER (ORDER BY ${sized} DESC, v) <= ${MOST_CATEGORIES} AS frequent FROM (${joined})`;
  return (
    `WITH ranked AS MATERIALIZED (${ranked}) ` +
    `SELECT 'one' AS sort, ${baseline.text} AS t, b, c FROM ranked WHERE frequent UNION ALL ` +
    "SELECT 'other', NULL, CAST(sum(b) FILTER (WHERE b > 1) AS BIGINT), CAST(sum(c) FILTER (WHERE b > 0) AS BIGINT) " +
    'FROM ranked WHERE NOT frequent HAVING count(*) > 0 UNION ALL ' +
    "SELECT 'unseen', NULL, CAST(sum(b) FILTER (WHERE b = 1) AS BIGINT), CAST(sum(c) FILTER (WHERE b = 0) AS BIGINT) " +
    'FROM ranked WHERE NOT frequent HAVING count(*) > 0'
  );
}
