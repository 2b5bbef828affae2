import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

export const power = transform({
  name: 'power',
  description: 'Make the values look more like a normal distribution (Yeo-Johnson), with mean 0 and deviation 1.',
  parameters: z.strictObject({ columns }),
  fitted: true,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', numeric);
    return retyped(incoming, parameters.columns, 'number');
  },
});
