/** Transforms that write texts in another way. */
import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, textual, transform } from './transform';

const spelling = <const N extends string>(name: N, description: string) =>
  transform({
    name,
    description,
    parameters: z.strictObject({ columns }),
    fitted: false,
    removesRows: false,
    columns: (parameters, incoming, fault) => {
      checkNames(parameters.columns, incoming, fault, 'columns', textual);
      return incoming;
    },
  });

export const trim = spelling(
  'trim',
  'Take away white space around texts, also tabs, line ends and the spaces of Unicode.',
);

export const lowercase = spelling('lowercase', 'Write texts in small letters.');
