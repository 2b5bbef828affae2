/** Quantiles of the training rows: those of the sorted values, whatever order they were read in. */
import { double, finite } from '../duckdb';
import type { StageColumn } from '../schema';
import type { FitContext } from './transform';

/**
 * By the name of the column and in the order of `shares`; undefined where there is no value. Between two values they are
 * interpolated linearly (type 7 of Hyndman and Fan, as in NumPy). NaN and infinity are left out, as missing values are.
 */
export async function quantiles(
  columns: readonly StageColumn[],
  shares: readonly number[],
  { database, training }: FitContext,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const list = `[${shares.map(double).join(', ')}]`;
  const aggregates = columns.map(({ id }) => `quantile_cont(${finite(id)}, ${list}) AS ${id}`);
  const picked = columns.flatMap(({ id }) => shares.map((_, index) => `${id}[${index + 1}] AS ${id}_${index}`));
  const row = await database.row(`SELECT ${picked.join(', ')} FROM (SELECT ${aggregates.join(', ')} FROM ${training})`);
  return new Map(
    columns.flatMap(({ name, id }) => {
      const found = shares.flatMap((_, index) => {
        const value = row[`${id}_${index}`];
        return typeof value === 'number' ? [value] : [];
      });
      return found.length === shares.length ? [[name, found] as const] : [];
    }),
  );
}
