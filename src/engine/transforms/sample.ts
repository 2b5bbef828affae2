import type { sample as declared } from '../../config/transforms/sample';
import { text } from '../duckdb';
import type { ParametersOf, Unfitted } from './transform';

/** The rows with the smallest md5 of seed and place: neither threads nor the version of the engine move it. */
export const sample: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ rows, share = 1, seed }, table, context) => {
    const all = await context.database.row(`SELECT count(*) AS rows FROM ${table.relation}`);
    const wanted = rows ?? Math.round(share * Number(all['rows']));
    const key = `md5_number(concat(${text(`${seed ?? context.seed}|`)}, id))`;
    return {
      columns: table.columns,
      joins: [
        `LEFT JOIN (SELECT id AS kept FROM ${table.relation} ORDER BY ${key}, id LIMIT ${wanted}) AS k ON k.kept = t.id`,
      ],
      where: 'k.kept IS NOT NULL',
    };
  },
};
