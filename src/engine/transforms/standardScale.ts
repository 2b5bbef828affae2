import type { standardScale as declared } from '../../config/transforms/scale';
import { double } from '../duckdb';
import { columnsNamed, replaced } from './table';
import type { Fitting, ParametersOf } from './transform';
import { meansAndDeviations, type Moments } from './moments';

interface Scales extends Record<string, unknown> {
  readonly columns: readonly Moments[];
}

/** As scikit-learn's `StandardScaler`: the deviation of a population (n), and 1 instead of one that is 0. */
export const standardScale: Fitting<ParametersOf<typeof declared>, Scales> = {
  fit: async ({ columns }, table, context) => ({
    columns: await meansAndDeviations(columnsNamed(table, columns), context),
  }),
  apply: ({ columns }, table, _, fitted) =>
    replaced(table, columns, ({ name, id }) => {
      const { mean, deviation } = fitted.columns.find(({ column }) => column === name) ?? {
        mean: null,
        deviation: null,
      };
      const value = mean === null ? 'NULL::DOUBLE' : `(${id}::DOUBLE - ${double(mean)}) / ${double(deviation || 1)}`;
      return { value, type: 'number' };
    }),
};
