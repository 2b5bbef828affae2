/** Aggregates over one relation, for many things at once. */
import type { Database, Row } from '../duckdb';
import { inBatches } from '../inBatches';

/** Of one statement: the planner's time grows faster than their number. */
const AT_ONCE = 150;

/** Names of figures, and the SQL of each. */
export type Aggregates = Readonly<Record<string, string>>;

/** One row for each of `asked`, in their order. */
export async function askAll(database: Database, relation: string, asked: readonly Aggregates[]): Promise<Row[]> {
  const each = Math.max(1, ...asked.map((aggregates) => Object.keys(aggregates).length));
  const answers: Row[] = [];
  for (const batch of inBatches(asked, Math.max(1, Math.floor(AT_ONCE / each)))) {
    const list = batch.flatMap((aggregates, index) =>
      Object.entries(aggregates).map(([name, sql]) => `${sql} AS ${name}_${index}`),
    );
    const row: Row = list.length === 0 ? {} : await database.row(`SELECT ${list.join(', ')} FROM ${relation}`);
    answers.push(
      ...batch.map((aggregates, index) =>
        Object.fromEntries(Object.keys(aggregates).map((name) => [name, row[`${name}_${index}`] ?? null])),
      ),
    );
  }
  return answers;
}
