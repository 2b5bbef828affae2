import * as z from 'zod';
import { profileDefaults } from '../profileDefaults';
import { columnName, share, worded } from '../words';
import { check } from './check';
import { refuseThresholds, shareThreshold, thresholds, where, type ColumnThresholds } from './thresholds';

export interface MixedTypesParameters {
  /** From what share of the values of a column of text on that read as numbers, or as dates. */
  readonly thresholds: ColumnThresholds;
  readonly where?: string;
}

const parameters = z.union([
  share,
  z.strictObject({
    warn: share.describe('A warning from this share of the values on. Default: 90%.').optional(),
    error: share.describe('An error from this share of the values on.').optional(),
    columns: z.record(columnName, shareThreshold).describe('Columns with a threshold of their own.').optional(),
    where,
  }),
]);

export const mixedTypes = check({
  name: 'mixed_types',
  description: 'Columns of text in which most values are numbers or dates.',
  parameters: worded(parameters, 'a share such as 90%, or a map with `warn`, `error` and `columns`'),
  bare: 'error',
  byDefault: true,
  resolve: (written): MixedTypesParameters => {
    const full = typeof written === 'object' ? written : { error: written };
    return {
      thresholds: thresholds(full, { warn: profileDefaults.numbersAsText }),
      ...(full.where !== undefined && { where: full.where }),
    };
  },
  refuse: (parameters, schema, fault) => {
    refuseThresholds(parameters.thresholds, schema, fault);
  },
});
