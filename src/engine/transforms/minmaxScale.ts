import type { minmaxScale as declared } from '../../config/transforms/minmaxScale';
import { double, finite } from '../duckdb';
import { columnsNamed, replaced } from './table';
import type { Fitting, ParametersOf } from './transform';

/** Null where the training rows have no value. */
interface Limits extends Record<string, unknown> {
  readonly columns: readonly { readonly column: string; readonly min: number | null; readonly max: number | null }[];
}

/** As scikit-learn's `MinMaxScaler`: values beyond those of the training rows end outside the range. */
export const minmaxScale: Fitting<ParametersOf<typeof declared>, Limits> = {
  fit: async ({ columns }, table, { database, training }) => {
    const looked = columnsNamed(table, columns);
    const list = looked.flatMap(({ id }) => [`min(${finite(id)}) AS min_${id}`, `max(${finite(id)}) AS max_${id}`]);
    const found = await database.row(`SELECT ${list.join(', ')} FROM ${training}`);
    const limit = (key: string) => (typeof found[key] === 'number' ? found[key] : null);
    return {
      columns: looked.map(({ name, id }) => ({ column: name, min: limit(`min_${id}`), max: limit(`max_${id}`) })),
    };
  },
  apply: ({ columns, range: [least, most] }, table, _, fitted) =>
    replaced(table, columns, ({ name, id }) => {
      const { min, max } = fitted.columns.find(({ column }) => column === name) ?? { min: null, max: null };
      if (min === null || max === null) return { value: 'NULL::DOUBLE', type: 'number' };
      const share = `(${id}::DOUBLE - ${double(min)}) / ${double(max - min || 1)}`;
      return { value: `${share} * ${double(most - least)} + ${double(least)}`, type: 'number' };
    }),
};
