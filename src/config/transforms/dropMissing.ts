import * as z from 'zod';
import { allowLoss, columns, share } from './parameters';
import { checkNames, transform } from './transform';

export const dropMissing = transform({
  name: 'drop_missing',
  description: 'Leave out rows in which values are missing.',
  parameters: z.strictObject({
    columns: columns.describe('The columns that are looked at. Left out: all.').optional(),
    how: z
      .enum(['any', 'all'])
      .describe('`any` (the default): a row goes if one of the values is missing; `all`: if all of them are.')
      .default('any'),
    threshold: share
      .describe('Instead of `how`: a row goes if more than this share of the values is missing, such as 0.5.')
      .optional(),
    allowLoss,
  }),
  fitted: false,
  removesRows: true,
  columns: (parameters, incoming, fault) => {
    if (parameters.columns !== undefined) checkNames(parameters.columns, incoming, fault, 'columns');
    return incoming;
  },
});
