/** Means and deviations of the training rows, the same to the last bit on any number of threads. */
import { sum as compensatedSum } from 'simple-statistics';
import { double, finite, type Database } from '../duckdb';
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
  { database, training }: Pick<FitContext, 'database' | 'training'>,
): Promise<Moments[]> {
  return database.inOrder(async () => {
    const list = columns.map(({ id }) => `${finite(id)} AS ${id}`).join(', ');
    const values = `(SELECT id, ${list} FROM ${training})`;
    const means = await averages(columns, ({ id }) => id, values, database);
    const mean = ({ id }: StageColumn) => means.get(id) ?? null;
    const squares = await averages(columns, (c) => `(${c.id} - ${double(mean(c) ?? 0)}) ** 2`, values, database);
    // The mean of equal values may be off by a bit, and they would seem to deviate from it.
    const constants = await database.row(
      `SELECT ${columns.map(({ id }) => `CASE WHEN min(${id}) = max(${id}) THEN min(${id}) END AS ${id}`).join(', ')} FROM ${values}`,
    );
    return columns.map((column) => {
      const { name, id } = column;
      const constant = constants[id];
      if (typeof constant === 'number') return { column: name, mean: constant, deviation: 0 };
      const square = squares.get(id);
      return { column: name, mean: mean(column), deviation: square === undefined ? null : Math.sqrt(square) };
    });
  });
}

/** Ids that are sorted at a time: with more, the engine's sort in one thread takes more than small memory limits allow. */
const PIECE = 2 ** 20;

/** Of an expression over each column, by the column's id; none for a column without values. */
async function averages(
  columns: readonly StageColumn[],
  expression: (column: StageColumn) => string,
  values: string,
  database: Database,
): Promise<Map<string, number>> {
  const { first, last } = await database.row(`SELECT min(id) AS first, max(id) AS last FROM ${values}`);
  const sums = columns.map((): number[] => []);
  const counts = columns.map(() => 0);
  const list = columns
    .map((column, index) => `kahan_sum(${expression(column)}) AS s${index}, count(${column.id}) AS n${index}`)
    .join(', ');
  if (first === null) return new Map();
  for (let start = Number(first); start <= Number(last); start += PIECE) {
    const piece = `(FROM ${values} WHERE id >= ${start} AND id < ${start + PIECE} ORDER BY id)`;
    const row = await database.row(`SELECT ${list} FROM ${piece}`);
    for (const index of columns.keys()) {
      const sum = row[`s${index}`];
      if (typeof sum !== 'number') continue;
      sums[index]?.push(sum);
      counts[index] = (counts[index] ?? 0) + Number(row[`n${index}`]);
    }
  }
  return new Map(
    columns.flatMap(({ id }, index): [string, number][] => {
      const count = counts[index] ?? 0;
      return count === 0 ? [] : [[id, total(sums[index] ?? []) / count]];
    }),
  );
}

/** One sum stays as it is to the last bit. */
function total([first = 0, ...others]: readonly number[]): number {
  return others.length === 0 ? first : compensatedSum([first, ...others]);
}
