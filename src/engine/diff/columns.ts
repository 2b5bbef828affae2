/** The columns of the two tables in figures. */
import { asVarchar, isNested, isNumeric, type StageColumn } from '../schema';
import type { Database } from '../duckdb';
import type { DiffData, DiffFigures } from '../../protocol';
import type { CommonColumn } from './compare';
import { meanOf } from './means';
import type { SideTable } from './side';

export async function columnChanges(
  database: Database,
  before: SideTable,
  after: SideTable,
  common: readonly CommonColumn[],
): Promise<DiffData['columns']> {
  // Of text formats nested values come as their text, which has no smallest one either.
  const nested = new Set(
    common
      .filter((column) => [column.before, column.after].some(({ physicalType }) => isNested(physicalType)))
      .map(({ name }) => name),
  );
  const [was, is] = [await figuresOf(database, before, nested), await figuresOf(database, after, nested)];
  return [...new Set([...was.keys(), ...is.keys()])].map((name) => {
    const [then, now] = [was.get(name), is.get(name)];
    const changed = JSON.stringify(then) !== JSON.stringify(now);
    return { name, changed, ...(then && { before: then }), ...(now && { after: now }) };
  });
}

async function figuresOf(
  database: Database,
  { name, columns }: SideTable,
  nested: ReadonlySet<string>,
): Promise<ReadonlyMap<string, DiffFigures>> {
  const expressions = columns.flatMap((column) => figures(column, nested.has(column.name)));
  const row = await database.row(`SELECT ${['count(*) AS rows', ...expressions].join(', ')} FROM ${name}`);
  const optional = (key: string) => {
    const value = row[key];
    return typeof value === 'string' ? value : undefined;
  };
  const found = new Map<string, DiffFigures>();
  for (const column of columns) {
    const { id, physicalType } = column;
    const [minimum, maximum] = [optional(`min_${id}`), optional(`max_${id}`)];
    const mean = isNumeric(physicalType) ? await meanOf(database, name, column) : undefined;
    found.set(column.name, {
      missing: Number(row['rows']) - Number(row[`present_${id}`]),
      distinct: Number(row[`distinct_${id}`]),
      ...(minimum !== undefined && { minimum }),
      ...(maximum !== undefined && { maximum }),
      ...(mean !== undefined && { mean }),
    });
  }
  return found;
}

function figures({ id, physicalType }: StageColumn, nested: boolean): string[] {
  return [
    `count(${id}) AS present_${id}`,
    `count(DISTINCT ${nested ? asVarchar(id, physicalType) : id}) AS distinct_${id}`,
    ...(nested || isNested(physicalType)
      ? []
      : (['min', 'max'] as const).map(
          (which) => `CAST(${extreme(`${which}(${id})`, physicalType)} AS VARCHAR) AS ${which}_${id}`,
        )),
  ];
}

/** Of 0 and -0, which are equal, the first one met would be told. */
function extreme(value: string, physicalType: string): string {
  const isFloat = physicalType === 'DOUBLE' || physicalType === 'FLOAT';
  return isFloat ? `CASE WHEN ${value} = 0 THEN CAST(0 AS ${physicalType}) ELSE ${value} END` : value;
}
