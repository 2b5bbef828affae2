import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

export const standardScale = transform({
  name: 'standard_scale',
  description: 'Subtract the mean of the training rows and divide by their (population) standard deviation.',
  parameters: z.strictObject({ columns }),
  fitted: true,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', numeric);
    return retyped(incoming, parameters.columns, 'number');
  },
});
