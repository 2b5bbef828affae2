/** What the rows of a dataset are like: the statistics of its columns, between its columns, and what stands out. */
import * as z from 'zod';
import type { RunOptions } from './run';
import { documentFields } from './document';
import { findingSchema } from './finding';
import { columnRoles, columnTypeSchema } from './spec';

/** What a column means, which decides by what figures it is described; docs/profile.md has the rule. */
export const semanticTypes = [
  'numeric',
  'boolean',
  'categorical',
  'text',
  'datetime',
  'identifier',
  'list',
  'embedding',
  'struct',
  'image',
  'audio',
  /** No value at all. */
  'empty',
] as const;
export type SemanticType = (typeof semanticTypes)[number];

const count = z.int().nonnegative();
/** Null where it is not defined, such as the deviation of one value. Never NaN or infinite. */
const figure = z.number().nullable();

export const histogramSchema = z.strictObject({
  /** One more than `counts`; a bin holds its lower edge, the last one its upper edge too. */
  edges: z.array(z.number()),
  counts: z.array(count),
});
export type Histogram = z.infer<typeof histogramSchema>;

export const valueCountSchema = z.strictObject({ value: z.string(), count });
export type ValueCount = z.infer<typeof valueCountSchema>;

/** Where figures are not of all values: which ones they are of. */
export const sampledSchema = z.strictObject({ values: count, of: count, seed: count });
export type Sampled = z.infer<typeof sampledSchema>;

/** How values follow each other in the order of the rows. */
export const orders = ['constant', 'increasing', 'strictlyIncreasing', 'decreasing', 'strictlyDecreasing'] as const;
const orderSchema = z.enum(orders);

export const quantileKeys = ['0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99'] as const;
/** Hyndman–Fan type 7: linear interpolation between the two neighbours. */
export const quantilesSchema = z.strictObject({
  '0.01': figure,
  '0.05': figure,
  '0.25': figure,
  '0.5': figure,
  '0.75': figure,
  '0.95': figure,
  '0.99': figure,
});
export type Quantiles = z.infer<typeof quantilesSchema>;

/** Of the values that are neither missing nor NaN nor infinite; those are counted beside. */
export const numericSchema = z.strictObject({
  mean: figure,
  /** n − 1 in the denominator, as of `variance`. */
  stddev: figure,
  variance: figure,
  min: figure,
  max: figure,
  sum: figure,
  /** With all their digits, where a double cannot hold them. */
  exact: z.strictObject({ min: z.string(), max: z.string(), sum: z.string() }).partial().optional(),
  zeros: count,
  negatives: count,
  nans: count,
  infinities: count,
  negativeInfinities: count,
  /** G1 and G2, corrected for bias as in pandas; 0 for a constant column, null below 3 and 4 values. */
  skewness: figure,
  kurtosis: figure,
  quantiles: quantilesSchema,
  iqr: figure,
  /** Median of the absolute deviations from the median. */
  mad: figure,
  /** Standard deviation over mean. */
  cv: figure,
  order: orderSchema.optional(),
  histogram: histogramSchema,
  /** Where the tail is heavy: equal bins of the logarithm; values of 0 and below are not in it. */
  logHistogram: histogramSchema.optional(),
  /** Outside 1.5 IQR of the quartiles (Tukey's fences). */
  outliers: z.strictObject({ lower: figure, upper: figure, count }),
});
export type NumericProfile = z.infer<typeof numericSchema>;

export const categoricalSchema = z.strictObject({
  /** Most frequent first, ties by value. */
  top: z.array(valueCountSchema),
  /** Rows with any other value, and how many such values there are. */
  other: count,
  otherValues: count,
  /** 1 − entropy / log₂ k: 0 for equal shares, 1 for one value only. */
  imbalance: figure,
});
export type CategoricalProfile = z.infer<typeof categoricalSchema>;

/** What turns texts that read as numbers, dates or times into values. */
export const textReadingSchema = z.strictObject({
  type: z.enum(['number', 'date', 'datetime', 'time']),
  /** Values that it reads. */
  values: count,
  /** What is replaced in them before a cast, in this order. */
  replacing: z.array(z.strictObject({ text: z.string(), with: z.string() })).optional(),
  /** What `try_strptime` takes, where no cast reads them. */
  formats: z.array(z.string()).optional(),
  /** Date-times with a zone, which the `type` of a schema reads and no cast. */
  zoned: z.literal(true).optional(),
  /** Whether all of them can be read in another way too: as thousands or decimals, by day or month first. */
  ambiguous: z.literal(true).optional(),
});
export type TextReading = z.infer<typeof textReadingSchema>;

