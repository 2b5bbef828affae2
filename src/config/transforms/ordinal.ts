import * as z from 'zod';
import { scalarSchema } from '../../protocol';
import { worded } from '../words';
import { columns } from './parameters';
import { categorical, checkNames, retyped, transform } from './transform';

export const ordinal = transform({
  name: 'ordinal',
  description: 'Number the categories from 0.',
  parameters: z.strictObject({
    columns,
    order: worded(z.array(scalarSchema).min(1), 'a list of categories')
      .describe('The categories in their order: `[low, middle, high]`. Left out: those of the training rows, sorted.')
      .optional(),
    unknown: worded(z.union([z.literal(-1), z.null(), z.literal('fail')]), '-1, null or fail')
      .describe('What any other category becomes: -1 (the default), null (missing), or the build fails.')
      .default(-1),
  }),
  fitted: ({ order }) => order === undefined,
  removesRows: false,
  columns: ({ columns: names, order = [] }, incoming, fault) => {
    checkNames(names, incoming, fault, 'columns', categorical);
    for (const [index, category] of order.entries()) {
      if (order.indexOf(category) === index) continue;
      fault({
        code: 'transform-step',
        at: ['order', index],
        message: `The category ${category} is in the list twice.`,
        suggestion: 'Leave one of them out.',
      });
    }
    return retyped(incoming, names, 'integer');
  },
});
