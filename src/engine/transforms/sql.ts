import type { sql as declared } from '../../config/transforms/sql';
import { identifier, type Database } from '../duckdb';
import { columnTypeOf, storable } from '../schema';
import { bindQuery, INPUT } from './query';
import type { Change, NewColumn, Table } from './table';
import type { ParametersOf, Unfitted } from './transform';
import { withoutNegativeZeros } from './zeros';

export const sql: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ query }, table, { database, freshName }): Promise<Change> => {
    const made = freshName();
    await database.run(`CREATE VIEW ${INPUT} AS ${inputOf(table)}`);
    try {
      const bound = await bindQuery(database, query);
      await database.run(`CREATE TABLE ${made} AS ${bound.sql}`);
    } finally {
      await database.run(`DROP VIEW ${INPUT}`);
    }
    const columns: NewColumn[] = [];
    for (const { name, type } of await database.describe(`SELECT * FROM ${made}`)) {
      const held = await heldType(database, made, identifier(name), type);
      const value = withoutNegativeZeros(`t.${identifier(name)}`, type);
      columns.push({ name, value: held === type ? value : `CAST(${value} AS ${held})`, type: columnTypeOf(type) });
    }
    return { columns, instead: made };
  },
};

/** The rows with their names, in their order. */
function inputOf({ relation, columns }: Table): string {
  const list = columns.map(
    ({ name, id, physicalType }) => `${withoutNegativeZeros(id, physicalType)} AS ${identifier(name)}`,
  );
  return `SELECT ${list.join(', ')} FROM ${relation}`;
}

/** The type for values as outputs hold them: none knows the integers that sums are. */
async function heldType(database: Database, made: string, column: string, type: string): Promise<string> {
  if (type !== 'HUGEINT' && type !== 'UHUGEINT') return storable(type);
  const found = await database.row(
    `SELECT count(*) AS wide FROM ${made} WHERE ${column} IS NOT NULL AND try_cast(${column} AS BIGINT) IS NULL`,
  );
  return found['wide'] === 0n ? 'BIGINT' : storable(type);
}
