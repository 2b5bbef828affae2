/** A schema from the values alone: types, and constraints that all rows meet and that look meant. */
import { inBatches } from '../inBatches';
import { columnSpec } from '../init';
import { asVarchar, type StageColumn } from '../schema';
import type { Scalar, TableShape } from '../../protocol';
import { countMissing } from './missing';
import { shapeOf, type CountedColumn } from './shape';
import type { RowsToSketch } from './sketch';

/** Columns with at most this many values are listed as an enum. */
const FEW = 12;
/** The planner's time grows with the square of the number of expressions. */
const COLUMNS_AT_ONCE = 50;

interface RowsToInfer extends RowsToSketch {
  readonly columns: readonly StageColumn[];
}

export async function inferredShape(rows: RowsToInfer): Promise<TableShape> {
  const missing = await countMissing(rows);
  const columns: CountedColumn[] = [];
  for (const some of inBatches(rows.columns, COLUMNS_AT_ONCE)) {
    const values = await valuesOf(rows, some);
    for (const [index, column] of some.entries()) {
      const nulls = missing.get(column.id) ?? 0;
      const { distinct, few } = values[index] ?? { distinct: 0 };
      const { name, type, physicalType } = column;
      const spec = columnSpec({ name, type, rows: rows.rows, nulls, distinct, ...(few && { values: few }) }, false);
      columns.push({ name, type, physicalType, spec, missing: nulls });
    }
  }
  return shapeOf(columns);
}

interface Values {
  readonly distinct: number;
  /** In their order, where they are few. */
  readonly few?: readonly Scalar[];
}

/** Exact where they are few, and where there may be as many as rows. */
async function valuesOf(
  { database, relation, rows }: RowsToSketch,
  columns: readonly StageColumn[],
): Promise<Values[]> {
  const text = ({ id, physicalType }: StageColumn) => asVarchar(id, physicalType);
  const counts = await database.row(
    `SELECT ${columns.map((column, index) => `approx_count_distinct(${text(column)}) AS d${index}`).join(', ')} FROM ${relation}`,
  );
  const about = columns.map((_, index) => Number(counts[`d${index}`]));
  const closer = columns.flatMap((column, index) => {
    if (column.type !== 'string' && column.type !== 'integer') return [];
    const distinct = about[index] ?? 0;
    if (distinct <= 2 * FEW) return [`to_json(list(DISTINCT ${text(column)}))::VARCHAR AS l${index}`];
    return distinct >= rows * 0.8 ? [`count(DISTINCT ${column.id}) AS e${index}`] : [];
  });
  const exact = closer.length === 0 ? {} : await database.row(`SELECT ${closer.join(', ')} FROM ${relation}`);
  return columns.map(({ type }, index): Values => {
    const listed = exact[`l${index}`];
    if (typeof listed !== 'string') return { distinct: Number(exact[`e${index}`] ?? about[index] ?? 0) };
    const texts = ((JSON.parse(listed) as (string | null)[] | null) ?? []).filter((value) => value !== null);
    const values = type === 'integer' ? texts.map(Number).sort((a, b) => a - b) : texts.sort();
    const isFew =
      values.length <= FEW && values.every((value) => typeof value === 'string' || Number.isSafeInteger(value));
    return { distinct: values.length, ...(isFew && { few: values }) };
  });
}
