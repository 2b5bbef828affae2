import type { ordinal as declared } from '../../config/transforms/ordinal';
import { text, type Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { categoryOf, listCategories, lookUp, lookupOf, refuseUnknown } from './categories';
import { StepError } from './stepError';
import { columnsNamed, replaced } from './table';
import type { FittingAtTimes, ParametersOf } from './transform';

type Parameters = ParametersOf<typeof declared>;

interface Orders extends Record<string, unknown> {
  readonly columns: readonly { readonly column: string; readonly lookup: string }[];
}

/** As scikit-learn's `OrdinalEncoder`; a missing value stays missing. */
export const ordinal: FittingAtTimes<Parameters, Orders> = {
  fit: async ({ columns }, table, { database, training }) => {
    const learned: { column: string; lookup: string }[] = [];
    for (const column of columnsNamed(table, columns)) {
      learned.push({ column: column.name, lookup: numbered(await listCategories(column, training, database)) });
    }
    return { columns: learned };
  },
  apply: async ({ columns, order, unknown }, table, context, fitted) => {
    const values = new Map<string, string>();
    const joins: string[] = [];
    for (const column of new Set(columnsNamed(table, columns))) {
      const learned = fitted?.columns.find((each) => each.column === column.name)?.lookup;
      const lookup = learned ?? numbered(await written(order ?? [], column, context.database));
      const { join, number, known } = await lookUp(column, lookup, context);
      if (unknown === 'fail') await refuseUnknown(column, `${table.relation} AS t ${join}`, known, context.database);
      const position = `${number}::BIGINT`;
      values.set(
        column.name,
        unknown === -1 ? `CASE WHEN t.${column.id} IS NOT NULL THEN coalesce(${position}, -1) END` : position,
      );
      joins.push(join);
    }
    return {
      ...replaced(table, columns, ({ name }) => ({ value: values.get(name) ?? 'NULL', type: 'integer' })),
      joins,
    };
  },
};

function numbered(categories: readonly string[]): string {
  return lookupOf(categories.map((category, number) => ({ category, number })));
}

/** Categories as somebody wrote them, as those of the column: the number 1 may be `1.0` there. */
async function written(
  order: NonNullable<Parameters['order']>,
  column: StageColumn,
  database: Database,
): Promise<string[]> {
  const categories: string[] = [];
  for (const [index, item] of order.entries()) {
    const { category } = await database.row(
      `SELECT ${categoryOf(column)} AS category FROM (SELECT try_cast(${text(String(item))} AS ${column.physicalType}) AS ${column.id}) AS t`,
    );
    if (typeof category === 'string' && !categories.includes(category)) {
      categories.push(category);
      continue;
    }
    throw new StepError({
      code: 'transform-step',
      message:
        typeof category === 'string'
          ? `${JSON.stringify(item)} is in the list twice, as a value of \`${column.name}\`.`
          : `${JSON.stringify(item)} cannot be a value of \`${column.name}\`, which is of type ${column.type}.`,
      at: ['order', index],
      column: column.name,
    });
  }
  return categories;
}