/** Lengths in characters (code points). */
export const textSchema = z.strictObject({
  minLength: count,
  maxLength: count,
  meanLength: figure,
  medianLength: figure,
  lengthHistogram: histogramSchema,
  /** Nothing but white space, the empty text too. */
  blank: count,
  empty: count,
  words: z.strictObject({ min: count, max: count, mean: figure, top: z.array(valueCountSchema) }),
  /** Shares of all characters. */
  characters: z.strictObject({
    letters: z.number(),
    digits: z.number(),
    spaces: z.number(),
    punctuation: z.number(),
    other: z.number(),
  }),
  /** Values that hold a character beyond ASCII. */
  nonAscii: count,
  /** The shape of the texts, `A99-999`: A a capital, a a small letter, 9 a digit; runs of more than 4 are written `a+`. */
  patterns: z.array(valueCountSchema),
  otherPatterns: count,
  /** Values that begin or end with white space. */
  surroundingBlanks: count,
  /** Values that read as a number, and as a date or time. */
  numbers: count,
  dates: count,
  /** How most of those are written; absent where they are few, or written in several ways. */
  reading: textReadingSchema.optional(),
  /** Different values that are another one in other letter cases: two, where `oslo` stands beside `Oslo`. */
  caseVariants: count,
});
export type TextProfile = z.infer<typeof textSchema>;

/** Times in ISO 8601, UTC where they know a zone; seconds where something is a length of time. */
export const temporalSchema = z.strictObject({
  min: z.string(),
  max: z.string(),
  spanSeconds: z.number(),
  quantiles: z.strictObject({ '0.25': z.string(), '0.5': z.string(), '0.75': z.string() }),
  histogram: z.strictObject({ edges: z.array(z.string()), counts: z.array(count) }),
  /** Between one time and the next later one. */
  gaps: z
    .strictObject({
      medianSeconds: z.number(),
      /** Longest first. */
      longest: z.array(z.strictObject({ from: z.string(), to: z.string(), seconds: z.number() })),
    })
    .optional(),
  /** Monday first; absent for times of day. */
  weekdays: z.array(count).length(7).optional(),
  /** By hour of the day; absent for dates. */
  hours: z.array(count).length(24).optional(),
  order: orderSchema.optional(),
});
export type TemporalProfile = z.infer<typeof temporalSchema>;

/** Smallest, largest, mean and median of one number per value, such as its length. */
export const spreadSchema = z.strictObject({ min: figure, max: figure, mean: figure, median: figure });
export type Spread = z.infer<typeof spreadSchema>;

export const listSchema = z.strictObject({
  lengths: spreadSchema,
  lengthHistogram: histogramSchema,
  empty: count,
  elements: z.strictObject({
    type: z.string(),
    count,
    nulls: count,
    distinct: count.optional(),
    /** Of elements that are numbers. */
    spread: spreadSchema.optional(),
    nans: count.optional(),
    top: z.array(valueCountSchema).optional(),
  }),
});
export type ListProfile = z.infer<typeof listSchema>;

export const embeddingSchema = z.strictObject({
  /** The most frequent one. */
  dimension: count,
  otherDimensions: count,
  /** Euclidean. */
  norms: spreadSchema,
  normHistogram: histogramSchema,
  /** Vectors with a NaN, an infinite or a missing component. */
  nans: count,
  zeroVectors: count,
  /** Dimensions, from 0, in which every vector has the same value: the first of them, and how many. */
  constantDimensions: z.strictObject({ count, first: z.array(count) }),
});
export type EmbeddingProfile = z.infer<typeof embeddingSchema>;

export const structSchema = z.strictObject({
  /** In their order, each followed by its own: `a`, `a.b`; those of objects in a list as `a[].b`. */
  fields: z.array(z.strictObject({ name: z.string(), type: z.string(), nulls: count })),
});
export type StructProfile = z.infer<typeof structSchema>;

const mediaFields = {
  sampled: sampledSchema.optional(),
  /** Of the files looked at: not there, and there but not readable. */
  missing: count,
  unreadable: count,
  formats: z.array(valueCountSchema),
  bytes: spreadSchema,
};
export const imageSchema = z.strictObject({
  ...mediaFields,
  width: spreadSchema,
  height: spreadSchema,
  /** Width over height. */
  aspect: spreadSchema,
  /** `srgb`, `b-w`, `cmyk`, …, with `+alpha` where there is one. */
  modes: z.array(valueCountSchema),
});
export type ImageProfile = z.infer<typeof imageSchema>;

