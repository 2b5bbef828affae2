import * as z from 'zod';
import { allowLoss, expression } from './parameters';
import { transform } from './transform';

export const filter = transform({
  name: 'filter',
  description: 'Keep the rows for which a condition is true; where it is neither true nor false, the row goes.',
  parameters: z.strictObject({
    expression: expression.describe('The condition, in SQL over the columns: `Fare > 0 AND Embarked IS NOT NULL`.'),
    allowLoss,
  }),
  fitted: false,
  removesRows: true,
  columns: (_, incoming) => incoming,
});
