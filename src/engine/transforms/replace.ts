import type { replace as declared } from '../../config/transforms/replace';
import { MldataError } from '../../protocol';
import { firstLine, text } from '../duckdb';
import { StepError } from './stepError';
import { replaced } from './table';
import { asText } from './texts';
import type { ParametersOf, Unfitted } from './transform';

export const replace: Unfitted<ParametersOf<typeof declared>> = {
  apply: async ({ columns, pattern, text: literal = '', with: replacement }, table, { database }) => {
    // The config knows most of the syntax; the engine has the last word.
    if (pattern !== undefined)
      await database.row(`SELECT regexp_matches('', ${text(pattern)}) AS matches`).catch((error: unknown) => {
        if (error instanceof MldataError) throw error;
        const message = `The pattern is not a regular expression in RE2 syntax: ${firstLine(error).replace(/^Invalid Input Error: /, '')}.`;
        throw new StepError({ code: 'transform-step', at: ['pattern'], message, suggestion: 'Correct the pattern.' });
      });
    return replaced(table, columns, (column) => ({
      value:
        pattern === undefined
          ? `replace(${asText(column)}, ${text(literal)}, ${text(replacement)})`
          : `regexp_replace(${asText(column)}, ${text(pattern)}, ${text(replacement)}, 'g')`,
      type: column.type,
    }));
  },
};
