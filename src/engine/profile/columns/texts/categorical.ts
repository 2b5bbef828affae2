/** The most frequent values of a column. */
import type { CategoricalProfile, ValueCount } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import type { Frequencies } from '../frequencies';

/** How many values are listed. */
const TOP = 20;

/** Characters of a value that is listed; a longer one ends with `…`. */
const SHOWN = 200;

/** SQL of a text as it is listed. */
export function shortened(text: string): string {
  return `CASE WHEN length(${text}) > ${SHOWN} THEN left(${text}, ${SHOWN}) || '…' ELSE ${text} END`;
}

/**
 * The most frequent rows of a table of texts and their counts.
 * @param relation has `v` and `n`
 * @param text SQL of `v` as text
 */
export async function mostFrequent(
  { database }: ColumnContext,
  relation: string,
  {
    limit = TOP,
    text = 'v',
    weight = 1,
  }: { readonly limit?: number; readonly text?: string; readonly weight?: number } = {},
): Promise<ValueCount[]> {
  const rows = await database.rows(
    `SELECT ${shortened(text)} AS value, n FROM ${relation} ORDER BY n DESC, v LIMIT ${limit}`,
  );
  return rows.map(({ value, n }) => ({ value: String(value), count: Math.round(Number(n) * weight) }));
}

/** The most frequent value, the smallest of several; undefined where none occurs twice. */
export async function modeOf(
  { database }: ColumnContext,
  { table, highest, most, weight }: Frequencies,
  text: string,
): Promise<ValueCount | undefined> {
  if (highest < 2) return undefined;
  const found = async () => {
    const { value } = await database.row(
      `SELECT ${shortened(text)} AS value FROM ${table} WHERE v = (SELECT min(v) FROM ${table} WHERE n = ${highest})`,
    );
    return String(value);
  };
  return { value: most ?? (await found()), count: Math.round(highest * weight) };
}

/**
 * @param text SQL of `v` as text
 * @param totals how many values there are, and how many different ones
 */
export async function categoricalFigures(
  context: ColumnContext,
  { table, values, distinct: counted, weight }: Frequencies,
  text: string,
  { count, distinct }: { readonly count: number; readonly distinct: number },
): Promise<CategoricalProfile> {
  const top = await mostFrequent(context, table, { text, weight });
  const listed = top.length === counted && weight === 1 ? top : undefined;
  const entropy = listed ? entropyOf(listed, values) : await entropyIn(context, table, values);
  const shown = top.reduce((sum, { count: each }) => sum + each, 0);
  return {
    top,
    other: Math.max(0, count - shown),
    otherValues: Math.max(0, distinct - top.length),
    imbalance: counted === 1 ? 1 : Math.min(1, Math.max(0, 1 - entropy / Math.log2(counted))),
  };
}

/** In bits. */
function entropyOf(all: readonly ValueCount[], values: number): number {
  return Math.log2(values) - all.reduce((sum, { count }) => sum + count * Math.log2(count), 0) / values;
}

async function entropyIn({ database }: ColumnContext, table: string, values: number): Promise<number> {
  const { entropy } = await database.row(
    `SELECT log2(${values}) - fsum(n * log2(n)) / ${values} AS entropy FROM ${table}`,
  );
  return Number(entropy);
}
