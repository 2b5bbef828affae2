/** How far two sets of rows are from each other: column by column, by which measure, and whether that means anything. */
import * as z from 'zod';
import { documentFields } from './document';
import { driftLevels, driftMeasures, driftMetrics, driftSpecSchema, levelsSchema } from './driftSpec';
import { findingSchema } from './finding';
import { semanticTypes } from './profile';
import { columnTypeSchema } from './spec';

const count = z.int().nonnegative();
/** Null where it is not defined, with a note. Never NaN or infinite. */
const figure = z.number().nullable();

/** How a figure came to be: tools disagree about every one of these. */
export const driftConventionSchema = z.strictObject({
  /** Bins or categories that it was reckoned over, that of missing values included; absent: over all values. */
  bins: count.optional(),
  /** `baseline`: of its quantiles or its range; `combined`: of both sides; `config`: as given; `values`: each value is one. */
  edgesFrom: z.enum(['baseline', 'combined', 'config', 'values']).optional(),
  binning: z.enum(['quantile', 'width', 'sturges', 'doane', 'edges', 'categories']).optional(),
  /** What happens to an empty share, such as `at least 0.0001`; `none`. */
  zeroPolicy: z.string().optional(),
  /** `e` or `2`. */
  logBase: z.enum(['e', '2']).optional(),
  /** Of a test: how its p-value was found. */
  pValue: z.enum(['exact', 'asymptotic']).optional(),
  /** What a distance was divided by. */
  dividedBy: z.string().optional(),
  /** Whether missing values, NaN and infinite values are categories of their own, ends of the order, or left out. */
  missing: z.enum(['category', 'first', 'left out']),
  nBaseline: count,
  nCurrent: count,
});
export type DriftConvention = z.infer<typeof driftConventionSchema>;

const testSchema = z.strictObject({
  statistic: figure,
  pValue: figure,
  /** Corrected for the number of columns (Benjamini–Hochberg); absent where it is not. */
  adjusted: figure.optional(),
});
export const metricValuesSchema = z.strictObject({
  psi: figure.optional(),
  /** Baseline ‖ current. */
  kl: figure.optional(),
  /** Current ‖ baseline. */
  klReverse: figure.optional(),
  /** Jensen–Shannon distance, the root of the divergence. */
  js: figure.optional(),
  hellinger: figure.optional(),
  tvd: figure.optional(),
  linf: figure.optional(),
  chi2: testSchema.extend({ dof: count }).optional(),
  cramersV: figure.optional(),
  ks: testSchema.optional(),
  cramerVonMises: testSchema.optional(),
  wasserstein: figure.optional(),
  wassersteinNormalized: figure.optional(),
  energy: figure.optional(),
});
export type MetricValues = z.infer<typeof metricValuesSchema>;

/** The bins that were used, and how many rows fell into each. */
export const driftBinCountsSchema = z.strictObject({
  /** Inner edges of numbers, in seconds since 1970 for times; bins are closed below, the outer two are open. */
  edges: z.array(z.number()).optional(),
  /** In the place of edges; the last bins may be others, and missing values, as `rest` says. */
  categories: z.array(z.string()).optional(),
  /**
   * Bins after those of the edges or categories, in their order. Of more than a thousand categories the rarer ones are
   * `other` and `unseen`: those that (the other rows of) the baseline does not have.
   */
  rest: z.array(z.enum(['other', 'unseen', 'missing', 'nan', '-infinity', 'infinity'])),
  baseline: z.array(count),
  current: z.array(count),
});
export type DriftBinCounts = z.infer<typeof driftBinCountsSchema>;

/** `failed`: it cannot be read or compared, as a finding says. */
export const driftStatuses = ['none', ...driftLevels, 'insufficient', 'added', 'removed', 'retyped', 'failed'] as const;
export type DriftStatus = (typeof driftStatuses)[number];

/** One comparison of numbers or categories: of a column itself, or of something about its values, such as their length. */
const comparisonFields = {
  status: z.enum(driftStatuses),
  metrics: metricValuesSchema,
  /** By the keys of `metrics`. */
  conventions: z.partialRecord(z.enum(driftMetrics), driftConventionSchema),
  /** The measure that the status follows; absent where nothing was measured. */
  decidedBy: z.enum(driftMeasures).optional(),
  /** The measure that was chosen for the values; `decidedBy` is another one where missing values changed more. */
  method: z.enum(driftMeasures).optional(),
  /** Why that one, such as `1,000 rows or fewer, so a test decides`; for people. */
  because: z.string().optional(),
  /** What decided, as it was held against the levels: the figure, or the (corrected) p-value. */
  value: figure.optional(),
  levels: levelsSchema.optional(),
  /** The bound of the level reached, else the lowest. */
  threshold: z.number().optional(),
  bins: driftBinCountsSchema.optional(),
  /** Of numbers, and of times in seconds since 1970; for charts and tables. */
  summary: z
    .strictObject({
      baseline: z.strictObject({ mean: figure, stddev: figure, min: figure, median: figure, max: figure }),
      current: z.strictObject({ mean: figure, stddev: figure, min: figure, median: figure, max: figure }),
    })
    .optional(),
  /** Both sides over the same equal bins, from the smallest to the largest value of either without far ones. */
  density: z.strictObject({ edges: z.array(z.number()), baseline: z.array(count), current: z.array(count) }).optional(),
  /** What is to be known with the figures, such as why one is null or how many rows would be enough. */
  notes: z.array(z.string()).optional(),
};
export const driftPropertySchema = z.strictObject({
  /** `length`, `words`, `unseenWords`, `letters`, `norm`, `width`, `format`, … */
  name: z.string(),
  ...comparisonFields,
});
export type DriftProperty = z.infer<typeof driftPropertySchema>;

