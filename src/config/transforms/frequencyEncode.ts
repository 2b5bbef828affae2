import * as z from 'zod';
import { columns } from './parameters';
import { categorical, checkNames, retyped, transform } from './transform';

export const frequencyEncode = transform({
  name: 'frequency_encode',
  description: 'Replace a category by the share of the training rows that have it.',
  parameters: z.strictObject({ columns }),
  fitted: true,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', categorical);
    return retyped(incoming, parameters.columns, 'number');
  },
});
