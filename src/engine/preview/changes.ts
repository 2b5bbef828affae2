/** Which values a step made others of. */
import type { PreviewStep } from '../../protocol';
import type { Database } from '../duckdb';
import { isNumeric } from '../schema';
import type { Table } from '../transforms';

/** Among the rows and columns that are there before and after. */
export async function changedValues(
  database: Database,
  before: Table,
  after: Table,
): Promise<{ rows: number; columns: PreviewStep['columnsChanged'] }> {
  const both = before.columns.flatMap((old) => {
    const now = after.columns.find(({ name }) => name === old.name);
    // A column that is handed on as it is keeps its id.
    if (now === undefined || now.id === old.id) return [];
    // 22 and 22.0 are one number.
    const numbers = isNumeric(old.physicalType) && isNumeric(now.physicalType);
    const compared = (id: string) => (numbers ? id : `CAST(${id} AS VARCHAR)`);
    return [
      { name: old.name, differs: `${compared(`before.${old.id}`)} IS DISTINCT FROM ${compared(`after.${now.id}`)}` },
    ];
  });
  if (both.length === 0) return { rows: 0, columns: [] };
  const differ = both.map(({ differs }) => differs);
  const counts = differ.map((condition, index) => `count(*) FILTER (WHERE ${condition}) AS n${index}`);
  const row = await database.row(
    `SELECT count(*) FILTER (WHERE ${differ.join(' OR ')}) AS rows, ${counts.join(', ')} ` +
      `FROM ${before.relation} AS before JOIN ${after.relation} AS after ON before.id = after.${after.renumbered ? '__was' : 'id'}`,
  );
  return {
    rows: Number(row['rows']),
    columns: both.map(({ name }, index) => ({ name, rows: Number(row[`n${index}`]) })).filter(({ rows }) => rows > 0),
  };
}
