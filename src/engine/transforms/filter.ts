import type { filter as declared } from '../../config/transforms/filter';
import { bindExpression } from './expression';
import type { ParametersOf, Unfitted } from './transform';

export const filter: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ expression }, table, { database }) => ({
    columns: table.columns,
    where: await bindExpression(database, expression, table, 'BOOLEAN'),
  }),
};
