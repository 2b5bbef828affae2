import * as z from 'zod';
import { columnName, share, worded } from '../words';
import { check } from './check';
import { refuseNonNumeric } from './columns';
import { refuseThreshold, shareThresholds, threshold, where, type Threshold } from './thresholds';

const methods = ['iqr', 'z'] as const;

/** What an outlier is, and how many there may be. */
export interface OutlierRule {
  /** Share of the values. Without bounds, many outliers are told as information. */
  readonly threshold: Threshold;
  /** `iqr`: beyond the quartiles by `factor` of their distance. `z`: `factor` standard deviations from the mean. */
  readonly method: (typeof methods)[number];
  readonly factor: number;
}

export interface OutliersParameters extends OutlierRule {
  readonly columns: Readonly<Record<string, OutlierRule>>;
  readonly where?: string;
}

/** Tukey's fences (1977), and the three sigmas of control charts (Shewhart, 1931). */
const usualFactor: Readonly<Record<OutlierRule['method'], number>> = { iqr: 1.5, z: 3 };

const { warn, error } = shareThresholds;

const rule = {
  warn,
  error,
  method: z
    .enum(methods)
    .describe(
      '`iqr` (the default): beyond the quartiles by `factor` times their distance. `z`: more than `factor` standard deviations from the mean.',
    )
    .optional(),
  factor: worded(z.number().positive(), 'a number above 0').describe('Default: 1.5 for `iqr`, 3 for `z`.').optional(),
};

const ruleMap = z.strictObject(rule);

type WrittenRule = number | string | z.output<typeof ruleMap>;

function resolved(written: WrittenRule, usual?: OutlierRule): OutlierRule {
  const {
    method = usual?.method ?? 'iqr',
    factor,
    ...bounds
  } = typeof written === 'object' ? written : { error: written };
  const kept = method === usual?.method ? usual.factor : usualFactor[method];
  return { threshold: threshold(bounds, usual?.threshold), method, factor: factor ?? kept };
}

export const outliers = check({
  name: 'outliers',
  description: 'Numbers that lie far from the others of their column.',
  parameters: worded(
    z.union([
      share,
      z.strictObject({
        ...rule,
        columns: z
          .record(columnName, worded(z.union([share, ruleMap]), 'a share such as 5%, or a map with `warn` and `error`'))
          .describe('Columns with a rule of their own.')
          .optional(),
        where,
      }),
    ]),
    'a share such as 5%, or a map with `warn`, `error`, `method` and `columns`',
  ),
  bare: 'error',
  byDefault: true,
  resolve: (written): OutliersParameters => {
    const { columns = {}, where: condition, ...own } = typeof written === 'object' ? written : { error: written };
    const usual = resolved(own);
    return {
      ...usual,
      columns: Object.fromEntries(Object.entries(columns).map(([name, each]) => [name, resolved(each, usual)])),
      ...(condition !== undefined && { where: condition }),
    };
  },
  refuse: ({ threshold: all, columns }, schema, fault) => {
    refuseThreshold(all, fault);
    for (const [name, own] of Object.entries(columns)) {
      refuseNonNumeric(name, schema, fault, ['columns', name]);
      refuseThreshold(own.threshold, fault, ['columns', name]);
    }
  },
});
