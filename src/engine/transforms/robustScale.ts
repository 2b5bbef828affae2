import type { robustScale as declared } from '../../config/transforms/robustScale';
import { double, finite } from './moments';
import { columnNamed, replaced } from './table';
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
  fit: async ({ columns }, table, { database, training }) => {
    const looked = [columns].flat().map((name) => columnNamed(table, name));
    const list = looked.flatMap(({ id }) =>
      [0.25, 0.5, 0.75].map((share, index) => `quantile_cont(${finite(id)}, ${share}) AS q${index + 1}_${id}`),
    );
    const found = await database.row(`SELECT ${list.join(', ')} FROM ${training}`);
    const quartile = (key: string) => (typeof found[key] === 'number' ? found[key] : null);
    return {
      columns: looked.map(({ name, id }) => {
        const [first, median, third] = [1, 2, 3].map((index) => quartile(`q${index}_${id}`));
        const range = typeof first === 'number' && typeof third === 'number' ? third - first : null;
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
