/** `profile:` as people write it. */
import * as z from 'zod';
import { share, worded } from './words';

const aboveZero = worded(z.number().positive(), 'a number above 0');

export const writtenProfile = z.strictObject({
  missing: share.describe('More missing values of a column than this share of the rows. Default: 5%.').optional(),
  zeros: share.describe('More zeros in a column of numbers than this share of the rows. Default: 50%.').optional(),
  infinite: share
    .describe('More infinite values and NaN in a column of numbers than this share of the rows. Default: 0.')
    .optional(),
  outliers: share
    .describe('More values beyond 1.5 IQR of the quartiles than this share of a column. Default: 5%.')
    .optional(),
  skew: aboveZero.describe('Skewness G1 of a column of numbers, of either sign, above this. Default: 2.').optional(),
  highCardinality: worded(z.int().positive(), 'a whole number, 1 or more')
    .describe('More different values in a column of categories than this. Default: 50.')
    .optional(),
  imbalance: share
    .describe('Imbalance of categories or booleans above this: 0 is equal shares, 1 one value only. Default: 0.5.')
    .optional(),
  uniform: share
    .describe('Values spread so evenly that chance does it with a probability above this is doubtful. Default: 0.999.')
    .optional(),
  numbersAsText: share.describe('At least this share of a column of text reads as numbers. Default: 90%.').optional(),
  datesAsText: share
    .describe('At least this share of a column of text reads as dates or times. Default: 90%.')
    .optional(),
  blanks: share
    .describe('More values that begin or end with blanks than this share of a column. Default: 0.')
    .optional(),
  mixedCase: share
    .describe('More values that differ from another in letter case only than this share of a column. Default: 0.')
    .optional(),
  duplicates: share.describe('More surplus rows than this share of the rows. Default: 0.').optional(),
  correlation: share.describe('Two columns go together at least so strongly. Default: 0.9.').optional(),
  leak: share.describe('A column alone determines at least this share of the target. Default: 95%.').optional(),
});
export type WrittenProfile = z.infer<typeof writtenProfile>;
