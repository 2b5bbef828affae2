import type { deduplicate as declared } from '../../config/transforms/deduplicate';
import { columnsNamed } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const deduplicate: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns, keep }, table) => {
    const compared = columns === undefined ? table.columns : columnsNamed(table, columns);
    if (compared.length === 0) return { columns: table.columns };
    const groups =
      `SELECT ${keep === 'last' ? 'max' : 'min'}(id) AS kept FROM ${table.relation} ` +
      `GROUP BY ${compared.map(({ id }) => id).join(', ')}${keep === 'none' ? ' HAVING count(*) = 1' : ''}`;
    return {
      columns: table.columns,
      joins: [`LEFT JOIN (${groups}) AS k ON k.kept = t.id`],
      where: 'k.kept IS NOT NULL',
    };
  },
};
