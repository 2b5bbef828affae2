/** Two columns against each other, as a chart draws them. */
import { asVarchar, columnTypeOf, isNumeric, type StageColumn } from '../../schema';
import type { Pair } from '../../../protocol';
import { binOf } from './bins';
import type { ProfileContext } from '../context';

/** Rows that are drawn as points each; of more, they are counted. */
const MAX_POINTS = 2000;
/** Along each side. */
const BINS = 50;
/** Values of a column that are shown. */
const MAX_VALUES = 20;
/** Numbers of so few values are drawn as values: points would lie on each other. */
const FEW_VALUES = 10;

/** One side of the chart. */
interface Side {
  readonly name: string;
  readonly id: string;
  /** SQL of numbers and times as numbers, else of values as text; NULL where there is none, or no finite one. */
  readonly value: string;
  readonly isNumber: boolean;
}

type Context = Pick<ProfileContext, 'database' | 'relation'>;

/**
 * Numbers and times against each other as points or bins; against other columns as boxes, for which `a` is the other
 * column whichever was asked for first; other columns against each other as counts.
 */
export async function pairOf(context: Context, first: StageColumn, second: StageColumn): Promise<Pair> {
  const sides = await sidesOf(context, first, second);
  const [a, b] = sides[0].isNumber && !sides[1].isNumber ? [sides[1], sides[0]] : sides;
  const { database, relation } = context;
  const complete = `(SELECT a, b, place FROM (SELECT ${a.value} AS a, ${b.value} AS b, __row AS place FROM ${relation}) WHERE a IS NOT NULL AND b IS NOT NULL)`;
  const row = await database.row(`SELECT count(*) AS rows FROM ${complete}`);
  const named = { a: a.name, b: b.name, rows: Number(row['rows']) };
  if (!b.isNumber) return { ...named, ...(await counts(context, complete, named.rows)) };
  if (!a.isNumber) return { ...named, ...(await boxes(context, complete, named.rows)) };
  return { ...named, ...(named.rows <= MAX_POINTS ? await points(context, complete) : await bins(context, complete)) };
}

async function sidesOf(
  { database, relation }: Context,
  first: StageColumn,
  second: StageColumn,
): Promise<readonly [Side, Side]> {
  const numbers = [first, second].map(numberOf);
  const found = numbers.map((number, index) => `approx_count_distinct(${number ?? 'NULL'}) AS d${index}`);
  const row = await database.row(`SELECT ${found.join(', ')} FROM ${relation}`);
  const side = ({ name, id, physicalType }: StageColumn, index: number): Side => {
    const number = numbers[index];
    const isNumber = number !== undefined && (Number(row[`d${index}`]) > FEW_VALUES || !isNumeric(physicalType));
    return { name, id, isNumber, value: isNumber ? number : `left(${asVarchar(id, physicalType)}, 200)` };
  };
  return [side(first, 0), side(second, 1)];
}

function numberOf({ id, physicalType }: StageColumn): string | undefined {
  if (isNumeric(physicalType)) return `CASE WHEN isfinite(${id}::DOUBLE) THEN ${id}::DOUBLE END`;
  const isTime = ['date', 'datetime'].includes(columnTypeOf(physicalType));
  return isTime ? `CASE WHEN isfinite(${id}) THEN epoch(${id})::DOUBLE END` : undefined;
}

type Drawn<Kind extends Pair['kind']> = Omit<Extract<Pair, { kind: Kind }>, 'a' | 'b' | 'rows'>;

async function points({ database }: Context, complete: string): Promise<Drawn<'points'>> {
  const rows = await database.rows(`SELECT a, b FROM ${complete} ORDER BY place`);
  return { kind: 'points', points: rows.map((row) => [Number(row['a']), Number(row['b'])] as const) };
}

