import * as z from 'zod';
import { worded } from '../words';
import { transform } from './transform';

export const sample = transform({
  name: 'sample',
  description: 'Keep some of the rows, drawn at random and always the same ones; their order stays.',
  parameters: z.strictObject({
    rows: worded(z.int().positive(), 'a whole number, 1 or more')
      .describe('How many; all where there are no more than that.')
      .optional(),
    share: worded(z.number().positive().max(1), 'a number above 0, up to 1')
      .describe('Instead of `rows`: the share of the rows, rounded to whole rows.')
      .optional(),
    seed: worded(z.int().nonnegative(), 'a whole number, 0 or more')
      .describe('Which of the many possible samples it is. Left out: the seed of the split.')
      .optional(),
  }),
  fitted: false,
  removesRows: true,
  chooses: true,
  leavesNewData: true,
  columns: ({ rows, share }, incoming, fault) => {
    if ((rows === undefined) === (share === undefined))
      fault({
        code: 'transform-step',
        at: rows === undefined ? [] : ['share'],
        message: rows === undefined ? '`sample` does not say how many rows.' : '`rows` and `share` exclude each other.',
        suggestion: 'Write either `rows` or `share`.',
      });
    return incoming;
  },
});
