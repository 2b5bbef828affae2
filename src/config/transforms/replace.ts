import * as z from 'zod';
import { groupsOf, patternProblem } from '../pattern';
import { columns } from './parameters';
import { checkNames, textual, transform } from './transform';

export const replace = transform({
  name: 'replace',
  description: 'Replace every occurrence of a text or a pattern within texts.',
  parameters: z.strictObject({
    columns,
    pattern: z.string().min(1).describe('What is replaced: a regular expression in RE2 syntax.').optional(),
    text: z.string().min(1).describe('Instead of `pattern`: what is replaced, letter by letter.').optional(),
    with: z.string().describe('What stands there instead. With `pattern`, `\\1` is what its first group matched.'),
  }),
  fitted: false,
  removesRows: false,
  columns: (parameters, incoming, fault) => {
    const { pattern, text, with: replacement } = parameters;
    const wrong = (key: string | undefined, message: string, suggestion?: string) => {
      fault({
        code: 'transform-step',
        at: key === undefined ? [] : [key],
        message,
        ...(suggestion !== undefined && { suggestion }),
      });
    };
    if (pattern === undefined && text === undefined)
      wrong(undefined, '`replace` does not say what.', 'Write either `pattern` or `text`.');
    if (pattern !== undefined && text !== undefined)
      wrong('text', '`pattern` and `text` exclude each other.', 'Write one of them.');
    const problem = pattern === undefined ? undefined : patternProblem(pattern);
    if (problem !== undefined) wrong('pattern', problem);
    else if (pattern !== undefined) {
      const slip = groupProblem(replacement, groupsOf(pattern));
      if (slip !== undefined) wrong('with', slip, 'A backslash itself is written twice.');
    }
    checkNames(parameters.columns, incoming, fault, 'columns', textual);
    return incoming;
  },
});

/** The engine would leave texts as they are instead of complaining. */
function groupProblem(replacement: string, groups: number): string | undefined {
  for (const [found, after = ''] of replacement.matchAll(/\\(.?)/gsu)) {
    if (after === '\\') continue;
    if (!/\d/.test(after)) return `\`${found}\` means nothing here.`;
    if (Number(after) > groups) return `The pattern has no group ${after}.`;
  }
  return undefined;
}