const sharePair = z.strictObject({ baseline: z.number(), current: z.number() });

export const driftColumnSchema = z.strictObject({
  name: z.string(),
  /** As in the current side, but for a removed column. */
  type: columnTypeSchema,
  semantic: z.enum(semanticTypes),
  /** Of a retyped column. */
  baselineType: columnTypeSchema.optional(),
  ...comparisonFields,
  /** Shares of the rows without a value. */
  missing: sharePair.optional(),
  /** Of text, lists, embeddings, images and recordings: what is compared of them; the worst one decides. */
  properties: z.array(driftPropertySchema).optional(),
  /** The name of the property that decided. */
  decidingProperty: z.string().optional(),
  /** Of text: the share of words of the current side that the baseline does not have. */
  unseenWords: figure.optional(),
  embedding: z
    .strictObject({
      dimension: count,
      /** Cosine distance between the means, 0–2. */
      meanShift: figure,
      /** PSI of the dimensions: the share of them at `low` or above, the mean and the largest, and which that is. */
      psi: z.strictObject({ share: figure, mean: figure, max: figure, maxDimension: count.optional() }),
    })
    .optional(),
  /** Categories that differ from another only by case, blanks or Unicode normal form: as written on each side. */
  variants: z
    .array(z.strictObject({ baseline: z.string(), current: z.string(), by: z.enum(['case', 'blanks', 'unicode']) }))
    .optional(),
  importance: z.number().optional(),
  muted: z.literal(true).optional(),
});
export type DriftColumn = z.infer<typeof driftColumnSchema>;

export const driftSideSchema = z.strictObject({
  /** As it was asked for: `passengers@previous`, `data.csv`. */
  reference: z.string(),
  dataset: z.string(),
  of: z.enum(['build', 'source', 'files']),
  /** Of a build: which version, which split, and when it was built. */
  versionId: z.string().optional(),
  split: z.string().optional(),
  builtAt: z.string().optional(),
  /** Of one window of time, ISO 8601: from, and before. */
  from: z.string().optional(),
  to: z.string().optional(),
  rows: count,
});
export type DriftSide = z.infer<typeof driftSideSchema>;

export const driftSummarySchema = z.strictObject({
  /** Columns on both sides that were compared, and those of them that drifted. */
  compared: count,
  drifted: count,
  insufficient: count,
  /** Of the compared columns, by their importance. */
  share: z.number(),
  /** The share from which on the dataset drifts. */
  limit: z.number(),
  drift: z.boolean(),
  /** The worst of any column. */
  severity: z.enum(['none', ...driftLevels]),
});

export const driftSchema = z.strictObject({
  ...documentFields('mldata/drift'),
  baseline: driftSideSchema,
  current: driftSideSchema,
  /** Absolute path of the config whose `drift` was followed; absent where none was. */
  config: z.string().optional(),
  /** The dataset of that config. */
  dataset: z.string().optional(),
  /** What was followed, with defaults. */
  settings: driftSpecSchema,
  /** Most drifted first, then by their place in the current side. */
  columns: z.array(driftColumnSchema),
  schema: z.strictObject({
    added: z.array(z.string()),
    removed: z.array(z.string()),
    retyped: z.array(z.strictObject({ name: z.string(), baseline: columnTypeSchema, current: columnTypeSchema })),
    /** Whether whoever reads the baseline can no longer read the current side. */
    breaking: z.boolean(),
  }),
  summary: driftSummarySchema,
  /** Windows of the current side against the whole baseline, in their order. */
  windows: z
    .array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        rows: count,
        summary: driftSummarySchema,
        columns: z.array(
          z.strictObject({
            name: z.string(),
            status: z.enum(driftStatuses),
            decidedBy: z.enum(driftMeasures).optional(),
            value: figure.optional(),
            missing: z.number(),
          }),
        ),
      }),
    )
    .optional(),
  /** Worst first. */
  findings: z.array(findingSchema),
  durationMs: z.number().nonnegative(),
});
export type Drift = z.infer<typeof driftSchema>;
