import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, textual, transform } from './transform';

export const lowercase = transform({
  name: 'lowercase',
  description: 'Write texts in small letters.',
  parameters: z.strictObject({ columns }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', textual);
    return incoming;
  },
});
