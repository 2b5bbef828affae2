/** The schema of a dataset, a build or files, what changed between two of them, and how it came to be what it is. */
import * as z from 'zod';
import type { RunOptions } from './run';
import { documentFields } from './document';
import { fileRecordSchema } from './manifest';
import { columnSpecSchema, columnTypeSchema, foreignKeySchema } from './spec';

const count = z.int().nonnegative();

export const schemaColumnSchema = columnSpecSchema.extend({
  name: z.string(),
  type: columnTypeSchema,
  /** The engine's type, e.g. `BIGINT`; absent where no values were read. */
  physicalType: z.string().optional(),
  /** Whether a value may be missing: as it is declared, else as it was seen; absent where neither is known. */
  nullable: z.boolean().optional(),
  nullableFrom: z.enum(['declared', 'seen']).optional(),
});
export type SchemaColumn = z.infer<typeof schemaColumnSchema>;

/** The columns in their order, with what is declared of them. */
export const tableShapeSchema = z.strictObject({
  columns: z.array(schemaColumnSchema),
  primaryKey: z.array(z.string()),
  foreignKeys: z.array(foreignKeySchema).optional(),
});
export type TableShape = z.infer<typeof tableShapeSchema>;

const sideFields = {
  /** As it was asked for: `passengers@previous`, `data.csv`. */
  reference: z.string(),
  dataset: z.string(),
  /** `declaration`: a schema of another tool, or one that was read without values. */
  of: z.enum(['build', 'source', 'files', 'declaration']),
  /** Of a build. */
  versionId: z.string().optional(),
  builtAt: z.string().optional(),
  rows: count.optional(),
};
export const schemaSideSchema = z.strictObject(sideFields);
export type SchemaSide = z.infer<typeof schemaSideSchema>;

/** Something that the one form of a schema says and the other has no place for. */
export const schemaLossSchema = z.strictObject({
  column: z.string().optional(),
  /** The key it stands under, such as `role` or `multipleOf`. */
  key: z.string(),
  /** `carried`: under a key of our own, so that it comes back, though other tools do not heed it. */
  how: z.enum(['carried', 'lost']),
  message: z.string(),
});
export type SchemaLoss = z.infer<typeof schemaLossSchema>;

export const schemaDocumentSchema = z.strictObject({
  ...documentFields('mldata/schema'),
  ...sideFields,
  ...tableShapeSchema.shape,
  /** The section for `.mldata.yaml`, as YAML. */
  yaml: z.string().optional(),
  /** Of a schema that was read from another form, or inferred. */
  losses: z.array(schemaLossSchema).optional(),
  /** Where it was written: the config, and the dataset in it. */
  written: z.strictObject({ config: z.string(), dataset: z.string(), changed: z.boolean() }).optional(),
});
export type SchemaDocument = z.infer<typeof schemaDocumentSchema>;

export const schemaChangeKinds = [
  'added',
  'removed',
  'renamed',
  'retyped',
  'nullability',
  'enum',
  'bounds',
  'unique',
  'pattern',
  'role',
  'scale',
  'order',
  'primaryKey',
  'foreignKeys',
] as const;
export type SchemaChangeKind = (typeof schemaChangeKinds)[number];

/**
 * `backward-breaking`: what is made for the schema after cannot read the data before. `forward-breaking`: what is made
 * for the schema before cannot read the data after. `breaking`: both.
 */
export const compatibilities = ['compatible', 'backward-breaking', 'forward-breaking', 'breaking'] as const;
export type Compatibility = (typeof compatibilities)[number];

/** What the values say for a suspicion. */
export const schemaEvidenceSchema = z.strictObject({
  /** The share (0–1) of the different values of both that are values of both; estimated where they are many. */
  sharedValues: z.number().optional(),
  /** The largest distance between quantiles, as a share of the distance from the 5 % to the 95 % quantile before. */
  quantileDistance: z.number().optional(),
  /** Shares of the rows without a value. */
  missing: z.strictObject({ before: z.number(), after: z.number() }).optional(),
  /** Whether the names are much alike, and whether the columns stand in the same place. */
  sameName: z.boolean().optional(),
  samePlace: z.boolean().optional(),
  /** Of a change of the unit: values after are so many times those before. */
  factor: z.number().optional(),
  /** What changes a unit so, such as `metres to millimetres`. */
  unit: z.string().optional(),
  /** The quantiles it was told by. */
  quantiles: z
    .strictObject({ at: z.array(z.number()), before: z.array(z.number()), after: z.array(z.number()) })
    .optional(),
});
export type SchemaEvidence = z.infer<typeof schemaEvidenceSchema>;

