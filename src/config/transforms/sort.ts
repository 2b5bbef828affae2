import * as z from 'zod';
import type { ColumnType } from '../../protocol';
import { columnName, oneOrMany, worded } from '../words';
import { categorical, checkNames, textual, transform } from './transform';

const sortKey = worded(
  z.union([
    columnName,
    z.strictObject({
      column: columnName.describe('The column.'),
      order: z.enum(['asc', 'desc']).describe('Smallest first (`asc`, the default) or last (`desc`).').default('asc'),
    }),
  ]),
  'the name of a column, or a map with `column` and `order`',
);

/** Those whose values have an order. */
const sortable: readonly ColumnType[] = [...new Set([...categorical, ...textual])];

export const sort = transform({
  name: 'sort',
  description: 'Put the rows in another order; rows that are equal in it stay in the order they had.',
  parameters: z.strictObject({
    by: oneOrMany(sortKey, 1).describe(
      'The columns, the most important first: a name, or `{ column: b, order: desc }`; or a list of them.',
    ),
    nulls: z
      .enum(['last', 'first'])
      .describe('Where rows without a value stand: `last` (the default) or `first`, whatever the order.')
      .default('last'),
  }),
  fitted: false,
  removesRows: false,
  leavesNewData: true,
  columns: ({ by }, incoming, fault) => {
    const seen = new Set<string>();
    for (const [index, { column, at }] of sortKeys(by).entries()) {
      checkNames(
        column,
        incoming,
        (problem) => {
          fault({ ...problem, at });
        },
        'by',
        sortable,
      );
      if (seen.has(column))
        fault({
          code: 'transform-step',
          at,
          message: `The rows are sorted by \`${column}\` twice; the second time, as key ${index + 1}, does nothing.`,
          suggestion: 'Leave one of them out.',
        });
      seen.add(column);
    }
    return incoming;
  },
});

type Keys = z.output<typeof sort.parameters>['by'];

export interface SortKey {
  readonly column: string;
  readonly order: 'asc' | 'desc';
  /** The parameter that names it. */
  readonly at: readonly (string | number)[];
}

/** The keys, all written out. */
export function sortKeys(by: Keys): SortKey[] {
  const list = Array.isArray(by) ? by : [by];
  return list.map((key, index) => {
    const at = Array.isArray(by) ? ['by', index] : ['by'];
    return typeof key === 'string' ? { column: key, order: 'asc', at } : { ...key, at: [...at, 'column'] };
  });
}
