/** How columns of the two tables are held against each other. */
import { asVarchar, isNumeric, type StageColumn } from '../schema';
import type { SideTable } from './side';

/** As the engine compares them, as the digits of numbers of which no type holds all, or as text, which is said. */
type Way = 'values' | 'digits' | 'text';

export interface CommonColumn {
  readonly name: string;
  readonly before: StageColumn;
  readonly after: StageColumn;
  readonly by: Way;
}

/** In the order of the first table. */
export function commonColumns(before: SideTable, after: SideTable): CommonColumn[] {
  return before.columns.flatMap((column): CommonColumn[] => {
    const now = after.columns.find(({ name }) => name === column.name);
    if (now === undefined) return [];
    return [{ name: column.name, before: column, after: now, by: wayOf(column.physicalType, now.physicalType) }];
  });
}

function wayOf(was: string, is: string): Way {
  if (was === is) return 'values';
  // 22 and 22.0 are one number.
  if (!isNumeric(was) || !isNumeric(is)) return 'text';
  if (isFloat(was) && isFloat(is)) return 'values';
  if (!isFloat(was) && !isFloat(is)) return decimal(was) || decimal(is) ? 'digits' : 'values';
  const exact = decimal(was) ?? decimal(is);
  if (exact === undefined) return 'digits';
  // A double tells apart all decimals of so many digits; what one stands for beyond that, nobody can say.
  return exact.digits <= 15 && [was, is].includes('DOUBLE') ? 'values' : 'text';
}

/** SQL for a column as it is compared. */
export function compared(alias: string, { id, physicalType }: StageColumn, by: Way): string {
  const value = `${alias}.${id}`;
  if (by === 'values') return value;
  return by === 'text' ? asVarchar(value, physicalType) : digits(value, physicalType);
}

/** Equal numbers have equal digits: 22, 22.0 and 22.00 are `22`. */
function digits(value: string, physicalType: string): string {
  const plain = `CAST(${value} AS VARCHAR)`;
  if (isFloat(physicalType))
    return `coalesce(CAST(CASE WHEN ${value} = trunc(${value}) THEN try_cast(${value} AS HUGEINT) END AS VARCHAR), ${plain})`;
  return decimal(physicalType)?.scale ? `rtrim(rtrim(${plain}, '0'), '.')` : plain;
}

function isFloat(physicalType: string): boolean {
  return physicalType === 'DOUBLE' || physicalType === 'FLOAT';
}

function decimal(physicalType: string): { readonly digits: number; readonly scale: number } | undefined {
  const [, width, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(physicalType) ?? [];
  return width === undefined ? undefined : { digits: Number(width), scale: Number(scale) };
}
