import * as z from 'zod';
import { worded } from '../words';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

export const log = transform({
  name: 'log',
  description: 'Take the logarithm. A value that has none stops the build.',
  parameters: z.strictObject({
    columns,
    base: worded(z.number().gt(1), 'a number above 1')
      .describe('The base, such as 2 or 10. Left out: the natural logarithm.')
      .optional(),
    offset: z.number().describe('Added before: 1 where values may be 0.').default(0),
  }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', numeric);
    return retyped(incoming, parameters.columns, 'number');
  },
});
