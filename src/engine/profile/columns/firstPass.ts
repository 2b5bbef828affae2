/** The first look at all values of a column. Columns are looked at together: to read the rows for each of them takes longer. */
import type { Row } from '../../duckdb';
import type { ColumnContext } from '../context';

export interface FirstPass {
  /** SQL by a name that no other column's has. */
  readonly inputs: Readonly<Record<string, string>>;
  /** SQL aggregates of them by name. */
  readonly figures: Readonly<Record<string, string>>;
}

/** One of the rows that are looked at where not all are. */
export const LOOKED = 'looked';

/** Rows of which it is seen whether values are mostly different. */
export const LOOKED_ROWS = 20_000;

/** What the passes find, in their order. */
export async function passed(
  { database, relation, rows }: ColumnContext,
  passes: readonly FirstPass[],
): Promise<Row[]> {
  // An odd step keeps out of step with most that repeats itself.
  const step = rows > LOOKED_ROWS ? Math.ceil(rows / LOOKED_ROWS) * 2 + 1 : 1;
  const inputs = passes.flatMap((pass) => Object.entries(pass.inputs).map(([name, sql]) => `${sql} AS ${name}`));
  const figures = passes.flatMap((pass, index) =>
    Object.entries(pass.figures).map(([name, sql]) => `${sql} AS ${name}_${index}`),
  );
  const row = await database.row(
    `SELECT ${figures.join(', ')} FROM (SELECT __row % ${step} = 0 AS ${LOOKED}, ${inputs.join(', ')} FROM ${relation})`,
  );
  return passes.map((pass, index) =>
    Object.fromEntries(Object.keys(pass.figures).map((name) => [name, row[`${name}_${index}`] ?? null])),
  );
}

/** What is known of a column already, or what one statement finds. */
export async function firstPass(context: ColumnContext, id: string, pass: FirstPass): Promise<Row> {
  const seen = context.seen?.get(id);
  if (seen) return seen;
  const [found = {}] = await passed(context, [pass]);
  return found;
}
