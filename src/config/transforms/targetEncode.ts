import * as z from 'zod';
import { columnName, worded } from '../words';
import { columns } from './parameters';
import { asNames, categorical, checkNames, numeric, retyped, transform } from './transform';

export const targetEncode = transform({
  name: 'target_encode',
  description: 'Replace a category by the mean that the target has in its training rows.',
  parameters: z.strictObject({
    columns,
    target: columnName
      .describe('A number, true or false, or text with two values. Left out: the column with the role `target`.')
      .optional(),
    smoothing: worded(z.number().min(0), 'a number from 0')
      .describe('As many rows with the mean of all are added to each category, so that rare ones do not stand out.')
      .default(10),
    folds: worded(z.int().min(2).max(100), 'a whole number from 2 to 100')
      .describe('Training rows are cut into so many parts; each is encoded by the others, never by its own target.')
      .default(5),
  }),
  fitted: true,
  removesRows: false,
  columns: ({ columns: names, target }, incoming, fault) => {
    checkNames(names, incoming, fault, 'columns', categorical);
    if (target !== undefined) {
      checkNames(target, incoming, fault, 'target', [...numeric, 'boolean', 'string']);
      if (asNames(names).includes(target)) {
        fault({
          code: 'transform-step',
          at: ['target'],
          message: `The target \`${target}\` cannot be encoded by itself.`,
          suggestion: 'Take it off the columns.',
        });
      }
    }
    return retyped(incoming, names, 'number');
  },
});
