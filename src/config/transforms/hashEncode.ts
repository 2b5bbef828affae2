import * as z from 'zod';
import { worded } from '../words';
import { columns } from './parameters';
import { categorical, checkNames, retyped, transform } from './transform';

export const hashEncode = transform({
  name: 'hash_encode',
  description: 'Replace a category by a number that md5 makes of it: the same in every dataset and version.',
  parameters: z.strictObject({
    columns,
    buckets: worded(
      z
        .int()
        .min(2)
        .max(2 ** 31),
      'a whole number from 2 to 2147483648',
    ).describe('How many numbers there are, from 0.'),
    seed: worded(z.int().min(0), 'a whole number from 0').describe('Another one gives other numbers.').default(0),
  }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', categorical);
    return retyped(incoming, parameters.columns, 'integer');
  },
});
