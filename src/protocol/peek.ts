/** The first rows of a source that no config names yet, without fetching all of it. */
import * as z from 'zod';
import { documentFields } from './document';
import { findingSchema } from './finding';
import type { RunOptions } from './run';
import { columnTypeSchema, sourceFormatSchema } from './spec';

/** A source as somebody names it before it stands in a config. */
export interface NewSource {
  /** A file, folder or pattern, relative to the config; or an address, with its references. */
  readonly place: string;
  /** Of a database: one of these two. */
  readonly table?: string;
  readonly query?: string;
}

export interface PeekRequest extends RunOptions {
  /** Absolute path of the config that it is to stand in, which need not exist. */
  readonly configPath: string;
  readonly source: NewSource;
  /** Whether anything may be fetched: the workspace is trusted. */
  readonly trusted?: boolean;
  /** What references of the address stand for that nobody keeps yet, by name. In memory, and nowhere else. */
  readonly secrets?: Readonly<Record<string, string>>;
}

const count = z.int().nonnegative();

export const peekSchema = z.strictObject({
  ...documentFields('mldata/peek'),
  /** As it may be shown. */
  source: z.string(),
  /** Of what there is, the file or archive member that was looked at; absent where it is the source itself. */
  file: z.string().optional(),
  /** Of a folder, a pattern or a store: how many files it means. */
  files: count.optional(),
  format: sourceFormatSchema.optional(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: columnTypeSchema,
      /** Its values are too large to be read for a look. */
      unread: z.boolean().optional(),
    }),
  ),
  /** Values as text, shortened, by the position of their column; null: missing. */
  rows: z.array(z.array(z.string().nullable())),
  /** How many rows there are; absent where only reading all of it would tell. */
  total: count.optional(),
  /** What was read over the network; absent for what lies on this machine and for databases. */
  bytes: count.optional(),
  /** Of the file; absent where nobody says. */
  ofBytes: count.optional(),
  /** Of a database of which no table was named: those that there are. */
  tables: z.array(z.string()).optional(),
  findings: z.array(findingSchema),
});
export type Peek = z.infer<typeof peekSchema>;

/** A dataset that was written into a config. */
export const addedSchema = z.strictObject({
  ...documentFields('mldata/add'),
  config: z.string(),
  dataset: z.string(),
  /** The lines of it, as they stand in the config. */
  entry: z.string(),
  /** False: they would, and nothing was written. */
  written: z.boolean(),
  /** Secrets that stood in the address and were kept elsewhere, by their names. */
  credentials: z.array(z.string()),
});
export type Added = z.infer<typeof addedSchema>;
