import * as z from 'zod';
import { worded } from '../words';
import { check } from './check';
import { countThreshold, threshold, where, type Threshold } from './thresholds';

export interface RowCountParameters {
  /** Fewer rows than this. */
  readonly minimum: Threshold;
  /** More rows than this. */
  readonly maximum: Threshold;
  readonly where?: string;
}

const parameters = z.union([
  worded(z.number().nonnegative(), 'a number, 0 or more'),
  z.strictObject({
    minimum: countThreshold.describe('So many rows at least. Default: 1.').optional(),
    maximum: countThreshold.describe('So many rows at most.').optional(),
    where,
  }),
]);

export const rowCount = check({
  name: 'row_count',
  description: 'How many rows there are.',
  parameters: worded(parameters, 'the least number of rows, or a map with `minimum` and `maximum`'),
  bare: 'minimum',
  byDefault: true,
  resolve: (written): RowCountParameters => {
    const { minimum, maximum, where: condition } = typeof written === 'object' ? written : { minimum: written };
    return {
      minimum: threshold(minimum, { error: 1 }),
      maximum: threshold(maximum),
      ...(condition !== undefined && { where: condition }),
    };
  },
  refuse: ({ minimum, maximum }, _schema, fault) => {
    const [least, most] = [minimum.error ?? minimum.warn, maximum.error ?? maximum.warn];
    if (least === undefined || most === undefined || least <= most) return;
    fault({
      code: 'check-parameter',
      at: ['maximum'],
      message: `\`maximum\` ${most} is less than \`minimum\` ${least}: no number of rows fits.`,
      suggestion: 'Raise `maximum`, or lower `minimum`.',
    });
  },
});
