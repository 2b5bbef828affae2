import { sortKeys, type sort as declared } from '../../config/transforms/sort';
import { columnNamed } from './table';
import type { ParametersOf, Unfitted } from './transform';

/** Texts by code points; NaN is the largest number. */
export const sort: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ by, nulls }, table) => ({
    columns: table.columns,
    order: sortKeys(by).map(
      ({ column, order }) => `t.${columnNamed(table, column).id} ${order.toUpperCase()} NULLS ${nulls.toUpperCase()}`,
    ),
  }),
};
