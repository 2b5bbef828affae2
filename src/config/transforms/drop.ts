import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, transform, without } from './transform';

export const drop = transform({
  name: 'drop',
  description: 'Leave these columns out.',
  parameters: z.strictObject({ columns }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    checkNames(parameters.columns, incoming, fault, 'columns');
    return without(incoming, parameters.columns, 'drop');
  },
});
