/** Changing new data as a build changed its own. */
import type { RunOptions } from './run';

export interface ApplyRequest extends RunOptions {
  /** Absolute path of a manifest, or of the folder it is in. */
  readonly manifest: string;
  /** Absolute paths of files, folders or patterns. */
  readonly files: readonly string[];
  /** Absolute path of the folder to write. */
  readonly output: string;
}
