/** How columns of the two tables are held against each other, and each in figures. */
import { isNested, isNumeric, type StageColumn } from '../schema';
import type { Database } from '../duckdb';
import type { DiffData, DiffFigures } from '../../protocol';
import type { SideTable } from './side';

export interface CommonColumn {
  readonly name: string;
  readonly before: StageColumn;
  readonly after: StageColumn;
  readonly asText: boolean;
}

/** In the order of the first table. */
export function commonColumns(before: SideTable, after: SideTable): CommonColumn[] {
  return before.columns.flatMap((column): CommonColumn[] => {
    const now = after.columns.find(({ name }) => name === column.name);
    if (now === undefined) return [];
    // 22 and 22.0 are one number.
    const alike =
      column.physicalType === now.physicalType || (isNumeric(column.physicalType) && isNumeric(now.physicalType));
    return [{ name: column.name, before: column, after: now, asText: !alike }];
  });
}

/** SQL for a column as it is compared. */
export function compared(alias: string, { id, physicalType }: StageColumn, asText: boolean): string {
  const value = `${alias}.${id}`;
  return asText ? asVarchar(value, physicalType) : value;
}

export function asVarchar(value: string, physicalType: string): string {
  if (physicalType === 'VARCHAR') return value;
  return isNested(physicalType) ? `CAST(to_json(${value}) AS VARCHAR)` : `CAST(${value} AS VARCHAR)`;
}

export async function columnChanges(
  database: Database,
  before: SideTable,
  after: SideTable,
): Promise<DiffData['columns']> {
  const [was, is] = [await figuresOf(database, before), await figuresOf(database, after)];
  return [...new Set([...was.keys(), ...is.keys()])].map((name) => {
    const [then, now] = [was.get(name), is.get(name)];
    const changed = JSON.stringify(then) !== JSON.stringify(now);
    return { name, changed, ...(then && { before: then }), ...(now && { after: now }) };
  });
}

async function figuresOf(database: Database, { name, columns }: SideTable): Promise<ReadonlyMap<string, DiffFigures>> {
  const row = await database.row(`SELECT ${['count(*) AS rows', ...columns.flatMap(figures)].join(', ')} FROM ${name}`);
  const optional = (key: string) => {
    const value = row[key];
    return typeof value === 'string' ? value : undefined;
  };
  return new Map(
    columns.map(({ id, name: column }) => {
      const [minimum, maximum, mean] = [optional(`min_${id}`), optional(`max_${id}`), row[`mean_${id}`]];
      return [
        column,
        {
          missing: Number(row['rows']) - Number(row[`present_${id}`]),
          distinct: Number(row[`distinct_${id}`]),
          ...(minimum !== undefined && { minimum }),
          ...(maximum !== undefined && { maximum }),
          // The last digits of a sum depend on the order of its terms.
          ...(typeof mean === 'number' && Number.isFinite(mean) && { mean: Number(mean.toPrecision(12)) }),
        },
      ];
    }),
  );
}

function figures({ id, physicalType }: StageColumn): string[] {
  const finite = `CASE WHEN isfinite(${id}::DOUBLE) THEN ${id}::DOUBLE END`;
  return [
    `count(${id}) AS present_${id}`,
    `count(DISTINCT ${id}) AS distinct_${id}`,
    ...(isNested(physicalType)
      ? []
      : [`CAST(min(${id}) AS VARCHAR) AS min_${id}`, `CAST(max(${id}) AS VARCHAR) AS max_${id}`]),
    ...(isNumeric(physicalType) ? [`kahan_sum(${finite}) / count(${finite}) AS mean_${id}`] : []),
  ];
}
