/** The rows that a check looks at: all, or those that meet its `where`. */
import type { CheckContext } from './check';

export interface Narrowed {
  /** SQL of a relation with these rows only. */
  readonly relation: string;
  readonly rows: number;
  /** SQL condition on all rows: one of these rows that meets this condition. */
  readonly among: (condition: string) => string;
}

/** @param written the condition, as people write it */
export async function narrowed(context: CheckContext, written: string | undefined): Promise<Narrowed> {
  const { relation, rows } = context;
  if (written === undefined) return { relation, rows, among: (condition) => condition };
  const where = await context.bind(written, ['where'], 'BOOLEAN');
  return {
    relation: `(SELECT * FROM ${relation} WHERE ${where})`,
    rows: Number(await context.aggregate(`count_if(${where})`)),
    among: (condition) => `${where} AND (${condition})`,
  };
}

/** Why there is nothing to look at. */
export function nothingToLookAt({ rows }: CheckContext): { readonly skipped: string } {
  return { skipped: rows === 0 ? 'There are no rows.' : 'No row meets the condition.' };
}