export const audioSchema = z.strictObject({
  ...mediaFields,
  durationSeconds: spreadSchema,
  sampleRates: z.array(valueCountSchema),
  channels: z.array(valueCountSchema),
  /** Shares of samples, over the files that could be decoded: below −60 dB of full scale, and at full scale. */
  silence: figure,
  clipping: figure,
  decoded: count,
});
export type AudioProfile = z.infer<typeof audioSchema>;

export const profileColumnSchema = z.strictObject({
  name: z.string(),
  type: columnTypeSchema,
  /** The engine's type, e.g. `BIGINT`. */
  physicalType: z.string(),
  semantic: z.enum(semanticTypes),
  role: z.enum(columnRoles).optional(),
  nulls: count,
  nullRatio: z.number(),
  /** Different values that are not missing. */
  distinct: count,
  distinctExact: z.boolean(),
  /** Figures, by their keys in this object, that are estimates: `distinct`, `numeric.quantiles`. */
  approximate: z.array(z.string()).optional(),
  /** The most frequent value, the smallest of several; absent where no value occurs twice. */
  mode: valueCountSchema.optional(),
  numeric: numericSchema.optional(),
  boolean: z.strictObject({ true: count, false: count }).optional(),
  categorical: categoricalSchema.optional(),
  text: textSchema.optional(),
  temporal: temporalSchema.optional(),
  list: listSchema.optional(),
  embedding: embeddingSchema.optional(),
  struct: structSchema.optional(),
  image: imageSchema.optional(),
  audio: audioSchema.optional(),
  /** Findings about this column alone. */
  alerts: z.array(findingSchema),
});
export type ProfileColumn = z.infer<typeof profileColumnSchema>;

export const associationMethods = ['pearson', 'spearman', 'cramersV', 'correlationRatio', 'missing'] as const;
export type AssociationMethod = (typeof associationMethods)[number];

export const correlationSchema = z.strictObject({
  method: z.enum(associationMethods),
  /** Strongest first by absolute value; pairs for which it is not defined are not in it. */
  pairs: z.array(z.strictObject({ a: z.string(), b: z.string(), value: z.number() })),
  /** Columns that would have taken part, but for the limit of pairs. */
  omittedColumns: count,
  sampled: sampledSchema.optional(),
});
export type Correlation = z.infer<typeof correlationSchema>;

export const targetSchema = z.strictObject({
  column: z.string(),
  kind: z.enum(['classes', 'numeric']),
  /** Largest first. */
  classes: z.array(valueCountSchema).optional(),
  /** Rows of the largest class over rows of the smallest. */
  imbalanceRatio: figure.optional(),
  /** Strongest first. */
  associations: z.array(z.strictObject({ column: z.string(), method: z.enum(associationMethods), value: z.number() })),
  /** For the columns that tell most of the target: how their values are spread within each class. */
  perClass: z
    .array(
      z.strictObject({
        column: z.string(),
        /** Of numbers: the edges that the classes share. */
        edges: z.array(z.number()).optional(),
        /** Of other columns: the values that `counts` are of; the last count is of all others. */
        values: z.array(z.string()).optional(),
        classes: z.array(z.strictObject({ value: z.string(), counts: z.array(count), mean: figure.optional() })),
      }),
    )
    .optional(),
});
export type TargetProfile = z.infer<typeof targetSchema>;

export const missingSchema = z.strictObject({
  cells: count,
  cellRatio: z.number(),
  completeRows: count,
  /** Which columns are missing together, the most frequent first; that no column is missing is no pattern. */
  patterns: z.array(z.strictObject({ columns: z.array(z.string()), rows: count })),
  /** Patterns beyond those, and their rows. */
  otherPatterns: count,
  otherRows: count,
});
export type MissingProfile = z.infer<typeof missingSchema>;

export const duplicatesSchema = z.strictObject({
  /** Different rows that occur more than once. */
  groups: count,
  /** Rows that would go if each were kept once. */
  surplusRows: count,
});

