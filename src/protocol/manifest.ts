/** `manifest.yaml`: what a build is, as others read it. */
import * as z from 'zod';
import { checksSpecSchema, gatesSpecSchema } from './checks';
import { toolSchema } from './document';
import { findingSchema } from './finding';
import { originsSchema } from './origins';
import {
  datasetNamePattern,
  datasetSpecSchema,
  columnTypeSchema,
  sourceFormatSchema,
  transformSpecSchema,
} from './spec';

/** Files are kept under their hash: what is none must never become part of a path. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const fileRecordSchema = z.strictObject({
  /** Relative to the manifest's folder, with forward slashes. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: sha256Schema,
  md5: z.string(),
});

export const artifactSchema = fileRecordSchema.extend({
  kind: z.enum(['data', 'report']),
  format: z.string(),
  split: z.string().optional(),
  rows: z.int().nonnegative(),
});
export type Artifact = z.infer<typeof artifactSchema>;

export const inputSchema = z.strictObject({
  /** Relative to the config's folder, with forward slashes. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: sha256Schema,
  format: sourceFormatSchema,
  rows: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  /** How the file was read: the sniffed or declared dialect. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
});
export type Input = z.infer<typeof inputSchema>;

export const manifestColumnSchema = z.strictObject({
  name: z.string(),
  type: columnTypeSchema,
  /** The engine's type, e.g. `BIGINT`. */
  physicalType: z.string(),
  role: z.string().optional(),
  description: z.string().optional(),
  /** Rows without a value. */
  missing: z.int().nonnegative().optional(),
  /** Where there are steps: none of them changed its values, so that what the config declares of it holds. */
  asRead: z.literal(true).optional(),
});
export type ManifestColumn = z.infer<typeof manifestColumnSchema>;

/** What was fetched of a source with an address, and how another fetch is told from it. */
export const fetchedSchema = z.strictObject({
  /** The address as it may be shown: no password, no parameters. */
  origin: z.string(),
  /** What the server said of this version: its `ETag`, else its `Last-Modified`. Of one file. */
  validator: z.string().optional(),
  /** Of a store: the commit, or the version of the object. */
  revision: z.string().optional(),
  /** How many files of a store the address means, where they are several. */
  fileCount: z.int().positive().optional(),
  fetchedAt: z.string(),
  bytes: z.int().nonnegative(),
  /** Of the file as it came, of an archive too; of the rows as they are kept; of several files: of what `sha256sum` writes of them. */
  sha256: sha256Schema,
  md5: z.string().optional(),
  /** Of a database. */
  rows: z.int().nonnegative().optional(),
  query: z.string().optional(),
  table: z.string().optional(),
  /** Up to where rows were fetched, where only new ones are. */
  watermark: z.strictObject({ column: z.string(), value: z.string().optional() }).optional(),
});
export type FetchedSource = z.infer<typeof fetchedSchema>;

/** A step that was done to the rows. */
export const stepRecordSchema = transformSpecSchema.extend({
  rowsIn: z.int().nonnegative(),
  rowsOut: z.int().nonnegative(),
  /** What was learned from the training rows; new data is changed by the same numbers. */
  fitted: z.record(z.string(), z.json()).optional(),
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

export const splitRecordSchema = z.strictObject({
  name: z.string(),
  rows: z.int().nonnegative(),
  /** Rows per class where the split is stratified (first 100 classes by name). */
  classes: z.array(z.strictObject({ value: z.string().nullable(), rows: z.int().nonnegative() })).optional(),
});
export type SplitRecord = z.infer<typeof splitRecordSchema>;

/**
 * What the rows of each split come to (`data` where there is none): the same for the same columns and values, whatever
 * the order of the rows, the format of the files and the version of the engine.
 */
export const digestsSchema = z.record(z.string(), z.string());
export type Digests = z.infer<typeof digestsSchema>;

export const manifestSchema = z.strictObject({
  kind: z.literal('mldata/manifest'),
  version: z.literal(1),
  createdAt: z.string(),
  tool: toolSchema,
  engine: z.strictObject({ duckdb: z.string(), node: z.string(), platform: z.string() }),
  /** Folders are named after it, and a manifest comes with a repository from anywhere. */
  dataset: z.string().regex(datasetNamePattern),
  rows: z.int().nonnegative(),
  /** The resolved config this build followed. */
  config: datasetSpecSchema.omit({ profile: true, checks: true, gates: true }),
  /** Where values of the config come from, by key; one that is not named is the dataset's own or built in. */
  origins: originsSchema.optional(),
  inputs: z.array(inputSchema),
  /** Sources with an address: what they stood for. */
  fetched: z.array(fetchedSchema).optional(),
  /** Files that the config names beside the source, such as the indices of a split; paths as the config has them. */
  references: z
    .array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), sha256: sha256Schema }))
    .optional(),
  /** The datasets it is made from: folders of their builds by name, relative to the config's folder. */
  datasets: z.record(z.string(), z.string()).optional(),
  columns: z.array(manifestColumnSchema),
  /** Where there are steps: the columns as they were read. */
  columnsRead: z.array(z.strictObject({ name: z.string(), type: columnTypeSchema })).optional(),
  /** Where new data was changed by what another build learned: which. */
  appliedFrom: z.strictObject({ dataset: z.string(), builtAt: z.string() }).optional(),
  steps: z.array(stepRecordSchema).optional(),
  /** The id of the version that this build took the place of. */
  parent: z.string().optional(),
  splits: z.array(splitRecordSchema),
  digests: digestsSchema.optional(),
  artifacts: z.array(artifactSchema),
  findings: z.array(findingSchema),
  /** The checks that were made before it was published; `reports/quality.json` has what they found. */
  checked: z
    .strictObject({
      checks: checksSpecSchema,
      gates: gatesSpecSchema.optional(),
      /** The versions that foreign keys were held against, by dataset; null: it was not built. */
      keyVersions: z.record(z.string(), z.string().nullable()).optional(),
      /** False for what was published all the same. */
      passed: z.boolean(),
      errors: z.int().nonnegative(),
      warnings: z.int().nonnegative(),
      /** From then on its rows have a warning or an error more, in ISO 8601: they are too old. */
      until: z.string().optional(),
    })
    .optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type KeyVersions = NonNullable<NonNullable<Manifest['checked']>['keyVersions']>;
export const MANIFEST_FILE = 'manifest.yaml';
/** What the checks of a build found, relative to its folder; there where its config names some. */
export const QUALITY_FILE = 'reports/quality.json';
