import * as z from 'zod';
import { worded } from '../words';
import { columns } from './parameters';
import { categorical, checkNames, transform, without } from './transform';

/** More new columns than anybody means to have. */
export const MOST_CATEGORIES = 1000;

export const oneHot = transform({
  name: 'one_hot',
  description: 'Give each category of the training rows a column of its own, 1 where a row has it and 0 elsewhere.',
  parameters: z.strictObject({
    columns,
    dropFirst: z.boolean().describe('Leave out the column of the first category.').default(false),
    maxCategories: worded(z.int().min(1).max(MOST_CATEGORIES), `a whole number from 1 to ${MOST_CATEGORIES}`)
      .describe('How many categories get a column, the most frequent ones; the others are 0 in all.')
      .optional(),
    unknown: z
      .enum(['zeros', 'fail'])
      .describe(
        'What a category becomes that the training rows do not have: `zeros` (the default), or the build fails.',
      )
      .default('zeros'),
  }),
  fitted: true,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', categorical);
    if (parameters.maxCategories !== undefined && parameters.unknown === 'fail') {
      fault({
        code: 'transform-step',
        at: ['maxCategories'],
        message: '`maxCategories` leaves categories without a column, which `unknown: fail` forbids.',
        suggestion: 'Leave out one of the two.',
      });
    }
    // Which columns there are is learned from the training rows; one of them may have a name that was given up before.
    return without({ types: incoming.types, open: true }, parameters.columns, 'one_hot');
  },
});