async function bins({ database }: Context, complete: string): Promise<Drawn<'bins'>> {
  const ends = await database.row(`SELECT min(a) AS a0, max(a) AS a1, min(b) AS b0, max(b) AS b1 FROM ${complete}`);
  const aEdges = edgesOf(Number(ends['a0']), Number(ends['a1']));
  const bEdges = edgesOf(Number(ends['b0']), Number(ends['b1']));
  const rows = await database.rows(
    `SELECT ${binOf('a', aEdges)} AS x, ${binOf('b', bEdges)} AS y, count(*) AS rows FROM ${complete} GROUP BY ALL ORDER BY ALL`,
  );
  const counted = rows.map((row) => [Number(row['x']), Number(row['y']), Number(row['rows'])] as const);
  return { kind: 'bins', aEdges, bEdges, counts: counted };
}

/** Of equal width. Divided before they are subtracted: the two ends may lie further apart than a double reaches. */
function edgesOf(min: number, max: number): number[] {
  const width = max / BINS - min / BINS;
  const edges = Array.from({ length: BINS }, (_, index) => min + index * width);
  // Where neighbouring numbers are further apart than that, some edges are one.
  return [...new Set(edges), ...(max > (edges.at(-1) ?? min) ? [max] : [])];
}

/** Whiskers end at the last number that lies within 1.5 IQR of the box. */
async function boxes({ database }: Context, complete: string, all: number): Promise<Drawn<'boxes'>> {
  const rows = await database.rows(
    `WITH complete AS (SELECT a, b FROM ${complete}), boxes AS (SELECT a, count(*) AS rows, ` +
      `quantile_cont(b, 0.25) AS q1, median(b) AS q2, quantile_cont(b, 0.75) AS q3 FROM complete ` +
      `WHERE a IN (${mostFrequent('a')}) GROUP BY a) ` +
      `SELECT a, any_value(rows) AS rows, any_value(q1) AS q1, any_value(q2) AS q2, any_value(q3) AS q3, ` +
      `min(b) FILTER (WHERE b >= q1 - 1.5 * (q3 - q1)) AS lower, max(b) FILTER (WHERE b <= q3 + 1.5 * (q3 - q1)) AS upper ` +
      `FROM complete JOIN boxes USING (a) GROUP BY a ORDER BY rows DESC, a`,
  );
  const found = rows.map((row) => ({
    value: String(row['a']),
    count: Number(row['rows']),
    lower: Number(row['lower']),
    q1: Number(row['q1']),
    median: Number(row['q2']),
    q3: Number(row['q3']),
    upper: Number(row['upper']),
  }));
  return { kind: 'boxes', boxes: found, otherRows: all - found.reduce((sum, { count }) => sum + count, 0) };
}

async function counts({ database }: Context, complete: string, all: number): Promise<Drawn<'counts'>> {
  const rows = await database.rows(
    `WITH complete AS (SELECT a, b FROM ${complete}) SELECT a, b, count(*) AS rows, ` +
      `sum(count(*)) OVER (PARTITION BY a)::BIGINT AS of_a, sum(count(*)) OVER (PARTITION BY b)::BIGINT AS of_b FROM complete ` +
      `WHERE a IN (${mostFrequent('a')}) AND b IN (${mostFrequent('b')}) GROUP BY a, b ORDER BY a, b`,
  );
  const values = (side: string): string[] => {
    const totals = new Map(rows.map((row) => [String(row[side]), Number(row[`of_${side}`])]));
    return [...totals].sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1)).map(([value]) => value);
  };
  const [aValues, bValues] = [values('a'), values('b')];
  const table = aValues.map(() => bValues.map(() => 0));
  for (const row of rows) {
    const line = table[aValues.indexOf(String(row['a']))];
    if (line) line[bValues.indexOf(String(row['b']))] = Number(row['rows']);
  }
  const shown = rows.reduce((sum, row) => sum + Number(row['rows']), 0);
  return { kind: 'counts', aValues, bValues, counts: table, otherRows: all - shown };
}

/** Ties by the value. */
function mostFrequent(side: 'a' | 'b'): string {
  return `SELECT ${side} FROM complete GROUP BY ${side} ORDER BY count(*) DESC, ${side} LIMIT ${MAX_VALUES}`;
}
