import * as z from 'zod';
import { asList } from '../shorthands';
import { oneOrMany, share, worded } from '../words';
import { check } from './check';
import { refuseThresholds, shareThresholds, thresholds, where, type ColumnThresholds } from './thresholds';

export interface MissingParameters {
  /** Shares of the rows. */
  readonly thresholds: ColumnThresholds;
  /**
   * Texts that stand for a missing value, besides the empty one; numbers are compared with those that read as numbers.
   * Absent: none, but usual ones are pointed out.
   */
  readonly tokens?: readonly string[];
  readonly where?: string;
}

const token = worded(z.union([z.string(), z.number()]), 'text or a number');

/** Empty text and NaN always count as missing; what else does is a matter of the data. */
const parameters = z.union([
  share,
  z.strictObject({
    ...shareThresholds,
    tokens: oneOrMany(token, 0)
      .describe('Values that stand for a missing one, besides empty text and NaN: `[NA, "?", -999]`.')
      .optional(),
    where,
  }),
]);

export const missing = check({
  name: 'missing',
  description: 'How many values of each column are missing.',
  parameters: worded(parameters, 'a share such as 5%, or a map with `warn`, `error`, `columns` and `tokens`'),
  bare: 'error',
  byDefault: true,
  resolve: (written): MissingParameters => {
    const full = typeof written === 'object' ? written : { error: written };
    return {
      thresholds: thresholds(full, { warn: 0.01, error: 0.05 }),
      ...(full.tokens !== undefined && { tokens: asList(full.tokens).map(String) }),
      ...(full.where !== undefined && { where: full.where }),
    };
  },
  refuse: (parameters, schema, fault) => {
    refuseThresholds(parameters.thresholds, schema, fault);
  },
});
