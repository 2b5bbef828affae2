import type { derive as declared } from '../../config/transforms/derive';
import { physicalType } from '../schema';
import { bindExpression } from './expression';
import { replaced, type NewColumn } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const derive: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ column: name, expression, type }, table, { database }) => {
    const bound = await bindExpression(database, expression, table);
    const value = type === undefined ? bound : `CAST(${bound} AS ${physicalType(type)})`;
    const column: NewColumn = { name, value, ...(type !== undefined && { type }) };
    return table.columns.some((other) => other.name === name)
      ? replaced(table, name, () => column)
      : { columns: [...table.columns, column] };
  },
};
