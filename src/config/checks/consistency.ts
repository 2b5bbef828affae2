import * as z from 'zod';
import { share, worded } from '../words';
import { check } from './check';
import { refuseThreshold, threshold, where, type Threshold } from './thresholds';

/** What has to be true of every row. */
export interface ConsistencyRule {
  readonly expression: string;
  /** Share of the rows that break it. */
  readonly threshold: Threshold;
  readonly where?: string;
}

export interface ConsistencyParameters {
  readonly rules: Readonly<Record<string, ConsistencyRule>>;
}

const expression = worded(z.string().min(1), 'a condition in SQL', 'expression');

const rule = z.strictObject({
  expression: expression.describe('The condition, in SQL over the columns: `start <= stop`.'),
  warn: share.describe('A warning where more than this share of the rows breaks it.').optional(),
  error: share.describe('An error where more than this share of the rows breaks it. Default: 0.').optional(),
  where,
});

export const consistency = check({
  name: 'consistency',
  description: 'Conditions between columns that every row meets; a row for which one is unknown breaks none.',
  parameters: worded(
    z.record(z.string(), worded(z.union([expression, rule]), 'a condition in SQL, or a map with `expression`')),
    'a map of names and conditions',
  ),
  byDefault: false,
  resolve: (written): ConsistencyParameters => ({
    rules: Object.fromEntries(
      Object.entries(written).map(([name, each]) => {
        if (typeof each === 'string') return [name, { expression: each, threshold: { error: 0 } }];
        const { expression: condition, where: among, ...bounds } = each;
        return [
          name,
          {
            expression: condition,
            threshold: threshold(bounds, { error: 0 }),
            ...(among !== undefined && { where: among }),
          },
        ];
      }),
    ),
  }),
  refuse: ({ rules }, _schema, fault) => {
    for (const [name, each] of Object.entries(rules)) refuseThreshold(each.threshold, fault, [name]);
  },
});
