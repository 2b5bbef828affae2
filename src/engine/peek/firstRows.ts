/** The first rows of files as texts for a screen, with the types that they are read as. */
import type { Database } from '../duckdb';
import { beginning, cutOff } from '../grid';
import { firstRowsOf } from '../look';
import { castColumns, uniteColumns } from '../schema';
import type { SourceFile } from '../sources';
import { SHOWN_CHARACTERS, type Peek, type TableSchema } from '../../protocol';

/** Without a total where only reading all of the files would tell it. */
export type FirstRows = Pick<Peek, 'columns' | 'rows' | 'total' | 'format' | 'findings'>;

interface Place {
  readonly database: Database;
  /** A folder for copies; removed by whoever made it. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'null' };

/** Throws what opening the files throws. */
export async function firstRows(files: readonly SourceFile[], place: Place, most: number): Promise<FirstRows> {
  const { database } = place;
  const { sources, whole } = await firstRowsOf(files, { ...place, dataset: '', schema: undeclared });
  const { columns, findings } = await uniteColumns(database, sources, undeclared, '');
  const rows = columns.map(({ id }) => id).join(', ');
  const tables = sources.map(
    (source) => `SELECT ${rows} FROM (SELECT ${castColumns(source, columns).inner.join(', ')} FROM ${source.relation})`,
  );
  const told = [...sources.flatMap((source) => source.findings), ...findings];
  const found = { findings: told.map(({ dataset: _, ...finding }) => finding) };
  if (columns.length === 0) return { columns: [], rows: [], ...found };
  const all = tables.join(' UNION ALL ');
  const texts = columns.map((column) => `${beginning(column, SHOWN_CHARACTERS)} AS ${column.id}`).join(', ');
  const values = await database.rows(`SELECT ${texts} FROM (${all}) LIMIT ${most}`);
  const format = sources[0]?.format;
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: values.map((row) => columns.map(({ id }) => shownValue(row[id] as string | null))),
    ...(whole && { total: Number((await database.row(`SELECT count(*) AS n FROM (${all})`))['n']) }),
    ...(format && { format }),
    ...found,
  };
}

function shownValue(value: string | null): string | null {
  if (value === null) return null;
  const { text, cut } = cutOff(value, SHOWN_CHARACTERS);
  return cut ? `${text}…` : text;
}
