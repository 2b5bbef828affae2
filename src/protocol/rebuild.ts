/** Building again what a manifest describes, and holding the two against each other. */
import * as z from 'zod';
import { documentFields } from './document';
import type { RunOptions } from './run';
import type { TargetsRequest } from './lineage';

/** What is not as the manifest says. */
export const differenceSchema = z.strictObject({
  /** `file`: an artifact as it stands there; `artifact`: as it came out again; `rows`: the content of a split. */
  of: z.enum(['input', 'file', 'artifact', 'rows', 'tool']),
  how: z.enum(['changed', 'missing', 'added']),
  /** Of an input relative to the config's folder, of an artifact to the build's; the name of a split or tool. */
  name: z.string(),
  /** sha256, the digest of rows, or the version of a tool. */
  expected: z.string().optional(),
  found: z.string().optional(),
});
export type Difference = z.infer<typeof differenceSchema>;

export const datasetRebuildSchema = z.strictObject({
  dataset: z.string(),
  /** `inputsDiffer`: nothing was built, because it could not come out the same. */
  status: z.enum(['same', 'differs', 'inputsDiffer', 'failed']),
  /**
   * `content`: other versions than then wrote other bytes, and the rows are held against the manifest's digests. With
   * `bytes` beside other versions, the manifest has no digests, or such that this version cannot compare.
   */
  comparedBy: z.enum(['bytes', 'content']).optional(),
  differences: z.array(differenceSchema),
  error: z.strictObject({ kind: z.string(), code: z.string(), message: z.string() }).optional(),
});
export type DatasetRebuild = z.infer<typeof datasetRebuildSchema>;

export const rebuildReportSchema = z.strictObject({
  ...documentFields('mldata/rebuild'),
  datasets: z.array(datasetRebuildSchema),
});
export type RebuildReport = z.infer<typeof rebuildReportSchema>;

export interface RebuildRequest extends TargetsRequest, RunOptions {
  /** Build aside and only compare: what stands there stays. */
  readonly verify: boolean;
}
