/** Exports: the rows of a build or of files, in the formats and packages that training reads. */
import * as z from 'zod';
import { documentFields } from './document';
import { findingSchema } from './finding';
import { fileRecordSchema } from './manifest';
import type { RunOptions } from './run';
import type { DvcOptions } from './tracking';

export const exportFormats = ['parquet', 'csv', 'jsonl', 'arrow', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Packages: data with what a framework needs to read it. */
export const exportFrameworks = ['pytorch', 'huggingface'] as const;
export type ExportFramework = (typeof exportFrameworks)[number];

export const exportDocuments = ['croissant', 'datapackage', 'card'] as const;
/** What describes the data to others: Croissant, a Frictionless data package, a dataset card. */
export type ExportDocument = (typeof exportDocuments)[number];

export interface ExportRequest extends RunOptions {
  /** Absent: the target is a path. */
  readonly configPath?: string;
  /** A dataset of the config, whose build is exported, a build folder, or a file, folder or glob of data. */
  readonly target: string;
  /** Where paths that are not absolute begin. */
  readonly folder: string;
  /** The folder to write; absent: `exports/NAME`, or `exports/NAME-FRAMEWORK`, beside the config (else below `folder`). */
  readonly output?: string;
  /** In their order; absent: `parquet`, or what the framework reads. */
  readonly formats?: readonly ExportFormat[];
  readonly framework?: ExportFramework;
  /** As in the config: a codec such as `zstd:3`, or one for each format. */
  readonly compression?: string | Readonly<Partial<Record<ExportFormat, string>>>;
  /** Only these splits, in the order of the build. */
  readonly splits?: readonly string[];
  /** Only these columns, in this order. */
  readonly columns?: readonly string[];
  /** An SQL condition on the columns, held to what `filter` steps may say. */
  readonly where?: string;
  /** At most so many rows in a file. */
  readonly rowsPerFile?: number;
  /** About so many bytes in a file at most. */
  readonly maxFileBytes?: number;
  readonly documents?: readonly ExportDocument[];
  /** The column to predict, where the schema gives none the role `target`. */
  readonly targetColumn?: string;
  /** Of the Python package; absent: made from the dataset's name. */
  readonly packageName?: string;
  /** The package names files below this address, with their hashes, and fetches them, instead of holding them. */
  readonly dataUrl?: string;
  /** Takes the place of what stands there. */
  readonly force?: boolean;
  /** Tracks the exported data afterwards. */
  readonly tracking?: 'dvc' | 'git-lfs';
  readonly dvc?: DvcOptions;
}

export const exportedFileSchema = fileRecordSchema.omit({ md5: true }).extend({
  /** `data` holds rows; anything else describes or reads them. */
  kind: z.enum(['data', 'metadata', 'code']),
  format: z.string().optional(),
  split: z.string().optional(),
  rows: z.int().nonnegative().optional(),
});
export type ExportedFile = z.infer<typeof exportedFileSchema>;

export const exportSchema = z.strictObject({
  ...documentFields('mldata/export'),
  /** The dataset's name, or the target as it was named. */
  dataset: z.string(),
  /** What was exported: the build as its manifest says, or files as they were named. */
  source: z.strictObject({
    of: z.enum(['build', 'files']),
    /** When it was built, and the id of the version that it is. */
    builtAt: z.string().optional(),
    version: z.string().optional(),
    files: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), sha256: z.string() })),
  }),
  framework: z.enum(exportFrameworks).optional(),
  /** Absolute in the answer; `.` in the `export.json` that is kept with the data. */
  output: z.string(),
  rows: z.int().nonnegative(),
  splits: z.array(z.strictObject({ name: z.string(), rows: z.int().nonnegative() })),
  formats: z.array(
    z.strictObject({
      format: z.enum(exportFormats),
      status: z.enum(['written', 'failed']),
      bytes: z.int().nonnegative(),
      files: z.int().nonnegative(),
      /** Why it failed. */
      error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
  /** Every file below `output`, sorted by path. */
  files: z.array(exportedFileSchema),
  /** What could not be kept as it is (`export-lossy`), and what is missing in the config. */
  findings: z.array(findingSchema),
});
export type Export = z.infer<typeof exportSchema>;

/** What an export says of itself, in its folder. */
export const EXPORT_FILE = 'export.json';

export const exportSteps = ['read', 'write', 'package', 'hash', 'publish', 'track'] as const;
export type ExportStep = (typeof exportSteps)[number];

export interface ExportProgress {
  readonly step: ExportStep;
  /** Of the whole, 0–1. */
  readonly fraction: number;
  readonly format?: ExportFormat;
  /** Of the format, so far. */
  readonly bytes?: number;
  readonly bytesPerSecond?: number;
}
