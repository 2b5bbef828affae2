import * as z from 'zod';
import { asNames, added, checkFree, checkNames, textual, transform } from './transform';
import { columns } from './parameters';

export const textLength = transform({
  name: 'text_length',
  description: 'Add columns with the lengths of texts, such as `title_characters`.',
  parameters: z.strictObject({
    columns,
    unit: z
      .enum(['characters', 'words', 'bytes'])
      .describe('What is counted: `characters` (the default), `words` between white space, or `bytes` of UTF-8.')
      .default('characters'),
  }),
  fitted: false,
  removesRows: false,
  columns: ({ columns: names, unit }, incoming, fault) => {
    checkNames(names, incoming, fault, 'columns', textual);
    let outgoing = incoming;
    for (const [index, name] of asNames(names).entries()) {
      const made = lengthColumn(name, unit);
      checkFree(made, outgoing, fault, typeof names === 'string' ? ['columns'] : ['columns', index]);
      outgoing = added(outgoing, made, 'integer');
    }
    return outgoing;
  },
});

/** The name of the column with the lengths. */
export function lengthColumn(name: string, unit: string): string {
  return `${name}_${unit}`;
}
