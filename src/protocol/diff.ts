/** What is different between two builds: their config, their columns, and their rows. */
import * as z from 'zod';
import { documentFields } from './document';
import type { RunOptions } from './run';

const columnSchema = z.strictObject({ name: z.string(), type: z.string() });

/** A column in figures. */
export const diffFiguresSchema = z.strictObject({
  missing: z.int().nonnegative(),
  distinct: z.int().nonnegative(),
  /** As text; absent where no value is. */
  minimum: z.string().optional(),
  maximum: z.string().optional(),
  /** Of finite numbers, to twelve digits. */
  mean: z.number().optional(),
});
export type DiffFigures = z.infer<typeof diffFiguresSchema>;

const pair = <T extends z.ZodType>(value: T) => ({ before: value.optional(), after: value.optional() });
const text = z.string().nullable();

export const diffRowsSchema = z.strictObject({
  /** `wholeRow`: without a key a changed row is one that was removed and one that was added. */
  by: z.enum(['primaryKey', 'wholeRow']),
  key: z.array(z.string()),
  /** Why there is no comparison by key. */
  because: z.enum(['no-key', 'other-key', 'missing-key', 'repeated-key']).optional(),
  added: z.int().nonnegative(),
  removed: z.int().nonnegative(),
  /** With another value in a column that both builds have. */
  changed: z.int().nonnegative(),
  /** In another split, whether or not they are changed. */
  moved: z.int().nonnegative(),
  /** Columns that both builds have, and in how many rows their value is another. */
  columns: z.array(z.strictObject({ name: z.string(), rows: z.int().positive() })),
  /** Columns of different types in the two builds, whose values are held against each other as text. */
  asText: z.array(z.string()),
  /** The first ones in the order of the key, values as text: of changed rows what is another, else the first columns. */
  samples: z.array(
    z.strictObject({
      how: z.enum(['added', 'removed', 'changed']),
      key: z.array(z.strictObject({ column: z.string(), value: text })),
      values: z.array(z.strictObject({ column: z.string(), ...pair(text) })),
    }),
  ),
});
export type DiffRows = z.infer<typeof diffRowsSchema>;

export const diffDataSchema = z.strictObject({
  /** Rows per value of the target, or of what the splits are stratified by; absent with more than a hundred values. */
  labels: z
    .strictObject({
      column: z.string(),
      values: z.array(z.strictObject({ split: z.string(), value: text, ...pair(z.int().nonnegative()) })),
    })
    .optional(),
  /** By name; without `before` or `after` where only the other build has it. */
  columns: z.array(z.strictObject({ name: z.string(), changed: z.boolean(), ...pair(diffFiguresSchema) })),
  rows: diffRowsSchema,
});
export type DiffData = z.infer<typeof diffDataSchema>;

const sideSchema = z.strictObject({
  /** As it was asked for. */
  reference: z.string(),
  dataset: z.string(),
  builtAt: z.string(),
  rows: z.int().nonnegative(),
});

export const diffSchema = z.strictObject({
  ...documentFields('mldata/diff'),
  before: sideSchema,
  after: sideSchema,
  /** Nothing is different. */
  same: z.boolean(),
  /** Keys of the resolved config, by path; absent where a side does not have it. */
  config: z.array(z.strictObject({ path: z.array(z.union([z.string(), z.number()])), ...pair(z.json()) })),
  schema: z.strictObject({
    added: z.array(columnSchema),
    removed: z.array(columnSchema),
    retyped: z.array(z.strictObject({ name: z.string(), before: z.string(), after: z.string() })),
  }),
  /** Rows of each split; absent where a side does not have it. */
  splits: z.array(z.strictObject({ name: z.string(), ...pair(z.int().nonnegative()) })),
  ...diffDataSchema.shape,
});
export type Diff = z.infer<typeof diffSchema>;

export interface DiffRequest extends RunOptions {
  /** Absolute path of the config; absent where none was found: then both are paths. */
  readonly configPath?: string;
  /** Datasets of the config, versions as `NAME@VERSION`, build folders or manifests. */
  readonly before: string;
  readonly after: string;
  /** What relative paths are relative to, absolute. */
  readonly folder: string;
  /** Samples of added, removed and changed rows, each. */
  readonly rows: number;
}
