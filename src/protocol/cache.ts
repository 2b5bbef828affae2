/** The cache of a workspace: what builds keep to read less the next time. It can be deleted at any time. */
import * as z from 'zod';
import { documentFields } from './document';

export const cacheReportSchema = z.strictObject({
  ...documentFields('mldata/cache'),
  /** Absolute. */
  folder: z.string(),
  /** Files whose rows are kept, and what they take. */
  entries: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** What the rows may take; the ones that were not used for longest go first. */
  maxBytes: z.number().nonnegative(),
  removed: z.strictObject({ entries: z.int().nonnegative(), bytes: z.int().nonnegative() }),
});
export type CacheReport = z.infer<typeof cacheReportSchema>;

export interface CacheRequest {
  /** Absolute path of the config file. */
  readonly configPath: string;
  readonly action: 'show' | 'clear' | 'prune';
  /** What may stay when pruned, and what the cache may hold; as `RunOptions` has it. */
  readonly cacheSize?: string;
}
