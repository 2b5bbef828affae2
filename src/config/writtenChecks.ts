/** `checks:` and `gates:` as people write them. */
import * as z from 'zod';
import { checks } from './checks';
import type { Check } from './checks';
import { share, worded } from './words';

const off = worded(z.literal(false), '`false`, or the parameters of the check');

export const writtenChecks = z.strictObject(
  Object.fromEntries(
    Object.values<Check>(checks).map(({ name, parameters, description }) => [
      name,
      worded(z.union([parameters, off]), 'the parameters of the check, or `false`')
        .describe(description)
        .optional(),
    ]),
  ),
);

const most = worded(z.int().nonnegative(), 'a whole number, 0 or more');

export const writtenGates = z.strictObject({
  maxErrors: most.describe('So many errors at most.').optional(),
  maxWarnings: most.describe('So many warnings at most.').optional(),
  coverage: share.describe('At least this share of the columns has a constraint or a description.').optional(),
});
