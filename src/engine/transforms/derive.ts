import type { derive as declared } from '../../config/transforms/derive';
import { columnTypeOf } from '../schema';
import { castTo } from './cast';
import { bindExpression } from './expression';
import { misfits } from './misfits';
import { StepError } from './stepError';
import { replaced, type Change, type NewColumn } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const derive: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ column: name, expression, type }, table, { database }): Promise<Change> => {
    const bound = await bindExpression(database, expression, table);
    const [held] = await database.describe(`SELECT ${bound} AS value FROM ${table.relation} AS t`);
    const physicalType = held?.type ?? 'VARCHAR';
    const becomes = type ?? columnTypeOf(physicalType);
    const value = castTo({ id: bound, physicalType }, becomes);
    if (value !== bound) {
      const found = await misfits(database, table, bound, `${bound} IS NOT NULL AND ${value} IS NULL`);
      if (found)
        throw new StepError({
          code: 'transform-values',
          at: ['type'],
          message: `${found.count === 1 ? '1 value' : `${found.count} values`} of the expression cannot be of the type ${becomes}.`,
          suggestion: 'Choose another type, or round or convert the value in the expression.',
          ...found,
        });
    }
    const column: NewColumn = { name, value, type: becomes };
    return table.columns.some((other) => other.name === name)
      ? { ...replaced(table, name, () => column), stored: true }
      : { columns: [...table.columns, column], stored: true };
  },
};
