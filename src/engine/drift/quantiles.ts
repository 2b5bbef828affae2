/** Quantiles of many columns at once, the same for any order of the rows and any number of threads. */
import { double, literal, type Database, type Value } from '../duckdb';
import { placeOfQuantile } from '../statistics';
import { askAll } from './ask';
import { countWithin } from './histogram';
import type { Look } from './look';
import { finiteOf, type Numbers, type Seen } from './variable';

export interface QuantilesAsked {
  readonly values: Numbers;
  readonly look: Look;
  /** About how many different ones there are. */
  readonly distinct: number;
}

/** Numbers of a column that are held in memory and sorted. */
const SORTED = 200_000;
/** Different numbers of a column that are counted each. */
const COUNTED = 20_000;
/** Of others so many different ones are drawn, and so many ranges between them are counted. */
const DRAWN = 20_000;
const RANGES = 400;

/**
 * Hyndman–Fan type 7; exact up to 200,000 numbers or about 20,000 different ones. Of more, the nearest of 400 bounds
 * between which all are counted: off by about an eighth of a percent of the rows, but for values that more rows have.
 * @returns of each column in the order of `shares`; empty where it has no finite number
 */
export async function quantilesOf(
  database: Database,
  seen: Pick<Seen, 'relation'>,
  asked: readonly QuantilesAsked[],
  shares: readonly number[],
): Promise<(readonly number[])[]> {
  const ways = { sorted, counted, narrowed };
  const found = new Map<QuantilesAsked, readonly number[]>();
  for (const way of ['sorted', 'counted', 'narrowed'] as const) {
    const own = asked.filter((each) => each.look.finite > 0 && wayOf(each) === way);
    const answers = own.length === 0 ? [] : await ways[way](database, seen, own, shares);
    for (const [index, each] of own.entries()) found.set(each, answers[index] ?? []);
  }
  return asked.map((each) => found.get(each) ?? []);
}

function wayOf({ look, distinct }: QuantilesAsked): 'sorted' | 'counted' | 'narrowed' {
  if (look.finite <= SORTED) return 'sorted';
  return distinct <= COUNTED ? 'counted' : 'narrowed';
}

async function sorted(
  database: Database,
  { relation }: Pick<Seen, 'relation'>,
  asked: readonly QuantilesAsked[],
  shares: readonly number[],
): Promise<number[][]> {
  const list = `[${shares.map(double).join(', ')}]`;
  const rows = await askAll(
    database,
    relation,
    asked.map(({ values }) => ({ quantiles: `CAST(quantile_cont(${finiteOf(values)}, ${list}) AS VARCHAR)` })),
  );
  return rows.map((row) => listOf(row['quantiles']));
}

/** From how often each number occurs. */
async function counted(
  database: Database,
  { relation }: Pick<Seen, 'relation'>,
  asked: readonly QuantilesAsked[],
  shares: readonly number[],
): Promise<number[][]> {
  const found: number[][] = [];
  for (const { values, look } of asked) {
    const places = shares.map((share) => placeOfQuantile(share, look.finite));
    const ranks = [...new Set(places.flatMap(({ low, high }) => [low, high]))];
    const row = await database.row(
      `SELECT ${ranks.map((rank, index) => `min(v) FILTER (WHERE upto > ${literal(rank)}) AS r${index}`).join(', ')} FROM ` +
        `(SELECT v, sum(n) OVER (ORDER BY v) AS upto FROM (SELECT v, count(*) AS n FROM ` +
        `(SELECT ${finiteOf(values)} AS v FROM ${relation}) WHERE v IS NOT NULL GROUP BY v))`,
    );
    const at = (rank: number) => Number(row[`r${ranks.indexOf(rank)}`]);
    found.push(places.map(({ low, high, share }) => at(low) + (at(high) - at(low)) * share));
  }
  return found;
}

/** Which numbers are drawn depends on themselves only: each once, so that no frequent one crowds out the others. */
async function narrowed(
  database: Database,
  { relation }: Pick<Seen, 'relation'>,
  asked: readonly QuantilesAsked[],
  shares: readonly number[],
): Promise<number[][]> {
  const steps = Array.from({ length: RANGES - 1 }, (_, i) => double((i + 1) / RANGES)).join(', ');
  const drawn = await askAll(
    database,
    relation,
    asked.map(({ values, distinct }) => {
      const oneIn = Math.max(1, Math.floor(distinct / DRAWN));
      const some = `CASE WHEN hash(${values.sql}) % ${oneIn} = 0 THEN ${finiteOf(values)} END`;
      return { bounds: `CAST(quantile_disc(DISTINCT ${some}, [${steps}]) AS VARCHAR)` };
    }),
  );
  const ranges = asked.map(({ values }, index) => ({
    values,
    edges: [...new Set(listOf(drawn[index]?.['bounds']))].sort((a, b) => a - b),
  }));
  const counts = await countWithin(database, relation, ranges);
  return asked.map(({ look }, index) => {
    const { edges } = ranges[index] ?? { edges: [] };
    return shares.map((share) => nearestBound(share * look.finite, look, edges, counts[index] ?? []));
  });
}

/** The bound, or the smallest or largest number, below which there are the most nearly so many. */
function nearestBound(rank: number, { min, max }: Look, edges: readonly number[], counts: readonly number[]): number {
  let below = 0;
  let nearest = { value: min, distance: rank };
  for (const [place, count] of counts.entries()) {
    below += count;
    const distance = Math.abs(below - rank);
    if (distance < nearest.distance) nearest = { value: edges[place] ?? max, distance };
  }
  return nearest.value;
}

/** `[1.0, 2.5]`; nothing for NULL. */
function listOf(written: Value | undefined): number[] {
  return typeof written === 'string' ? written.slice(1, -1).split(', ').map(Number) : [];
}
