import * as z from 'zod';
import { allowLoss, columns } from './parameters';
import { checkNames, transform } from './transform';

export const deduplicate = transform({
  name: 'deduplicate',
  description: 'Keep one of the rows that are equal; a missing value equals a missing one.',
  parameters: z.strictObject({
    columns: columns.describe('The columns that are compared. Left out: all.').optional(),
    keep: z
      .enum(['first', 'last', 'none'])
      .describe('Which of them stays: the `first` (the default), the `last`, or `none`.')
      .default('first'),
    allowLoss,
  }),
  fitted: false,
  removesRows: true,
  columns: (parameters, incoming, fault) => {
    if (parameters.columns !== undefined) checkNames(parameters.columns, incoming, fault, 'columns');
    return incoming;
  },
});
