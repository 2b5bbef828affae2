/** Means and deviations of the training rows, the same to the last bit on any number of threads. */
import type { StageColumn } from '../schema';
import type { FitContext } from './transform';

export interface Moments {
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
): Promise<Record<string, Moments>> {
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
    return Object.fromEntries(
      columns.map(({ name, id }) => [
        name,
        { mean: mean(id), deviation: typeof deviations[id] === 'number' ? deviations[id] : null },
      ]),
    );
  });
}

/** SQL of the value as a DOUBLE, NULL where it is NaN or infinite. */
export function finite(id: string): string {
  return `CASE WHEN isfinite(${id}::DOUBLE) THEN ${id}::DOUBLE END`;
}

/** A DOUBLE literal with all its digits. */
export function double(value: number): string {
  return `'${value}'::DOUBLE`;
}
