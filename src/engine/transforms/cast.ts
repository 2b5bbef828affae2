import type { cast as declared } from '../../config/transforms/cast';
import type { ColumnType } from '../../protocol';
import { castText, castTyped, fits, isNumeric, physicalType, ZONED, type StageColumn } from '../schema';
import { misfits } from './misfits';
import { StepError, type StepProblem } from './stepError';
import { columnNamed, replaced } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const cast: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ columns, onError }, table, { database }) => {
    const warnings: StepProblem[] = [];
    for (const [name, type] of Object.entries(columns)) {
      const column = columnNamed(table, name);
      const found = await misfits(
        database,
        table,
        column.id,
        `${column.id} IS NOT NULL AND ${castTo(column, type)} IS NULL`,
      );
      if (!found) continue;
      const values = found.count === 1 ? '1 value' : `${found.count} values`;
      const problem: StepProblem = {
        code: 'cast-failed',
        at: ['columns', name],
        column: name,
        message: `${values} of ${name} cannot be cast to the type ${type}${onError === 'fail' ? '.' : ' and became missing.'}`,
        suggestion: 'Correct the values with a step before this one, choose another type, or say `onError: null`.',
        ...found,
      };
      if (onError === 'fail') throw new StepError(problem);
      warnings.push(problem);
    }
    const changed = replaced(table, Object.keys(columns), (column) => {
      const type = columns[column.name] ?? column.type;
      return { value: castTo(column, type), type };
    });
    return { ...changed, warnings };
  },
};

/** SQL of the value as another type; NULL where that would lose something. */
export function castTo({ id, physicalType: from }: Pick<StageColumn, 'id' | 'physicalType'>, type: ColumnType): string {
  if (fits(from, type)) return id;
  const to = physicalType(type, from === ZONED);
  if (from === 'VARCHAR') return castText(id, type, to);
  // 0 and 1 stand for false and true, and back, in whatever type they are.
  if (from === 'BOOLEAN' && isNumeric(to)) return `CAST(${id} AS ${to})`;
  if (isNumeric(from) && to === 'BOOLEAN') return `CASE ${id} WHEN 0 THEN false WHEN 1 THEN true END`;
  return castTyped(id, from, type, to);
}
