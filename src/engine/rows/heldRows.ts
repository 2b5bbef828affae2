/** Rows of a relation copied into a table. They keep their positions. */
import type { Database } from '../duckdb';
import type { Rows } from './rows';

/** @param where SQL condition; absent: all rows */
export async function heldRows(database: Database, rows: Rows, table: string, where?: string): Promise<Rows> {
  const split = rows.splits.length > 0 ? ', __split' : '';
  const values = rows.columns.map(({ id }) => `${id}, `).join('');
  await database.run(
    `CREATE TABLE ${table} AS SELECT ${values}__row${split} FROM ${rows.relation}${where === undefined ? '' : ` WHERE ${where}`}`,
  );
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
