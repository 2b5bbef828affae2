import type { frequencyEncode as declared } from '../../config/transforms/frequencyEncode';
import { countCategories, lookUp, lookupOf } from './categories';
import { columnNamed, columnsNamed, replaced } from './table';
import type { Fitting, ParametersOf } from './transform';

interface Frequencies extends Record<string, unknown> {
  readonly columns: readonly { readonly column: string; readonly lookup: string }[];
}

/** Missing values count as a category, and one that the training rows do not have is 0 of them. */
export const frequencyEncode: Fitting<ParametersOf<typeof declared>, Frequencies> = {
  fit: async ({ columns }, table, { database, training }) => {
    const learned: { column: string; lookup: string }[] = [];
    for (const column of columnsNamed(table, columns)) {
      const counted = await countCategories(column, training, database);
      const total = counted.reduce((sum, { rows }) => sum + rows, 0);
      const shares = counted.map(({ category, rows }) => ({ category, number: rows / total }));
      learned.push({ column: column.name, lookup: lookupOf(shares) });
    }
    return { columns: learned };
  },
  apply: async ({ columns }, table, context, fitted) => {
    const values = new Map<string, string>();
    const joins: string[] = [];
    for (const { column, lookup } of fitted.columns) {
      const { join, number } = await lookUp(columnNamed(table, column), lookup, context);
      values.set(column, `coalesce(${number}, 0)`);
      joins.push(join);
    }
    return {
      ...replaced(table, columns, ({ name }) => ({ value: values.get(name) ?? 'NULL', type: 'number' })),
      joins,
    };
  },
};
