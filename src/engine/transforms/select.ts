import type { select as declared } from '../../config/transforms/select';
import { columnNamed } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const select: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns }, table) => ({ columns: [columns].flat().map((name) => columnNamed(table, name)) }),
};
