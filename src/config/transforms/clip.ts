import * as z from 'zod';
import { columns, share } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

export const clip = transform({
  name: 'clip',
  description: 'Bring numbers that lie outside bounds to the bound.',
  parameters: z.strictObject({
    columns,
    minimum: z.number().describe('The lower bound.').optional(),
    maximum: z.number().describe('The upper bound.').optional(),
    quantiles: z
      .array(share)
      .describe('Instead: bounds that are two quantiles of the training rows, such as [0.01, 0.99].')
      .optional(),
  }),
  fitted: ({ quantiles }) => quantiles !== undefined,
  removesRows: false,
  columns: ({ columns: names, minimum, maximum, quantiles }, incoming, fault) => {
    const wrong = (at: string[], message: string, suggestion: string) => {
      fault({ code: 'transform-step', at, message, suggestion });
    };
    if (quantiles !== undefined) {
      const [low = 0, high = 0] = quantiles;
      for (const [key, bound] of [
        ['minimum', minimum],
        ['maximum', maximum],
      ] as const)
        if (bound !== undefined)
          wrong([key], `\`${key}\` and \`quantiles\` exclude each other.`, 'Remove one of them.');
      if (quantiles.length !== 2 || low >= high)
        wrong(['quantiles'], '`quantiles` are two shares, the lower one first.', 'Write them as [0.01, 0.99].');
    } else if (minimum === undefined && maximum === undefined)
      wrong([], '`clip` has no bound.', 'Write `minimum`, `maximum`, or `quantiles`.');
    else if (minimum !== undefined && maximum !== undefined && minimum > maximum)
      wrong(['maximum'], `\`maximum\` ${maximum} is less than \`minimum\` ${minimum}.`, 'Exchange them.');
    checkNames(names, incoming, fault, 'columns', numeric);
    // Whole numbers stay whole between whole bounds.
    const whole = quantiles === undefined && [minimum, maximum].every((bound) => Number.isInteger(bound ?? 0));
    return whole ? incoming : retyped(incoming, names, 'number');
  },
});
