/** Parameters that several transforms have. */
import * as z from 'zod';
import { columnName, oneOrMany, worded } from '../words';

export const columns = oneOrMany(columnName, 1).describe('The columns it is done to: a name or a list of names.');

export const expression = worded(z.string().min(1), 'a SQL expression');

/** For steps that take rows away. */
export const allowLoss = z
  .boolean()
  .describe('Let the step take away more than half of the rows, which otherwise stops the build.')
  .default(false);

export const share = worded(z.number().min(0).max(1), 'a number from 0 to 1');
