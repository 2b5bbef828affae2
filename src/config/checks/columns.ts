/** Columns that checks name. */
import type { ColumnType, TableSchema } from '../../protocol';
import type { CheckFault } from './check';
import { refuseColumn } from './thresholds';

/** Reports those that there are not. @param key the parameter that names them */
export function refuseColumns(names: readonly string[], key: string, schema: TableSchema, fault: CheckFault): void {
  for (const [index, name] of names.entries())
    refuseColumn(name, schema, fault, names.length > 1 ? [key, index] : [key]);
}

/** Reports a column that there is not, or that holds no numbers. */
export function refuseNonNumeric(
  name: string,
  schema: TableSchema,
  fault: CheckFault,
  at: readonly (string | number)[],
): void {
  refuseColumn(name, schema, fault, at);
  const type = Object.hasOwn(schema.columns, name) ? schema.columns[name]?.type : undefined;
  if (type === undefined || numeric.includes(type)) return;
  fault({
    code: 'check-column',
    at,
    message: `The column \`${name}\` is of type ${type}, and the check is about numbers.`,
    suggestion: 'Name a column of numbers, or declare another `type` for this one.',
  });
}

const numeric: readonly ColumnType[] = ['integer', 'number'];