export const schemaChangeSchema = z.strictObject({
  kind: z.enum(schemaChangeKinds),
  /** As it is called after; of a removed one, before. Absent where it is about the whole table. */
  column: z.string().optional(),
  /** Of constraints: which, such as `minimum`. */
  key: z.string().optional(),
  before: z.json().optional(),
  after: z.json().optional(),
  /** Of what values may be: more than before, fewer, or others. */
  values: z.enum(['widened', 'narrowed', 'other']).optional(),
  compatibility: z.enum(compatibilities),
  /** One sentence. */
  why: z.string(),
  /** The values suggest it; nothing says so. */
  suspected: z.literal(true).optional(),
  evidence: schemaEvidenceSchema.optional(),
});
export type SchemaChange = z.infer<typeof schemaChangeSchema>;

export const schemaDiffSchema = z.strictObject({
  ...documentFields('mldata/schema-diff'),
  before: schemaSideSchema,
  after: schemaSideSchema,
  /** The worst of all changes. */
  compatibility: z.enum(compatibilities),
  /** Most breaking first, then in the order of the columns. */
  changes: z.array(schemaChangeSchema),
  /** Whether values were compared, which renamed columns and changed units are told by; else why not. */
  values: z.union([z.literal('compared'), z.string()]),
});
export type SchemaDiff = z.infer<typeof schemaDiffSchema>;

export const schemaHistorySchema = z.strictObject({
  ...documentFields('mldata/schema-history'),
  dataset: z.string(),
  /** Newest first. */
  versions: z.array(
    z.strictObject({
      id: z.string(),
      createdAt: z.string(),
      rows: count,
      current: z.boolean(),
      tags: z.array(z.string()),
      /** How many it has; absent where its manifest is not on this machine. */
      columns: count.optional(),
      /** The version before it whose schema is known; absent for the first. */
      since: z.string().optional(),
      compatibility: z.enum(compatibilities).optional(),
      changes: z.array(schemaChangeSchema),
    }),
  ),
});
export type SchemaHistory = z.infer<typeof schemaHistorySchema>;

export const schemaFormats = ['frictionless', 'datapackage', 'jsonschema', 'arrow'] as const;
export type SchemaFormat = (typeof schemaFormats)[number];

export const schemaExportSchema = z.strictObject({
  ...documentFields('mldata/schema-export'),
  reference: z.string(),
  dataset: z.string(),
  format: z.enum(schemaFormats),
  /** Where it was written, absolute; absent where it was not. */
  file: fileRecordSchema.pick({ path: true, bytes: true, sha256: true }).optional(),
  /** Of the forms that are JSON. */
  content: z.json().optional(),
  losses: z.array(schemaLossSchema),
});
export type SchemaExport = z.infer<typeof schemaExportSchema>;

interface SchemaPlace extends RunOptions {
  /** Absolute path of the config; absent where none was found: then targets are paths. */
  readonly configPath?: string;
  /** Where paths that are not absolute begin. */
  readonly folder: string;
}

export interface SchemaRequest extends SchemaPlace {
  /** A dataset, `NAME@VERSION`, a build, a file, a folder or a pattern. */
  readonly target: string;
  /** From the values alone, whatever is declared: types, and constraints that all rows meet. */
  readonly infer?: boolean;
  /** Writes the schema into the config, as that of this dataset. */
  readonly into?: string;
}

export interface SchemaDiffRequest extends SchemaPlace {
  readonly before: string;
  readonly after: string;
}

export interface SchemaHistoryRequest {
  readonly configPath?: string;
  readonly folder: string;
  /** A dataset of the config, or a build. */
  readonly target: string;
}

export interface SchemaExportRequest extends SchemaPlace {
  readonly target: string;
  readonly format: SchemaFormat;
  /** Absolute; replaced where it exists. Needed for what is no text. */
  readonly output?: string;
}

export interface SchemaImportRequest extends SchemaPlace {
  /** A descriptor of Frictionless, a JSON Schema, or an Arrow or Parquet file; absolute. */
  readonly file: string;
  /** Of a data package with several: which resource. */
  readonly resource?: string;
  readonly into?: string;
}
