import * as z from 'zod';
import { asList } from '../shorthands';
import { columnName, oneOrMany, share, worded } from '../words';
import { check } from './check';
import { refuseColumns } from './columns';
import { refuseThreshold, shareThresholds, threshold, where, type Threshold } from './thresholds';

export interface DuplicatesParameters {
  /** Share of the rows that would go if each were kept once. */
  readonly threshold: Threshold;
  /** The key by which rows are equal; none: all columns. */
  readonly columns: readonly string[];
  readonly where?: string;
}

const { warn, error } = shareThresholds;

export const duplicates = check({
  name: 'duplicates',
  description: 'Rows that are there more than once: in every column, or by a key.',
  parameters: worded(
    z.union([
      share,
      z.strictObject({
        warn,
        error,
        columns: oneOrMany(columnName, 1)
          .describe('The key: rows are equal where these columns are. Left out: all columns.')
          .optional(),
        where,
      }),
    ]),
    'a share such as 1%, or a map with `warn`, `error` and `columns`',
  ),
  bare: 'error',
  byDefault: true,
  resolve: (written): DuplicatesParameters => {
    const full = typeof written === 'object' ? written : { error: written };
    return {
      threshold: threshold(full, { warn: 0 }),
      columns: asList(full.columns),
      ...(full.where !== undefined && { where: full.where }),
    };
  },
  refuse: ({ threshold: own, columns }, schema, fault) => {
    refuseThreshold(own, fault);
    refuseColumns(columns, 'columns', schema, fault);
  },
});
