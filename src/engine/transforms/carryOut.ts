/** Makes of a table what a step changes it to. */
import { columnTypeOf, type StageColumn } from '../schema';
import { StepError } from './stepError';
import { isNew, type Change, type NewColumn, type Table } from './table';
import type { TransformContext } from './transform';

export interface CarriedOut {
  readonly table: Table;
  /** Whether the rows stand in a table of their own; else they are computed from those before. */
  readonly stored: boolean;
  /** SQL that drops what was made, to be run from the last one on. */
  readonly drops: readonly string[];
}

type Placed = { readonly column: StageColumn | NewColumn; readonly id: string };

/** A view where values only change; a table where rows go, or are looked up elsewhere, so that it is done once. */
export async function carryOut(table: Table, change: Change, context: TransformContext): Promise<CarriedOut> {
  refuseTwins(change.columns.map(({ name }) => name));
  let next = Math.max(-1, ...table.columns.map(({ id }) => Number(id.slice(1))));
  const placed = change.columns.map((column) => ({ column, id: isNew(column) ? `c${++next}` : column.id }));
  const { relation, stored, drops } = await make(table, change, placed, context);
  const described = await context.database.describe(`SELECT * FROM ${relation}`);
  const types = new Map(described.map(({ name, type }) => [name, type]));
  const columns = placed.map(({ column, id }) =>
    isNew(column) ? staged(column, id, types.get(id) ?? 'VARCHAR', table) : column,
  );
  const renumbered = change.order !== undefined || change.instead !== undefined;
  return { table: { relation, columns, ...(renumbered && { renumbered }) }, stored, drops };
}

async function make(
  table: Table,
  { where, joins, order, detached, more, instead, stored: wanted }: Change,
  placed: readonly Placed[],
  { database, freshName }: TransformContext,
): Promise<{ relation: string; stored: boolean; drops: string[] }> {
  const relation = freshName();
  const list = placed.map(({ column, id }) => (isNew(column) ? `${column.value} AS ${id}` : `t.${id}`));
  const select = (...own: string[]) => `SELECT ${[...own, ...list].join(', ')}`;
  const made = 'rowid AS id, NULL::UINTEGER AS __file, rowid AS __read';
  if (instead !== undefined) {
    await database.run(`CREATE VIEW ${relation} AS ${select(made, 'NULL::BIGINT AS __was')} FROM ${instead} AS t`);
    // What the rows were made of has been read.
    return { relation, stored: true, drops: [`DROP TABLE ${instead}`, `DROP VIEW ${relation}`] };
  }
  const from =
    ` FROM ${table.relation} AS t ${(joins ?? []).join(' ')}` + (where === undefined ? '' : ` WHERE ${where}`);
  if (order !== undefined) {
    const rows = freshName();
    await database.run(
      `CREATE TABLE ${rows} AS ${select('t.id AS __was', 't.__file', 't.__read')}${from} ORDER BY ${[...order, 't.id'].join(', ')}`,
    );
    const numbered = detached ? `${made}, * EXCLUDE (__file, __read)` : 'rowid AS id, *';
    await database.run(`CREATE VIEW ${relation} AS SELECT ${numbered} FROM ${rows}`);
    return { relation, stored: true, drops: [`DROP TABLE ${rows}`, `DROP VIEW ${relation}`] };
  }
  const query = select('t.id', 't.__file', 't.__read') + from;
  const stored = where !== undefined || joins !== undefined || more !== undefined || wanted === true;
  await database.run(
    stored
      ? `CREATE TABLE ${relation} AS ${query}${joins ? ' ORDER BY t.id' : ''}`
      : `CREATE VIEW ${relation} AS ${query}`,
  );
  if (more !== undefined) {
    const { last } = await database.row(`SELECT coalesce(max(id), -1) AS last FROM ${relation}`);
    const values = [`${Number(last) + 1} + s.id`, 's.__file', 's.__read', ...more.values];
    await database.run(`INSERT INTO ${relation} SELECT ${values.join(', ')} FROM ${more.side.relation} AS s`);
  }
  return { relation, stored, drops: [`DROP ${stored ? 'TABLE' : 'VIEW'} ${relation}`] };
}

function staged({ name, type }: NewColumn, id: string, physicalType: string, table: Table): StageColumn {
  const before = table.columns.find((column) => column.name === name)?.spec;
  // What the schema asks of values, it asks of them as read.
  const { role, title, description } = before ?? {};
  return {
    name,
    id,
    type: type ?? columnTypeOf(physicalType),
    physicalType,
    spec: {
      ...(role && { role }),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    },
  };
}

/** Most readers of Parquet take names that differ only in case for one. */
function refuseTwins(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      throw new StepError({
        code: 'transform-step',
        message: `It would leave the columns ${twin} and ${name}, whose names are the same but for the case of letters.`,
        suggestion: 'Choose another name.',
        at: [],
        column: name,
      });
    seen.set(name.toLowerCase(), name);
  }
}
