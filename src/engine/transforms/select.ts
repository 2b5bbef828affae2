import type { select as declared } from '../../config/transforms/select';
import { columnsNamed } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const select: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns }, table) => ({ columns: columnsNamed(table, columns) }),
};
