/** The documents in `metadata/` of a PyTorch package: all that its Python code knows of the data. See docs/pytorch-package.md. */
import * as z from 'zod';
import { columnRoles, columnTypeSchema, manifestSchema, sha256Schema } from '../../../protocol';

const documentFields = <const K extends string>(kind: K) => ({ kind: z.literal(kind), version: z.literal(1) });
const count = z.int().nonnegative();
/** JSON has neither NaN nor infinity. */
const statistic = z.number().nullable();

/** How a value of Parquet becomes part of a sample. */
export const valueKinds = [
  'number',
  'category',
  'class',
  'datetime',
  'time',
  'text',
  'numbers',
  'texts',
  'object',
  'image',
  'audio',
] as const;
export type ValueKind = (typeof valueKinds)[number];

export const schemaDocumentSchema = z.strictObject({
  ...documentFields('mldata/pytorch-schema'),
  dataset: z.string(),
  /** What is imported. */
  package: z.string(),
  target: z.string(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  columns: z.array(
    z.strictObject({
      /** As in Parquet. */
      name: z.string(),
      /** A Python identifier of its own, for where names must be identifiers. */
      key: z.string(),
      role: z.enum(columnRoles),
      type: columnTypeSchema,
      kind: z.enum(valueKinds),
      /** Of the tensor; absent: values stay Python's. */
      dtype: z.enum(['float32', 'float64', 'int64']).optional(),
      /** Whether a row of any split has no value here: then there is a mask. */
      nullable: z.boolean(),
      /** Of `numbers`: what all lists of all splits have; absent: they are ragged. */
      length: count.optional(),
      description: z.string().optional(),
    }),
  ),
});
export type SchemaDocument = z.infer<typeof schemaDocumentSchema>;
export type SchemaColumn = SchemaDocument['columns'][number];

const scaled = <const S extends string, T extends z.ZodRawShape>(step: S, numbers: T) =>
  z.strictObject({ step: z.literal(step), ...numbers });

/** What a step of the build did to one column; `y` is what stands in the data. */
export const columnStepSchema = z.discriminatedUnion('step', [
  /** y = (x - mean) / (deviation or 1) */
  scaled('standard_scale', { mean: z.number(), deviation: z.number() }),
  /** y = (x - min) / (max - min or 1) * (most - least) + least */
  scaled('minmax_scale', { min: z.number(), max: z.number(), least: z.number(), most: z.number() }),
  /** y = (x - median) / (range or 1) */
  scaled('robust_scale', { median: z.number(), range: z.number() }),
  /** y = log(x + offset), of `base`; absent: the natural logarithm. */
  scaled('log', { offset: z.number(), base: z.number().optional() }),
  /** Yeo-Johnson seen from `origin` (as log(1 + |x|)) on one side, then standardised. */
  scaled('power', {
    lambda: z.number(),
    origin: z.number(),
    side: z.union([z.literal(1), z.literal(0), z.literal(-1)]),
    mean: z.number(),
    deviation: z.number(),
  }),
  /** y = place of the category from 0; `other` for any other one, null: missing. */
  scaled('ordinal', { categories: z.array(z.string()), other: z.literal(-1).nullable() }),
]);
export type ColumnStep = z.infer<typeof columnStepSchema>;

/** How texts of `values` are read: `true`, `12`, `1.5`. */
const valueType = z.enum(['string', 'integer', 'number', 'boolean']);

export const encodersDocumentSchema = z.strictObject({
  ...documentFields('mldata/pytorch-encoders'),
  /** Columns of kind `category`: 0 is missing, 1 unknown, then the values of the training rows, by code points. */
  categories: z.array(z.strictObject({ column: z.string(), values: z.array(z.string()), rows: z.array(count) })),
  /** Of the target where the task is no regression: its number is the place in the list. */
  classes: z
    .strictObject({
      type: valueType,
      values: z.array(z.string()),
      /** Training rows of each. */
      rows: z.array(count),
      /** Training rows / (classes that have some * rows of the class); 0 for a class without training rows. */
      weights: z.array(z.number()),
    })
    .optional(),
  /** What the build's steps did to columns that are exported, in their order. */
  scalers: z.array(
    z.strictObject({
      column: z.string(),
      /** The column before the first of the steps. */
      original: z.string(),
      steps: z.array(columnStepSchema).min(1),
      /** Whether undoing the steps gives the value as it was read; else a step before them changed it for good. */
      complete: z.boolean(),
    }),
  ),
  /** Columns that the build gave a column for each category. */
  oneHot: z.array(
    z.strictObject({
      original: z.string(),
      columns: z.array(z.strictObject({ column: z.string(), category: z.string() })),
      /** The category that is 0 in all of them; absent: that is a missing or unknown one. */
      first: z.string().optional(),
    }),
  ),
});
export type EncodersDocument = z.infer<typeof encodersDocumentSchema>;

export const statsDocumentSchema = z.strictObject({
  ...documentFields('mldata/pytorch-stats'),
  /** The split that all numbers are of: `train`, or `data` where there are no splits. */
  split: z.string(),
  rows: count,
  columns: z.array(
    z.strictObject({
      column: z.string(),
      /** Null, and of numbers also NaN and infinity. */
      missing: count,
      distinct: count.optional(),
      /** Kinds `number`, `datetime`, `time`, and a target of regression; as the sample has them, in double precision. */
      number: z
        .strictObject({
          mean: statistic,
          /** Of the population (n). */
          deviation: statistic,
          min: statistic,
          max: statistic,
          median: statistic,
        })
        .optional(),
      /** Kinds `text` (characters), `numbers` and `texts` (elements). */
      length: z.strictObject({ min: statistic, max: statistic, mean: statistic }).optional(),
    }),
  ),
});
export type StatsDocument = z.infer<typeof statsDocumentSchema>;

export const splitsDocumentSchema = z.strictObject({
  ...documentFields('mldata/pytorch-splits'),
  splits: z.array(
    z.strictObject({
      name: z.string(),
      rows: count,
      /** Of columns and values, whatever the order of the rows; of a build's split that is exported as it is. */
      digest: z.string().optional(),
      files: z.array(
        z.strictObject({
          /** From the package's folder, with forward slashes; where it is put when it is fetched. */
          path: z.string(),
          bytes: count,
          sha256: sha256Schema,
          rows: count,
          /** Rows of each row group: the unit of shuffling and of sharing out among workers. */
          rowGroups: z.array(count),
          /** Absent: the package holds the file. */
          url: z.string().optional(),
        }),
      ),
    }),
  ),
  /** Columns whose values, taken together, were held against the other splits. */
  overlaps: z.array(
    z.strictObject({
      of: z.enum(['key', 'group']),
      columns: z.array(z.string()),
      /** Values that stand in more than one split. */
      values: count,
    }),
  ),
});
export type SplitsDocument = z.infer<typeof splitsDocumentSchema>;

export const manifestDocumentSchema = z.strictObject({
  ...documentFields('mldata/pytorch-manifest'),
  dataset: z.string(),
  package: z.string(),
  /** Of the package, PEP 440. */
  packageVersion: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  license: z.string().optional(),
  citation: z.string().optional(),
  homepage: z.string().optional(),
  tool: manifestSchema.shape.tool,
  rows: count,
  /** What all splits take in memory as tensors, about. */
  memoryBytes: count,
  /** Whether `load` gives the streaming dataset unless it is told otherwise. */
  streaming: z.boolean(),
  /** Files of the package beside the data, and media files that columns name: what `verify` holds them against. */
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256: sha256Schema })),
  /** sha256 of the lines `sha256  path` of the data and of `files`, sorted by path. */
  fingerprint: sha256Schema,
  /** Where the data came from; absent where files were exported that are no build. */
  build: z
    .strictObject({
      createdAt: z.string(),
      version: z.string().optional(),
      inputs: manifestSchema.shape.inputs,
      config: z.json(),
    })
    .optional(),
});
export type ManifestDocument = z.infer<typeof manifestDocumentSchema>;

/** In `metadata/`. */
export const METADATA_FILES = {
  schema: 'metadata/schema.json',
  encoders: 'metadata/encoders.json',
  stats: 'metadata/stats.json',
  splits: 'metadata/splits.json',
  manifest: 'metadata/manifest.json',
} as const;
