import type { dropMissing as declared } from '../../config/transforms/dropMissing';
import { columnsNamed } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const dropMissing: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns, how, threshold }, table) => {
    const looked = columns === undefined ? table.columns : columnsNamed(table, columns);
    const missing = looked.map(({ id }) => `(t.${id} IS NULL)::INTEGER`).join(' + ');
    const limit =
      threshold === undefined ? (how === 'any' ? 0 : looked.length - 1) : Math.floor(threshold * looked.length + 1e-9);
    return { columns: table.columns, ...(looked.length > 0 && { where: `${missing} <= ${limit}` }) };
  },
};