export const profileSchema = z.strictObject({
  ...documentFields('mldata/profile'),
  /** The name or path that was asked for. */
  dataset: z.string(),
  /** `build`: what a build wrote; `source`: the files that a config names, as read; `files`: a path. */
  of: z.enum(['build', 'source', 'files']),
  files: z.array(z.strictObject({ path: z.string(), bytes: count })),
  /** Where the rows are of a build: when it was built. */
  builtAt: z.string().optional(),
  /** The one split that the rows are of. */
  split: z.string().optional(),
  /** How many there are, also where `sample` says that fewer were read. */
  rows: count,
  /** That their number is an estimate, which only a first look has. */
  rowsEstimated: z.literal(true).optional(),
  /** Every figure but `rows` is of these; absent: of all rows. */
  sample: z
    .strictObject({
      rows: count,
      seed: count,
      /** `rows`: each row by itself; `blocks`: runs of neighbours, read in a moment. */
      by: z.enum(['rows', 'blocks']),
    })
    .optional(),
  /** Sketches took the place of exact figures where a column says so. */
  fast: z.boolean(),
  columns: z.array(profileColumnSchema),
  correlations: z.array(correlationSchema),
  missing: missingSchema,
  duplicates: duplicatesSchema,
  target: targetSchema.optional(),
  /** Of a build in splits: each by itself. */
  splits: z.array(z.strictObject({ name: z.string(), rows: count, columns: z.array(profileColumnSchema) })).optional(),
  /** First rows, values as text, shortened, by the position of their column; null: missing. */
  head: z.array(z.array(z.string().nullable())),
  /** Findings about the whole, and those of the columns, worst first. */
  alerts: z.array(findingSchema),
  durationMs: z.number().nonnegative(),
});
export type Profile = z.infer<typeof profileSchema>;

/** Whose rows to read: shared by all that look at data. */
export interface DataRequest extends RunOptions {
  /** Absent: the target is a path. */
  readonly configPath?: string;
  /** A dataset of the config, a build folder, or a file, folder or glob of data. */
  readonly target: string;
  /** More files, folders or globs, of which the rows are with those of the target, a path too then. */
  readonly others?: readonly string[];
  /** Where paths that are not absolute begin. */
  readonly folder: string;
  /** Of a dataset that is built: read the files that the config names instead. */
  readonly source?: boolean;
  /** Of a build: only this split. */
  readonly split?: string;
}

export interface ProfileRequest extends DataRequest {
  /** So many rows, or such a share of them (0–1); absent: all. */
  readonly sample?: { readonly rows: number } | { readonly share: number };
  readonly seed?: number;
  /** Sketches instead of exact figures. */
  readonly fast?: boolean;
}

export const profileSteps = ['read', 'columns', 'pairs', 'rows', 'splits'] as const;

export interface ProfileProgress {
  readonly step: (typeof profileSteps)[number];
  /** The file or column it is busy with. */
  readonly detail?: string;
  /** Share of the whole that is done, 0–1. */
  readonly fraction: number;
  readonly etaSeconds?: number;
}

/** What is known before all is. */
export type ProfileUpdate =
  /** A first look at a sample, where one is to be had at once. */
  | { readonly type: 'first'; readonly profile: Profile }
  /** Columns in full, in any order; they take the place of those of the first look. */
  | { readonly type: 'columns'; readonly rows: number; readonly columns: readonly ProfileColumn[] };

export interface ProfileListener {
  readonly onProgress: (progress: ProfileProgress) => void;
  readonly onUpdate: (update: ProfileUpdate) => void;
}

/** Two columns against each other, ready to be drawn. */
export interface PairRequest extends DataRequest {
  readonly a: string;
  readonly b: string;
}

/** Of the rows in which neither is missing. */
export type Pair = { readonly a: string; readonly b: string; readonly rows: number } & (
  | {
      /** Numbers and times (as seconds since 1970) against each other: each row, where they are few. */
      readonly kind: 'points';
      readonly points: readonly (readonly [number, number])[];
    }
  | {
      /** The same, counted: `[position along a, position along b, rows]`, where there are any. */
      readonly kind: 'bins';
      readonly aEdges: readonly number[];
      readonly bEdges: readonly number[];
      readonly counts: readonly (readonly [number, number, number])[];
    }
  | {
      /** Numbers of `b` within each of the most frequent values of `a`; whiskers reach to 1.5 IQR at most. */
      readonly kind: 'boxes';
      readonly boxes: readonly {
        readonly value: string;
        readonly count: number;
        readonly lower: number;
        readonly q1: number;
        readonly median: number;
        readonly q3: number;
        readonly upper: number;
      }[];
      readonly otherRows: number;
    }
  | {
      /** Rows for each of the most frequent values of both: by the position of `a`, then of `b`. */
      readonly kind: 'counts';
      readonly aValues: readonly string[];
      readonly bValues: readonly string[];
      readonly counts: readonly (readonly number[])[];
      readonly otherRows: number;
    }
);

export interface ReportRequest {
  readonly profile: Profile;
  /** `.json`, `.md` or `.html`, absolute; replaced where it exists. */
  readonly file: string;
}
