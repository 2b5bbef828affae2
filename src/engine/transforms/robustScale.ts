import type { robustScale as declared } from '../../config/transforms/scale';
import { double } from '../duckdb';
import { quantiles } from './quantiles';
import { columnsNamed, replaced } from './table';
import type { Fitting, ParametersOf } from './transform';

/** Null where the training rows have no value. `range`: from the first quartile to the third. */
interface Middles extends Record<string, unknown> {
  readonly columns: readonly {
    readonly column: string;
    readonly median: number | null;
    readonly range: number | null;
  }[];
}

/** As scikit-learn's `RobustScaler`: quantiles of type 7, which lie between two values, and 1 instead of a range of 0. */
export const robustScale: Fitting<ParametersOf<typeof declared>, Middles> = {
  fit: async ({ columns }, table, context) => {
    const looked = columnsNamed(table, columns);
    const quartiles = await quantiles(looked, [0.25, 0.5, 0.75], context);
    return {
      columns: looked.map(({ name }) => {
        const [first, median, third] = quartiles.get(name) ?? [];
        const range = first !== undefined && third !== undefined ? third - first : null;
        return { column: name, median: median ?? null, range };
      }),
    };
  },
  apply: ({ columns }, table, _, fitted) =>
    replaced(table, columns, ({ name, id }) => {
      const { median, range } = fitted.columns.find(({ column }) => column === name) ?? { median: null, range: null };
      const value = median === null ? 'NULL::DOUBLE' : `(${id}::DOUBLE - ${double(median)}) / ${double(range || 1)}`;
      return { value, type: 'number' };
    }),
};
