/** Rows of a relation copied into a table. They keep their positions. */
import type { Database } from '../duckdb';
import type { Rows } from './rows';

/** @param parts SQL that tells which of all rows, such as `WHERE … LIMIT …`; those of each part */
export async function heldRows(database: Database, rows: Rows, table: string, parts: readonly string[]): Promise<Rows> {
  const split = rows.splits.length > 0 ? ', __split' : '';
  const values = rows.columns.map(({ id }) => `${id}, `).join('');
  const selected = parts.map((part) => `(SELECT ${values}__row${split} FROM ${rows.relation} ${part})`);
  await database.run(`CREATE TABLE ${table} AS ${selected.join(' UNION ALL ')}`);
  const counts = await database.rows(
    `SELECT ${split === '' ? 'NULL' : '__split'} AS split, count(*) AS rows FROM ${table} GROUP BY split`,
  );
  return {
    ...rows,
    relation: table,
    rows: counts.reduce((sum, count) => sum + Number(count['rows']), 0),
    stored: 'table',
    splits: rows.splits.map(({ name }) => ({
      name,
      rows: Number(counts.find((count) => count['split'] === name)?.['rows'] ?? 0),
    })),
    between: (first, last) => `__row BETWEEN ${first} AND ${last}`,
  };
}
