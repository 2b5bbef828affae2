/**
 * A dataset as the engine is asked to build it: `.mldata.yaml` with every shorthand and default resolved.
 * Plain JSON, so that it crosses process boundaries and stands in the manifest as it is.
 */
import * as z from 'zod';
import { checksSpecSchema, gatesSpecSchema } from './checks';
import { driftSpecSchema } from './driftSpec';
import { trackingSpecSchema } from './trackingSpec';

/** Frictionless Table Schema types, plus the two media types. */
export const columnTypes = [
  'integer',
  'number',
  'string',
  'boolean',
  'date',
  'datetime',
  'time',
  'duration',
  'object',
  'array',
  'geopoint',
  'any',
  'image',
  'audio',
] as const;
export const columnTypeSchema = z.enum(columnTypes);
export type ColumnType = z.infer<typeof columnTypeSchema>;

export const columnRoles = ['target', 'feature', 'id', 'group', 'time', 'weight', 'ignore'] as const;
export const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
export type Scalar = z.infer<typeof scalarSchema>;

export const textFormats = ['email', 'uri', 'uuid', 'ipv4', 'ipv6', 'date'] as const;
export type TextFormat = (typeof textFormats)[number];

export const columnSpecSchema = z.strictObject({
  /** Absent: the type is inferred from the data. */
  type: columnTypeSchema.optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  role: z.enum(columnRoles).optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  enum: z.array(scalarSchema).optional(),
  minimum: z.union([z.number(), z.string()]).optional(),
  maximum: z.union([z.number(), z.string()]).optional(),
  exclusiveMinimum: z.union([z.number(), z.string()]).optional(),
  exclusiveMaximum: z.union([z.number(), z.string()]).optional(),
  minLength: z.int().nonnegative().optional(),
  maxLength: z.int().nonnegative().optional(),
  /** A regular expression (RE2 syntax) that the whole value matches. */
  pattern: z.string().optional(),
  /** What texts of the column look like. */
  format: z.enum(textFormats).optional(),
});
export type ColumnSpec = z.infer<typeof columnSpecSchema>;

/** As in the Table Schema of Frictionless; `resource` is a dataset of the config. */
export const foreignKeySchema = z.strictObject({
  fields: z.array(z.string()).min(1),
  reference: z.strictObject({ resource: z.string().optional(), fields: z.array(z.string()).min(1) }),
});
export type ForeignKey = z.infer<typeof foreignKeySchema>;

export const tableSchemaSchema = z.strictObject({
  columns: z.record(z.string(), columnSpecSchema),
  primaryKey: z.array(z.string()),
  /** Columns whose values stand in other columns: of another dataset, or of this one without `resource`. */
  foreignKeys: z.array(foreignKeySchema).optional(),
  extraColumns: z.enum(['ignore', 'warn', 'error']),
  /** What a breaking change of the columns since the build before does; absent: `ignore`. Nothing that is built depends on it. */
  evolution: z.enum(['ignore', 'warn', 'error']).optional(),
  onError: z.enum(['fail', 'quarantine', 'null']),
});
export type TableSchema = z.infer<typeof tableSchemaSchema>;

export const sourceFormats = ['csv', 'tsv', 'json', 'jsonl', 'parquet', 'arrow'] as const;
export const sourceFormatSchema = z.enum(sourceFormats);
/** `arrow` covers the IPC file and stream forms and Feather v2. */
export type SourceFormat = z.infer<typeof sourceFormatSchema>;

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'latin-1', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/** How a text file is to be read; what is absent is sniffed. */
export const readOptionsSchema = z.strictObject({
  delimiter: z.string().optional(),
  header: z.boolean().optional(),
  quote: z.string().optional(),
  escape: z.string().optional(),
  encoding: z.enum(encodings).optional(),
  nullValues: z.array(z.string()).optional(),
  /** Lines before the header that are not data. */
  skipLines: z.int().nonnegative().optional(),
});
export type ReadOptions = z.infer<typeof readOptionsSchema>;

/** What is fetched from an address: a file, with the hashes it must have, files of a store, or rows of a database. */
export const fetchSpecSchema = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('file'),
    sha256: z.string().optional(),
    md5: z.string().optional(),
    /** Globs over the members of an archive; absent: all data files. */
    members: z.array(z.string()).optional(),
    /** Sent to the origin of the address only; by name in small letters, with references to secrets. */
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({
    of: z.literal('store'),
    /** Where the address means one file. */
    sha256: z.string().optional(),
    md5: z.string().optional(),
    members: z.array(z.string()).optional(),
    /** Of S3: what the environment and the profile say otherwise. */
    endpoint: z.string().optional(),
    region: z.string().optional(),
    profile: z.string().optional(),
    anonymous: z.boolean().optional(),
  }),
  z.strictObject({
    of: z.literal('rows'),
    /** Either this or a table. */
    query: z.string().optional(),
    table: z.string().optional(),
    incremental: z.strictObject({ column: z.string() }).optional(),
    timeoutSeconds: z.number().positive(),
  }),
]);
export type FetchSpec = z.infer<typeof fetchSpecSchema>;

