/** Columns of lists: how long they are, and what their elements are like. Elements are streamed, never gathered. */
import { isNested, isNumeric, type StageColumn } from '../../../schema';
import type { ListProfile, ValueCount } from '../../../../protocol';
import { mostFrequent } from '../texts/categorical';
import type { ColumnContext } from '../../context';
import { passed } from '../firstPass';
import { firstLook, looked, withFrequencies, type Frequencies } from '../frequencies';
import { histogramOf } from '../numbers/histogram';
import { listsOf, type Lists } from './lists';
import { figure, medianOf } from '../spread';

const TOP = 10;

/** @param column of lists, arrays of a fixed length, or JSON arrays as text */
export async function listFigures(context: ColumnContext, column: StageColumn): Promise<ListProfile> {
  const lists = await listsOf(context, column);
  const { database } = context;
  const row = await database.row(
    'SELECT count(*) AS count, min(len(l)) AS min, max(len(l)) AS max, avg(len(l)) AS mean, ' +
      `count(*) FILTER (WHERE len(l) = 0) AS empty FROM ${lists.relation}`,
  );
  const count = Number(row['count']);
  const values = { name: `${column.id}_lengths`, value: 'len(l)', where: 'true', count, few: true, oneIn: 1 };
  const ofLists = { ...context, relation: lists.relation };
  const { median, lengthHistogram } = await withFrequencies(ofLists, values, true, async (frequencies) => ({
    median: await medianOf(context, frequencies, { before: 0, count }),
    lengthHistogram: await histogramOf(context, frequencies, true),
  }));
  return {
    lengths: { min: figure(row['min']), max: figure(row['max']), mean: figure(row['mean']), median },
    lengthHistogram,
    empty: Number(row['empty']),
    elements: await elementsOf(context, lists, column.id),
  };
}

async function elementsOf(context: ColumnContext, lists: Lists, id: string): Promise<ListProfile['elements']> {
  const { elementType: type } = lists;
  const relation = `(SELECT unnest(l) AS e, __row FROM ${lists.relation})`;
  const isScalar = !isNested(type) && type !== 'JSON';
  const isNumber = isNumeric(type);
  const { database } = context;
  const row = await database.row(
    `SELECT count(*) AS count, count(e) AS there` +
      (isNumber ? `, ${numbersOf('CAST(e AS DOUBLE)')}` : '') +
      (type === 'VARCHAR' ? ', sum(strlen(e)) AS bytes' : '') +
      ` FROM ${relation}`,
  );
  const [count, there] = [Number(row['count']), Number(row['there'])];
  const counts = { type: lists.elementName, count, nulls: count - there };
  if (!isScalar || there === 0) return counts;

  const numbers = { before: Number(row['below'] ?? 0), count: Number(row['finite'] ?? 0) };
  const spread = { min: figure(row['min']), max: figure(row['max']), mean: figure(row['mean']) };
  const atBeginnings = { ...context, relation: beginnings(context, lists) };
  const look = firstLook({ fast: false, rows: Infinity }, 'e');
  const [seen = {}] = await passed(atBeginnings, [{ inputs: { e: 'e' }, figures: look }]);
  const { drawn: _, ...ofAll } = context;
  const ofElements = { ...ofAll, relation, rows: count };
  const { few, oneIn } = looked(ofElements, seen, there, Number(row['bytes'] ?? 0));
  const isExact = oneIn === 1;
  const values = { name: `${id}_elements`, value: 'e', where: 'e IS NOT NULL', count: there, few, oneIn: 1 };
  // Beyond the budget of exact figures, those that would be estimates are left out.
  const found = isExact
    ? await withFrequencies(ofElements, values, isNumber, async (frequencies) => ({
        distinct: frequencies.distinct,
        median: isNumber ? await medianOf(context, frequencies, numbers) : null,
        top: await topOf(context, frequencies),
      }))
    : undefined;
  return {
    ...counts,
    ...(found && { distinct: found.distinct }),
    ...(isNumber && { spread: { ...spread, median: found?.median ?? null } }),
    ...(/^(FLOAT|DOUBLE)$/.test(type) && { nans: Number(row['nans']) }),
    ...(found?.top && { top: found.top }),
  };
}

/** The first elements of each list, about 10,000 of all that a first look takes: one list may have any number. */
function beginnings({ rows }: ColumnContext, { relation }: Lists): string {
  return `(SELECT unnest(l[1:${Math.ceil(10_000 / Math.max(1, Math.min(rows, 10_000)))}]) AS e, __row FROM ${relation})`;
}

/** In the engine's order −∞ stands before all other numbers; ∞ and NaN stand after them. */
function numbersOf(number: string): string {
  const where = `FILTER (WHERE isfinite(${number}))`;
  return (
    `min(${number}) ${where} AS min, max(${number}) ${where} AS max, favg(${number}) ${where} AS mean, ` +
    `count(*) ${where} AS finite, count(*) FILTER (WHERE isnan(${number})) AS nans, ` +
    `count(*) FILTER (WHERE isinf(${number}) AND ${number} < 0) AS below`
  );
}

/** Undefined where no value occurs twice, or so many hardly do that the first ones would say nothing. */
async function topOf(context: ColumnContext, frequencies: Frequencies): Promise<ValueCount[] | undefined> {
  const { table, distinct, values, highest } = frequencies;
  if (highest < 2 || (distinct > TOP && distinct * 2 > values)) return undefined;
  return mostFrequent(context, table, { limit: TOP, text: 'CAST(v AS VARCHAR)' });
}
