import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, textual, transform } from './transform';

export const trim = transform({
  name: 'trim',
  description: 'Take away white space around texts, also tabs, line ends and the spaces of Unicode.',
  parameters: z.strictObject({ columns }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns', textual);
    return incoming;
  },
});
