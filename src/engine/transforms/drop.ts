import type { drop as declared } from '../../config/transforms/drop';
import type { ParametersOf, Unfitted } from './transform';

export const drop: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns }, table) => ({ columns: table.columns.filter(({ name }) => ![columns].flat().includes(name)) }),
};
