import * as z from 'zod';
import { columnTypes } from '../../protocol';
import { columnName } from '../words';
import { expression } from './parameters';
import { added, checkFree, retyped, transform } from './transform';

export const derive = transform({
  name: 'derive',
  description: 'Compute a column from others.',
  parameters: z.strictObject({
    column: columnName.describe('The new column; one of the same name is replaced.'),
    expression: expression.describe('Its value, in SQL over the columns: `SibSp + Parch + 1`.'),
    type: z.enum(columnTypes).describe('The type of the value. Left out: what the expression gives.').optional(),
  }),
  fitted: false,
  removesRows: false,
  columns: ({ column, type }, incoming, fault) => {
    if (incoming.types.has(column)) return retyped(incoming, column, type);
    checkFree(column, incoming, fault, ['column']);
    return added(incoming, column, type);
  },
});
