import * as z from 'zod';
import { check } from './check';

export interface SchemaParameters {
  /** Whether the columns stand in the order in which they are declared. */
  readonly order: boolean;
}

export const schema = check({
  name: 'schema',
  description: 'Whether the rows fit the schema: types, constraints, keys, and which columns there are.',
  parameters: z.strictObject({
    order: z.boolean().describe('Whether the columns have to stand in the order of the schema.').optional(),
  }),
  byDefault: true,
  resolve: ({ order = false }): SchemaParameters => ({ order }),
});
