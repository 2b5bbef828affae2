import * as z from 'zod';
import { worded } from '../words';
import { check } from './check';
import { threshold, where, type Threshold } from './thresholds';

export const figures = ['mean', 'minimum', 'maximum', 'sum', 'median', 'stddev', 'distinct', 'count'] as const;
export type CustomFigure = (typeof figures)[number];

/** A figure of an expression that has to lie between bounds. */
export interface CustomRule {
  readonly expression: string;
  readonly figure: CustomFigure;
  /** Below this, and above that. */
  readonly atLeast: Threshold;
  readonly atMost: Threshold;
  readonly where?: string;
}

export interface CustomParameters {
  readonly rules: Readonly<Record<string, CustomRule>>;
}

const number = worded(z.number(), 'a number');
const bound = worded(
  z.union([
    number,
    z.strictObject({
      warn: number.describe('A warning beyond this.').optional(),
      error: number.describe('An error beyond this.').optional(),
    }),
  ]),
  'a number, or a map with `warn` and `error`',
);

const rule = z.strictObject({
  expression: worded(z.string().min(1), 'a SQL expression', 'expression').describe(
    'In SQL over the columns of a row: `Fare / (SibSp + 1)`.',
  ),
  figure: z
    .enum(figures)
    .describe('What of its values is looked at. `count`: those that are neither missing nor false. Default: mean.')
    .optional(),
  atLeast: bound.describe('The figure may not be below this.').optional(),
  atMost: bound.describe('The figure may not be above this.').optional(),
  where,
});

export const custom = check({
  name: 'custom',
  description: 'Figures of expressions in SQL that lie between bounds.',
  parameters: worded(z.record(z.string(), rule), 'a map of names and rules'),
  byDefault: false,
  resolve: (written): CustomParameters => ({
    rules: Object.fromEntries(
      Object.entries(written).map(([name, { expression, figure = 'mean', atLeast, atMost, where: condition }]) => [
        name,
        {
          expression,
          figure,
          atLeast: threshold(atLeast),
          atMost: threshold(atMost),
          ...(condition !== undefined && { where: condition }),
        },
      ]),
    ),
  }),
  refuse: ({ rules }, _schema, fault) => {
    for (const [name, { atLeast, atMost }] of Object.entries(rules)) {
      if (Object.keys(atLeast).length + Object.keys(atMost).length === 0)
        fault({
          code: 'check-parameter',
          at: [name],
          message: `The rule \`${name}\` has no bounds: nothing can break it.`,
          suggestion: 'Add `atLeast` or `atMost`.',
        });
      if (atLeast.error !== undefined && atMost.error !== undefined && atLeast.error > atMost.error)
        fault({
          code: 'check-parameter',
          at: [name, 'atMost'],
          message: `\`atMost\` ${atMost.error} is less than \`atLeast\` ${atLeast.error}: no figure fits.`,
          suggestion: 'Raise `atMost`, or lower `atLeast`.',
        });
    }
  },
});
