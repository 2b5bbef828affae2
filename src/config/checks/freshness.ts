import * as z from 'zod';
import { duration, parseDuration } from '../shorthands';
import { columnName, worded } from '../words';
import { check } from './check';
import { refuseColumn, refuseThreshold, where, type Threshold } from './thresholds';

export interface FreshnessParameters {
  /** A column of dates or times; absent: the one with the role `time`. */
  readonly column?: string;
  /** Age of the newest value, in seconds. */
  readonly threshold: Threshold;
  readonly where?: string;
}

const age = worded(z.string().regex(duration), 'a duration such as 7d, 12h or 30m');

export const freshness = check({
  name: 'freshness',
  description: 'How old the newest row is when the check is made.',
  parameters: z.strictObject({
    column: columnName
      .describe('A column of dates or times, read as UTC. Left out: the column with the role `time`.')
      .optional(),
    warn: age.describe('A warning where the newest value is older than this.').optional(),
    error: age.describe('An error where the newest value is older than this.').optional(),
    where,
  }),
  byDefault: false,
  resolve: ({ column, warn, error, where: condition }): FreshnessParameters => ({
    ...(column !== undefined && { column }),
    threshold: {
      ...(warn !== undefined && { warn: parseDuration(warn) ?? 0 }),
      ...(error !== undefined && { error: parseDuration(error) ?? 0 }),
    },
    ...(condition !== undefined && { where: condition }),
  }),
  refuse: ({ column, threshold }, schema, fault) => {
    refuseThreshold(threshold, fault);
    if (column === undefined) return;
    refuseColumn(column, schema, fault, ['column']);
    const type = Object.hasOwn(schema.columns, column) ? schema.columns[column]?.type : undefined;
    if (type === undefined || type === 'date' || type === 'datetime') return;
    fault({
      code: 'check-column',
      at: ['column'],
      message: `The column \`${column}\` is of type ${type}, and the check is about dates and times.`,
      suggestion: 'Name a column of dates or times, or declare another `type` for this one.',
    });
  },
});
