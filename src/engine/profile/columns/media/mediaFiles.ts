/** What the files are like that a column names: of a bounded number of them, the same ones each time. */
import { max, mean, median, min } from 'simple-statistics';
import { eachOf } from '../../../eachOf';
import { literal, text } from '../../../duckdb';
import { mediaFinder, type MediaFile } from '../../../media';
import { cancelled, type Sampled, type Spread, type ValueCount } from '../../../../protocol';
import type { StageColumn } from '../../../schema';
import type { ColumnContext } from '../../context';
import { noSpread } from '../spread';

type Found = Extract<MediaFile, { state: 'found' }>;

export interface Looked<T> {
  readonly sampled?: Sampled;
  readonly missing: number;
  readonly unreadable: number;
  /** In an order that depends on the names and the seed only. */
  readonly files: readonly (T & { readonly bytes: number })[];
}

/**
 * Looks at the files that the different values of a column name: at all of them, or at those `atMost` whose names come
 * first by a hash with the seed.
 * @param look undefined where the file is not what it should be
 */
export async function lookAtFiles<T>(
  context: ColumnContext,
  { id }: StageColumn,
  atMost: number,
  look: (file: Found) => Promise<T | undefined>,
): Promise<Looked<T>> {
  const { database, relation, seed, signal, mediaFolders } = context;
  const names = `SELECT DISTINCT CAST(${id} AS VARCHAR) AS name FROM ${relation} WHERE ${id} IS NOT NULL`;
  const { of } = await database.row(`SELECT count(*) AS of FROM (${names})`);
  const rows = await database.rows(
    `SELECT name FROM (${names}) ORDER BY md5_number(concat(${text(`${seed}|`)}, name)), name LIMIT ${literal(atMost)}`,
  );
  const find = mediaFinder(mediaFolders);
  const looks = await eachOf(rows, async ({ name }) => {
    if (signal.aborted) throw cancelled();
    const file = await find(String(name));
    if (file.state !== 'found') return file.state;
    const found = await look(file);
    return found ? { ...found, bytes: file.bytes } : 'unreadable';
  });
  const count = Number(of);
  return {
    ...(count > rows.length && { sampled: { values: rows.length, of: count, seed } }),
    missing: looks.filter((found) => found === 'missing').length,
    unreadable: looks.filter((found) => found === 'unreadable').length,
    files: looks.filter((found) => typeof found === 'object'),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const numbers = [...values];
  if (numbers.length === 0) return noSpread;
  return { min: min(numbers), max: max(numbers), mean: mean(numbers), median: median(numbers) };
}

/** Most frequent first, ties by value. */
export function countsOf(values: readonly (string | number)[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return Array.from(counts, ([value, count]) => ({ value, count })).sort(
    (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1),
  );
}
