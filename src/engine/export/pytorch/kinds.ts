/** What each column is for, and what its values become. */
import { columnTypeOf } from '../../schema';
import { elementTypeOf } from '../../statistics';
import type { ColumnType } from '../../../protocol';
import type { ExportedColumn, ReadData } from '../exported';
import type { SchemaColumn, ValueKind } from './documents';

export type Role = SchemaColumn['role'];

/** A column with all that is decided about it. */
export interface PlannedColumn extends ExportedColumn {
  readonly use: Role;
  readonly kind: ValueKind;
}

export const dtypes: Readonly<Partial<Record<ValueKind, NonNullable<SchemaColumn['dtype']>>>> = {
  number: 'float32',
  numbers: 'float32',
  time: 'float32',
  datetime: 'float64',
  category: 'int64',
  class: 'int64',
};

/** The kind by the types alone: texts are `text`, and a target is what any other column would be. */
export function kindOf({
  type,
  physicalType,
}: {
  readonly type: ColumnType;
  readonly physicalType: string;
}): ValueKind {
  if (type === 'image' || type === 'audio') return type;
  const element = elementTypeOf(physicalType);
  if (element !== undefined) {
    const kind = kindOf({ type: columnTypeOf(element), physicalType: element });
    return kind === 'number' ? 'numbers' : kind === 'text' ? 'texts' : 'object';
  }
  switch (columnTypeOf(physicalType)) {
    case 'integer':
    case 'number':
    case 'boolean':
      return 'number';
    case 'date':
    case 'datetime':
      return 'datetime';
    case 'time':
      return 'time';
    case 'string':
      return 'text';
    default:
      return physicalType === 'JSON' ? 'text' : 'object';
  }
}

/** What a column is for. What identifies a row, or says how the rows were divided, is nothing to learn from. */
export function roleOf(column: ExportedColumn, target: string, { spec, manifest }: ReadData): Role {
  const { name, role, kind } = { ...column, kind: kindOf(column) };
  if (name === target) return 'target';
  if (role === 'target') return 'ignore';
  if (role === 'weight') return kind === 'number' ? 'weight' : 'ignore';
  if (isRole(role)) return role;
  const split = manifest?.config.split;
  if (name === split?.group) return 'group';
  if (name === split?.time) return 'time';
  const schema = spec?.schema;
  const [key, ...more] = schema?.primaryKey ?? [];
  const identifies = column.spec.unique === true || (name === key && more.length === 0);
  return identifies && kind !== 'image' && kind !== 'audio' ? 'id' : 'feature';
}

function isRole(role: string | undefined): role is Role {
  return role === 'feature' || role === 'id' || role === 'group' || role === 'time' || role === 'ignore';
}

/** Whether what the config declares of a column's values still holds: no step changed them. */
export function holdsAsDeclared({ asRead }: ExportedColumn, { manifest }: ReadData): boolean {
  return asRead === true || (manifest?.steps ?? []).length === 0;
}
