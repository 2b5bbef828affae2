import type { sql as declared } from '../../config/transforms/sql';
import { identifier, type Database } from '../duckdb';
import { columnTypeOf } from '../schema';
import { bindQuery, INPUT } from './query';
import type { Change, NewColumn, Table } from './table';
import type { ParametersOf, Unfitted } from './transform';

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
    for (const { name, type } of await database.describe(`SELECT * FROM ${made}`))
      columns.push({ name, value: await storable(database, made, identifier(name), type), type: columnTypeOf(type) });
    return { columns, instead: made };
  },
};

/** The rows with their names, in their order. */
function inputOf({ relation, columns }: Table): string {
  const list = columns.map(({ name, id }) => `${id} AS ${identifier(name)}`);
  return `SELECT ${list.join(', ')} FROM ${relation}`;
}

/** SQL of a value as outputs hold it: none knows the integers that sums are, and 0 and -0 are equal where rows are ordered. */
async function storable(database: Database, made: string, column: string, type: string): Promise<string> {
  if (type === 'DOUBLE' || type === 'FLOAT') return `t.${column} + 0`;
  if (type !== 'HUGEINT' && type !== 'UHUGEINT') return `t.${column}`;
  const found = await database.row(
    `SELECT count(*) AS wide FROM ${made} WHERE ${column} IS NOT NULL AND try_cast(${column} AS BIGINT) IS NULL`,
  );
  return `t.${column}::${found['wide'] === 0n ? 'BIGINT' : 'DECIMAL(38,0)'}`;
}
