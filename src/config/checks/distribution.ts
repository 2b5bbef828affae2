import * as z from 'zod';
import { columnName, worded } from '../words';
import { check, type CheckFault } from './check';
import { refuseNonNumeric } from './columns';
import { where } from './thresholds';

export const distributionFigures = ['mean', 'median', 'stddev', 'min', 'max', 'sum'] as const;
export type DistributionFigure = (typeof distributionFigures)[number];

/** Both ends belong to it. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

export interface ExpectedFigure {
  readonly column: string;
  readonly figure: DistributionFigure | { readonly quantile: number };
  /** Outside of it is a warning, or an error. */
  readonly warn?: Range;
  readonly error?: Range;
  /** Where it is written, within the check. */
  readonly at: readonly string[];
}

export interface DistributionParameters {
  readonly expected: readonly ExpectedFigure[];
  readonly where?: string;
}

const number = worded(z.number(), 'a number');
const range = worded(
  z.union([
    z.tuple([number, number]),
    z.strictObject({
      min: number.describe('Not below this.').optional(),
      max: number.describe('Not above this.').optional(),
    }),
  ]),
  'a range such as [20, 40], or a map with `min` and `max`',
);
const rangeThreshold = worded(
  z.union([
    range,
    z.strictObject({
      warn: range.describe('A warning outside of this.').optional(),
      error: range.describe('An error outside of this.').optional(),
    }),
  ]),
  'a range such as [20, 40], a map with `min` and `max`, or a map with `warn` and `error`',
);
const quantile = worded(z.string().regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?|\.\d+)$/), 'a number from 0 to 1, such as 0.95');

const column = z.strictObject({
  mean: rangeThreshold.describe('Where the mean is to lie: `[28, 31]`.').optional(),
  median: rangeThreshold.describe('Where the median is to lie.').optional(),
  stddev: rangeThreshold.describe('Where the standard deviation (n − 1) is to lie.').optional(),
  min: rangeThreshold.describe('Where the smallest value is to lie.').optional(),
  max: rangeThreshold.describe('Where the largest value is to lie.').optional(),
  sum: rangeThreshold.describe('Where the sum is to lie.').optional(),
  quantiles: z
    .record(quantile, rangeThreshold)
    .describe('Where quantiles are to lie: `{ 0.95: [50, 70] }`. Between two values they are interpolated (type 7).')
    .optional(),
});

type WrittenRange = z.output<typeof range>;
type WrittenRanges = z.output<typeof rangeThreshold>;

function rangeOf(written: WrittenRange): Range {
  if (!Array.isArray(written)) {
    const { min, max } = written;
    return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  }
  return { min: written[0], max: written[1] };
}

function rangesOf(written: WrittenRanges): Pick<ExpectedFigure, 'warn' | 'error'> {
  if (Array.isArray(written) || 'min' in written || 'max' in written) return { error: rangeOf(written) };
  const { warn, error } = written as { readonly warn?: WrittenRange; readonly error?: WrittenRange };
  return { ...(warn && { warn: rangeOf(warn) }), ...(error && { error: rangeOf(error) }) };
}

/** Everything that is expected of a column. */
function expectedOf(name: string, written: z.output<typeof column>): ExpectedFigure[] {
  const { quantiles = {}, ...figures } = written;
  const own = distributionFigures.flatMap((figure): ExpectedFigure[] => {
    const ranges = figures[figure];
    return ranges === undefined ? [] : [{ column: name, figure, at: ['columns', name, figure], ...rangesOf(ranges) }];
  });
  const between = Object.entries(quantiles).map(([key, ranges]): ExpectedFigure => ({
    column: name,
    figure: { quantile: Number(key) },
    at: ['columns', name, 'quantiles', key],
    ...rangesOf(ranges),
  }));
  return [...own, ...between];
}

export const distribution = check({
  name: 'distribution',
  description: 'Whether mean, spread and quantiles of columns lie where they are expected.',
  parameters: z.strictObject({
    columns: z
      .record(columnName, column)
      .describe('What is expected of columns: `Age: { mean: [28, 31], quantiles: { 0.95: { max: 70 } } }`.')
      .optional(),
    where,
  }),
  byDefault: false,
  resolve: ({ columns = {}, where: condition }): DistributionParameters => ({
    expected: Object.entries(columns).flatMap(([name, written]) => expectedOf(name, written)),
    ...(condition !== undefined && { where: condition }),
  }),
  refuse: ({ expected }, schema, fault) => {
    for (const name of new Set(expected.map(({ column: each }) => each)))
      refuseNonNumeric(name, schema, fault, ['columns', name]);
    for (const each of expected) refuseRanges(each, fault);
  },
});

function refuseRanges({ warn, error, at }: ExpectedFigure, fault: CheckFault): void {
  const wrong = (message: string, suggestion: string) => {
    fault({ code: 'check-parameter', at, message, suggestion });
  };
  for (const { min = -Infinity, max = Infinity } of [warn ?? {}, error ?? {}])
    if (min > max) wrong(`The range from ${min} to ${max} is empty.`, 'Write the smaller number first.');
  if (!warn || !error) return;
  const outside =
    (warn.min ?? -Infinity) < (error.min ?? -Infinity) || (warn.max ?? Infinity) > (error.max ?? Infinity);
  if (outside)
    wrong(
      'The range of `warn` goes beyond that of `error`: what is outside of both is an error.',
      'Let the range of `warn` lie within that of `error`.',
    );
}
