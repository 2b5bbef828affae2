/** The cache of a workspace: what builds keep to read less the next time, and what was fetched. It can be deleted at any time. */
import * as z from 'zod';
import { documentFields } from './document';

const amountSchema = z.strictObject({ entries: z.int().nonnegative(), bytes: z.int().nonnegative() });

export const cacheReportSchema = z.strictObject({
  ...documentFields('mldata/cache'),
  /** Absolute. */
  folder: z.string(),
  /** Files whose rows are kept, and what they take. */
  entries: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** What the rows may take; the ones that were not used for longest go first. */
  maxBytes: z.number().nonnegative(),
  removed: amountSchema,
  /** Sources with an address that were fetched, and what they take. */
  snapshots: amountSchema.extend({
    /** What no config of the folder names any more; absent where one has errors, and might name more. */
    unnamed: amountSchema.optional(),
  }),
  /** What was removed of those. */
  removedSnapshots: amountSchema,
});
export type CacheReport = z.infer<typeof cacheReportSchema>;

export interface CacheRequest {
  /** Absolute path of the config file. */
  readonly configPath: string;
  readonly action: 'show' | 'clear' | 'prune';
  /** What may stay when pruned, and what the cache may hold; as `RunOptions` has it. */
  readonly cacheSize?: string;
}
