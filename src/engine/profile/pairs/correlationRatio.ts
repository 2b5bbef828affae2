/**
 * The correlation ratio η (not η²) of numbers within classes: the root of the share of the variance that lies between
 * the classes. Of the rows in which the class is there, and the number neither missing nor NaN nor infinite.
 */
import type { Database } from '../../duckdb';
import { momentsOf, type Cube } from './cube';
import type { Measure } from './measures';
import { inBatches } from '../../inBatches';
import { coefficient } from '../../statistics';

/** Two or three aggregates each. */
const MEASURES_AT_ONCE = 40;

/**
 * In the order of the measures; null where there is one class only, or the numbers are constant.
 * @param classes the id of a column with few values
 * @param cube where rows are counted by it already, and the measures summed
 */
export async function correlationRatios(
  database: Database,
  relation: string,
  classes: string,
  measures: readonly Measure[],
  cube?: Cube,
): Promise<(number | null)[]> {
  const values: (number | null)[] = [];
  for (const batch of inBatches(measures, MEASURES_AT_ONCE)) {
    const sums = batch.map((measure, index) => {
      const [n, sum, squares] = momentsOf(measure, cube);
      return `${n} AS n${index}, ${sum} AS s${index}, ${squares} AS q${index}`;
    });
    const numbers = batch.map(({ id, value }) => `${value} AS ${id}`).join(', ');
    const rows = cube ? cube.relation : `(SELECT ${classes} AS class, ${numbers} FROM ${relation})`;
    const key = cube ? classes : 'class';
    const groups = await database.rows(
      `SELECT ${sums.join(', ')} FROM ${rows} WHERE ${key} IS NOT NULL GROUP BY ${key} ORDER BY ${key}`,
    );
    for (const index of batch.keys()) {
      const figures = groups.map((row) => ({
        n: Number(row[`n${index}`]),
        sum: Number(row[`s${index}`] ?? 0),
        squares: Number(row[`q${index}`] ?? 0),
      }));
      values.push(coefficient(ratio(figures.filter(({ n }) => n > 0))));
    }
  }
  return values;
}

interface Group {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

function ratio(groups: readonly Group[]): number {
  if (groups.length < 2) return NaN;
  const n = total(groups, (group) => group.n);
  const mean = total(groups, ({ sum }) => sum) / n;
  const between = total(groups, (group) => group.n * (group.sum / group.n - mean) ** 2);
  const all = total(groups, ({ squares }) => squares) - n * mean ** 2;
  return all > 0 ? Math.sqrt(between / all) : NaN;
}

function total(groups: readonly Group[], part: (group: Group) => number): number {
  return groups.reduce((sum, group) => sum + part(group), 0);
}
