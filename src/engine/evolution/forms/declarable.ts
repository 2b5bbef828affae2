/** What of a schema of another tool a config can declare: bounds without values between them are no schema here. */
import { checkColumn } from '../../../config';
import type { ConfigPath, SchemaColumn, SchemaLoss } from '../../../protocol';
import { lost, specOf, type Read } from './form';

/** Without constraints and keys that a config would refuse; each is named among the losses. */
export function declarable({ shape, losses }: Read): Read {
  const found: SchemaLoss[] = [...losses];
  const columns = shape.columns.map((column) => accepted(column, found));
  const names = new Set(columns.map(({ name }) => name));
  const unknown = (fields: readonly string[]) => fields.filter((name) => !names.has(name));
  const refuse = (key: string, fields: readonly string[]) =>
    found.push(lost(undefined, key, `A key names ${unknown(fields).join(', ')}, which is no column.`));
  const primaryKey = unknown(shape.primaryKey).length === 0 ? shape.primaryKey : [];
  if (primaryKey !== shape.primaryKey) refuse('primaryKey', shape.primaryKey);
  const foreignKeys = (shape.foreignKeys ?? []).filter(({ fields }) => {
    const isKnown = unknown(fields).length === 0;
    if (!isKnown) refuse('foreignKeys', fields);
    return isKnown;
  });
  return {
    shape: { columns, primaryKey, ...(foreignKeys.length > 0 && { foreignKeys }) },
    losses: found,
  };
}

/** One constraint at a time is taken away: without it, the others may be right. */
function accepted(column: SchemaColumn, losses: SchemaLoss[]): SchemaColumn {
  const faults: { readonly path: ConfigPath; readonly message: string }[] = [];
  checkColumn(specOf(column), [], (problem) => {
    if (problem.severity === 'error') faults.push(problem);
  });
  const [fault] = faults;
  const key = fault?.path[0];
  if (fault === undefined || key === undefined) return column;
  losses.push(lost(column.name, String(key), `\`${key}\` of ${column.name} cannot be declared: ${fault.message}`));
  const rest = Object.entries(column).filter(([name]) => name !== key);
  return accepted(Object.fromEntries(rest) as SchemaColumn, losses);
}
