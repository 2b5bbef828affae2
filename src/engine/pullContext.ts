/** What fetching sources takes, of files as of rows. */
import type { FetchingProgress } from '../protocol';
import type { Credentials } from './credentials';
import type { Limits } from './limits';

export interface PullContext {
  /** The config's folder, and what paths of the config do not leave. */
  readonly folder: string;
  readonly root: string | undefined;
  /** The folder `.mldata/`; it stands. */
  readonly state: string;
  /** The script of a job process, and how much of the machine it may take. */
  readonly jobEntry: string;
  readonly limits: Limits;
  /** Ask whether what was fetched before is still what is there. */
  readonly update: boolean;
  /** Whether loopback, link-local and private addresses may be asked. */
  readonly allowInner: boolean;
  /** Where the secrets of sources are found. */
  readonly credentials: Credentials;
  readonly onProgress: (progress: FetchingProgress) => void;
  /** What is worth a line in a log. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}
