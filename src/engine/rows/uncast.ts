/** The cells of Parquet files that are no values of their column's declared type: they are null. */
import type { Database } from '../duckdb';
import { castColumns, type StageColumn } from '../schema';
import type { OpenSource } from '../sources';
import type { Finding } from '../../protocol';

/** One finding for each column that has any. Columns of the declared type are not read. */
export async function uncast(
  database: Database,
  sources: readonly OpenSource[],
  columns: readonly StageColumn[],
  dataset: string,
): Promise<Finding[]> {
  const counts = new Map<StageColumn, number>();
  for (const source of sources) {
    const { inner, failed } = castColumns(source, columns);
    const cast = columns.filter(({ id }) => failed.includes(`(r${id} IS NOT NULL`));
    if (cast.length === 0) continue;
    const misfits = cast.map(({ id }) => `count(*) FILTER (WHERE r${id} IS NOT NULL AND ${id} IS NULL) AS ${id}`);
    const row = await database.row(
      `SELECT ${misfits.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${source.relation})`,
    );
    for (const column of cast) counts.set(column, (counts.get(column) ?? 0) + Number(row[column.id]));
  }
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([{ name, type }, count]) => ({
      code: 'cast-failed',
      severity: 'warning',
      message: `${count === 1 ? '1 value' : `${count} values`} of ${name} cannot be read as ${type}; the cells became null.`,
      dataset,
      column: name,
      count,
      suggestion: 'Correct the cells, or declare another type.',
      configPath: ['datasets', dataset, 'schema', 'columns', name],
    }));
}
