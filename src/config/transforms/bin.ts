import * as z from 'zod';
import { worded } from '../words';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

const count = worded(z.int().min(2).max(1000), 'a whole number from 2 to 1000');

export const bin = transform({
  name: 'bin',
  description: 'Put the number of a bin, from 0, or its label in the place of a number.',
  parameters: z.strictObject({
    columns,
    edges: worded(z.array(z.number()).min(2), 'a list of two or more numbers')
      .describe('Where bins begin, and the end of the last. What lies outside becomes missing.')
      .optional(),
    uniform: count.describe('So many bins of the same width between the extremes of the training rows.').optional(),
    quantile: count.describe('So many bins with about as many training rows each.').optional(),
    labels: z.array(z.string()).describe('What the bins are called; one for each.').optional(),
  }),
  fitted: ({ edges }) => edges === undefined,
  removesRows: false,
  columns: ({ columns: names, labels, ...ways }, incoming, fault) => {
    const wrong = (at: (string | number)[], message: string, suggestion: string) => {
      fault({ code: 'transform-step', at, message, suggestion });
    };
    const [way, second] = (['edges', 'uniform', 'quantile'] as const).filter((key) => ways[key] !== undefined);
    if (way === undefined) wrong([], '`bin` has no bins.', 'Write `edges`, `uniform` or `quantile`.');
    if (way !== undefined && second !== undefined)
      wrong([second], `\`${way}\` and \`${second}\` exclude each other.`, 'Remove one of them.');
    const edges = ways.edges ?? [];
    const fallen = edges.findIndex((edge, index) => index > 0 && edge <= (edges[index - 1] ?? edge));
    if (fallen > 0)
      wrong(['edges', fallen], `The edge ${edges[fallen]} is not above the one before it.`, 'Write edges that rise.');
    const bins = ways.edges === undefined ? (ways.uniform ?? ways.quantile) : edges.length - 1;
    if (labels !== undefined && bins !== undefined && labels.length !== bins)
      wrong(
        ['labels'],
        `There are ${labels.length} labels for ${bins} bins.`,
        'Write one label for each bin, from the lowest on.',
      );
    checkNames(names, incoming, fault, 'columns', numeric);
    return retyped(incoming, names, labels === undefined ? 'integer' : 'string');
  },
});
