/** What a model is to predict, as far as rows tell it. */
import { columnTypeOf, isNumeric } from '../schema';
import { semanticOfNumbers } from '../statistics';
import type { CheckContext, CheckedColumn } from './check';
import { isFiniteNumber } from './numbers';
import type { Narrowed } from './narrowed';

export interface Target {
  readonly column: CheckedColumn;
  /** `lists`: several classes for a row. */
  readonly kind: 'classes' | 'amount' | 'lists';
}

/** The column of this name, or the first whose role is `target`. */
export function targetColumn({ columns }: CheckContext, name?: string): CheckedColumn | undefined {
  return columns.find((column) => (name === undefined ? column.spec.role === 'target' : column.name === name));
}

/** By the same rule as a profile. Undefined where it is neither of classes nor of numbers. */
export async function targetOf(
  { aggregate }: CheckContext,
  { among }: Narrowed,
  column: CheckedColumn,
): Promise<Target | undefined> {
  const { id, name, physicalType, spec } = column;
  if (isNumeric(physicalType)) {
    const integer = columnTypeOf(physicalType) === 'integer';
    const values = `CASE WHEN ${among(isFiniteNumber(column))} THEN ${id} END`;
    const sql = [`count(DISTINCT ${values})`, `count(${values})`];
    const [distinct = 0, count = 0] = (await Promise.all(sql.map(aggregate))).map(Number);
    const semantic = semanticOfNumbers(
      { name, id, type: columnTypeOf(physicalType), physicalType, spec: { ...spec, role: 'target' } },
      { integer, count, distinct, unique: distinct === count, min: NaN, max: NaN },
    );
    return { column, kind: semantic === 'categorical' ? 'classes' : 'amount' };
  }
  switch (physicalType === 'VARCHAR' ? (spec.type ?? 'string') : columnTypeOf(physicalType)) {
    case 'array':
      return { column, kind: 'lists' };
    case 'string':
    case 'boolean':
      return { column, kind: 'classes' };
    default:
      return undefined;
  }
}

/** SQL of all labels of a row, each once and in order, or of its one label. */
export function labelOf({ column: { id, physicalType }, kind }: Target): string {
  if (kind !== 'lists') return id;
  const isJson = physicalType === 'VARCHAR' || physicalType === 'JSON';
  // Of a fixed length, or of any.
  const list = isJson
    ? `from_json(CAST(${id} AS JSON), '["VARCHAR"]')`
    : `CAST(${id} AS ${physicalType.replace(/\[\d+\]$/, '[]')})`;
  return `list_sort(list_distinct(${list}))`;
}

/** Whether a model is trained on a column: neither what tells rows apart, nor what a person keeps from the training. */
export function isTrainedOn({ schema }: CheckContext, { name, spec: { role } }: CheckedColumn): boolean {
  return (role === undefined || role === 'feature' || role === 'time') && !schema.primaryKey.includes(name);
}
