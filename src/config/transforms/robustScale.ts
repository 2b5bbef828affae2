import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

export const robustScale = transform({
  name: 'robust_scale',
  description: 'Subtract the median of the training rows and divide by the range of their middle half.',
  parameters: z.strictObject({ columns }),
  fitted: true,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', numeric);
    return retyped(incoming, parameters.columns, 'number');
  },
});
