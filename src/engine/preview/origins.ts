/** Which row of the first table each row of a later one was made of. */
import type { Database } from '../duckdb';
import type { Table } from '../transforms';

/** SQL name of a table with `id`, and `was`: the id of the row it was; no line for rows that steps made. */
export type Origins = string;

let tables = 0;

/** Every row is itself before the first step. */
export async function ownOrigins(database: Database, { relation }: Table): Promise<Origins> {
  return make(database, `SELECT id, id AS was FROM ${relation}`);
}

/**
 * A step may number rows anew, and those that a union adds may get the number of one that went before: so it is told
 * step by step.
 */
export async function originsAfter(
  database: Database,
  origins: Origins,
  before: Table,
  after: Table,
): Promise<Origins> {
  return make(
    database,
    `SELECT a.id, o.was FROM ${after.relation} AS a JOIN ${before.relation} AS b ON b.id = a.${idBefore(after)} ` +
      `JOIN ${origins} AS o ON o.id = b.id`,
  );
}

/** The column that says which row of the table before a row was. */
export function idBefore({ renumbered }: Table): string {
  return renumbered ? '__was' : 'id';
}

async function make(database: Database, query: string): Promise<Origins> {
  const name = `origins_${++tables}`;
  await database.run(`CREATE TABLE ${name} AS ${query}`);
  return name;
}
