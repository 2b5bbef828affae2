import * as z from 'zod';
import { columnTypes } from '../../protocol';
import { columnName } from '../words';
import { expression } from './parameters';
import { added, retyped, transform } from './transform';

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
  columns: ({ column, type }, incoming) =>
    incoming.types.has(column) ? retyped(incoming, column, type) : added(incoming, column, type),
});
