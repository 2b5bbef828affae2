/** What the steps of a dataset do, tried on its first rows. */
import * as z from 'zod';
import { documentFields } from './document';
import type { RunOptions } from './run';
import { findingSchema } from './finding';
import { columnTypeSchema, transformSpecSchema } from './spec';

export const previewTableSchema = z.strictObject({
  rows: z.int().nonnegative(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: columnTypeSchema,
      missing: z.int().nonnegative(),
      distinct: z.int().nonnegative(),
      /** As text; absent where no value is. */
      minimum: z.string().optional(),
      maximum: z.string().optional(),
      /** Of numbers. */
      mean: z.number().optional(),
    }),
  ),
  /** The first rows, values as text by the position of their column; null: missing. */
  head: z.array(z.array(z.string().nullable())),
});
export type PreviewTable = z.infer<typeof previewTableSchema>;

export const previewStepSchema = transformSpecSchema.extend({
  /** In the list of the dataset, from 1. */
  step: z.int().positive(),
  rowsIn: z.int().nonnegative(),
  rowsOut: z.int().nonnegative(),
  /** Rows in which a column that was there before has another value. */
  rowsChanged: z.int().nonnegative(),
  columnsAdded: z.array(z.string()),
  columnsRemoved: z.array(z.string()),
  /** Columns that were there before, and in how many rows their value is another. */
  columnsChanged: z.array(z.strictObject({ name: z.string(), rows: z.int().positive() })),
});
export type PreviewStep = z.infer<typeof previewStepSchema>;

export const rowStatuses = ['same', 'changed', 'added', 'removed'] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** `row` counts from 1 among the rows there are on this side; values as text, shortened, by the position of their column. */
const previewSideSchema = z.strictObject({ row: z.int().positive(), values: z.array(z.string().nullable()) });

/** What a row was and what has become of it. */
export const previewRowSchema = z.strictObject({
  status: z.enum(rowStatuses),
  /** Absent: the steps added it. */
  before: previewSideSchema.optional(),
  /** Absent: the steps took it away. */
  after: previewSideSchema.optional(),
  /** Columns that are there before and after, with another value in this row. */
  changed: z.array(z.string()),
});
export type PreviewRow = z.infer<typeof previewRowSchema>;

const count = z.int().nonnegative();

export const previewSchema = z.strictObject({
  ...documentFields('mldata/preview'),
  dataset: z.string(),
  /** Everything here is of these rows only, also what steps learn. */
  sample: z.strictObject({ rows: z.int().nonnegative(), complete: z.boolean() }),
  steps: z.array(previewStepSchema),
  /** Before the first of these steps, and after the last. */
  before: previewTableSchema,
  after: previewTableSchema,
  /** What has become of the rows of the sample: how many of each kind. */
  changes: z.strictObject({ same: count, changed: count, added: count, removed: count }),
  /** Some of them, at most 200: of each kind the first, in the order before the steps. */
  rows: z.array(previewRowSchema),
  findings: z.array(findingSchema),
});
export type Preview = z.infer<typeof previewSchema>;

export interface PreviewRequest extends RunOptions {
  readonly configPath: string;
  readonly dataset: string;
  /** Only this one, from 1; all when absent. */
  readonly step?: number;
}
