/** Means and deviations of the training rows, the same to the last bit on any number of threads. */
import type { StageColumn } from '../schema';
import type { FitContext } from './transform';

/** Of a column; null where the training rows have no value. */
export interface Moments {
  readonly column: string;
  readonly mean: number | null;
  readonly deviation: number | null;
}

/**
 * Mean and population standard deviation, in two passes of compensated sums: sums of floating point numbers depend on
 * their order, so one thread adds them in the order of the rows. NaN and infinity are left out, as missing values are.
 */
export async function meansAndDeviations(
  columns: readonly StageColumn[],
  { database, training }: FitContext,
): Promise<Moments[]> {
  return database.inOrder(async () => {
    const list = columns.map(({ id }) => `${finite(id)} AS ${id}`).join(', ');
    const ordered = `(SELECT ${list} FROM ${training} ORDER BY id)`;
    const means = await database.row(
      `SELECT ${columns.map(({ id }) => `kahan_sum(${id}) / count(${id}) AS ${id}`).join(', ')} FROM ${ordered}`,
    );
    const mean = (id: string) => (typeof means[id] === 'number' ? means[id] : null);
    const deviations = await database.row(
      `SELECT ${columns.map(({ id }) => `sqrt(kahan_sum((${id} - ${double(mean(id) ?? 0)}) ** 2) / count(${id})) AS ${id}`).join(', ')} FROM ${ordered}`,
    );
    // The mean of equal values may be off by a bit, and they would seem to deviate from it.
    const constants = await database.row(
      `SELECT ${columns.map(({ id }) => `CASE WHEN min(${id}) = max(${id}) THEN min(${id}) END AS ${id}`).join(', ')} FROM ${ordered}`,
    );
    return columns.map(({ name, id }) => {
      const constant = constants[id];
      if (typeof constant === 'number') return { column: name, mean: constant, deviation: 0 };
      const deviation = deviations[id];
      return { column: name, mean: mean(id), deviation: typeof deviation === 'number' ? deviation : null };
    });
  });
}

/** SQL of the value as a DOUBLE, NULL where it is NaN or infinite. */
export function finite(id: string): string {
  return `CASE WHEN isfinite(${id}::DOUBLE) THEN ${id}::DOUBLE END`;
}

/** A DOUBLE literal with all its digits. Throws for what is no number: a manifest may say anything. */
export function double(value: number): string {
  if (typeof value !== 'number') throw new TypeError('What was learned is no number');
  return `'${value}'::DOUBLE`;
}
