/** What a store has under an address: which files, from where, and by what they are known. Bears no secret, so that it can be kept. */
import * as z from 'zod';
import type { Credentials } from '../credentials';
import type { Downloader, Watch } from '../fetch';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

export const storeFileSchema = z.strictObject({
  /** As the store names it; not yet a path of this machine. */
  name: z.string().min(1),
  /** How it would be written by itself, as it is shown. */
  address: z.string().min(1),
  /** `file:` where it lies on this machine; then its `md5` is known. */
  url: z.url({ protocol: /^(https?|file)$/ }),
  bytes: z.int().nonnegative().optional(),
  sha256: hex(64).optional(),
  md5: hex(32).optional(),
  /** Tells this version from the next; absent where the address itself names the version. */
  etag: z.string().optional(),
});
export type StoreFile = z.infer<typeof storeFileSchema>;

export const listingSchema = z.strictObject({
  /** The commit that a branch or tag stood for; of one object, its version. */
  revision: z.string().optional(),
  /** In the order of their names. */
  files: z.array(storeFileSchema).min(1),
});
export type Listing = z.infer<typeof listingSchema>;

/** What asking a store takes. */
export interface StoreRun {
  readonly downloader: Downloader;
  /** As whom stores are asked, and what the environment says of them. */
  readonly credentials: Credentials;
  readonly watch: Pick<Watch, 'log' | 'signal'>;
}

export function byName({ name: a }: StoreFile, { name: b }: StoreFile): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
