import * as z from 'zod';
import { checkTaken, entriesOf, someDatasets, someFiles } from './parameters';
import { transform } from './transform';

export const union = transform({
  name: 'union',
  description: 'Add the rows of other files or datasets after these; columns go by their names.',
  parameters: z.strictObject({
    file: someFiles,
    dataset: someDatasets,
    extraColumns: z
      .enum(['error', 'ignore'])
      .describe(
        'What columns do that only the others have: stop the build (`error`, the default) or stay out (`ignore`).',
      )
      .default('error'),
  }),
  fitted: false,
  removesRows: false,
  remakesRows: true,
  leavesNewData: true,
  beside: (parameters) => ({ entries: entriesOf(parameters), alike: 'same names' }),
  columns: (parameters, incoming, fault) => {
    checkTaken('union', parameters, fault);
    return incoming;
  },
});
