/** Looks at a file the way a person would before declaring it: types, gaps, distinct values. */
import type { Database } from '../duckdb';
import { openSource, type SourceFile } from '../sources';
import { uniteColumns } from '../schema';
import type { ColumnType, Finding, TableSchema } from '../../protocol';

export interface ColumnLook {
  readonly name: string;
  readonly type: ColumnType;
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  /** The values in order, when they are few. */
  readonly values?: readonly (string | number | boolean)[];
}

export interface Look {
  readonly columns: readonly ColumnLook[];
  readonly findings: readonly Finding[];
}

/** Columns of text with at most this many values are listed as an enum. */
const FEW = 12;

const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'fail' };

export async function lookAt(
  files: readonly SourceFile[],
  database: Database,
  scratch: string,
  signal: AbortSignal,
): Promise<Look> {
  const sources = [];
  for (const file of files) {
    sources.push(
      await openSource(file, {
        database,
        dataset: file.name,
        scratch,
        declared: new Map(),
        signal,
        maxRecordBytes: 32 << 20,
        parseValues: false,
        mixedNewlines: new Map(),
      }),
    );
  }
  const columns = await uniteColumns(database, sources, undeclared);
  const looks: ColumnLook[] = [];
  for (const column of columns) {
    const values = sources
      .flatMap((source) =>
        source.columns
          .filter(({ name }) => name === column.name)
          .map(({ expression }) => `SELECT CAST(${expression} AS VARCHAR) AS value FROM ${source.relation}`),
      )
      .join(' UNION ALL ');
    const row = await database.row(
      `SELECT count(*) AS rows, count(*) - count(value) AS nulls, count(DISTINCT value) AS distinct_values FROM (${values})`,
    );
    const distinct = Number(row['distinct_values']);
    const listed =
      distinct > 0 && distinct <= FEW && (column.type === 'string' || column.type === 'integer')
        ? await database.rows(`SELECT DISTINCT value FROM (${values}) WHERE value IS NOT NULL ORDER BY value`)
        : undefined;
    looks.push({
      name: column.name,
      type: column.type,
      rows: Number(row['rows']),
      nulls: Number(row['nulls']),
      distinct,
      ...(listed && { values: listed.map(({ value }) => (column.type === 'integer' ? Number(value) : String(value))) }),
    });
  }
  return { columns: looks, findings: sources.flatMap(({ findings }) => findings) };
}
