/** A table in figures: per column what is missing, how many values there are and between which they lie. */
import type { PreviewTable } from '../../protocol';
import type { Database } from '../duckdb';
import { isNested, type StageColumn } from '../schema';
import type { Table } from '../transforms';

const HEAD_ROWS = 10;

export async function summaryOf(database: Database, { relation, columns }: Table): Promise<PreviewTable> {
  const figures = columns.flatMap(figuresOf);
  const row = await database.row(`SELECT ${['count(*) AS rows', ...figures].join(', ')} FROM ${relation}`);
  const texts = columns.map(({ id }) => `CAST(${id} AS VARCHAR) AS ${id}`);
  const head = await database.rows(
    `SELECT ${texts.length > 0 ? texts.join(', ') : '1'} FROM ${relation} ORDER BY id LIMIT ${HEAD_ROWS}`,
  );
  const rows = Number(row['rows']);
  const textOf = (key: string) => {
    const value = row[key];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    rows,
    columns: columns.map(({ id, name, type }) => {
      const minimum = textOf(`min_${id}`);
      const maximum = textOf(`max_${id}`);
      const mean = row[`mean_${id}`];
      return {
        name,
        type,
        missing: rows - Number(row[`present_${id}`]),
        distinct: Number(row[`distinct_${id}`]),
        ...(minimum !== undefined && { minimum }),
        ...(maximum !== undefined && { maximum }),
        ...(typeof mean === 'number' && Number.isFinite(mean) && { mean }),
      };
    }),
    head: head.map((values) => columns.map(({ id }) => (values[id] as string | null | undefined) ?? null)),
  };
}

function figuresOf({ id, type, physicalType }: StageColumn): string[] {
  const numeric = type === 'integer' || type === 'number';
  return [
    `count(${id}) AS present_${id}`,
    `count(DISTINCT ${id}) AS distinct_${id}`,
    ...(isNested(physicalType)
      ? []
      : [`CAST(min(${id}) AS VARCHAR) AS min_${id}`, `CAST(max(${id}) AS VARCHAR) AS max_${id}`]),
    ...(numeric ? [`avg(CAST(${id} AS DOUBLE)) AS mean_${id}`] : []),
  ];
}