export const sourceSpecSchema = z.strictObject({
  /** File, folder or glob, relative to the config's folder, with forward slashes; or an address, as it is written. */
  path: z.string(),
  format: sourceFormatSchema.optional(),
  options: readOptionsSchema,
  /** Where the path is an address. */
  fetch: fetchSpecSchema.optional(),
});
export type SourceSpec = z.infer<typeof sourceSpecSchema>;

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

const ratiosSchema = z.strictObject({ train: z.number(), validation: z.number(), test: z.number() });
export const splitSpecSchema = z.strictObject({
  /** Shares of the rows; they sum to 1 within 1e-9; a zero share means no such split. */
  ratios: ratiosSchema,
  seed: z.int().nonnegative(),
  /** Whether the seed was written down or derived from the dataset's name. */
  seedFrom: z.enum(['config', 'name']),
  stratify: z.string().optional(),
  group: z.string().optional(),
  time: z.string().optional(),
  /** Left out between two splits in time order: seconds for dates and times, units of the column for numbers. */
  gap: z.number().nonnegative().optional(),
  /** Whether the gap was written with a unit of time (`10s`), which says nothing about a column of numbers. */
  gapIsDuration: z.boolean().optional(),
  /** A CSV of `row,split` (and `file` when there are several) to follow instead of the ratios. */
  indices: z.string().optional(),
  /** Also write `reports/split-indices.csv`. */
  writeIndices: z.boolean(),
});
export type SplitSpec = z.infer<typeof splitSpecSchema>;

/** A step and its parameters in full, as `src/config/transforms/` declares them. */
export const transformSpecSchema = z.strictObject({
  transform: z.string(),
  parameters: z.record(z.string(), z.json()),
});
export type TransformSpec = z.infer<typeof transformSpecSchema>;

export const outputFormats = ['parquet', 'csv', 'jsonl', 'arrow'] as const;
export const outputFormatSchema = z.enum(outputFormats);
export type OutputFormat = z.infer<typeof outputFormatSchema>;

export const codecs = ['none', 'snappy', 'gzip', 'zstd', 'lz4', 'brotli'] as const;
export const compressionSchema = z.strictObject({ codec: z.enum(codecs), level: z.int().optional() });
export type Compression = z.infer<typeof compressionSchema>;

export const outputSpecSchema = z.strictObject({
  /** The first is the main one, written to `data/`. */
  formats: z.array(z.strictObject({ format: outputFormatSchema, compression: compressionSchema })).min(1),
  /** Folder of the build, relative to the config's folder, with forward slashes. */
  path: z.string(),
});
export type OutputSpec = z.infer<typeof outputSpecSchema>;

const threshold = z.number().nonnegative().optional();
/** From when on a profile raises an alert: shares (0–1), except for `skew` and `highCardinality`. */
export const profileSpecSchema = z.strictObject({
  missing: threshold,
  zeros: threshold,
  infinite: threshold,
  outliers: threshold,
  skew: threshold,
  highCardinality: threshold,
  imbalance: threshold,
  uniform: threshold,
  numbersAsText: threshold,
  datesAsText: threshold,
  blanks: threshold,
  mixedCase: threshold,
  duplicates: threshold,
  correlation: threshold,
  leak: threshold,
});
export type ProfileSpec = z.infer<typeof profileSpecSchema>;

export const descriptionKeys = [
  'title',
  'description',
  'license',
  'homepage',
  'citation',
  'keywords',
  'contributors',
] as const;

/** A name is also the name of files. */
export const datasetNamePattern = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

export const datasetSpecSchema = z.strictObject({
  name: z.string().regex(datasetNamePattern),
  title: z.string().optional(),
  description: z.string().optional(),
  license: z.string().optional(),
  homepage: z.string().optional(),
  citation: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  contributors: z.array(z.string()).optional(),
  source: z.array(sourceSpecSchema).min(1),
  schema: tableSchemaSchema,
  /** In their order. */
  transforms: z.array(transformSpecSchema).optional(),
  split: splitSpecSchema.optional(),
  output: outputSpecSchema,
  /** Not in a manifest: nothing that is built depends on it. */
  profile: profileSpecSchema.optional(),
  /** Neither these: they say whether what is built is good enough. */
  checks: checksSpecSchema.optional(),
  gates: gatesSpecSchema.optional(),
  /** Neither this: it says what a build is held against once it stands. */
  drift: driftSpecSchema.optional(),
  /** Neither this: it says which tool keeps what is built. */
  tracking: trackingSpecSchema.optional(),
});
export type DatasetSpec = z.infer<typeof datasetSpecSchema>;
