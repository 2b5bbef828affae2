import * as z from 'zod';
import { columnName } from '../words';
import { check } from './check';
import {
  countThreshold,
  refuseColumn,
  refuseThreshold,
  shareThreshold,
  threshold,
  where,
  type Threshold,
} from './thresholds';

export interface LabelsParameters {
  /** Absent: the column whose role is `target`. */
  readonly column?: string;
  /** Rows of the largest class for each of the smallest. */
  readonly maxImbalance: Threshold;
  /** Fewer rows of a class than this. */
  readonly minPerClass: Threshold;
  /** Share of the rows of validation or test whose class is not in train. */
  readonly unseen: Threshold;
  /** Share of the labelled rows that are like one of another class. */
  readonly conflicts: Threshold;
  readonly where?: string;
}

export const labels = check({
  name: 'labels',
  description: 'What a model is to predict: how often each class occurs, whether rows contradict each other.',
  parameters: z.strictObject({
    column: columnName.describe('The column of the labels. Left out: the one whose role is `target`.').optional(),
    maxImbalance: countThreshold
      .describe('More rows of the most frequent class for each of the least frequent than this. Default: warn 10.')
      .optional(),
    minPerClass: countThreshold.describe('Fewer rows of a class than this. Default: warn 5.').optional(),
    unseen: shareThreshold
      .describe('A larger share of validation or test with classes that train does not have. Default: warn 0.')
      .optional(),
    conflicts: shareThreshold
      .describe('A larger share of rows that are equal to one of another class but for the label. Default: warn 0.')
      .optional(),
    where,
  }),
  byDefault: true,
  resolve: ({ column, maxImbalance, minPerClass, unseen, conflicts, where: condition }): LabelsParameters => ({
    ...(column !== undefined && { column }),
    maxImbalance: threshold(maxImbalance, { warn: 10 }),
    minPerClass: threshold(minPerClass, { warn: 5 }),
    unseen: threshold(unseen, { warn: 0 }),
    conflicts: threshold(conflicts, { warn: 0 }),
    ...(condition !== undefined && { where: condition }),
  }),
  refuse: ({ column, maxImbalance, minPerClass, unseen, conflicts }, schema, fault) => {
    if (column !== undefined) refuseColumn(column, schema, fault, ['column']);
    refuseThreshold(maxImbalance, fault, ['maxImbalance']);
    refuseThreshold(unseen, fault, ['unseen']);
    refuseThreshold(conflicts, fault, ['conflicts']);
    const { warn, error } = minPerClass;
    if (warn === undefined || error === undefined || error <= warn) return;
    fault({
      code: 'check-parameter',
      at: ['minPerClass', 'warn'],
      message: `\`warn\` ${warn} lies below \`error\` ${error}: what is below both is an error.`,
      suggestion: 'Raise `warn`, or lower `error`.',
    });
  },
});
