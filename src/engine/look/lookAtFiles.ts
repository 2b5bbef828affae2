/** A look at the first rows of a source, for whoever writes what they are declared as. */
import { castColumns, uniteColumns, type StageColumn } from '../schema';
import type { OpenSource, SourceFile } from '../sources';
import { MldataError, type Finding, type SourceLook, type TableSchema } from '../../protocol';
import { contradictions } from './contradictions';
import { figuresOf } from './figures';
import { firstRowsOf, type LookContext } from './firstRows';

export type Seen = Pick<SourceLook, 'rows' | 'partial' | 'columns' | 'findings'> & {
  /** Whether the source has no other columns. */
  readonly allColumns: boolean;
};

const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'null' };

/** Throws what opening the files throws. */
export async function lookAtFiles(files: readonly SourceFile[], context: LookContext): Promise<Seen> {
  const { database, dataset, schema } = context;
  const { sources, whole, allColumns } = await firstRowsOf(files, context);
  if (sources.length === 0) return { rows: 0, partial: true, allColumns: false, columns: [], findings: [] };
  const { columns } = await uniteColumns(database, sources, undeclared, dataset);
  await database.run(`CREATE TABLE seen AS ${selected(sources, columns)}`);
  const { rows } = await database.row('SELECT count(*) AS rows FROM seen');
  return {
    rows: Number(rows),
    partial: !whole,
    allColumns,
    columns: await figuresOf(database, 'seen', columns),
    findings: await against(schema, sources, { whole, allColumns }, context),
  };
}

async function against(
  schema: TableSchema,
  sources: readonly OpenSource[],
  known: { readonly whole: boolean; readonly allColumns: boolean },
  { database, dataset }: LookContext,
): Promise<Finding[]> {
  try {
    const { columns, findings } = await uniteColumns(database, sources, schema, dataset);
    await database.run(
      `CREATE TABLE declared AS SELECT row_number() OVER () AS id, * FROM (${selected(sources, columns)})`,
    );
    const aboutColumns = findings.filter(
      ({ code }) => code === 'column-extra' || (code === 'column-missing' && known.allColumns),
    );
    return [
      ...aboutColumns,
      ...(await contradictions({ database, dataset, schema, sources, columns, table: 'declared', whole: known.whole })),
    ];
  } catch (error) {
    // Constraints that the values cannot be compared with.
    if (error instanceof MldataError && error.kind === 'config') return [...error.findings];
    throw error;
  }
}

/** Every row with its values by the ids of the columns, and whether a cell of it could not be cast. */
function selected(sources: readonly OpenSource[], columns: readonly StageColumn[]): string {
  const values = columns.map(({ id }) => `${id}, `).join('');
  return sources
    .map((source) => {
      const { inner, failed } = castColumns(source, columns);
      return `SELECT ${values}(${failed}) AS __bad FROM (SELECT ${inner.join(', ')} FROM ${source.relation})`;
    })
    .join(' UNION ALL ');
}
