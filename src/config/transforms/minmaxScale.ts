import * as z from 'zod';
import { worded } from '../words';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

export const minmaxScale = transform({
  name: 'minmax_scale',
  description: 'Bring the values between the smallest and the largest of the training rows to a range.',
  parameters: z.strictObject({
    columns,
    range: worded(z.tuple([z.number(), z.number()]), 'two numbers, such as [0, 1]')
      .describe('What the smallest and the largest value become.')
      .default([0, 1]),
  }),
  fitted: true,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', numeric);
    const [least, most] = parameters.range;
    if (least >= most) {
      fault({
        code: 'transform-step',
        at: ['range'],
        message: `The range from ${least} to ${most} is empty.`,
        suggestion: 'Write the smaller number first: `range: [0, 1]`.',
      });
    }
    return retyped(incoming, parameters.columns, 'number');
  },
});
