import * as z from 'zod';
import { columnTypes } from '../../protocol';
import { columnName, worded } from '../words';
import { checkNames, retyped, transform } from './transform';

export const cast = transform({
  name: 'cast',
  description: 'Give columns another type, without losing anything of a value.',
  parameters: z.strictObject({
    columns: z
      .record(columnName, z.enum(columnTypes))
      .describe('The columns, each with its new type: `{ Age: integer }`.'),
    onError: worded(z.union([z.enum(['fail', 'null']), z.null()]), '`fail` or `null`')
      .describe('What a value that cannot be cast does: `fail` (the default) stops the build, `null` makes it missing.')
      .default('fail'),
  }),
  fitted: false,
  removesRows: false,
  columns: ({ columns }, incoming, fault) => {
    let outgoing = incoming;
    for (const [name, type] of Object.entries(columns)) {
      checkNames(
        name,
        incoming,
        (problem) => {
          fault({ ...problem, at: ['columns', name] });
        },
        'columns',
      );
      outgoing = retyped(outgoing, name, type);
    }
    return outgoing;
  },
});
