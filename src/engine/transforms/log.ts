import type { log as declared } from '../../config/transforms/log';
import { double } from '../duckdb';
import { StepError } from './stepError';
import { columnsNamed, replaced } from './table';
import type { ParametersOf, Unfitted } from './transform';

/** Stops where a value has no logarithm: one that silently went missing would be noticed too late, if at all. */
export const log: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ columns, base, offset }, table, { database }) => {
    const argument = (id: string) => `(${id}::DOUBLE + ${double(offset)})`;
    const looked = columnsNamed(table, columns);
    const list = looked.flatMap(({ id }) => [
      `count(*) FILTER (WHERE ${argument(id)} <= 0) AS rows_${id}`,
      `min(${id}::DOUBLE) AS least_${id}`,
    ]);
    const found = await database.row(`SELECT ${list.join(', ')} FROM ${table.relation}`);
    for (const [index, { name, id }] of looked.entries()) {
      const count = Number(found[`rows_${id}`]);
      if (count === 0) continue;
      throw new StepError({
        code: 'transform-values',
        message: `${count} of the values of \`${name}\` have no logarithm; the least is ${String(found[`least_${id}`])}${offset === 0 ? '' : `, to which ${offset} is added`}.`,
        suggestion: 'Give a larger `offset`, or filter those rows out before this step.',
        at: typeof columns === 'string' ? ['columns'] : ['columns', index],
        column: name,
        count,
      });
    }
    return replaced(table, columns, ({ id }) => ({ value: logarithm(argument(id), base), type: 'number' }));
  },
};

/** Powers of 2 and 10 have whole logarithms, which a quotient would miss by a bit. */
function logarithm(argument: string, base: number | undefined): string {
  if (base === undefined) return `ln(${argument})`;
  if (base === 2 || base === 10) return `log${base}(${argument})`;
  return `ln(${argument}) / ln(${double(base)})`;
}
