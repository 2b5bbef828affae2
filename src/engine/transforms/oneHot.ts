import { MOST_CATEGORIES, type oneHot as declared } from '../../config/transforms/oneHot';
import { text, textList } from '../duckdb';
import { categoryOf, listCategories, refuseUnknown } from './categories';
import { StepError } from './stepError';
import { columnNamed, type Change, type NewColumn } from './table';
import type { Fitting, ParametersOf } from './transform';

interface Category {
  readonly category: string;
  /** The name of its column; absent: it has none. */
  readonly name?: string;
}

interface Categories extends Record<string, unknown> {
  readonly columns: readonly { readonly column: string; readonly categories: readonly Category[] }[];
}

/** As scikit-learn's `OneHotEncoder`, but that a missing value is no category: it is 0 in all columns. */
export const oneHot: Fitting<ParametersOf<typeof declared>, Categories> = {
  fit: async ({ columns, dropFirst, maxCategories }, table, { database, training }) => {
    const encoded = new Set([columns].flat());
    const free = freeNames(table.columns.flatMap(({ name }) => (encoded.has(name) ? [] : [name])));
    const learned: { column: string; categories: Category[] }[] = [];
    for (const column of Array.from(encoded, (name) => columnNamed(table, name))) {
      const categories = await listCategories(column, training, database, maxCategories ?? MOST_CATEGORIES + 1);
      if (categories.length > MOST_CATEGORIES) throw tooMany(column.name);
      learned.push({
        column: column.name,
        categories: categories.map((category, index) =>
          dropFirst && index === 0 ? { category } : { category, name: free(column.name, category) },
        ),
      });
    }
    return { columns: learned };
  },
  apply: async ({ unknown }, table, { database }, fitted) => {
    const made = new Map<string, Change['columns']>();
    for (const { column: name, categories } of fitted.columns) {
      const column = columnNamed(table, name);
      const own = categoryOf(column);
      if (unknown === 'fail') {
        const known = `list_contains(${textList(categories.map(({ category }) => category))}::VARCHAR[], ${own})`;
        await refuseUnknown(column, `${table.relation} AS t`, known, database);
      }
      made.set(
        name,
        categories.flatMap(({ category, name: newName }): NewColumn[] =>
          newName === undefined
            ? []
            : [{ name: newName, value: `coalesce((${own} = ${text(category)})::BIGINT, 0)`, type: 'integer' }],
        ),
      );
    }
    return { columns: table.columns.flatMap((column) => made.get(column.name) ?? [column]) };
  },
};

/** Longer ones make names that nobody can read. */
const LONGEST_IN_NAME = 80;

/** Names of column and category that no other column has, in any case of the letters. */
function freeNames(names: readonly string[]): (column: string, category: string) => string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  return (column, category) => {
    const plain = Array.from(category.replace(/\p{Cc}/gu, '_'))
      .slice(0, LONGEST_IN_NAME)
      .join('');
    const wanted = `${column}_${plain}`;
    let name = wanted;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wanted}_${number}`;
    taken.add(name.toLowerCase());
    return name;
  };
}

function tooMany(column: string): StepError {
  return new StepError({
    code: 'transform-step',
    message: `\`${column}\` has more than ${MOST_CATEGORIES} categories, and each would get a column.`,
    suggestion: 'Set `maxCategories`, or use `target_encode`, `frequency_encode` or `hash_encode`.',
    at: ['columns'],
    column,
  });
}
