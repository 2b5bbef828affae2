/** What is asked of many columns at once: as many aggregates as one statement takes well. */
import type { Database, Row, Value } from '../../duckdb';
import { inBatches } from '../../inBatches';

/** A wide relation is bound for each statement anew, and quantiles hold all values of their columns. */
const COLUMNS_AT_ONCE = 50;

/** Aggregates of each column, by the names of `ask`. */
export async function askColumns<C, K extends string>(
  database: Pick<Database, 'row'>,
  relation: string,
  columns: readonly C[],
  ask: (column: C) => Readonly<Partial<Record<K, string>>>,
): Promise<Partial<Record<K, Value>>[]> {
  const answers: Partial<Record<K, Value>>[] = [];
  for (const some of inBatches(columns, COLUMNS_AT_ONCE)) {
    const asked = some.map((column) => Object.entries(ask(column)) as [K, string][]);
    const list = asked.flatMap((each, place) => each.map(([name, sql]) => `${sql} AS ${name}_${place}`));
    const row: Row = list.length === 0 ? {} : await database.row(`SELECT ${list.join(', ')} FROM ${relation}`);
    for (const [place, each] of asked.entries()) {
      const own = each.map(([name]) => [name, row[`${name}_${place}`] ?? null] as const);
      answers.push(Object.fromEntries(own) as Partial<Record<K, Value>>);
    }
  }
  return answers;
}
