/** Which values a step made others of. */
import type { PreviewStep } from '../../protocol';
import type { Database } from '../duckdb';
import { isNumeric, type StageColumn } from '../schema';
import type { Table } from '../transforms';
import { idBefore } from './origins';

/** Among the rows and columns that are there before and after. */
export async function changedValues(
  database: Database,
  before: Table,
  after: Table,
): Promise<{ rows: number; columns: PreviewStep['columnsChanged'] }> {
  // A column that is handed on as it is keeps its id.
  const both = sharedColumns(before, after).filter(([old, now]) => now.id !== old.id);
  if (both.length === 0) return { rows: 0, columns: [] };
  const differ = both.map(([old, now]) => differs(old, now));
  const counts = differ.map((condition, index) => `count(*) FILTER (WHERE ${condition}) AS n${index}`);
  const row = await database.row(
    `SELECT count(*) FILTER (WHERE ${differ.join(' OR ')}) AS rows, ${counts.join(', ')} ` +
      `FROM ${before.relation} AS before JOIN ${after.relation} AS after ON before.id = after.${idBefore(after)}`,
  );
  return {
    rows: Number(row['rows']),
    columns: both.map(([{ name }], index) => ({ name, rows: Number(row[`n${index}`]) })).filter(({ rows }) => rows > 0),
  };
}

/** Columns of both tables, by their names. */
export function sharedColumns(before: Table, after: Table): (readonly [old: StageColumn, now: StageColumn])[] {
  const there = new Map(after.columns.map((column) => [column.name, column]));
  return before.columns.flatMap((old) => {
    const now = there.get(old.name);
    return now === undefined ? [] : [[old, now] as const];
  });
}

/** SQL condition over `before` and `after`: that the value has become another. 22 and 22.0 are one number. */
export function differs(old: StageColumn, now: StageColumn): string {
  const numbers = isNumeric(old.physicalType) && isNumeric(now.physicalType);
  const compared = (id: string) => (numbers ? id : `CAST(${id} AS VARCHAR)`);
  return `${compared(`before.${old.id}`)} IS DISTINCT FROM ${compared(`after.${now.id}`)}`;
}
