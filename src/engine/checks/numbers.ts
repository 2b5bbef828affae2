/** Figures of columns of numbers, exact, in as few scans as there are columns to fit into memory. */
import { double, literal } from '../duckdb';
import { isNumeric } from '../schema';
import { numberTypeOf, placeOfQuantile, powerOfTwo, quantileBetween, type Known, type Quantile } from '../statistics';
import type { CheckContext, CheckedColumn } from './check';
import type { Narrowed } from './narrowed';

type Rows = Pick<CheckContext, 'aggregate'> & Pick<Narrowed, 'among'>;

/** A column with finite numbers in it. */
export interface Numbers {
  readonly column: CheckedColumn;
  /** How many are finite. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** SQL of the number, of a type that keeps every value apart. */
function valueOf({ id, physicalType }: CheckedColumn): string {
  const { held } = numberTypeOf(physicalType);
  return held === physicalType ? id : `CAST(${id} AS ${held})`;
}

/** SQL condition: whether a row has a finite number there. */
export function isFiniteNumber({ id, physicalType }: CheckedColumn): string {
  return numberTypeOf(physicalType).floating ? `isfinite(${id})` : `${id} IS NOT NULL`;
}

/** SQL of the number in these rows, where it is finite. A FILTER for each would take time that grows with their square. */
function valuesIn({ among }: Rows, column: CheckedColumn, condition?: string): string {
  const finite = isFiniteNumber(column);
  return `CASE WHEN ${among(condition === undefined ? finite : `${finite} AND ${condition}`)} THEN ${valueOf(column)} END`;
}

/** Those of the columns that have any. */
export async function numbersOf(rows: Rows, columns: readonly CheckedColumn[]): Promise<Numbers[]> {
  const found = await Promise.all(
    columns
      .filter(({ physicalType }) => isNumeric(physicalType))
      .map(async (column) => {
        const values = valuesIn(rows, column);
        const asked = [`count(${values})`, `CAST(min(${values}) AS DOUBLE)`, `CAST(max(${values}) AS DOUBLE)`];
        const [count, min, max] = await Promise.all(asked.map(rows.aggregate));
        return { column, count: Number(count), min: Number(min), max: Number(max) };
      }),
  );
  return found.filter(({ count }) => count > 0);
}

export interface Moments {
  readonly sum: number;
  readonly mean: number;
  /** With n − 1; NaN of one value. */
  readonly stddev: number;
}

/** With compensated sums of numbers about 1, so that neither size nor order matters. */
export async function momentsOf(rows: Rows, { column, count, min, max }: Numbers): Promise<Moments> {
  if (min === max) return { sum: min * count, mean: min, stddev: count > 1 ? 0 : NaN };
  const scale = powerOfTwo(Math.max(Math.abs(min), Math.abs(max)));
  const scaled = `((${valuesIn(rows, column)})::DOUBLE / ${double(scale)})`;
  const total = Number(await rows.aggregate(`fsum(${scaled})`));
  const deviation = `(${scaled} - ${double(total / count)})`;
  const squares = Number(await rows.aggregate(`fsum(${deviation} * ${deviation})`));
  return {
    sum: digits(total * scale),
    mean: digits((total / count) * scale),
    stddev: digits(Math.sqrt(squares / (count - 1)) * scale),
  };
}

/** Without the last two digits, in which the order of a sum may show. */
function digits(value: number): number {
  return Number(value.toPrecision(14));
}

/** Values that are held in memory at once, of all columns together. */
const HELD = 20_000_000;
/** A column with more values is not held as a whole: bounds around the place are found in a sample first. */
const WHOLE = 300_000;
const SAMPLE = 100_000;
/** Of the values: how far the bounds are from the place that the sample shows, 30 times what chance makes of it. */
const SLACK = 0.01;
const SEED = 42;

export interface Asked {
  readonly numbers: Numbers;
  /** From 0 to 1. */
  readonly quantiles: readonly number[];
}

/** The quantiles of each column, in the order that they are asked for. */
export async function quantilesOf(rows: Rows, asked: readonly Asked[]): Promise<(readonly Quantile[])[]> {
  const found: (readonly Quantile[])[] = [];
  let batch: Asked[] = [];
  let held = 0;
  const answer = async () => {
    found.push(...(await Promise.all(batch.map((each) => quantilesOfOne(rows, each)))));
    batch = [];
    held = 0;
  };
  for (const each of asked) {
    const { count } = each.numbers;
    const needs = count <= WHOLE ? count : SAMPLE + 2 * SLACK * each.quantiles.length * count;
    if (batch.length > 0 && held + needs > HELD) await answer();
    batch.push(each);
    held += needs;
  }
  if (batch.length > 0) await answer();
  return found;
}

async function quantilesOfOne(rows: Rows, { numbers, quantiles }: Asked): Promise<Quantile[]> {
  const places = quantiles.map((quantile) => placeOfQuantile(quantile, numbers.count));
  const ranks = [...new Set(places.flatMap(({ low, high }) => [low, high]))];
  const values =
    numbers.count <= WHOLE ? await ranked(rows, numbers, ranks) : await bracketed(rows, numbers, quantiles, ranks);
  const known = (rank: number): Known => values.get(rank) ?? { value: NaN, text: '' };
  return places.map(({ low, high, share }) => quantileBetween(known(low), known(high), share));
}

/**
 * The values of these ranks, from 0, among those for which a condition holds.
 * @param count how many those are, `before` how many stand before them in the order of all
 */
async function ranked(
  rows: Rows,
  { column, count: all }: Numbers,
  ranks: readonly number[],
  { condition, count = all, before = 0 }: { condition?: string; count?: number; before?: number } = {},
): Promise<ReadonlyMap<number, Known>> {
  // Between two ranks, so that no rounding leads to another one.
  const texts = await listed(
    rows,
    valuesIn(rows, column, condition),
    ranks.map((rank) => (rank - before + 0.5) / count),
  );
  return new Map(ranks.map((rank, index) => [rank, { value: Number(texts[index]), text: texts[index] ?? '' }]));
}

/** The values at these shares of all, each one of them. */
async function listed({ aggregate }: Rows, values: string, shares: readonly number[]): Promise<string[]> {
  const list = await aggregate(`CAST(quantile_disc(${values}, [${shares.map(double).join(', ')}]) AS VARCHAR)`);
  return String(list).slice(1, -1).split(', ');
}

/** Each quantile among the few values between bounds that a sample suggests; among all where it lies outside of those. */
async function bracketed(
  rows: Rows,
  numbers: Numbers,
  quantiles: readonly number[],
  ranks: readonly number[],
): Promise<ReadonlyMap<number, Known>> {
  const { column, count } = numbers;
  const drawn = `hash(__row, ${literal(SEED)}) % ${Math.ceil(count / SAMPLE)} = 0`;
  const bounds = quantiles.flatMap((quantile) => [Math.max(0, quantile - SLACK), Math.min(1, quantile + SLACK)]);
  const edges = await listed(rows, valuesIn(rows, column, drawn), bounds);
  const found = new Map<number, Known>();
  await Promise.all(
    quantiles.map(async (quantile, index) => {
      // The outermost bounds are those of all values.
      const conditions = [
        quantile <= SLACK ? 'true' : `${valueOf(column)} >= ${edge(column, edges[2 * index])}`,
        quantile >= 1 - SLACK ? 'true' : `${valueOf(column)} <= ${edge(column, edges[2 * index + 1])}`,
      ];
      const condition = conditions.join(' AND ');
      const [below, within] = (
        await Promise.all(
          [`NOT (${conditions[0]})`, condition].map((each) => rows.aggregate(`count(${valuesIn(rows, column, each)})`)),
        )
      ).map(Number);
      const { low, high } = placeOfQuantile(quantile, count);
      const inside = below !== undefined && within !== undefined && low >= below && high < below + within;
      const some = inside ? { condition, count: within, before: below } : {};
      const wanted = ranks.filter((rank) => rank === low || rank === high);
      for (const [rank, value] of await ranked(rows, numbers, wanted, some)) found.set(rank, value);
    }),
  );
  return found;
}

/** A value as a literal. */
function edge({ physicalType }: CheckedColumn, text = ''): string {
  return `${literal(text)}::${numberTypeOf(physicalType).held}`;
}
