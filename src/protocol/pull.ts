/** Fetching the sources that lie elsewhere, before anything is built from them. */
import * as z from 'zod';
import { documentFields } from './document';
import { fetchedSchema } from './manifest';
import type { RunOptions } from './run';

export interface PullRequest extends RunOptions {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Names of datasets, or addresses of files; absent: every dataset. */
  readonly targets?: readonly string[];
  /** Ask whether what was fetched before is still what is there. */
  readonly update?: boolean;
  /** Whether anything may be fetched: the workspace is trusted. */
  readonly trusted?: boolean;
}

/** How far it is, or what is worth a line in a log. */
export type PullProgress = FetchingProgress | { readonly said: string };

export interface FetchingProgress {
  /** Of one source, as it may be shown. */
  readonly origin: string;
  readonly bytes: number;
  /** What was fetched is an archive, and this is how much came out of it. */
  readonly unpacking?: true;
  /** Absent where nobody knows how much there is. */
  readonly fraction?: number;
  /** Of a database. */
  readonly rows?: number;
  readonly bytesPerSecond?: number;
  readonly etaSeconds?: number;
}

export const pullSchema = z.strictObject({
  ...documentFields('mldata/pull'),
  sources: z.array(
    fetchedSchema.extend({
      /** Absent for an address that was named itself. */
      dataset: z.string().optional(),
      /** `unchanged`: it is what was there before, whether somebody was asked or not. */
      outcome: z.enum(['fetched', 'unchanged']),
    }),
  ),
});
export type Pull = z.infer<typeof pullSchema>;
