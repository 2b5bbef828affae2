import * as z from 'zod';
import { columns } from './parameters';
import { asNames, checkNames, transform } from './transform';

export const select = transform({
  name: 'select',
  description: 'Keep these columns, in this order, and no others.',
  parameters: z.strictObject({ columns }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns');
    const names = asNames(parameters.columns);
    return { types: new Map(names.map((name) => [name, incoming.types.get(name)])), open: false };
  },
});
