import type { rename as declared } from '../../config/transforms/rename';
import type { ParametersOf, Unfitted } from './transform';

export const rename: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns: names }, table) => ({
    columns: table.columns.map((column) => ({
      ...column,
      name: (Object.hasOwn(names, column.name) ? names[column.name] : undefined) ?? column.name,
    })),
  }),
};
