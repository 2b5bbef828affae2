import * as z from 'zod';
import { worded } from '../words';
import { allowLoss } from './parameters';
import { transform } from './transform';

const query = worded(z.string().min(1), 'a SELECT over `input`', 'query');

export const sql = transform({
  name: 'sql',
  description: 'Make other rows of the rows, with a SELECT over `input`.',
  parameters: worded(
    z.union([
      query.transform((text) => ({ query: text, allowLoss: false })),
      z.strictObject({
        query: query.describe(
          'One SELECT over `input`, which is the rows so far: `SELECT * FROM input WHERE Fare > 0`.',
        ),
        allowLoss,
      }),
    ]),
    'a SELECT over `input`, or a map with `query`',
  ),
  fitted: false,
  removesRows: false,
  remakesRows: true,
  detaches: true,
  columns: () => ({ types: new Map(), open: true }),
});
