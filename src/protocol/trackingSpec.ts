/** `tracking:` in full: which tool keeps the bytes that a build writes. Nothing that is built depends on it. */
import * as z from 'zod';

export const lfsSpecSchema = z.strictObject({
  /** Files of so many bytes and more are Git LFS files. */
  threshold: z.int().nonnegative(),
  /** Files that are, whatever their size: globs relative to the folder of the build. */
  patterns: z.array(z.string()),
  /** The folder whose `.gitattributes` says so, relative to the config's folder; absent: the git root. */
  attributes: z.string().optional(),
});
export type LfsSpec = z.infer<typeof lfsSpecSchema>;

/** One tool at most: both cannot keep the same file. */
export const trackingSpecSchema = z.strictObject({
  dvc: z.literal(true).optional(),
  gitLfs: lfsSpecSchema.optional(),
});
export type TrackingSpec = z.infer<typeof trackingSpecSchema>;

/** 10 MB: GitHub warns of files from 50 MB on and refuses them from 100 MB on. */
export const LFS_THRESHOLD = 10_000_000;
